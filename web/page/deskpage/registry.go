package deskpage

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/registry"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// RegistryFrame surrounds every page of the registry.
type RegistryFrame struct {
	Meta   layout.Meta
	Area   layout.Area
	Flash  string                 // what the person just did
	Alert  string                 // why what they sent could not be done
	Errors []component.FieldError // what to mend in the form, in its order
}

func (f RegistryFrame) errorOf(id string) string {
	for _, e := range f.Errors {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

// RegistryHome is what waits at the registry.
type RegistryHome struct {
	RegistryFrame
	registry.Summary
}

func (h RegistryHome) figures() []component.KPI {
	return []component.KPI{
		{Figure: es.Int(h.InForce), Label: "Candidaturas en la boleta"},
		{Figure: es.Int(h.OffBallot), Label: "Fuera de la boleta"},
		{Figure: es.Int(h.PendingActs), Label: "Actos por confirmar"},
	}
}

// publicationState says where the publication is.
func publicationState(p registry.Publication) string {
	switch {
	case !p.PublishedAt.IsZero():
		return "El sitio es público desde el " + es.FullDateTime(p.PublishedAt) + "."
	case !p.StartsAt.IsZero():
		return "La publicación inicia el " + es.FullDateTime(p.StartsAt) + "."
	case p.Pending != nil:
		return "Hay una fecha de inicio por confirmar."
	}
	return "La publicación aún no tiene fecha de inicio."
}

// actTable lists acts.
func actTable(caption string, acts []registry.Act) component.Table {
	t := component.Table{
		Caption: caption, Empty: "No hay actos.",
		Columns: []component.Column{{Title: "Acto"}, {Title: "Acuerdo o expediente", Short: "Acuerdo"}, {Title: "Capturó"}, {Title: "Estado"}},
	}
	for _, a := range acts {
		t.Rows = append(t.Rows, component.Row{
			Title: a.Kind.Title(), Note: a.Name, Href: "/registro/actos/" + strconv.FormatInt(a.ID, 10), Marked: a.State == "por_confirmar",
			Cells: []templ.Component{
				component.Words(a.Basis), component.Words(a.CapturedBy + ", " + es.DateTime(a.CapturedAt)), component.StateTag(actState(a.State)),
			},
		})
	}
	return t
}

// actState is the tag of an act's state.
func actState(state string) component.Tag {
	switch state {
	case "confirmado":
		return component.Tag{Text: "Confirmado", Tone: component.Good, Icon: component.IconCheck}
	case "desechado":
		return component.Tag{Text: "Desechado", Tone: component.Absent, Icon: component.IconCross}
	}
	return component.Tag{Text: "Por confirmar", Tone: component.Attention, Icon: component.IconHalf}
}

// importTable lists the files loaded.
func importTable(imports []registry.Import) component.Table {
	var rows [][]string
	for _, i := range imports {
		rows = append(rows, []string{
			i.FileName, es.DateTime(i.At), i.Acuerdo, es.Int(i.New), es.Int(i.Changed), es.Int(i.Rejected),
		})
	}
	return component.WordTable("Listas cargadas", []string{"Archivo", "Cuándo", "Acuerdo", "Nuevas", "Cambiadas", "Rechazadas"}, rows)
}

// RegistryCandidacies is a page of the candidacies of the process.
type RegistryCandidacies struct {
	RegistryFrame
	registry.Filter
	Entries []registry.Entry
	Total   int
}

// standings are the filters, in order.
var standings = []string{"", "aprobada", "renuncia", "fallecimiento", "cancelada", "sustituida"}

func (c RegistryCandidacies) address(standing string, page int) string {
	q := url.Values{}
	if c.Text != "" {
		q.Set("q", c.Text)
	}
	if standing != "" {
		q.Set("vigencia", standing)
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/registro/candidaturas"
	}
	return "/registro/candidaturas?" + q.Encode()
}

func (c RegistryCandidacies) tabs() []component.Tab {
	var tabs []component.Tab
	for _, s := range standings {
		label := es.Label(es.Standing, s)
		if s == "" {
			label = "Todas"
		}
		tabs = append(tabs, component.Tab{Label: label, Href: c.address(s, 1), Current: s == c.Standing})
	}
	return tabs
}

func (c RegistryCandidacies) table() component.Table {
	t := component.Table{
		Caption: "Candidaturas", Empty: "Ninguna candidatura coincide.",
		Columns: []component.Column{{Title: "Persona"}, {Title: "Cargo"}, {Title: "Actor"}, {Title: "Vigencia"}, {Title: "Captura"}},
	}
	for _, e := range c.Entries {
		t.Rows = append(t.Rows, component.Row{
			Title: e.Name, Note: e.Folio, Href: registryPath(e.Folio), Marked: e.PendingAct != 0,
			Cells: []templ.Component{
				component.Words(seatOf(e)), component.Words(e.Nominator), component.StateTag(component.State(es.Standing, e.Standing)),
				component.StateTag(component.State(es.Capture, e.Capture)),
			},
		})
	}
	return t
}

func (c RegistryCandidacies) pages() component.Pages {
	return component.NewPages(c.Page, c.Total, c.Size, func(n int) string { return c.address(c.Standing, n) })
}

// seatOf says what a candidacy stands for.
func seatOf(e registry.Entry) string {
	seat := e.Office + ", " + e.Place
	if e.Listed {
		seat += ", lugar " + strconv.Itoa(e.Position)
	}
	if e.Role == "suplente" {
		seat += " (suplencia)"
	}
	return seat
}

func registryPath(folio string, more ...string) string {
	path := "/registro/candidaturas/" + url.PathEscape(folio)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// RegistryCandidacy is a candidacy with its acts.
type RegistryCandidacy struct {
	RegistryFrame
	registry.Candidacy
}

func (c RegistryCandidacy) facts() []component.Fact {
	facts := []component.Fact{
		{Term: "Folio", Value: c.Folio},
		{Term: "Cargo", Value: seatOf(c.Entry)},
		{Term: "Postula", Value: c.NominatorName},
	}
	add := func(term, value string) {
		if value != "" {
			facts = append(facts, component.Fact{Term: term, Value: value})
		}
	}
	add("Sigla", c.Siglado)
	add("Folio de registro", c.RegistryFolio)
	add("Sobrenombre", c.Nickname)
	add("Sexo", es.Label(es.Sex, c.Entry.Sex))
	if c.BirthDate != nil {
		add("Fecha de nacimiento", c.BirthDate.Format("02/01/2006"))
	}
	add("Correo", c.Email)
	add("Teléfono", c.Phone)
	var actions []string
	for _, a := range c.Actions {
		actions = append(actions, es.Label(es.Affirmative, a))
	}
	add("Acción afirmativa", es.List(actions...))
	if c.Consecutive != nil {
		add("Elección consecutiva", map[bool]string{true: "Sí", false: "No"}[*c.Consecutive])
	}
	add("Acuerdo", c.Acuerdo)
	if c.ApprovedOn != nil {
		add("Fecha del acuerdo", c.ApprovedOn.Format("02/01/2006"))
	}
	if c.Elected {
		add("Resultado", "Electa")
	}
	return facts
}

// acts returns the acts that make sense for the candidacy as it stands.
func (c RegistryCandidacy) acts() []registry.ActKind {
	var out []registry.ActKind
	for _, k := range registry.CandidacyActs() {
		inForce := c.Standing == "aprobada"
		switch {
		case k == registry.Reinstatement && inForce,
			k == registry.Substitution && c.SuccessorFolio != "",
			k != registry.Reinstatement && k != registry.Substitution && !inForce,
			k == registry.SigladoChange && len(c.Members) == 0,
			k == registry.Elected && c.Elected:
		default:
			out = append(out, k)
		}
	}
	return out
}
