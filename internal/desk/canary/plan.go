package canary

import "time"

// Class is what a canary stands for.
type Class string

// The classes. Those at rest only encrypted come first.
const (
	Identity      Class = "identidad"
	IdentityDraft Class = "borrador_identidad"
	Document      Class = "documento"
	Reason        Class = "motivo"     // of a rejection or a withdrawal
	Private       Class = "privado"    // e-mail and telephone of the registration list
	Birth         Class = "nacimiento" // a date, yyyy-mm-dd
	CurricularOwn Class = "curricular" // public once validated, unless paused
	Typed         Class = "borrador_curricular"
	PhotoMetadata Class = "metadatos_foto"
)

// Encrypted reports whether a canary of the class is nowhere at rest in the
// clear, unless it is published.
func (c Class) Encrypted() bool { return c == Identity || c == IdentityDraft || c == Document }

// Canary is a text that names its leak.
type Canary struct {
	Value string `json:"valor"`
	Class Class  `json:"clase"`
	What  string `json:"dato"` // the question, or what the text is
	// Paths are the public addresses that must show it, all of them; none, and
	// no public address may. One that is public may also be at other addresses
	// unless it is of the class Identity.
	Paths []string `json:"visible_en"`
}

// Visible reports whether the public must see it.
func (c Canary) Visible() bool { return len(c.Paths) > 0 }

// Person is a candidacy with its canaries.
type Person struct {
	Cell
	State    State    `json:"estado"`
	ID       int64    `json:"-"`
	Folio    string   `json:"folio"`
	Slug     string   `json:"slug"`
	Captured bool     `json:"con_cuentas,omitempty"` // accounts of the process capture it
	Reserved bool     `json:"captura_reservada,omitempty"`
	Canaries []Canary `json:"canarios"`
}

// Plan is everything that was seeded and what must be seen of it.
type Plan struct {
	Process string    `json:"proceso"`
	Seed    uint64    `json:"semilla"`
	Variant Variant   `json:"mundo"`
	Clock   time.Time `json:"reloj"`
	People  []Person  `json:"candidaturas"`
}

// Canaries returns them all.
func (p Plan) Canaries() []Canary {
	var all []Canary
	for _, person := range p.People {
		all = append(all, person.Canaries...)
	}
	return all
}

// Profile returns the addresses of a candidacy's page.
func (p Plan) Profile(slug string) []string { return p.both("/candidaturas/" + slug) }

// IdentityPaths returns where the public identity answers of a candidacy are.
// A new surface that shows them is added here, on purpose.
func (p Plan) IdentityPaths(slug string) []string {
	out := p.Profile(slug)
	for _, path := range []string{"/datos/identidad.csv", "/datos/candidaturas.xlsx", "/api/v1/candidaturas/" + slug} {
		out = append(out, p.both(path)...)
	}
	return out
}

// CountPaths returns where what people publish of their identity is counted, with
// no answer and nobody's name.
func (p Plan) CountPaths() []string {
	return append(p.both("/estadisticas"), p.both("/estadisticas/identidad.csv")...)
}

func (p Plan) curricularPaths(slug string) []string {
	return append(p.Profile(slug), p.both("/datos/candidaturas.csv")...)
}

// both is an address of the process in force, and the same by its key.
func (p Plan) both(path string) []string { return []string{path, "/procesos/" + p.Process + path} }
