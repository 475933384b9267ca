package registry

import (
	"slices"
	"time"
)

// ActKind is a class of act of the registry.
type ActKind string

// The acts. Their values are those of the database and of the addresses.
const (
	Substitution     ActKind = "sustitucion"
	Resignation      ActKind = "renuncia"
	Death            ActKind = "fallecimiento"
	Cancellation     ActKind = "cancelacion"
	Reinstatement    ActKind = "restitucion"
	Correction       ActKind = "correccion"
	SigladoChange    ActKind = "cambio_siglado"
	Elected          ActKind = "electa"
	Exception        ActKind = "excepcion"
	PublicationStart ActKind = "inicio_publicacion"
)

// kinds says each class to people, in the order in which it is offered.
var kinds = []struct {
	kind        ActKind
	title, lead string
}{
	{Substitution, "Sustitución", "Otra persona entra en el lugar de esta. No hereda ninguna respuesta y su plazo de captura empieza ese día."},
	{Resignation, "Renuncia", "La persona deja la candidatura y el lugar queda vacante hasta que alguien la sustituya."},
	{Death, "Fallecimiento", "El lugar queda vacante hasta que alguien lo ocupe por sustitución."},
	{Cancellation, "Cancelación", "Un acuerdo o una sentencia cancela el registro y el lugar queda vacante."},
	{Reinstatement, "Restitución", "Una sentencia o un acuerdo devuelve la candidatura a la boleta."},
	{Correction, "Corrección de datos", "Corrige lo que dice el registro: nombre, sobrenombre, sexo, fecha de nacimiento, posición o acción afirmativa."},
	{SigladoChange, "Cambio de siglado", "Otro partido de la coalición sigla la candidatura, y desde entonces la captura."},
	{Elected, "Resultó electa", "El perfil dirá que la persona resultó electa."},
	{Exception, "Excepción al cierre", "Un acuerdo o una sentencia deja que esta candidatura se capture y se corrija después del fin de campañas, hasta la hora que fija."},
	{PublicationStart, "Inicio de la publicación", "Desde esa hora cualquier persona puede consultar las candidaturas."},
}

// CandidacyActs returns the acts that are about a candidacy, in order.
func CandidacyActs() []ActKind {
	var out []ActKind
	for _, k := range kinds {
		if k.kind != PublicationStart {
			out = append(out, k.kind)
		}
	}
	return out
}

// Title returns the name of the class, "" for one that does not exist.
func (k ActKind) Title() string { return k.words(func(i int) string { return kinds[i].title }) }

// Lead returns a sentence that says what the act does.
func (k ActKind) Lead() string { return k.words(func(i int) string { return kinds[i].lead }) }

func (k ActKind) words(of func(int) string) string {
	for i := range kinds {
		if kinds[i].kind == k {
			return of(i)
		}
	}
	return ""
}

// Registration is what a list or an act says of a person.
type Registration struct {
	GivenNames  string     `json:"nombres"`
	Surnames    string     `json:"apellidos"`
	Nickname    string     `json:"sobrenombre"`
	Sex         string     `json:"sexo"`
	BirthDate   *time.Time `json:"fecha_nacimiento"`
	Email       string     `json:"correo"`
	Phone       string     `json:"telefono"`
	Consecutive *bool      `json:"eleccion_consecutiva"`
	Actions     []string   `json:"accion_afirmativa"`
	Position    int        `json:"posicion"`
}

// NewAct is an act to capture. Person belongs to Substitution and Correction,
// Siglado (an acronym) to SigladoChange, Until to Exception.
type NewAct struct {
	Kind      ActKind
	Folio     string // of the candidacy
	Basis     string // acuerdo or expediente
	BasisDate time.Time
	Document  *Document
	Person    Registration
	Siglado   string
	Until     time.Time // zero when it was not understood
}

// payload is what an act carries to its confirmation, as it is stored.
type payload struct {
	Person   *Registration `json:"registro,omitempty"`
	Before   *Registration `json:"antes,omitempty"` // of a correction: what it was captured over
	Siglado  int64         `json:"siglado,omitempty"`
	StartsAt *time.Time    `json:"inicio,omitempty"`
	Until    *time.Time    `json:"hasta,omitempty"`
}

// registration returns what the registry says of a candidacy.
func (c *candidacy) registration() Registration {
	return Registration{
		c.Given, c.Surnames, c.Nickname, c.Sex, c.Birth, c.Email, c.Phone, c.Consecutive, slices.Clone(c.Actions), c.Position,
	}
}

func (r Registration) person() person {
	return person{r.GivenNames, r.Surnames, r.Nickname, r.Sex, r.BirthDate, r.Email, r.Phone}
}

// correct applies to the candidacy only what the correction changed, so that
// data that came in between are not undone. It returns what changed, in words.
func (c *candidacy) correct(before, after Registration) []string {
	var what []string
	set := func(differs bool, name string, apply func()) {
		if differs {
			apply()
			what = append(what, name)
		}
	}
	set(before.GivenNames != after.GivenNames || before.Surnames != after.Surnames, "nombre", func() { c.Given, c.Surnames = after.GivenNames, after.Surnames })
	set(before.Nickname != after.Nickname, "sobrenombre", func() { c.Nickname = after.Nickname })
	set(before.Sex != after.Sex, "sexo", func() { c.Sex = after.Sex })
	set(!sameDay(before.BirthDate, after.BirthDate), "fecha de nacimiento", func() { c.Birth = after.BirthDate })
	set(before.Email != after.Email, "correo", func() { c.Email = after.Email })
	set(before.Phone != after.Phone, "teléfono", func() { c.Phone = after.Phone })
	set(!equalRef(before.Consecutive, after.Consecutive), "elección consecutiva", func() { c.Consecutive = after.Consecutive })
	set(!slices.Equal(notNil(before.Actions), notNil(after.Actions)), "acción afirmativa", func() { c.Actions = after.Actions })
	set(before.Position != after.Position, "posición", func() { c.Position = after.Position })
	return what
}

func sameDay(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
