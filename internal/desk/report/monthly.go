package report

import (
	"context"
	"slices"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/figures"
	"conoceles/web/es"
)

// monthly is R-1, drafted from the agenda: the advance of each activity, what was
// done in the month and what is due in the next.
func (s *source) monthly(ctx context.Context) (figures.Report, error) {
	r := s.begin(Monthly, "Se llena con la agenda de actividades y entregables, con lo que estaba registrado en el corte.",
		"Cada renglón es de lo que cae en el mes: su periodo, o la fecha de alguno de sus pasos.",
		"El estado es el del día del corte: el peor de sus pasos abiertos o, si no queda ninguno, si todos se hicieron en plazo.")
	m, err := agenda.ReadMonth(ctx, s.q, s.process, s.from, s.at)
	if err != nil {
		return r, err
	}
	s.tell(tables, 1, 2)
	after, err := agenda.ReadMonth(ctx, s.q, s.process, s.from.AddDate(0, 1, 0), s.at)
	if err != nil {
		return r, err
	}
	header, rows := m.Rows()
	activities := list("M-2", "Avance por actividad", header...)
	for _, row := range rows {
		activities.Rows = append(activities.Rows, texts(row...))
	}
	activities.Population = "n = " + es.Plural(len(rows), "actividad o entregable", "actividades o entregables")
	r.Tables = []figures.Table{statesOf("M-1", m), activities, doneIn("M-3", m, s.from, s.until), dueIn("M-4", after, s.until)}
	if m.Text != "" {
		s.drafts = map[string]string{advances.ID: tidy(m.Text)}
	}
	return r, nil
}

// agendaStates are the columns of a table of states, in order.
var agendaStates = []agenda.State{agenda.Done, agenda.Late, agenda.Pending, agenda.Soon, agenda.Overdue, agenda.Waived}

// statesOf counts the lines of a month by what they are and how they are.
func statesOf(id string, m agenda.Monthly) figures.Table {
	var titles []string
	for _, state := range agendaStates {
		titles = append(titles, state.Title())
	}
	whole := len(titles) + 1
	t := counts(id, "En qué va lo que cae en el mes", "Clase", append(titles, "Total")...)
	t.Whole, t.Chart, t.Total = whole, whole, row(t, "Total")
	for i := 1; i < whole; i++ {
		t.Parts = append(t.Parts, i)
	}
	for _, kind := range agenda.Kinds() {
		r := row(t, kind.Title())
		for _, i := range m.Items {
			if i.Kind == kind {
				column := 1 + slices.Index(agendaStates, m.StateOf(i))
				for _, cells := range []figures.Row{r, t.Total} {
					cells[column].N++
					cells[whole].N++
				}
			}
		}
		if r[whole].N > 0 {
			t.Rows = append(t.Rows, r)
		}
	}
	t.Population = "n = " + es.Plural(len(m.Items), "actividad o entregable", "actividades o entregables")
	return t
}

// doneIn lists the steps that were taken in the month.
func doneIn(id string, m agenda.Monthly, from, until time.Time) figures.Table {
	t := list(id, "Lo que se hizo en el mes", "Actividad o entregable", "Paso", "Fecha", "Fecha límite", "Documento", "Acuse del SIVOPLE", "Estado")
	for _, i := range m.Items {
		for _, step := range i.Steps {
			if !step.Done.IsZero() && !step.Done.Before(from) && !step.Done.After(until) {
				t.Rows = append(t.Rows, texts(i.Name(), step.Kind.Title(), dayOf(&step.Done), limitOf(step), or(step.Document, "—"), or(step.Receipt, "—"), step.StateAt(m.Today, m.Soon).Title()))
			}
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "paso", "pasos")
	return t
}

// dueIn lists the open steps that are due in the month after.
func dueIn(id string, m agenda.Monthly, after time.Time) figures.Table {
	t := list(id, "Lo que vence el mes siguiente", "Actividad o entregable", "Paso", "Fecha límite", "Área responsable")
	for _, i := range m.Items {
		for _, step := range i.Steps {
			if !step.Closed() && step.Due.After(after) && step.Due.Before(after.AddDate(0, 0, 1).AddDate(0, 1, 0)) {
				t.Rows = append(t.Rows, texts(i.Name(), step.Kind.Title(), limitOf(step), i.Area))
			}
		}
	}
	t.Population = "n = " + es.Plural(len(t.Rows), "paso", "pasos")
	return t
}

func limitOf(s agenda.Step) string {
	if s.Due.IsZero() {
		return "Por definir"
	}
	return dayOf(&s.Due)
}

// OfMonth returns the cuts of R-1 of the month of a day, the newest first.
func (s *Store) OfMonth(ctx context.Context, r auth.AgendaReader, of time.Time) ([]Cut, error) {
	month := time.Date(of.Year(), of.Month(), 1, 0, 0, 0, 0, time.UTC)
	return cuts(ctx, s.desk, cutSQL+`AND c.kind = $2 AND j.from_on = $3 ORDER BY c.version DESC`, r.Person().Process, string(Monthly), month)
}

// MonthlyDocument returns the last cut of R-1 of a month as PDF, for the deliverable
// that it is. It is a Conflict when nobody made one.
func (s *Store) MonthlyDocument(ctx context.Context, k auth.AgendaKeeper, of time.Time) ([]byte, error) {
	made, err := s.OfMonth(ctx, k, of)
	if err == nil && len(made) == 0 {
		err = fault.New(fault.Conflict, "Todavía no hay un corte de ese informe. Hazlo primero: lo que se remite es lo que quedó guardado.")
	}
	if err != nil {
		return nil, err
	}
	f, err := s.open(ctx, s.desk, k, made[0].ID)
	if err != nil {
		return nil, err
	}
	return s.Document(ctx, f, f.Report)
}

// keepDrafts writes the first version of the texts that a cut is born with.
func keepDrafts(ctx context.Context, tx *db.Tx, cut, account int64, drafts map[string]string) error {
	for field, body := range drafts {
		const sql = `INSERT INTO desk.report_texts (cut_id, field, version, body, account_id, at) VALUES ($1, $2, 1, $3, $4, $5)`
		if err := tx.Exec(ctx, sql, cut, field, body, account, tx.Now()); err != nil {
			return err
		}
	}
	return nil
}
