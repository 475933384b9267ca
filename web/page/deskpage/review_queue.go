package deskpage

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/review"
	"conoceles/web/component"
	"conoceles/web/es"
)

// ReviewHome is the address of the queue of reviews.
const ReviewHome = "/transparencia/revision"

// ReviewPath is the address of a candidacy's review, or of something in it.
func ReviewPath(folio string, more ...string) string {
	path := ReviewHome + "/" + url.PathEscape(folio)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// ReviewPathIn is ReviewPath for whoever came from the queue that a filter chose.
func ReviewPathIn(f review.Filter, folio string, more ...string) string {
	f.Page = 0
	return withQuery(ReviewPath(folio, more...), filterQuery(f))
}

func withQuery(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// filterQuery is a filter as an address carries it.
func filterQuery(f review.Filter) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("etapa", string(f.Stage))
	set("cargo", f.Office)
	set("asignada", string(f.Assigned))
	set("plazo", string(f.Term))
	if f.Nominator > 0 {
		v.Set("actor", strconv.FormatInt(f.Nominator, 10))
	}
	if f.Page > 1 {
		v.Set("pagina", strconv.Itoa(f.Page))
	}
	return v
}

// ReviewQueue is a page of the queue.
type ReviewQueue struct {
	RegistryFrame
	review.Filter
	review.Queue
	Head bool // whoever looks decides
}

// stageNames are the tabs of the queue.
var stageNames = map[review.Stage]string{
	review.AnyWaiting: "Esperan", review.ToReview: "Por revisar", review.Corrected: "Correcciones", review.ToApprove: "Por aprobar",
	review.WithParty: "Con quien captura", review.Verified: "Verificadas", review.NotBegun: "Sin validar", review.Everything: "Todas",
}

func (q ReviewQueue) address(stage review.Stage, page int) string {
	f := q.Filter
	f.Stage, f.Page = stage, page
	return withQuery(ReviewHome, filterQuery(f))
}

func (q ReviewQueue) tabs() []component.Tab {
	var tabs []component.Tab
	for _, s := range review.Stages() {
		tabs = append(tabs, component.Tab{
			Label: stageNames[s], Href: q.address(s, 1), Current: s == q.Stage, Count: q.Counts[s], Counted: true,
		})
	}
	return tabs
}

func (q ReviewQueue) pages() component.Pages {
	return component.NewPages(q.Page, q.Total, q.Size, func(n int) string { return q.address(q.Stage, n) })
}

func choices(all []review.Choice) []component.Option {
	var out []component.Option
	for _, c := range all {
		out = append(out, component.Option{Value: c.Value, Label: c.Label})
	}
	return out
}

// filters are the lists above the queue.
func (q ReviewQueue) filters() []component.SelectField {
	actor := ""
	if q.Nominator > 0 {
		actor = strconv.FormatInt(q.Nominator, 10)
	}
	return []component.SelectField{
		{Field: component.Field{ID: "actor", Label: "Actor postulante"}, Value: actor, Empty: "Todos", Options: choices(q.Nominators)},
		{Field: component.Field{ID: "cargo", Label: "Cargo"}, Value: q.Office, Empty: "Todos", Options: choices(q.Offices)},
		{Field: component.Field{ID: "asignada", Label: "Asignada"}, Value: string(q.Assigned), Empty: "A cualquier persona", Options: []component.Option{
			{Value: string(review.ByMe), Label: "A mí"}, {Value: string(review.ByNobody), Label: "A nadie"},
		}},
		{Field: component.Field{ID: "plazo", Label: "Plazo de la Unidad"}, Value: string(q.Term), Empty: "Cualquiera", Options: []component.Option{
			{Value: string(review.Overdue), Label: "Vencidas"}, {Value: string(review.DueToday), Label: "Vencen hoy"}, {Value: string(review.InTerm), Label: "En plazo"},
		}},
	}
}

func (q ReviewQueue) table() component.Table {
	t := component.Table{
		Caption: "Candidaturas, primero las que llevan más tiempo", Empty: q.nothing(),
		Columns: []component.Column{
			{Title: "Candidatura"}, {Title: "Captura"}, {Title: "Revisión"}, {Title: "Vigencia"}, {Title: "Espera"}, {Title: "Asignada"},
		},
	}
	for _, e := range q.Entries {
		t.Rows = append(t.Rows, component.Row{
			Title: e.Name, Href: ReviewPathIn(q.Filter, e.Folio), Marked: overdue(e.DueAt(), q.Now),
			Note: e.Folio + " · " + reviewSeat(e.Candidacy) + " · " + e.Nominator,
			Cells: []templ.Component{
				component.StateTag(component.State(es.Capture, e.Capture)),
				component.StateTag(component.State(es.Review, e.Review)),
				component.StateTag(component.State(es.Standing, string(e.Standing))),
				component.Words(q.wait(e)), component.Words(assignedTo(e.Candidacy)),
			},
		})
	}
	return t
}

// nothing says that a list is empty, and why that is well.
func (q ReviewQueue) nothing() string {
	if q.Stage == review.AnyWaiting && q.Counts[review.Everything] > 0 {
		return "No hay nada por atender. Lo que se valide o se corrija aparecerá aquí."
	}
	return "Ninguna candidatura coincide."
}

// wait says what a candidacy waits for, since when, and how its term stands.
func (q ReviewQueue) wait(e review.Entry) string {
	text := stageText(e)
	if e.Since != nil {
		text += ", " + es.Recent(*e.Since, q.Now)
	}
	if due := e.DueAt(); !due.IsZero() {
		text += ". " + termText(due, q.Now)
	}
	return text
}

func stageText(e review.Entry) string {
	switch e.Stage {
	case review.ToReview:
		if e.Returned {
			return "Propuesta devuelta"
		}
		return "Validada"
	case review.Corrected:
		if e.Returned {
			return "Propuesta devuelta"
		}
		return "Corrección enviada"
	case review.ToApprove:
		return "Por aprobar"
	case review.WithParty:
		return "En manos de quien captura"
	case review.Verified:
		return "Verificada"
	}
	return "Sin validar"
}

func overdue(due, now time.Time) bool { return !due.IsZero() && !now.Before(due) }

// termText says how a term of the Unidad stands.
func termText(due, now time.Time) string {
	switch days := es.DaysLeft(lastMoment(due), now); {
	case days < 0:
		return "Vencida hace " + es.Plural(-days, "día", "días")
	case days == 0:
		return "Vence hoy"
	default:
		return es.Noun(days, "Falta ", "Faltan ") + es.Plural(days, "día", "días")
	}
}

func assignedTo(c review.Candidacy) string {
	if c.ClaimedBy == "" {
		return "Sin asignar"
	}
	return c.ClaimedBy
}

// reviewSeat says what somebody stands for and where.
func reviewSeat(c review.Candidacy) string {
	if c.Place == "" {
		return c.Office
	}
	return c.Office + ", " + c.Place
}
