package registry

import (
	"context"
	"io"
	"strconv"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
)

// Movement is something that changed the list of candidacies on one day, as INE
// is told the day after (Lineamientos; activities 11.7 to 11.10).
type Movement struct {
	At        time.Time
	What      string // «Alta», or the class of an act
	Folio     string
	Name      string
	Office    string
	Place     string
	Position  int
	Role      string
	Nominator string
	NewFolio  string // of who enters by substitution
	NewName   string
	Acuerdo   string
	Date      *time.Time // of the acuerdo
}

// Movements returns what changed on the day, which is one of the zone of people:
// candidacies that entered by a list and acts that were confirmed, in order.
func (r *Registry) Movements(ctx context.Context, s auth.Secretary, day time.Time) ([]Movement, error) {
	day = day.In(election.Zone())
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, election.Zone())
	const sql = `
WITH moved AS (
  SELECT c.created_at AS at, 'lista' AS what, c.id AS candidacy, NULL::bigint AS entering, c.acuerdo, c.approved_on AS date
  FROM desk.candidacies c
  WHERE c.process_id = $1 AND c.replaces_id IS NULL AND c.created_at >= $2 AND c.created_at < $3
  UNION ALL
  SELECT a.decided_at, a.kind, a.candidacy_id, a.new_candidacy_id, a.basis, a.basis_date
  FROM desk.acts a
  WHERE a.process_id = $1 AND a.state = 'confirmado' AND a.candidacy_id IS NOT NULL AND a.kind <> 'excepcion' AND a.decided_at >= $2 AND a.decided_at < $3)
SELECT w.at, w.what, c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, o.name AS office,
  COALESCE(m.name, 'Distrito ' || d.number, st.name, '') AS place, c.position, c.role, n.name AS nominator,
  COALESCE(e.folio, '') AS new_folio, COALESCE(concat_ws(' ', ep.given_names, NULLIF(ep.surnames, '')), '') AS new_name,
  w.acuerdo, w.date
FROM moved w
JOIN desk.candidacies c ON c.id = w.candidacy
JOIN desk.persons p ON p.id = c.person_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.states st ON st.id = c.state_id
LEFT JOIN desk.candidacies e ON e.id = w.entering
LEFT JOIN desk.persons ep ON ep.id = e.person_id
ORDER BY w.at, o.ballot_order, c.folio, w.what <> 'lista', w.what`
	all, err := collect[Movement](ctx, r.desk, sql, s.Process, from, from.AddDate(0, 0, 1))
	for i := range all {
		if title := ActKind(all[i].What).Title(); title != "" {
			all[i].What = title
		} else {
			all[i].What = "Alta"
		}
	}
	return all, err
}

// WriteMovements writes movements as the CSV that is sent to INE.
func WriteMovements(w io.Writer, all []Movement) error {
	header := []string{
		"MOVIMIENTO", "FECHA_HORA", "FOLIO", "NOMBRE", "CARGO", "LUGAR", "POSICION", "CALIDAD", "ACTOR", "FOLIO_QUE_ENTRA",
		"NOMBRE_QUE_ENTRA", "ACUERDO", "FECHA_ACUERDO",
	}
	rows := make([][]string, 0, len(all))
	for _, m := range all {
		date := ""
		if m.Date != nil {
			date = m.Date.Format(time.DateOnly)
		}
		rows = append(rows, []string{
			m.What, m.At.In(election.Zone()).Format("2006-01-02 15:04"), m.Folio, m.Name, m.Office, m.Place, strconv.Itoa(m.Position),
			m.Role, m.Nominator, m.NewFolio, m.NewName, m.Acuerdo, date,
		})
	}
	return tabular.WriteCSV(w, header, rows)
}

// WriteRemarks writes rejections or warnings as a CSV to mend the file with.
func WriteRemarks(w io.Writer, all []Remark) error {
	rows := make([][]string, 0, len(all))
	for _, m := range all {
		row := ""
		if m.Row > 0 {
			row = strconv.Itoa(m.Row)
		}
		rows = append(rows, []string{row, m.Column, m.Text})
	}
	return tabular.WriteCSV(w, []string{"FILA", "COLUMNA", "MOTIVO"}, rows)
}
