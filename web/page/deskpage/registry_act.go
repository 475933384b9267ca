package deskpage

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"conoceles/internal/desk/registry"
	"conoceles/internal/election"
	"conoceles/web/component"
	"conoceles/web/es"
)

// RegistryActForm captures an act about a candidacy: what was typed comes back,
// and the document waits under a token between steps.
type RegistryActForm struct {
	RegistryFrame
	Candidacy registry.Candidacy
	Kind      registry.ActKind
	Keys      component.FormKeys
	Values    url.Values
	Document  string // name of the one that waits; "" when none
	Token     string
	Effect    []string // of the preview
}

// Names of the fields that the form and its handler share.
const (
	ActBasis       = "acuerdo"
	ActDate        = "fecha"
	ActDocument    = "documento"
	ActToken       = "documento_id"
	ActNames       = "nombres"
	ActSurnames    = "apellidos"
	ActNickname    = "sobrenombre"
	ActSex         = "sexo"
	ActBirth       = "fecha_nacimiento"
	ActEmail       = "correo"
	ActPhone       = "telefono"
	ActConsecutive = "eleccion_consecutiva"
	ActActions     = "accion_afirmativa"
	ActPosition    = "posicion"
	ActSiglado     = "siglado"
	ActUntil       = "hasta"
	ActUntilHour   = "hasta_hora"

	ActReview  = "revisar"
	ActCapture = "capturar"
	ActChange  = "cambiar"
)

// hasPerson reports whether the act brings data of a person.
func (f RegistryActForm) hasPerson() bool {
	return f.Kind == registry.Substitution || f.Kind == registry.Correction
}

func (f RegistryActForm) action() string {
	return registryPath(f.Candidacy.Folio, "acto", string(f.Kind))
}

func (f RegistryActForm) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: f.errorOf(id)}
}

func (f RegistryActForm) text(id, label, hint string, width component.Width) component.TextField {
	return component.TextField{Field: f.field(id, label, hint), Value: f.Values.Get(id), Width: width}
}

func (f RegistryActForm) typed(kind string, t component.TextField) component.TextField {
	t.Type = kind
	return t
}

func (f RegistryActForm) sexes() component.OptionsField {
	o := component.OptionsField{Field: f.field(ActSex, "Sexo", "El que dice el registro."), Values: f.Values[ActSex], InRow: true}
	for _, s := range []election.Sex{election.Woman, election.Man, election.NonBinary} {
		o.Options = append(o.Options, component.Option{Value: string(s), Label: es.Label(es.Sex, string(s))})
	}
	return o
}

func (f RegistryActForm) actions() component.OptionsField {
	o := component.OptionsField{
		Field: f.field(ActActions, "Acción afirmativa", "La del acuerdo de registro. Es pública."), Many: component.ChooseSeveral, Values: f.Values[ActActions],
	}
	for _, a := range election.AffirmativeActions() {
		o.Options = append(o.Options, component.Option{Value: string(a), Label: es.Label(es.Affirmative, string(a))})
	}
	return o
}

func (f RegistryActForm) consecutive() component.SelectField {
	return component.SelectField{
		Field: f.field(ActConsecutive, "Elección consecutiva", ""), Value: f.Values.Get(ActConsecutive), Empty: "Sin dato",
		Options: []component.Option{{Value: "si", Label: "Sí"}, {Value: "no", Label: "No"}},
	}
}

func (f RegistryActForm) parties() component.SelectField {
	s := component.SelectField{Field: f.field(ActSiglado, "Partido que sigla", "Uno de los que integran la coalición."), Value: f.Values.Get(ActSiglado), Empty: "Elige un partido"}
	for _, n := range f.Candidacy.Members {
		s.Options = append(s.Options, component.Option{Value: n.Acronym, Label: n.Name})
	}
	return s
}

func (f RegistryActForm) document() component.FileField {
	file := component.FileField{
		Field:  f.field(ActDocument, "Documento", "Opcional. PDF, JPG o PNG de hasta 8 MB."),
		Accept: "application/pdf,image/jpeg,image/png",
	}
	if f.Document != "" {
		file.Current = "Ya enviaste «" + f.Document + "». Elige otro sólo si quieres cambiarlo."
	}
	return file
}

// HiddenField is a value that a step carries to the next.
type HiddenField struct{ Name, Value string }

// carried are the values that the preview sends on, in a fixed order.
func (f RegistryActForm) carried() []HiddenField {
	names := make([]string, 0, len(f.Values))
	for name := range f.Values {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []HiddenField
	for _, name := range names {
		switch name {
		case component.KeyField, component.ActionField, component.VersionField, ActToken:
			continue
		}
		for _, v := range f.Values[name] {
			out = append(out, HiddenField{name, v})
		}
	}
	return append(out, HiddenField{ActToken, f.Token})
}

// RegistryActs is a page of acts.
type RegistryActs struct {
	RegistryFrame
	State string
	Page  int
	Size  int
	Total int
	Acts  []registry.Act
}

func (a RegistryActs) address(state string, page int) string {
	q := url.Values{}
	if state != "" {
		q.Set("estado", state)
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/registro/actos"
	}
	return "/registro/actos?" + q.Encode()
}

func (a RegistryActs) tabs() []component.Tab {
	var tabs []component.Tab
	for _, s := range []component.Option{
		{Value: "", Label: "Todos"},
		{Value: "por_confirmar", Label: "Por confirmar"},
		{Value: "confirmado", Label: "Confirmados"},
		{Value: "desechado", Label: "Desechados"},
	} {
		tabs = append(tabs, component.Tab{Label: s.Label, Href: a.address(s.Value, 1), Current: a.State == s.Value})
	}
	return tabs
}

func (a RegistryActs) pages() component.Pages {
	return component.NewPages(a.Page, a.Total, a.Size, func(n int) string { return a.address(a.State, n) })
}

// RegistryAct is an act and, while it waits, what confirming it would do.
type RegistryAct struct {
	RegistryFrame
	registry.Act
	Effect  []string
	Problem string // why it cannot be confirmed now
	Own     bool   // captured by whoever looks
	Keys    component.FormKeys
	Base    string // address of its forms: confirm and discard go below
	Motive  string // typed to discard it
}

func (a RegistryAct) waits() bool { return a.State == "por_confirmar" }

func (a RegistryAct) facts() []component.Fact {
	facts := []component.Fact{
		{Term: "Acuerdo o expediente", Value: a.Basis},
		{Term: "Fecha", Value: dayText(a.BasisDate)},
		{Term: "Capturó", Value: a.CapturedBy + ", " + es.FullDateTime(a.CapturedAt)},
	}
	if a.DecidedAt != nil {
		term := "Confirmó"
		if a.State == "desechado" {
			term = "Desechó"
		}
		facts = append(facts, component.Fact{Term: term, Value: a.DecidedBy + ", " + es.FullDateTime(*a.DecidedAt)})
	}
	if a.Reason != "" {
		facts = append(facts, component.Fact{Term: "Motivo", Value: a.Reason})
	}
	return facts
}

// dayText says a date of the registry, which has no hour and no zone.
func dayText(t time.Time) string {
	return es.Date(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, election.Zone()))
}

// RegistryPublication is the start of the publication.
type RegistryPublication struct {
	RegistryFrame
	State   registry.Publication
	Keys    component.FormKeys
	Values  url.Values
	Pending *RegistryAct
}

// Names of the fields of the start of the publication.
const (
	StartDay  = "inicio"
	StartHour = "hora"
)

// DayHint says how to write a date. A picker would show it as the browser's
// language does, which is not always the reader's.
const DayHint = "Día, mes y año, como 30/03/2027."

func (p RegistryPublication) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: p.errorOf(id)}
}

func (p RegistryPublication) text(id, label, hint string, width component.Width) component.TextField {
	return component.TextField{Field: p.field(id, label, hint), Value: p.Values.Get(id), Width: width}
}
