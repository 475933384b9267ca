package report

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/election"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// consents is R-9: how many declared what, and where their documents are. Who
// declared what stays in the register, which follows withdrawals: no cut keeps it.
func (s *source) consents(ctx context.Context) (figures.Report, error) {
	r := s.begin(Consents, sayRegistered, "La relación de cada candidatura, con sus fechas y la huella de su documento, está en el registro de consentimientos, siempre al día. Un corte sólo guarda cuántas son.",
		"Cuenta lo que está en pie: quien retiró su autorización cuenta como retirada, y no como la declaración que retiró.")
	now := inForce(s.all)
	ids := make([]int64, len(now))
	for i, f := range now {
		ids[i] = f.ID
	}
	histories, err := consent.Histories(ctx, s.q, ids...)
	if err != nil {
		return r, db.Fault(err)
	}
	standings := map[int64]consent.Standing{}
	for _, id := range ids {
		standings[id] = consent.StandingOf(histories[id])
	}
	at := func(title string, stage consent.Stage) measure {
		return measure{title, func(f *fact) bool { return standings[f.ID].Stage == stage }}
	}
	stages := tabulate("C-1", "En qué va cada consentimiento, por cargo", now, byOffice, at("Sin decidir", consent.Undecided), at("Sin documento", consent.NoDocument),
		at("En verificación", consent.Waiting), at("Verificado", consent.Confirmed), at("Rechazado", consent.Refused), at("Retirado", consent.Gone), registered)
	stages.Parts, stages.Whole, stages.Population = []int{1, 2, 3, 4, 5, 6}, 7, population(len(now))
	r.Tables = []figures.Table{stages, decisions("C-2", now, standings), media("C-3", now, standings)}
	return r, nil
}

// decisions counts Sí and No of each of the three authorisations that stand.
func decisions(id string, now []*fact, standings map[int64]consent.Standing) figures.Table {
	t := counts(id, "Qué se declaró en cada autorización", "Autorización", "Sí", "No", "Sin declaración en pie", "Total")
	t.Population, t.Parts, t.Whole, t.Chart = population(len(now)), []int{1, 2, 3}, 4, 1
	for i, label := range []string{"1. Tratamiento de sus datos", "2. Publicación de sus datos sensibles", "3. Informes con fines estadísticos"} {
		r := row(t, label)
		for _, f := range now {
			d, ok := standings[f.ID].Decided()
			switch {
			case !ok:
				r[3].N++
			case []bool{d.Processing, d.Publication, d.Statistics}[i]:
				r[1].N++
			default:
				r[2].N++
			}
			r[4].N++
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func media(id string, now []*fact, standings map[int64]consent.Standing) figures.Table {
	words := map[consent.Medium]group{consent.Online: {0, "En línea"}, consent.OnPaper: {1, "Documento recibido"}, consent.InPerson: {2, "Comparecencia"}, consent.ByLink: {3, "Liga"}}
	t := tabulate(id, "Por qué medio se declaró", now, grouping{"Medio", func(f *fact) group {
		if st := standings[f.ID]; st.Declaration.Decided != nil && st.Stage != consent.Undecided {
			return words[st.Declaration.Medium]
		}
		return group{9, "Sin declaración"}
	}}, measure{"Candidaturas", registered.of})
	t.Population, t.Chart = population(len(now)), 1
	return t
}

// monthly is R-1: what the system did in the month, and the activities of the
// agenda if there is one.
func (s *source) monthly(ctx context.Context) (figures.Report, error) {
	r := s.begin(Monthly, "El periodo va del día 1 del mes anterior al corte, hora del centro de México.", sayRegistered)
	to := s.at.In(election.Zone())
	from := time.Date(to.Year(), to.Month()-1, 1, 0, 0, 0, 0, election.Zone())
	operation, err := s.operation(ctx, "M-1", from)
	if err != nil {
		return r, err
	}
	r.Tables = []figures.Table{operation, progress("M-2", "Avance al corte, por cargo", inForce(s.all), byOffice)}
	if s.agenda == nil {
		return r, nil
	}
	activities, err := s.agenda.Month(ctx, s.q, s.process, s.at)
	t := list("M-3", "Actividades", "Actividad", "Descripción", "Entregable", "Periodo", "Área responsable", "Estado", "Evidencia", "Remisión")
	for _, a := range activities {
		t.Rows = append(t.Rows, texts(a.Number, a.Title, a.Deliverable, a.Period, a.Area, a.State, a.Evidence, a.Dispatch))
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "actividad", "actividades")
	r.Tables = append([]figures.Table{t}, r.Tables...)
	return r, err
}

// operationSQL counts what was done from $2 to $3 in a process.
const operationSQL = `
SELECT label, n::int FROM (
  SELECT 1 AS o, 'Candidaturas aprobadas que se cargaron' AS label, (SELECT count(*) FROM desk.candidacies WHERE process_id = $1 AND created_at >= $2 AND created_at <= $3) AS n
  UNION ALL SELECT 2, 'Sustituciones, renuncias y demás actos confirmados', (SELECT count(*) FROM desk.acts WHERE process_id = $1 AND state = 'confirmado' AND decided_at >= $2 AND decided_at <= $3)
  UNION ALL SELECT 3, 'Cuestionarios curriculares validados por primera vez', (SELECT count(*) FROM desk.validations v JOIN desk.candidacies c ON c.id = v.candidacy_id
    WHERE c.process_id = $1 AND v.number = 1 AND v.at >= $2 AND v.at <= $3)
  UNION ALL SELECT 4, 'Revisiones aprobadas', (SELECT count(*) FROM desk.reviews v JOIN desk.candidacies c ON c.id = v.candidacy_id
    WHERE c.process_id = $1 AND v.state = 'aprobada' AND v.decided_at >= $2 AND v.decided_at <= $3)
  UNION ALL SELECT 5, 'Correcciones resueltas', (SELECT count(*) FROM desk.corrections v JOIN desk.candidacies c ON c.id = v.candidacy_id
    WHERE c.process_id = $1 AND v.state = 'resuelta' AND v.resolved_at >= $2 AND v.resolved_at <= $3)
  UNION ALL SELECT 6, 'Requerimientos enviados', (SELECT count(*) FROM desk.duty_notices WHERE process_id = $1 AND state = 'enviado' AND sent_at >= $2 AND sent_at <= $3)
  UNION ALL SELECT 7, 'Consentimientos verificados', (SELECT count(*) FROM sensitive.consent_events v JOIN desk.candidacies c ON c.id = v.candidacy_id
    WHERE c.process_id = $1 AND v.event = 'verifica' AND v.at >= $2 AND v.at <= $3)
  UNION ALL SELECT 8, 'Consentimientos retirados', (SELECT count(*) FROM sensitive.consent_events v JOIN desk.candidacies c ON c.id = v.candidacy_id
    WHERE c.process_id = $1 AND v.event = 'retira' AND v.at >= $2 AND v.at <= $3)) x ORDER BY o`

func (s *source) operation(ctx context.Context, id string, from time.Time) (figures.Table, error) {
	t := counts(id, "Operación del sistema", "Operación", "Cuántas")
	t.Chart, t.Population = 1, "Del "+es.Date(from)+" al corte"
	rows, err := s.q.Query(ctx, operationSQL, s.process, from, s.at)
	if err != nil {
		return t, db.Fault(err)
	}
	var label string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&label, &n}, func() error {
		t.Rows = append(t.Rows, figures.Row{figures.Words(label), figures.Number(n)})
		return nil
	})
	return t, db.Fault(err)
}

// uses is R-10: pages served by day and class. Nobody is followed.
func (s *source) uses(ctx context.Context) (figures.Report, error) {
	r := s.begin(Usage, "Cuenta páginas servidas por día y clase. No guarda direcciones ni usa cookies: no dice cuántas personas fueron.")
	days, err := s.usage.Daily(ctx, s.q, s.process)
	byDay, byClass := counts("U-1", "Páginas por día", "Día", "Páginas"), counts("U-2", "Páginas por clase", "Clase", "Páginas")
	total := 0
	for _, d := range days {
		add(&byDay, es.ISODate(d.On), d.Pages)
		add(&byClass, d.Class, d.Pages)
		total += d.Pages
	}
	for _, t := range []*figures.Table{&byDay, &byClass} {
		t.Chart, t.Total, t.Population = 1, figures.Row{figures.Words("Total"), figures.Number(total)}, "n = "+es.Plural(total, "página servida", "páginas servidas")
	}
	r.Tables = []figures.Table{byDay, byClass}
	return r, err
}

// add adds to the row of that name, or begins it.
func add(t *figures.Table, label string, n int) {
	for _, row := range t.Rows {
		if row[0].Text == label {
			row[1].N += n
			return
		}
	}
	t.Rows = append(t.Rows, figures.Row{figures.Words(label), figures.Number(n)})
}
