package deskpage

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"conoceles/internal/desk/settings"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// The addresses of parameters and catalogues.
const (
	SettingsHome   = "/administracion/parametros"
	NominatorsHome = "/administracion/actores"
	CataloguesHome = "/administracion/catalogos"
	ReleasesHome   = "/administracion/liberaciones"
	ChangesHome    = "/administracion/cambios"
)

// The buttons of a sheet.
const (
	SettingReview = "revisar"
	SettingChange = "cambiar"
	SettingSave   = "guardar"
)

// SettingPath is the address of a sheet, of the thing it is about.
func SettingPath(p settings.Place) string {
	ref := url.PathEscape(p.Ref)
	switch p.Sheet {
	case settings.NewNominator:
		return NominatorsHome + "/nuevo"
	case settings.Nominator:
		return NominatorsHome + "/" + ref
	case settings.Emblem:
		return NominatorsHome + "/" + ref + "/emblema"
	case settings.Office, settings.District, settings.Municipality:
		return CataloguesHome + "/" + p.Sheet + "/" + ref
	}
	return SettingsHome + "/" + p.Sheet
}

// ChangePath is the address of a change, or of something of it.
func ChangePath(id int64, more ...string) string { return numbered(ChangesHome, id, more) }

// settingTabs are the pages of parameters and catalogues that whoever looks reads.
func settingTabs(current string) []component.Tab {
	var out []component.Tab
	for _, t := range []component.Tab{
		{Label: "Parámetros", Href: SettingsHome},
		{Label: "Actores", Href: NominatorsHome},
		{Label: "Cargos", Href: CataloguesHome + "/" + settings.Office},
		{Label: "Distritos", Href: CataloguesHome + "/" + settings.District},
		{Label: "Municipios", Href: CataloguesHome + "/" + settings.Municipality},
		{Label: "Liberaciones", Href: ReleasesHome},
		{Label: "Control de cambios", Href: ChangesHome},
	} {
		t.Current = t.Href == current
		out = append(out, t)
	}
	return out
}

// Settings is every parameter, by group.
type Settings struct {
	RegistryFrame
	Groups        []SettingGroup
	Waiting, Owed int           // changes that wait for another person; of which INE is not told yet
	Elsewhere     []layout.Link // parameters that have a page of their own
}

// SettingGroup is a group of sheets as they are now.
type SettingGroup struct {
	Name   settings.Group
	Sheets []SettingSheet
}

// SettingSheet is a sheet as it is now.
type SettingSheet struct {
	settings.Sheet
	settings.Subject
}

func (s Settings) lead() string {
	var parts []string
	if s.Waiting > 0 {
		parts = append(parts, es.Plural(s.Waiting, "cambio espera", "cambios esperan")+" a otra persona")
	}
	if s.Owed > 0 {
		parts = append(parts, es.Plural(s.Owed, "cambio está", "cambios están")+" por informarse al INE")
	}
	return strings.Join(parts, "; ")
}

func (g SettingGroup) id() string {
	return "grupo-" + strings.ToLower(strings.Fields(string(g.Name))[0]) + strconv.Itoa(len(g.Name))
}

func (g SettingGroup) table() component.Table {
	t := component.Table{Caption: string(g.Name), Columns: []component.Column{{Title: "Ficha"}, {Title: "Rige hoy"}, {Title: "Cambia con"}}}
	for _, s := range g.Sheets {
		persons := "Una persona"
		if s.Reach == settings.Public {
			persons = "Dos personas y acuerdo"
		}
		t.Rows = append(t.Rows, component.Row{
			Title: s.Title, Href: SettingPath(settings.Place{Sheet: s.Sheet.Key}), Cells: []templ.Component{component.Words(s.now()), component.Words(persons)},
		})
	}
	return t
}

// now says in a few words what rules.
func (s SettingSheet) now() string {
	var out []string
	for _, f := range s.Subject.Fields {
		values := s.Values[f.ID]
		switch {
		case f.Kind == settings.Choices:
			out = append(out, es.Int(len(values))+" de "+es.Int(len(f.Choices())))
		case s.Again:
		case f.Kind == settings.Paragraph:
			out = append(out, f.Label+": "+es.Plural(variables(values), "variable", "variables"))
		default:
			out = append(out, f.Label+": "+f.Say(values))
		}
	}
	if len(out) == 0 {
		return "Los que se aprobaron"
	}
	return strings.Join(out, ". ") + "."
}

func variables(values []string) int {
	n := 0
	for _, v := range values {
		n += strings.Count(v, "\n") + 1
	}
	return n
}

// SettingForm is a sheet with what was typed in it, or what its change would do.
type SettingForm struct {
	sheet
	SettingSheet
	May     bool // whoever looks may change it
	Effects []string
	Pending *settings.Change
	History []settings.Change
	Emblem  bool // there is one to show
}

// NewSettingForm returns the page of a sheet; nil values are those that rule.
func NewSettingForm(f RegistryFrame, s settings.Sheet, sub settings.Subject, keys component.FormKeys, values url.Values) SettingForm {
	if values == nil {
		values = url.Values{}
		for _, field := range sub.Fields {
			field.Type(values, sub.Values[field.ID])
		}
	}
	return SettingForm{sheet: sheet{f, keys, values}, SettingSheet: SettingSheet{s, sub}}
}

func (f SettingForm) title() string {
	if f.Name == "" {
		return f.Title
	}
	return f.Title + ": " + f.Name
}

func (f SettingForm) action() string { return SettingPath(f.Place) }

// enctype is how the form is sent: only an emblem brings a file.
func (f SettingForm) enctype() string {
	if f.isEmblem() {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

func (f SettingForm) isEmblem() bool { return f.Sheet.Key == settings.Emblem }

func (f SettingForm) number(s settings.Field) component.TextField {
	t := f.line(s.ID, s.Label, s.Hint)
	t.InputMode, t.Width = "numeric", component.Short
	return t
}

func (f SettingForm) text(s settings.Field) component.TextField {
	t := f.line(s.ID, s.Label, s.Hint)
	switch s.Kind {
	case settings.Email:
		t.Type = "email"
	case settings.Link:
		t.Type = "url"
	}
	return t
}

func (f SettingForm) hour(s settings.Field) component.TextField {
	t := f.line(settings.HourField(s.ID), s.Label+": hora", "Del centro de México, de 0:00 a 23:59.")
	t.Width = component.Short
	return t
}

func (f SettingForm) options(s settings.Field) component.OptionsField {
	o := component.OptionsField{Field: f.field(s.ID, s.Label, s.Hint), Values: f.Values(s.ID), InRow: s.Kind == settings.YesNo, Many: component.Many(s.Kind == settings.Choices)}
	for _, c := range s.Choices() {
		o.Options = append(o.Options, component.Option{Value: c.Value, Label: c.Label})
	}
	return o
}

func (f SettingForm) choose(s settings.Field) component.SelectField {
	c := component.SelectField{Field: f.field(s.ID, s.Label, s.Hint), Value: f.sheet.Values.Get(s.ID), Empty: "Ninguno"}
	for _, o := range s.Choices() {
		c.Options = append(c.Options, component.Option{Value: o.Value, Label: o.Label})
	}
	return c
}

// Values returns what was typed in a field.
func (f SettingForm) Values(id string) []string { return f.sheet.Values[id] }

func (f SettingForm) facts() []component.Fact {
	var out []component.Fact
	for _, s := range f.Subject.Fields {
		out = append(out, component.Fact{Term: s.Label, Value: s.Say(f.Subject.Values[s.ID])})
	}
	return out
}

// carried are the values that the preview sends on.
func (f SettingForm) carried() []Hidden {
	return HiddenFields(f.sheet.Values, component.KeyField, component.ActionField, component.VersionField)
}

func (f SettingForm) history() []component.Event {
	var out []component.Event
	for _, c := range f.History {
		text := c.Reason
		for _, p := range c.Pairs() {
			text += " · " + p.Label + ": de «" + p.Before + "» a «" + p.After + "»"
		}
		if c.State != "confirmado" {
			text = changeState(c).Text + ". " + text
		}
		out = append(out, component.Event{When: es.FullDateTime(c.ProposedAt) + ", " + c.ProposedBy, Datetime: es.ISODateTime(c.ProposedAt), Text: text})
	}
	return out
}

// Catalogue is a list of things, each with its sheet.
type Catalogue struct {
	RegistryFrame
	Key     string
	Entries []settings.Entry
	May     bool
}

// address is where the catalogue is listed.
func (c Catalogue) address() string {
	if c.Key == settings.Nominator {
		return NominatorsHome
	}
	return CataloguesHome + "/" + c.Key
}

var catalogueTitles = map[string]string{
	settings.Nominator: "Actores postulantes", settings.Office: "Cargos", settings.District: "Distritos", settings.Municipality: "Municipios",
}

// CatalogueTitle is the name of a catalogue.
func CatalogueTitle(key string) string { return catalogueTitles[key] }

var catalogueColumns = map[string][]component.Column{
	settings.Nominator:    {{Title: "Actor"}, {Title: "Siglas"}, {Title: "Tipo"}, {Title: "Orden"}, {Title: "Integran"}, {Title: "Representa"}, {Title: "Estado"}},
	settings.Office:       {{Title: "Cargo"}, {Title: "Se publica"}, {Title: "Captura"}, {Title: "Cuenta en informes"}, {Title: "Estado"}},
	settings.District:     {{Title: "Distrito"}, {Title: "Cabecera"}, {Title: "Secciones"}, {Title: "Estado"}},
	settings.Municipality: {{Title: "Municipio"}, {Title: "Regidurías"}, {Title: "Por partidos"}, {Title: "Secciones"}, {Title: "Estado"}},
}

func (c Catalogue) table() component.Table {
	t := component.Table{Caption: CatalogueTitle(c.Key), Columns: catalogueColumns[c.Key], Empty: "Este catálogo está vacío."}
	for _, e := range c.Entries {
		row := component.Row{Title: e.Name, Href: SettingPath(settings.Place{Sheet: c.Key, Ref: e.Ref}), Marked: e.Pending}
		for i, fact := range e.Facts {
			if c.Key == settings.Nominator && i == 1 {
				fact = settings.KindTitle(fact)
			}
			row.Cells = append(row.Cells, component.Words(sayFact(fact)))
		}
		t.Rows = append(t.Rows, row)
		last := &t.Rows[len(t.Rows)-1]
		last.Cells = append(last.Cells, component.StateTag(entryState(e)))
	}
	return t
}

func sayFact(fact string) string {
	switch fact {
	case "true":
		return "Sí"
	case "false":
		return "No"
	case "":
		return "—"
	}
	return fact
}

func entryState(e settings.Entry) component.Tag {
	switch {
	case e.Pending:
		return component.Tag{Text: "Cambio por confirmar", Tone: component.Attention, Icon: component.IconHalf}
	case e.Doubtful:
		return component.Tag{Text: "Por verificar", Tone: component.Attention, Icon: component.IconHalf}
	}
	return component.Tag{Text: "En vigor", Tone: component.Good, Icon: component.IconCheck}
}

// ReleaseList is the five interfaces.
type ReleaseList struct {
	RegistryFrame
	States  []settings.State
	Open    []bool // one by one
	Version string // of the program that runs
}

func (l ReleaseList) table() component.Table {
	t := component.Table{
		Caption: "Interfaces del sistema",
		Columns: []component.Column{{Title: "Interfaz"}, {Title: "Disponible desde"}, {Title: "Versión"}, {Title: "Acuerdo"}, {Title: "Estado"}},
	}
	for i, s := range l.States {
		href := SettingPath(settings.Place{Sheet: "liberacion_" + string(s.Interface)})
		if s.Interface == settings.Publication {
			href = "/registro/publicacion"
		}
		since, acuerdo := "Sin fecha", s.Acuerdo
		if s.OpensAt != nil {
			since = es.FullDateTime(*s.OpensAt)
		} else if !s.Released {
			since = "Siempre"
		}
		if s.AcuerdoOn != nil {
			acuerdo += ", del " + dayText(*s.AcuerdoOn)
		}
		state := component.Tag{Text: "Cerrada", Tone: component.Absent, Icon: component.IconCross}
		if l.Open[i] {
			state = component.Tag{Text: "Abierta", Tone: component.Good, Icon: component.IconCheck}
		}
		t.Rows = append(t.Rows, component.Row{Title: s.Interface.Title(), Href: href, Cells: []templ.Component{
			component.Words(since), component.Words(sayFact(s.Version)), component.Words(sayFact(acuerdo)), component.StateTag(state),
		}})
	}
	return t
}
