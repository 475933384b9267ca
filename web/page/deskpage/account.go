package deskpage

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/web/component"
	"conoceles/web/es"
)

// The addresses of one's own account and of the people.
const (
	AccountPath       = "/cuenta"
	PasswordPath      = "/cuenta/contrasena"
	FactorPath        = "/cuenta/segundo-factor"
	NewCodesPath      = "/cuenta/codigos"
	OtherSessionsPath = "/cuenta/sesiones/cerrar"
	PeoplePath        = "/administracion/personas"
	InvitePath        = "/administracion/personas/invitar"
	RequestsPath      = "/administracion/personas/solicitudes"
	BulkPath          = "/administracion/personas/lista"
	PartyPeoplePath   = "/captura/personas"
)

// PersonPath returns the address of a person, and of an act on them.
func PersonPath(id int64, act string) string {
	path := PeoplePath + "/" + strconv.FormatInt(id, 10)
	if act != "" {
		path += "/" + act
	}
	return path
}

func sortedKeys(v url.Values) []string { return slices.Sorted(maps.Keys(v)) }

// Account is a person's own account.
type Account struct {
	RegistryFrame
	Name     string
	Email    string
	Role     string
	Process  string
	Ends     time.Time // of the session, if nothing more is asked
	Now      time.Time
	Factor   auth.Factor
	Sessions []auth.OpenSession
	Key      string
}

func (a Account) factorText() string {
	switch {
	case a.Factor.Enrolled:
		return "Activo desde el " + es.Date(a.Factor.Since) + ". Te quedan " + es.Plural(a.Factor.Codes, "código de respaldo", "códigos de respaldo") + "."
	case a.Factor.Required:
		return "Tu función lo exige: actívalo ahora."
	}
	return "No lo tienes. Es la mejor protección de tu cuenta: además de tu contraseña, un código que cambia en tu teléfono."
}

func (a Account) sessions() component.Table {
	t := component.Table{
		Caption: "Sesiones abiertas",
		Columns: []component.Column{{Title: "Desde"}, {Title: "Abierta"}, {Title: "Última actividad", Short: "Actividad"}, {Title: "Cerrar"}},
	}
	for _, s := range a.Sessions {
		device := s.Device
		if device == "" {
			device = "Un navegador"
		}
		row := component.Row{Title: device, Cells: []templ.Component{
			component.Words(es.Recent(s.Opened, a.Now)), component.Words(es.Recent(s.Seen, a.Now)), closeSession(s.ID, device, a.Key),
		}}
		if s.Current {
			row.Note = "La que usas ahora"
			row.Cells[2] = component.Words("Ciérrala con «Cerrar sesión»")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Password is where somebody changes their own password.
type Password struct {
	RegistryFrame
	Shortest int
}

// People is a page of the people of a process.
type People struct {
	RegistryFrame
	account.Filter
	People  []account.Person
	Total   int
	MayEdit bool
}

func (p People) address(page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": p.Text, "funcion": p.Role} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return PeoplePath
	}
	return PeoplePath + "?" + q.Encode()
}

func (p People) pages() component.Pages {
	return component.NewPages(p.Page, p.Total, p.Size, p.address)
}

func (p People) table() component.Table {
	return peopleTable("Personas", p.People, func(x account.Person) string {
		if p.MayEdit {
			return PersonPath(x.ID, "")
		}
		return ""
	})
}

func peopleTable(caption string, people []account.Person, href func(account.Person) string) component.Table {
	t := component.Table{
		Caption: caption, Empty: "Nadie coincide.",
		Columns: []component.Column{{Title: "Persona"}, {Title: "Función"}, {Title: "Alcance"}, {Title: "Acceso"}, {Title: "Última vez que entró", Short: "Entró"}},
	}
	for _, x := range people {
		t.Rows = append(t.Rows, component.Row{
			Title: x.Name, Note: x.Email, Href: href(x),
			Cells: []templ.Component{
				component.Words(account.RoleName(x.Role)), component.Words(orDash(x.Scope)), component.StateTag(accessState(x.State)),
				component.Words(loginText(x.LastLogin)),
			},
		})
	}
	return t
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func loginText(t time.Time) string {
	if t.IsZero() {
		return "Nunca"
	}
	return es.DateTime(t)
}

// accessState is the tag of an access.
func accessState(s account.State) component.Tag {
	switch s {
	case account.Active:
		return component.Tag{Text: "Activa", Tone: component.Good, Icon: component.IconCheck}
	case account.Waiting:
		return component.Tag{Text: "Invitada, sin activar", Tone: component.Attention, Icon: component.IconHalf}
	case account.Lapsed:
		return component.Tag{Text: "Invitación vencida", Tone: component.Bad, Icon: component.IconWarning}
	case account.Suspended:
		return component.Tag{Text: "Suspendida", Tone: component.Bad, Icon: component.IconLock}
	}
	return component.Tag{Text: "Vencida", Tone: component.Absent, Icon: component.IconCross}
}

// roleOptions are the roles to choose from.
func roleOptions(roles []string) []component.Option {
	var out []component.Option
	for _, r := range roles {
		o := component.Option{Value: r, Label: account.RoleName(r)}
		if auth.OfInstitute(r) {
			o.Label += " (la confirma otra persona)"
		}
		out = append(out, o)
	}
	return out
}

// Invite is the form that invites a person.
type Invite struct {
	RegistryFrame
	Key        string
	Values     url.Values
	Nominators []account.Nominator
}

func (i Invite) text(id, label, hint string, width component.Width) component.TextField {
	return component.TextField{Field: component.Field{ID: id, Label: label, Hint: hint, Error: i.errorOf(id)}, Value: i.Values.Get(id), Width: width}
}

func (i Invite) role() component.SelectField {
	return component.SelectField{
		Field: component.Field{ID: account.RoleField, Label: "Función", Error: i.errorOf(account.RoleField)},
		Value: i.Values.Get(account.RoleField), Empty: "Elige", Options: roleOptions(account.Roles()),
	}
}

func (i Invite) nominator() component.SelectField {
	f := component.SelectField{
		Field: component.Field{ID: account.NominatorField, Label: "Actor postulante", Hint: "Sólo para quien captura o valida por un partido.", Error: i.errorOf(account.NominatorField)},
		Value: i.Values.Get(account.NominatorField), Empty: "Ninguno",
	}
	for _, n := range i.Nominators {
		f.Options = append(f.Options, component.Option{Value: n.Acronym, Label: n.Name})
	}
	return f
}

// PersonView is a person with what may be done about them.
type PersonView struct {
	RegistryFrame
	account.Person
	Self   bool
	Key    string
	Values url.Values
	Asked  string // which form was sent, so that its errors show there
	Now    time.Time
}

func (p PersonView) facts() []component.Fact {
	facts := []component.Fact{
		{Term: "Correo", Value: p.Email},
		{Term: "Función", Value: account.RoleName(p.Role)},
		{Term: "Alcance", Value: orDash(p.Scope)},
		{Term: "Segundo factor", Value: map[bool]string{true: "Activo", false: "Sin activar"}[p.Factor]},
		{Term: "Última vez que entró", Value: loginText(p.LastLogin)},
	}
	if !p.Until.IsZero() {
		facts = append(facts, component.Fact{Term: "La función termina", Value: es.FullDateTime(p.Until)})
	}
	return facts
}

func (p PersonView) linkFacts() []component.Fact {
	facts := []component.Fact{{Term: "Enviada", Value: es.FullDateTime(p.LinkMade)}}
	switch {
	case !p.LinkUsed.IsZero():
		facts = append(facts, component.Fact{Term: "Activó su cuenta", Value: es.FullDateTime(p.LinkUsed)})
	default:
		facts = append(facts, component.Fact{Term: "El enlace sirve hasta", Value: es.FullDateTime(p.LinkUntil)})
	}
	if p.ReceivedAt.IsZero() {
		return append(facts, component.Fact{Term: "Acuse firmado", Value: "Sin registrar"})
	}
	return append(facts, component.Fact{Term: "Acuse firmado", Value: es.FullDateTime(p.ReceivedAt)})
}

// waits reports whether the person has not activated their account.
func (p PersonView) waits() bool { return p.State == account.Waiting || p.State == account.Lapsed }

func (p PersonView) reason(act, label, hint string) component.TextField {
	id := account.ReasonField + "-" + act
	f := component.TextField{Field: component.Field{ID: id, Label: label, Hint: hint}, Name: account.ReasonField}
	if p.Asked == act {
		f.Error, f.Value = p.errorOf(id), p.Values.Get(account.ReasonField)
	}
	return f
}

// Requests lists what waits for another person.
type Requests struct {
	RegistryFrame
	List []account.Request
}

func requestTitle(r account.Request) string {
	if r.Kind == account.Reset {
		return "Reiniciar el segundo factor"
	}
	return account.RoleName(r.RoleCode)
}

func requestTable(caption string, list []account.Request, linked bool) component.Table {
	t := component.Table{
		Caption: caption, Empty: "No hay solicitudes.",
		Columns: []component.Column{{Title: "Persona"}, {Title: "Qué se pide", Short: "Pide"}, {Title: "Quién lo pidió", Short: "Pidió"}, {Title: "Estado"}},
	}
	for _, r := range list {
		what := requestTitle(r)
		if r.Nominator != "" {
			what += " · " + r.Nominator
		}
		row := component.Row{
			Title: r.Name, Note: r.Email, Marked: r.State == "por_confirmar",
			Cells: []templ.Component{component.Words(what), component.Words(r.RequestedName + ", " + es.DateTime(r.RequestedAt)), component.StateTag(requestState(r.State))},
		}
		if linked {
			row.Href = RequestsPath + "/" + strconv.FormatInt(r.ID, 10)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func requestState(state string) component.Tag {
	switch state {
	case "confirmada":
		return component.Tag{Text: "Confirmada", Tone: component.Good, Icon: component.IconCheck}
	case "desechada":
		return component.Tag{Text: "Desechada", Tone: component.Absent, Icon: component.IconCross}
	}
	return component.Tag{Text: "Por confirmar", Tone: component.Attention, Icon: component.IconHalf}
}

// RequestView is a request to decide.
type RequestView struct {
	RegistryFrame
	account.Request
	Own    bool // of whoever looks: they may only discard it
	Key    string
	Motive string
}

func (r RequestView) base() string { return RequestsPath + "/" + strconv.FormatInt(r.ID, 10) }

func (r RequestView) facts() []component.Fact {
	facts := []component.Fact{{Term: "Persona", Value: r.Name}, {Term: "Correo", Value: r.Email}, {Term: "Se pide", Value: requestTitle(r.Request)}}
	if r.Nominator != "" {
		facts = append(facts, component.Fact{Term: "Actor postulante", Value: r.Nominator})
	}
	if r.Until != nil {
		facts = append(facts, component.Fact{Term: "Termina", Value: es.FullDateTime(*r.Until)})
	}
	facts = append(facts, component.Fact{Term: "Oficio o motivo", Value: r.Basis}, component.Fact{Term: "Lo pidió", Value: r.RequestedName + ", " + es.FullDateTime(r.RequestedAt)})
	if r.DecidedAt != nil {
		facts = append(facts, component.Fact{Term: "Lo decidió", Value: r.DecidedName + ", " + es.FullDateTime(*r.DecidedAt)})
	}
	if r.Reason != "" {
		facts = append(facts, component.Fact{Term: "Por qué se desechó", Value: r.Reason})
	}
	return facts
}

// effect says what confirming does.
func (r RequestView) effect() string {
	if r.Kind == account.Reset {
		return "Su segundo factor y su contraseña dejan de servir, sus sesiones se cierran y recibe un enlace para elegirlos otra vez."
	}
	return "La persona recibe la función y, si no tiene cuenta, un enlace para activarla."
}

// Bulk is the form that sends a list of people.
type Bulk struct {
	RegistryFrame
	Key string
}

// BulkPlan is what a list of people would do.
type BulkPlan struct {
	RegistryFrame
	account.Plan
	File    string
	Address string
	Key     string
}

// problemTable lists what is wrong, cell by cell.
func problemTable(problems []tabular.Problem) component.Table {
	var rows [][]string
	for _, p := range problems[:min(len(problems), 200)] {
		line := "Todo el archivo"
		if p.Line > 0 {
			line = "Renglón " + strconv.Itoa(p.Line)
		}
		rows = append(rows, []string{line, orDash(p.Column), p.Text})
	}
	return component.WordTable("Qué corregir", []string{"Dónde", "Columna", "Qué corregir"}, rows)
}

func (b BulkPlan) table() component.Table {
	var rows [][]string
	for _, n := range b.People[:min(len(b.People), 200)] {
		rows = append(rows, []string{n.Name, n.Email, account.RoleName(n.Role), orDash(n.Acronym + n.Folio)})
	}
	return component.WordTable("Personas de la lista", []string{"Persona", "Correo", "Función", "Alcance"}, rows)
}

// PartyPeople is the people of a party, for its responsible person.
type PartyPeople struct {
	RegistryFrame
	Party    string
	Self     int64
	People   []account.Person
	Requests []account.Request
	Values   url.Values
	Key      string
	Asked    int64 // whose suspension was refused
}

func (p PartyPeople) text(id, label, hint, kind string) component.TextField {
	return component.TextField{Field: component.Field{ID: id, Label: label, Hint: hint, Error: p.errorOf(id)}, Value: p.Values.Get(id), Type: kind}
}

func (p PartyPeople) role() component.OptionsField {
	return component.OptionsField{
		Field: component.Field{ID: account.RoleField, Label: "Función", Error: p.errorOf(account.RoleField)}, Name: account.RoleField,
		Options: []component.Option{
			{Value: auth.Operator{}.Role(), Label: "Captura", Hint: "Llena los cuestionarios de tu partido."},
			{Value: auth.Validator{}.Role(), Label: "Responsable", Hint: "Además valida, y designa a quien captura."},
		},
		Values: p.Values[account.RoleField],
	}
}

// suspension is the field of why somebody of the party is suspended.
func (p PartyPeople) suspension(x account.Person) component.TextField {
	id := account.ReasonField + "-" + strconv.FormatInt(x.ID, 10)
	f := component.TextField{Field: component.Field{ID: id, Label: "Motivo"}, Name: account.ReasonField}
	if p.Asked == x.ID {
		f.Error, f.Value = p.errorOf(id), p.Values.Get(account.ReasonField)
	}
	return f
}

// plainRoles are the roles to filter by.
func plainRoles() []component.Option {
	var out []component.Option
	for _, r := range account.Roles() {
		out = append(out, component.Option{Value: r, Label: account.RoleName(r)})
	}
	return out
}

func (p PersonView) received() component.TextField {
	return component.TextField{
		Field: component.Field{ID: account.ReceivedField, Label: "Día y hora en que firmó", Hint: "Como dice el acuse: 30/03/2027 9:00. De ahí corre el plazo de captura.", Error: p.errorOf(account.ReceivedField)},
		Value: p.Values.Get(account.ReceivedField), Width: component.Medium,
	}
}
