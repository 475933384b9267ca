package report

import (
	"context"
	"slices"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/fault"
	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// attribute is a group in situation of discrimination, as a question asks for it.
type attribute struct {
	question questionnaire.ID
	label    string
}

// attributes are the rows of domain 8.3, in the order of the questionnaire.
var attributes = []attribute{
	{questionnaire.Indigenous, "Personas indígenas (pregunta 1)"},
	{questionnaire.IndigenousLanguage, "Hablan o entienden una lengua indígena (pregunta 2)"},
	{questionnaire.Disability, "Personas con discapacidad (pregunta 4)"},
	{questionnaire.AfroMexican, "Personas afromexicanas (pregunta 8)"},
	{questionnaire.LGBT, "Personas LGBTTTIQ+ (pregunta 9)"},
	{questionnaire.Migrant, "Personas migrantes (pregunta 11)"},
	{questionnaire.Young, "Personas jóvenes (pregunta 16)"},
	{questionnaire.Elder, "Personas mayores (pregunta 17)"},
}

// details are the other closed questions, for the internal report alone.
var details = []questionnaire.ID{
	questionnaire.IndigenousPeople, questionnaire.DisabilityDuration, questionnaire.DisabilityType, questionnaire.DisabilityDifficulty,
	questionnaire.LGBTIdentity, questionnaire.Residence, questionnaire.TimeAbroad, questionnaire.ReasonAbroad, questionnaire.RegularAbroad,
	questionnaire.Income, questionnaire.IncomeSource, questionnaire.BirthPlace,
}

// Words of the columns that say why there is no answer to count.
const (
	sayNotCaptured = "Sin captura"
	sayNoStatistic = "No autorizó fines estadísticos"
)

// counted is what is known of a candidacy for the tables of identity, while they
// are computed and no longer.
type counted struct {
	*fact
	authorised bool // its verified consent nº 3 is in force, and there are answers
	published  bool // a verified consent nº 2 was in force some day, and something is published by it
	answers    questionnaire.Answers
	history    []consent.Event
}

// authorises reports whether a history says that statistics may count the answers:
// as with publishing, only a verified document does.
func authorises(history []consent.Event) bool {
	st := consent.StandingOf(history)
	d, ok := st.Decided()
	return ok && st.Stage == consent.Confirmed && d.Processing && d.Statistics && st.Document != 0
}

// identities opens the answers of those who authorised it, to count them.
func (s *source) identities(ctx context.Context, public []questionnaire.ID) ([]counted, error) {
	now := inForce(s.all)
	ids := make([]int64, len(now))
	out := make([]counted, len(now))
	at := make(map[int64]int, len(now))
	for i, f := range now {
		ids[i], out[i], at[f.ID] = f.ID, counted{fact: f}, i
	}
	histories, err := consent.Histories(ctx, s.q, ids...)
	if err != nil {
		return nil, db.Fault(err)
	}
	var open []int64
	for i := range out {
		out[i].history = histories[out[i].ID]
		if out[i].Attended && authorises(out[i].history) {
			open = append(open, out[i].ID)
		}
	}
	edition := questionnaire.Identity()
	done := 0
	s.tell(opening, 0, len(open))
	err = s.seal.LoadEach(ctx, s.q, s.process, open, identity.Statistics, func(id int64, a identity.Answers) error {
		if done++; done%500 == 0 {
			s.tell(opening, done, len(open))
		}
		answers, err := a.Open(identity.Statistics)
		if err != nil {
			return err
		}
		c := &out[at[id]]
		c.authorised, c.answers = len(answers) > 0, answers
		c.published = everPublished(c.history) && len(edition.Publishable(answers, public)) > 0
		return nil
	})
	if fault.Is(err, fault.Gone) {
		err = fault.New(fault.Conflict, "Los datos de identidad de este proceso están bloqueados: ya no se pueden contar. Los cortes que se hicieron antes se conservan.")
	}
	return out, err
}

// everPublished reports whether some day a verified consent published the answers:
// who saw the page then still knows.
func everPublished(history []consent.Event) bool {
	for i := range history {
		if history[i].Kind == consent.Verified && consent.StandingOf(history[:i+1]).Publishes() {
			return true
		}
	}
	return false
}

// groups is R-5, internal: exact figures, for the Unidad de Transparencia alone.
func (s *source) groups(all []counted, public []questionnaire.ID) figures.Report {
	r := s.begin(Groups, sayRegistered, sayIdentity,
		"Las tablas de respuestas cuentan a quienes autorizaron los fines estadísticos (autorización nº 3) con un documento verificado. El resto está en la columna «"+sayNoStatistic+"»: quienes marcaron No, quienes retiraron su autorización y aquellas cuyo documento no se ha verificado.",
		"Quien retira la autorización nº 3 deja de contarse desde el corte siguiente. Este corte no cambia.",
		"«"+sayNotCaptured+"»: el cuestionario de identidad no está completo.",
		"«No aplica»: a quien dijo ser joven no se le pregunta si es mayor, y al revés.",
		"USO INTERNO de la Unidad de Transparencia: contiene cifras que identificarían a personas. Lo público es el informe con control de divulgación.")
	r.Tables = []figures.Table{answersTable("G-1", all), yesBySex("G-2", all), yesByOffice("G-3", all), shownByOffice(all, public)}
	for _, id := range details {
		r.Tables = append(r.Tables, optionsTable("G-"+string(id)[:3], id, all))
	}
	return r
}

// answersTable is the table of domain 8.3.
func answersTable(id string, all []counted) figures.Table {
	t := counts(id, "Respuestas por grupo", "Grupo", "Sí", "No", "Prefiere no contestar", "No aplica", sayNotCaptured, sayNoStatistic, "Respondieron", "Total")
	t.Columns = append(t.Columns, figures.Column{Title: "% Sí de quienes respondieron", Kind: figures.Percent, Part: 1, Whole: 7},
		figures.Column{Title: "% Sí del total", Kind: figures.Percent, Part: 1, Whole: 8})
	t.Population, t.Parts, t.Whole, t.Chart = population(len(all)), []int{1, 2, 3, 4, 5, 6}, 8, 1
	t.Note = "Cada pregunta tiene su propio denominador: quién respondió no es lo mismo que quién está registrada."
	for _, a := range attributes {
		r := row(t, a.label)
		for i := range all {
			column := all[i].column(a.question)
			r[column].N++
			if column <= 3 {
				r[7].N++
			}
			r[8].N++
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// column returns where a candidacy counts in the table of a question.
func (c *counted) column(question questionnaire.ID) int {
	switch {
	case !c.Attended:
		return 5
	case !c.authorised:
		return 6
	case c.answers.Is(question, questionnaire.Yes):
		return 1
	case c.answers.Is(question, questionnaire.No):
		return 2
	case c.answers.Is(question, questionnaire.PreferNot):
		return 3
	}
	return 4
}

func (c *counted) yes(question questionnaire.ID) bool { return c.column(question) == 1 }

func yesBySex(id string, all []counted) figures.Table {
	t := counts(id, "Respondieron Sí, por sexo", "Grupo", "Mujeres", "Hombres", "No binarias", "Sí")
	t.Population, t.Parts, t.Whole, t.Chart = population(len(all)), []int{1, 2, 3}, 4, 4
	return yesTable(t, all, func(c *counted) int { return 1 + sexOrder(c.Sex) })
}

func yesByOffice(id string, all []counted) figures.Table {
	offices := officesOf(all)
	t := counts(id, "Respondieron Sí, por cargo", "Grupo", append(offices, "Sí")...)
	column := map[string]int{}
	for i, o := range offices {
		column[o] = i + 1
		t.Parts = append(t.Parts, i+1)
	}
	t.Population, t.Whole = population(len(all)), len(offices)+1
	return yesTable(t, all, func(c *counted) int { return column[c.Office] })
}

// shownTable is the table of what pages showed at the cut. Later cuts take it away
// from the public figures of this one, as whoever read those pages can.
const shownTable = "G-4"

func shownByOffice(all []counted, public []questionnaire.ID) figures.Table {
	shown := make([]counted, len(all))
	for i, c := range all {
		if shown[i] = c; !c.published {
			shown[i].authorised = false
		}
	}
	t := yesByOffice(shownTable, shown)
	t.Title = "De quienes respondieron Sí, a quiénes se les publicó, por cargo"
	for i, a := range attributes {
		if !slices.Contains(public, a.question) {
			for c := 1; c <= t.Whole; c++ {
				t.Rows[i][c] = figures.Cell{}
			}
		}
	}
	return t
}

// yesTable counts who said Sí to each question, in a column each and in the whole.
func yesTable(t figures.Table, all []counted, column func(*counted) int) figures.Table {
	for _, a := range attributes {
		r := row(t, a.label)
		for i := range all {
			if c := &all[i]; c.yes(a.question) {
				r[column(c)].N++
				r[t.Whole].N++
			}
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// officesOf lists the offices that somebody stands for, in order.
func officesOf(all []counted) []string {
	var out []string
	seen := map[string]bool{}
	for i := range all {
		if o := all[i].Office; !seen[o] {
			seen[o], out = true, append(out, o)
		}
	}
	return out
}

// optionsTable counts each option of a closed question, with everybody in a row.
func optionsTable(id string, question questionnaire.ID, all []counted) figures.Table {
	q, _ := questionnaire.Identity().Question(question)
	t := counts(id, q.Label, "Respuesta", "Personas")
	t.Population, t.Chart = population(len(all)), 1
	var blank [3]int
	by := map[string]int{}
	for i := range all {
		switch c := &all[i]; {
		case !c.Attended:
			blank[1]++
		case !c.authorised:
			blank[2]++
		case !c.answers.Has(question):
			blank[0]++
		default:
			for _, o := range q.Options {
				if c.answers.Is(question, o.Value) {
					by[o.Value]++
				}
			}
		}
	}
	for _, o := range q.Options {
		if by[o.Value] > 0 {
			t.Rows = append(t.Rows, figures.Row{figures.Words(o.Label), figures.Number(by[o.Value])})
		}
	}
	for i, label := range []string{"No se le pregunta", sayNotCaptured, sayNoStatistic} {
		t.Rows = append(t.Rows, figures.Row{figures.Words(label), figures.Number(blank[i])})
	}
	if q.Kind == questionnaire.Choices {
		t.Note = "Se pueden elegir varias: los renglones no suman."
		return t
	}
	t.Total = figures.Row{figures.Words("Total"), figures.Number(len(all))}
	return t
}

// until is a history as it was at an instant.
func until(history []consent.Event, at time.Time) []consent.Event {
	for i, e := range history {
		if e.At.After(at) {
			return history[:i]
		}
	}
	return history
}

// sayWithdrawn tells, in a cut, of those who no longer authorise since the one
// before. A count of few would speak of them to who reads both.
func sayWithdrawn(all []counted, before cutRow) string {
	n := 0
	for i := range all {
		if authorises(until(all[i].history, before.At)) && !authorises(all[i].history) {
			n++
		}
	}
	if n == 0 {
		return "Desde el corte " + before.Name() + " nadie dejó de autorizar los fines estadísticos."
	}
	return "Desde el corte " + before.Name() + ", " + es.Plural(n, "persona dejó", "personas dejaron") + " de autorizar los fines estadísticos o tienen su documento por verificar: ya no se cuentan en este corte."
}
