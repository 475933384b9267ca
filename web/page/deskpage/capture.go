package deskpage

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/capture"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// CaptureFrame is what surrounds every page of capture.
type CaptureFrame struct {
	Meta  layout.Meta
	Area  layout.Area
	Flash string // said once, at the top
	Alert string // why what was sent could not be done
}

// CapturePath returns the address of a candidacy's capture, or of something in it.
func CapturePath(folio string, more ...string) string {
	path := "/captura/" + folio
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// SectionPath returns the address of a page of the questionnaire.
func SectionPath(folio string, page questionnaire.ID) string {
	if page == capture.PhotoPage {
		return CapturePath(folio, "foto")
	}
	return CapturePath(folio, "curricular", string(page))
}

// CaptureDashboard is the list of candidacies that somebody captures.
type CaptureDashboard struct {
	CaptureFrame
	Heading string
	State   capture.State // the one listed; "" is all
	Notices ReceivedNotices
	capture.Dashboard
	// Unattended says whose identity questionnaire is incomplete, by candidacy;
	// nil where there is none to answer.
	Unattended map[int64]bool
}

// identity is all that a list says of an identity questionnaire (domain 0.3.2).
func (d CaptureDashboard) identity(candidacy int64) component.Tag {
	if d.Unattended[candidacy] {
		return component.State(es.Identity, "incompleto")
	}
	return component.State(es.Identity, "completo")
}

func (d CaptureDashboard) href(state capture.State, page int) string {
	path := "/captura"
	separator := "?"
	if state != "" {
		path += "?estado=" + string(state)
		separator = "&"
	}
	if page > 1 {
		path += separator + "pagina=" + strconv.Itoa(page)
	}
	return path
}

var tabNames = map[capture.State]string{
	capture.NotStarted: "Sin iniciar", capture.InProgress: "En captura", capture.Complete: "Completas",
	capture.Validated: "Validadas", capture.InCorrection: "En corrección",
}

func (d CaptureDashboard) tabs() []component.Tab {
	tabs := []component.Tab{{Label: "Todas", Href: d.href("", 1), Count: d.Total, Counted: true, Current: d.State == ""}}
	for _, s := range capture.States() {
		if s == capture.InCorrection && d.Counts[s] == 0 && d.State != s {
			continue
		}
		tabs = append(tabs, component.Tab{
			Label: tabNames[s], Href: d.href(s, 1), Count: d.Counts[s], Counted: true, Current: d.State == s,
		})
	}
	return tabs
}

func (d CaptureDashboard) pages() component.Pages {
	return component.NewPages(d.Page, d.Shown, capture.PageSize, func(n int) string { return d.href(d.State, n) })
}

func (d CaptureDashboard) table() component.Table {
	t := component.Table{
		Caption: "Candidaturas y avance de captura, primero las que requieren atención",
		Columns: []component.Column{
			{Title: "Candidatura"}, {Title: "Estado"}, {Title: "Curricular"}, {Title: "Último cambio"}, {Title: "Siguiente paso", Short: "Siguiente"},
		},
		Empty: "No hay candidaturas en este estado.",
	}
	if d.Unattended != nil {
		t.Columns = slices.Insert(t.Columns, 3, component.Column{Title: "Identidad"})
	}
	for _, c := range d.Candidacies {
		cells := []templ.Component{
			component.StateTag(component.State(es.Capture, string(c.Capture))),
			component.Progress(component.ProgressBar{Done: c.Answered, Total: mandatory}),
			component.Words(lastChange(c, d.Now)),
			nextStep(c, d.Now),
		}
		if d.Unattended != nil {
			cells = slices.Insert(cells, 2, component.StateTag(d.identity(c.ID)))
		}
		t.Rows = append(t.Rows, component.Row{
			Title: c.Name(), Href: CapturePath(c.Folio), Note: c.Seat() + termNote(c, d.Deadline, d.Now), Marked: c.Capture == capture.InCorrection,
			Cells: cells,
		})
	}
	return t
}

// termNote says how the capture term of a candidacy stands, or "" when it
// concerns nobody any more, or when it is the one that the page already says.
func termNote(c capture.Candidacy, said, now time.Time) string {
	deadline := c.Deadline()
	switch {
	case c.ValidatedLate:
		return " · Validada de forma extemporánea"
	case c.Capture == capture.Validated, c.Capture == capture.InCorrection, deadline.Equal(said) && !said.IsZero():
		return ""
	case c.Excepted(now):
		return " · Abierta por excepción hasta el " + es.DateTime(c.Exception)
	case deadline.IsZero():
		return " · El plazo aún no empieza"
	case !now.Before(deadline):
		return " · Extemporánea: el plazo venció el " + es.DayMonth(lastMoment(deadline))
	}
	return " · El plazo vence el " + es.DayMonth(lastMoment(deadline))
}

// serverClock says the time that decides.
func serverClock(now time.Time) string {
	return "Son las " + es.Clock(now) + " h del " + es.DayMonth(now) + " en el reloj del servidor."
}

// mandatory is how many answers «n de 9» counts.
const mandatory = 9

func lastChange(c capture.Candidacy, now time.Time) string {
	if c.CapturedAt == nil {
		return "—"
	}
	return es.Recent(*c.CapturedAt, now)
}

func nextStep(c capture.Candidacy, now time.Time) templ.Component {
	path := CapturePath(c.Folio)
	switch {
	case c.Capture == capture.Validated:
		return component.Linked("Ver acuse", c.Name(), path+"/acuse")
	case c.Capture == capture.InCorrection:
		return component.Linked("Ver la corrección", c.Name(), path)
	case c.ClosureAt(now) != capture.Open:
		return component.Linked("Consultar", c.Name(), path)
	case c.Capture == capture.Complete:
		return component.Linked("Revisar y validar", c.Name(), path+"/validar")
	case c.Capture == capture.NotStarted:
		return component.Linked("Empezar captura", c.Name(), path)
	}
	return component.Linked("Continuar captura", c.Name(), path)
}

// deadlineText says how the time to capture stands.
func deadlineText(deadline, now time.Time) string {
	switch days := es.DaysLeft(lastMoment(deadline), now); {
	case days < 0:
		return "Venció; lo que captures será extemporáneo."
	case days == 0:
		return "Vence hoy; después será extemporánea."
	default:
		return es.Noun(days, "Falta ", "Faltan ") + es.Plural(days, "día", "días") + "; después será extemporánea."
	}
}

// lastMoment is the last instant before a deadline, whose date is the one that
// people call the deadline.
func lastMoment(deadline time.Time) time.Time { return deadline.Add(-time.Second) }

// CaptureTasks is the list of tasks of one candidacy.
type CaptureTasks struct {
	CaptureFrame
	Record     capture.Record
	States     map[questionnaire.ID]questionnaire.State
	Events     []capture.Event
	Validates  bool // who looks at it may validate
	HasReceipt bool
	Identity   *IdentityTasks // nil where the process asks nothing of identity
}

// lastHeading titles the last group of tasks.
func (t CaptureTasks) lastHeading() string {
	if t.Identity == nil {
		return "2. Revisar y validar"
	}
	return "3. Revisar y validar"
}

func (t CaptureTasks) sections() []component.Task {
	var tasks []component.Task
	for _, p := range t.Record.Questionnaire.Pages {
		task := component.Task{
			ID: "t-" + string(p.ID), Label: p.Title, Href: SectionPath(t.Record.Folio, p.ID), Note: p.Hint,
			Tag: component.State(es.Section, string(t.States[p.ID])),
		}
		if t.Record.Draft(p.ID).Pending {
			task.Note = "Tiene texto por revisar: entra y elige «Guardar y continuar»"
		}
		tasks = append(tasks, task)
	}
	return tasks
}

func (t CaptureTasks) finish() []component.Task {
	folio := t.Record.Folio
	tasks := []component.Task{{
		ID: "t-previa", Label: "Vista previa como se verá en público", Href: CapturePath(folio, "vista-previa"),
		Tag: component.State(es.Section, "disponible"),
	}}
	review := component.Task{ID: "t-validar", Label: "Revisar respuestas y validar", Href: CapturePath(folio, "validar"), Tag: component.State(es.Section, "disponible")}
	switch {
	case t.HasReceipt:
		review = component.Task{ID: "t-acuse", Label: "Acuse de validación", Href: CapturePath(folio, "acuse"), Tag: component.State(es.Section, "disponible")}
	case !t.Record.Ready():
		review.Href, review.Note = "", "Requiere las nueve respuestas obligatorias"
		if len(t.Record.Progress().Missing()) == 0 {
			review.Note = "Incluye primero el texto que está por revisar"
		}
		review.Tag = component.State(es.Section, "no disponible")
	case !t.Validates:
		review.Note = "La valida la persona responsable del partido"
	}
	tasks = append(tasks, review)
	if task, ok := correctionTask(t); ok {
		tasks = append(tasks, task)
	}
	return tasks
}

// closed says why the questionnaire takes no changes, or "".
func (t CaptureTasks) closed() string { return t.Record.Shut() }

func (t CaptureTasks) history() []component.Event {
	var out []component.Event
	for _, e := range t.Events {
		out = append(out, component.Event{
			When: es.Capital(es.Recent(e.At, t.Record.Now)), Datetime: es.ISODateTime(e.At), Text: e.Who + " " + t.did(e),
		})
	}
	return out
}

func (t CaptureTasks) did(e capture.Event) string {
	title := ""
	if p, ok := t.Record.Questionnaire.Page(e.Page); ok {
		title = " «" + p.Short + "»"
	}
	switch e.Kind {
	case "captura.foto":
		return "guardó la fotografía"
	case "captura.validar", "captura.correccion.solicitar", "captura.correccion.enviar", "captura.correccion.cancelar":
		return eventWords[e.Kind]
	case "captura.borrador":
		return "guardó un borrador de" + title
	}
	return "guardó" + title
}
