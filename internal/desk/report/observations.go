package report

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// observation is a row of R-7.
type observation struct {
	CandidacyID  int64
	AskedBy      string
	Parts        string
	Causes       string
	RegisteredAt time.Time
	ApprovedBy   string
	ApprovedAt   *time.Time
	AppliedAt    *time.Time
	State        string
}

// The states of an observation or a correction, in their order.
var observationStates = []string{"En captura", "En revisión", "Corregida", "Aplicada", "Cancelada"}

// observationsSQL reads, of a process, the observations that were approved, a row
// for each rubro, and the corrections that an actor asked for.
const observationsSQL = `
SELECT w.candidacy_id, 'Unidad de Transparencia' AS asked_by, k.part AS parts, array_to_string(k.causes, ', ') AS causes, w.proposed_at AS registered_at, b.name AS approved_by,
  w.decided_at AS approved_at, h.lifted_at AS applied_at, CASE WHEN h.lifted_at IS NULL THEN 'En revisión' ELSE 'Corregida' END AS state
FROM desk.reviews w JOIN desk.remarks k ON k.review_id = w.id AND k.outcome = 'observar' JOIN desk.accounts b ON b.id = w.decided_by
JOIN desk.candidacies c ON c.id = w.candidacy_id
LEFT JOIN LATERAL (SELECT lifted_at FROM desk.withheld_parts h WHERE h.candidacy_id = w.candidacy_id AND h.part = k.part AND h.since <= w.decided_at
  ORDER BY h.since DESC LIMIT 1) h ON true
WHERE w.state = 'aprobada' AND c.process_id = $1
UNION ALL
SELECT x.candidacy_id, 'Actor político', array_to_string(x.parts, ', '), '', x.opened_at, '', x.sent_at, x.resolved_at,
  CASE WHEN x.cancelled_by IS NOT NULL THEN 'Cancelada' ELSE CASE x.state WHEN 'abierta' THEN 'En captura' WHEN 'enviada' THEN 'En revisión' ELSE 'Aplicada' END END
FROM desk.corrections x JOIN desk.candidacies c ON c.id = x.candidacy_id WHERE x.origin = 'solicitud' AND c.process_id = $1
ORDER BY 5, 1, 3`

// observations is R-7, in the columns of domain 6.3 (6).
func (s *source) observations(ctx context.Context) (figures.Report, error) {
	r := s.begin(Observations, "Observaciones aprobadas por la persona titular de la Unidad de Transparencia, y correcciones que pidió cada actor político.",
		"En revisión: el rubro está en pausa en el sitio, o la corrección espera a la Unidad. Corregida o aplicada: la corrección se aprobó y se publicó.")
	rows, err := s.q.Query(ctx, observationsSQL, s.process)
	if err != nil {
		return r, db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[observation])
	if err != nil {
		return r, db.Fault(err)
	}
	s.tell(tables, 1, 2)
	mine := s.mine()
	t := list("O-1", "Observaciones y correcciones", "Candidatura", "Solicitante", "Elección", "Tipo", "Partido", "Rubro", "Supuestos", "Fecha registro", "Personal aprueba", "Fecha validado", "Fecha aplicadas", "Estatus")
	states := map[string]int{}
	for _, o := range found {
		if f := mine[o.CandidacyID]; f != nil {
			states[o.State]++
			t.Rows = append(t.Rows, o.row(f))
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "observación o corrección", "observaciones o correcciones")
	byState := counts("O-0", "Observaciones y correcciones por estatus", "Estatus", "Observaciones y correcciones")
	byState.Chart, byState.Population = 1, t.Population
	for _, state := range observationStates {
		byState.Rows = append(byState.Rows, figures.Row{figures.Words(state), figures.Number(states[state])})
	}
	byState.Total = figures.Row{figures.Words("Total"), figures.Number(len(t.Rows))}
	r.Tables = []figures.Table{byState, t}
	return r, nil
}

func (o observation) row(f *fact) figures.Row {
	return texts(f.Name+" ("+f.Folio+")", o.AskedBy, f.Office+" · "+f.place(), es.Capital(es.Quality(f.Sex, f.Role)), or(f.Siglado, f.Nominator), partNames(o.Parts), or(o.Causes, "No aplica"),
		es.ISODate(o.RegisteredAt), or(o.ApprovedBy, "No aplica"), instantOf(o.ApprovedAt), instantOf(o.AppliedAt), o.State)
}

func instantOf(t *time.Time) string {
	if t == nil {
		return "Pendiente"
	}
	return es.ISODate(*t)
}

// partNames says the names of some parts.
func partNames(ids string) string {
	var names []string
	for id := range strings.SplitSeq(ids, ", ") {
		names = append(names, partName(questionnaire.ID(id)))
	}
	return es.List(names...)
}

// partName is the official name of a rubro.
func partName(id questionnaire.ID) string {
	for _, p := range questionnaire.Curricular().Parts() {
		if p.ID == id {
			return p.Label
		}
	}
	return string(id)
}
