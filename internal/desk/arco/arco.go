// Package arco attends the rights of people over their personal data: access,
// rectification, cancellation and opposition (domain 4.6).
//
// Anybody files a request, without an account; a candidate does it from theirs;
// the Unidad de Transparencia registers those that arrive on paper. Each gets a
// folio and terms in working days, which are parameters of the process:
//
//	recibida ──Identify──> en_tramite ──Answer──> respondida ──Fulfil──> concluida
//	   └─Prevent─> prevenida ─Remedy─┘    │           └─ refused: concluida
//	                   └─Lapse─> no_presentada      (Extend, once, before answering)
//
// A request is never updated: its steps are only added to, and where it is, and
// until when, is a function of all of them (Follow).
//
// Who asks, how to reach them and what they say is theirs: it is sealed, under a
// key made of the salt of the row and of one outside the database, opened only
// for the unit, which leaves an entry in the bitácora, and never written in one.
// Forgetting the salt erases it.
package arco

import (
	"conoceles/internal/db"
)

// Store keeps requests. It is safe for concurrent use.
type Store struct{ desk *db.Desk }

// New returns a Store over the desk's pool.
func New(desk *db.Desk) *Store { return &Store{desk} }

// Right is what somebody claims.
type Right string

// The rights.
const (
	Access        Right = "acceso"
	Rectification Right = "rectificacion"
	Cancellation  Right = "cancelacion"
	Opposition    Right = "oposicion"
)

// Rights returns the rights, in the order of their name.
func Rights() []Right { return []Right{Access, Rectification, Cancellation, Opposition} }

// Name returns the right as a person reads it, "" for one that does not exist.
func (r Right) Name() string {
	return map[Right]string{Access: "Acceso", Rectification: "Rectificación", Cancellation: "Cancelación", Opposition: "Oposición"}[r]
}

// Meaning says what the right is for.
func (r Right) Meaning() string {
	return map[Right]string{
		Access:        "Saber qué datos tuyos tenemos y recibir una copia.",
		Rectification: "Corregir los que sean inexactos o estén incompletos.",
		Cancellation:  "Que se bloqueen y después se borren, cuando la ley lo permite.",
		Opposition:    "Que dejen de usarse o de publicarse para un fin.",
	}[r]
}

// Medium is how a request arrived.
type Medium string

// The media.
const (
	Form     Medium = "formulario"
	Account  Medium = "cuenta"
	Writing  Medium = "escrito"
	InPerson Medium = "comparecencia"
)

// Name returns the medium as a person reads it.
func (m Medium) Name() string {
	return map[Medium]string{Form: "Formulario público", Account: "Cuenta de candidatura", Writing: "Por escrito", InPerson: "En persona"}[m]
}

// identifies reports whether whoever asks by that medium is known already: by
// their session, or because they showed who they are.
func (m Medium) identifies() bool { return m == Account || m == InPerson }

// Outcome is the sense of an answer.
type Outcome string

// The outcomes.
const (
	Granted Outcome = "procedente"
	Partly  Outcome = "parcial"
	Refused Outcome = "improcedente"
)

// Name returns the outcome as a person reads it.
func (o Outcome) Name() string {
	return map[Outcome]string{Granted: "Procedente", Partly: "Procedente en parte", Refused: "Improcedente"}[o]
}

// Ground is why the law lets a request be refused. The list is closed.
type Ground struct{ Key, Text string }

// Grounds returns the grounds of the law.
func Grounds() []Ground {
	return []Ground{
		{"no_acredita", "Quien solicita no acreditó ser la persona titular o quien la representa"},
		{"no_posee", "Los datos no están en posesión del Instituto"},
		{"impedimento", "Existe un impedimento legal"},
		{"tercero", "Se lesionarían los derechos de otra persona"},
		{"actuaciones", "Se obstaculizarían actuaciones judiciales o administrativas"},
		{"resolucion", "Una resolución de autoridad competente lo restringe"},
		{"previa", "La cancelación u oposición ya se realizó"},
		{"incompetente", "El Instituto no es competente"},
		{"titular", "Los datos son necesarios para proteger intereses de la persona titular"},
		{"obligacion", "Los datos son necesarios para cumplir una obligación legal, como publicar el cuestionario curricular"},
	}
}

// GroundText returns the words of a ground, "" for one that does not exist.
func GroundText(key string) string {
	for _, g := range Grounds() {
		if g.Key == key {
			return g.Text
		}
	}
	return ""
}
