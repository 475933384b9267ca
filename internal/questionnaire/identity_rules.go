package questionnaire

import (
	"slices"
)

// gates says after whose «Sí» a question is asked. A detail tells the answer to
// its gate, so it is never shown where the gate is not.
var gates = map[ID]ID{
	IndigenousPeople:     Indigenous,
	DisabilityDuration:   Disability,
	DisabilityType:       Disability,
	DisabilityDifficulty: Disability,
	LGBTIdentity:         LGBT,
	Residence:            Migrant,
	TimeAbroad:           Migrant,
	ReasonAbroad:         Migrant,
	RegularAbroad:        Migrant,
}

// askedWhen returns the skip rule of an identity question; nil is always.
func askedWhen(id ID) func(Answers) bool {
	if gate, ok := gates[id]; ok {
		return func(a Answers) bool { return a.Is(gate, Yes) }
	}
	switch id { // nobody is both; seen in all of INE's data
	case Young:
		return func(a Answers) bool { return !a.Is(Elder, Yes) }
	case Elder:
		return func(a Answers) bool { return !a.Is(Young, Yes) }
	}
	return nil
}

// Ages of the two groups, in completed years.
const (
	youngest, oldestYoung = 18, 29
	youngestElder         = 60
)

// AgeGroups returns the answers to Young and Elder that an age in completed
// years gives, to fill the form with. Zero is an age that nobody knows, for
// which there are none: the person answers.
func AgeGroups(age int) Answers {
	if age <= 0 {
		return Answers{}
	}
	return Answers{
		Young: yesOrNo(youngest <= age && age <= oldestYoung),
		Elder: yesOrNo(age >= youngestElder),
	}
}

func yesOrNo(yes bool) Answer {
	if yes {
		return Answer{Text: Yes}
	}
	return Answer{Text: No}
}

// SettleAges returns the answers with Young and Elder as the age group says,
// whatever was posted: of a known age one may only prefer not to tell. An
// answer never given is not invented, except the «No» that completes the one
// given, so that nobody declares a group without having seen the question.
// The map given is not changed.
func SettleAges(a, groups Answers) Answers {
	settled := a.Clone()
	if len(groups) == 0 || (!a.Has(Young) && !a.Has(Elder)) {
		return settled
	}
	for _, id := range []ID{Young, Elder} {
		switch {
		case a.Is(id, PreferNot):
		case a.Has(id), groups.Is(id, No):
			settled[id] = groups[id]
		}
	}
	return settled
}

// AgeOptions returns the options of q that somebody of that age group may
// choose: for Young and Elder, what the age says and «Prefiero no contestar».
func AgeOptions(q Question, groups Answers) []Option {
	if (q.ID != Young && q.ID != Elder) || !groups.Has(q.ID) {
		return q.Options
	}
	return slices.DeleteFunc(slices.Clone(q.Options), func(o Option) bool {
		return o.Value != PreferNot && !groups.Is(q.ID, o.Value)
	})
}

// OptionsFirst returns the options of q with those values before the rest, in
// that order: an institute puts first the peoples of its state. Values that q
// does not offer are passed over.
func (q Question) OptionsFirst(values ...string) []Option {
	var first []Option
	for _, v := range values {
		if o, ok := q.Option(v); ok && !slices.Contains(first, o) {
			first = append(first, o)
		}
	}
	return append(first, slices.DeleteFunc(slices.Clone(q.Options), func(o Option) bool { return slices.Contains(first, o) })...)
}

// DefaultPublic returns the questions that an institute publishes unless it
// decides otherwise: the groups that a person affirms, and language and people
// (domain.md 4.5). The caller may change the slice.
func DefaultPublic() []ID {
	return []ID{Indigenous, IndigenousLanguage, IndigenousPeople, Disability, AfroMexican, LGBT, Migrant, Young, Elder}
}

// badges are the groups that a «Sí» declares.
var badges = map[ID]string{
	Indigenous:         "Persona indígena",
	IndigenousLanguage: "Habla o entiende una lengua indígena nacional",
	Disability:         "Persona con discapacidad",
	AfroMexican:        "Persona afromexicana",
	LGBT:               "Persona de la población LGBTTTIQ+",
	Migrant:            "Persona migrante",
	Young:              "Persona joven (de 18 a 29 años)",
	Elder:              "Persona mayor (de 60 años o más)",
}

// Badge returns how a «Sí» to that question is said in public, or "" for a
// question that is a detail.
func Badge(id ID) string { return badges[id] }

// Affirmative reports whether an answer affirms something, and so may be shown
// at all: never a «No», «Prefiero no contestar» or «No aplica», nor an option
// that q does not offer. Of several options every one must be of q.
func Affirmative(q Question, a Answer) bool {
	values := a.Texts
	if q.Shape() == Scalar {
		values = []string{a.Text}
	}
	for _, v := range values {
		if _, ok := q.Option(v); !ok || v == No || v == PreferNot || v == NotApplicable {
			return false
		}
	}
	return len(values) > 0 && q.fits(a)
}

// Publishable returns the answers that the public may read under a consent in
// force, public being the questions configured so. It is the whole rule of
// domain.md 4.5: asked, by consent, configured, affirmative, and beside a gate
// that is shown too. What it leaves out is the same as not answered.
func (q *Questionnaire) Publishable(a Answers, public []ID) Answers {
	settled := q.Settle(a)
	shown := Answers{}
	for _, question := range q.Questions() {
		gate, hasGate := gates[question.ID]
		if question.Disclosure == ByConsent && slices.Contains(public, question.ID) &&
			(!hasGate || slices.Contains(public, gate)) && Affirmative(question, settled[question.ID]) {
			shown[question.ID] = settled[question.ID]
		}
	}
	return shown
}

// Applicable returns the items that apply, for a questionnaire that counts only
// those: «6 de 12» instead of «14 de 20». Say it inside the form alone: how
// many apply tells what was answered.
func (p Progress) Applicable() Progress {
	return Progress{slices.DeleteFunc(slices.Clone(p.Items), func(i Item) bool { return i.NotAsked })}
}
