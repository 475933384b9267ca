package deskpage

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// The addresses of entering.
const (
	LoginPath   = "/entrar"
	CodePath    = "/entrar/codigo"
	EnrolPath   = "/entrar/activar"
	RecoverPath = "/recuperar"
	RescuePath  = "/cuenta/rescate"
)

// ReturnField carries where to go afterwards.
const ReturnField = "regreso"

// Login is the page to enter: what was typed comes back, but the password.
type Login struct {
	Meta   layout.Meta
	Area   layout.Area
	Email  string
	Return string // where to go afterwards
	Errors []component.FieldError
}

func (l Login) emailError() string {
	if len(l.Errors) > 0 {
		return l.Errors[0].Message
	}
	return ""
}

// Code asks for the second factor of somebody whose password is right.
type Code struct {
	RegistryFrame
	Return  string
	Passkey string // what is asked of a device, as JSON; "" when they have none
}

// Square is a square code that a phone reads, as the path of an SVG.
type Square struct {
	Side int
	Path string
}

// viewBox leaves the margin of four modules that readers ask for.
func (s Square) viewBox() string {
	side := strconv.Itoa(s.Side + 8)
	return "-4 -4 " + side + " " + side
}

// Enrolment is where somebody activates their second factor.
type Enrolment struct {
	RegistryFrame
	Action   string
	Return   string
	Drawing  Square
	Key      string // the secret, in groups
	Required bool
	Replaces bool
}

// Codes shows the recovery codes, once.
type Codes struct {
	RegistryFrame
	Codes []string
	Next  string // where to go on
}

// Recover asks for the address of somebody who lost their password. Asked says
// that the form was sent: the page says the same whatever the address.
type Recover struct {
	RegistryFrame
	Email string
	Asked bool
}

// NewPassword is where a link leads: to activate an account or to recover it.
type NewPassword struct {
	RegistryFrame
	Action   string
	Name     string
	Email    string
	Role     string
	Scope    string
	Expires  time.Time
	Shortest int
	Invited  bool // to activate; otherwise to recover
	AskCode  bool
	Steps    int // of the activation: two with a second factor
}

func (p NewPassword) facts() []component.Fact {
	facts := []component.Fact{{Term: "Persona", Value: p.Name}, {Term: "Correo con que entras", Value: p.Email}, {Term: "Función", Value: p.Role}}
	if p.Scope != "" {
		facts = append(facts, component.Fact{Term: "Alcance", Value: p.Scope})
	}
	return append(facts, component.Fact{Term: "El enlace sirve hasta", Value: es.FullDateTime(p.Expires)})
}

// RepeatField and PersonalField are of the forms that set a password.
const (
	RepeatField   = "repetir"
	PersonalField = "personal"
)

// passwordHint says what a password must be.
func passwordHint(shortest int) string {
	return "De " + strconv.Itoa(shortest) + " caracteres o más. Sirve una frase de varias palabras; no hacen falta mayúsculas, números ni símbolos, y no tendrás que cambiarla cada cierto tiempo."
}

// Hidden is a field that a page carries without showing it.
type Hidden struct{ Name, Value string }

// HiddenFields returns the fields of a form, in the order of their names.
func HiddenFields(form url.Values, but ...string) []Hidden {
	var out []Hidden
	for _, name := range sortedKeys(form) {
		skip := false
		for _, b := range but {
			skip = skip || name == b
		}
		if skip {
			continue
		}
		for _, value := range form[name] {
			out = append(out, Hidden{name, value})
		}
	}
	return out
}

// Proof asks somebody who already entered who they are, before a delicate act:
// the form goes on to where it was going, with what it was sent.
type Proof struct {
	RegistryFrame
	Action   string
	Fields   []Hidden
	Enrolled bool // a code, and not the password
}

func (p Proof) label() string {
	if p.Enrolled {
		return "Código de tu aplicación"
	}
	return "Tu contraseña"
}

func (p Proof) field() component.TextField {
	f := component.TextField{Field: component.Field{ID: auth.ProofField, Label: p.label(), Error: p.errorOf(auth.ProofField)}, Type: "password", Autocomplete: "current-password"}
	if p.Enrolled {
		f.Type, f.Autocomplete, f.InputMode, f.Width = "text", "one-time-code", "numeric", component.Short
		f.Hint = "Seis números; también sirve un código de respaldo."
	}
	return f
}

// Rescue gives back what somebody sent when their session was over.
type Rescue struct {
	RegistryFrame
	At     time.Time
	Path   string
	Return string
	Fields []Hidden
}

// action is where the form goes: a page that forgets what it kept and leads on.
func (r Rescue) action(verb string) string {
	return RescuePath + verb + "?" + url.Values{"ruta": {r.Path}, ReturnField: {r.Return}}.Encode()
}

// texts are the fields that a person wrote, with a name that says what they are.
func (r Rescue) texts() []component.SummaryItem {
	var out []component.SummaryItem
	for _, f := range r.Fields {
		switch f.Name {
		case component.KeyField, component.VersionField, component.ActionField:
			continue
		}
		if strings.TrimSpace(f.Value) == "" {
			continue
		}
		out = append(out, component.SummaryItem{
			Term: es.Capital(strings.ReplaceAll(f.Name, "_", " ")), Values: strings.Split(strings.ReplaceAll(f.Value, "\r\n", "\n"), "\n"),
		})
	}
	return out
}
