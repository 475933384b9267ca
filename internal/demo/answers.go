package demo

import (
	"fmt"
	"math/rand/v2"

	"conoceles/internal/questionnaire"
)

// Answers invents a complete and valid curricular questionnaire for the i-th
// entry, with the photograph of that hash. Without it, the photograph is missing.
func (w *World) Answers(i int, photo string) questionnaire.Answers {
	rng := rand.New(rand.NewPCG(uint64(i)+1, 0xa5_a5))
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	open := func(from []string) []string { return []string{fmt.Sprintf(pick(from), 2+rng.IntN(25))} }
	degree := pick(degrees)
	a := questionnaire.Answers{
		questionnaire.Degree:          {Text: degree},
		questionnaire.DegreeStatus:    {Text: pick(degreeEnds[degree])},
		questionnaire.WorkHistory:     {Text: essay(rng, 320+rng.IntN(400), open(workOpen), workMore)},
		questionnaire.Trajectory:      {Text: essay(rng, 320+rng.IntN(400), open(pathOpen), pathMore)},
		questionnaire.Motive:          {Text: essay(rng, 300+rng.IntN(300), whyOpen, whyMore)},
		questionnaire.Proposal1:       {Text: proposal(rng)},
		questionnaire.Proposal2:       {Text: proposal(rng)},
		questionnaire.NotificationsTo: {Text: fmt.Sprintf("avisos%d@ejemplo.invalid", i)},
		"correo_publico":              {Texts: []string{fmt.Sprintf("candidatura%d@ejemplo.invalid", i)}},
	}
	if rng.IntN(4) > 0 {
		a[questionnaire.GenderProposal] = questionnaire.Answer{Text: proposal(rng)}
	}
	if rng.IntN(2) == 0 {
		a[questionnaire.OtherStudies] = questionnaire.Answer{Texts: []string{pick(courses)}}
	}
	if rng.IntN(3) == 0 {
		a["facebook"] = questionnaire.Answer{Text: fmt.Sprintf("https://www.facebook.com/ejemplo.%d", i)}
	}
	if rng.IntN(3) == 0 {
		a["casa_campana"] = questionnaire.Answer{Rows: []questionnaire.Row{{
			"calle": "Calle Inexistente", "num_ext": "0", "colonia": "Colonia de Ejemplo", "cp": "00000", "municipio": "Ciudad Ficticia",
		}}}
	}
	if photo != "" {
		a[questionnaire.Photograph] = questionnaire.Answer{Text: photo}
	}
	return a
}

// proposal invents a proposal with what the annex asks for: population, goal and
// term.
func proposal(rng *rand.Rand) string {
	return essay(rng, 300+rng.IntN(250), planOpen, planWho, planGoal, planWhen, planHow)
}

// Progress is how far the capture of an entry has come.
type Progress int

// How far capture may have come.
const (
	Untouched Progress = iota
	Half               // some answers, not validated
	Complete           // everything, not validated
	Validated
)

// Progress returns how far the i-th entry has come: two in three are validated,
// and the rest is at every stage. suplentes and regidurías lag behind.
func (w *World) Progress(i int) Progress {
	rng := rand.New(rand.NewPCG(uint64(i)+1, 0x5a))
	n := rng.IntN(100)
	if w.List[i].Office == "regiduria" || w.List[i].Role == "suplente" {
		n += 15
	}
	switch {
	case n < 70:
		return Validated
	case n < 80:
		return Complete
	case n < 92:
		return Half
	default:
		return Untouched
	}
}
