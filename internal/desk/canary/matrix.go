package canary

import "slices"

// Answering is how the identity questionnaire of a row was answered.
type Answering string

// The ways of answering.
const (
	Answered Answering = "respondido" // complete, with something to publish
	Half     Answering = "a_medias"   // unfinished, with something to publish
	Blank    Answering = "en_blanco"  // nothing saved, something typed
	Nothing  Answering = "nada_afirmativo"
)

// Consenting is where the consent of a row is.
type Consenting string

// The consents.
const (
	None         Consenting = "ninguno"
	NoProcessing Consenting = "numero_1_no"
	NoPublishing Consenting = "numero_2_no"
	Pending      Consenting = "pendiente"
	Rejected     Consenting = "rechazado"
	Verified     Consenting = "verificado"
	Withdrawn    Consenting = "retirado"
	Outdated     Consenting = "respuestas_anteriores" // verified, and answered again since
)

// Record is where the record of a row is.
type Record string

// The records.
const (
	Draft       Record = "borrador"
	Validated   Record = "validada"
	Paused      Record = "en_pausa"
	Substituted Record = "sustituida"
	Cancelled   Record = "cancelada"
)

// Cell is a row of the consent matrix.
type Cell struct {
	Answers Answering  `json:"respuestas"`
	Consent Consenting `json:"consentimiento"`
	Record  Record     `json:"registro"`
}

// Matrix returns every row: {answers} × {consents} × {records}.
func Matrix() []Cell {
	var all []Cell
	for _, r := range []Record{Draft, Validated, Paused, Substituted, Cancelled} {
		for _, c := range []Consenting{None, NoProcessing, NoPublishing, Pending, Rejected, Verified, Withdrawn, Outdated} {
			for _, a := range []Answering{Answered, Half, Blank, Nothing} {
				all = append(all, Cell{a, c, r})
			}
		}
	}
	return all
}

// State is what the public is told of a row's identity questionnaire.
type State string

// The states. The last is that of who left the ballot.
const (
	Public     State = "publica"
	Complete   State = "respondido"
	Incomplete State = "sin_responder"
	Gone       State = "fuera"
)

// State says what the public must be told (domain 0.3.5). It is written apart
// from the code that publishes, so that one checks the other.
func (c Cell) State() State {
	affirms := c.Answers == Answered || c.Answers == Half
	complete := c.Answers == Answered || c.Answers == Nothing
	switch {
	case c.Record == Substituted || c.Record == Cancelled:
		return Gone
	case affirms && c.Consent == Verified && c.Record == Validated:
		return Public
	case complete, c.Consent == NoProcessing:
		return Complete
	default:
		return Incomplete
	}
}

// arrange returns the cells of a world in the order of its candidacies. World B
// gives to each candidacy the cell of another that the public cannot tell from
// it; what is public stays where it is.
func arrange(v Variant) []Cell {
	all := Matrix()
	for range 4 { // enough people for half of them to withdraw
		all = append(all, Cell{Answered, Verified, Validated}, Cell{Half, Verified, Validated})
	}
	if v != B {
		return all
	}
	alike := map[Cell][]int{} // by record and state: what the public may know
	for i, c := range all {
		if s := c.State(); s != Public {
			key := Cell{Record: c.Record, Answers: Answering(s)}
			alike[key] = append(alike[key], i)
		}
	}
	out := slices.Clone(all)
	for _, group := range alike {
		for n, i := range group {
			out[i] = all[group[(n+1)%len(group)]]
		}
	}
	return out
}
