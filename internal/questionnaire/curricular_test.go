package questionnaire

import (
	"slices"
	"strings"
	"testing"
)

// The version in force is frozen: whoever answered it answered these words.
// If this fails, undo the change or write a new version.
func TestCurricularIsFrozen(t *testing.T) {
	const want = "17abfc2ddf5d2115ee52eada9466d67453aebdf0ca92ece6b8292055177add17"
	if got := Curricular().Fingerprint(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCurricularFollowsTheAnnex(t *testing.T) {
	q := Curricular()
	var pages, parts []string
	for _, page := range q.Pages {
		pages = append(pages, string(page.ID))
	}
	for _, part := range q.Parts() {
		parts = append(parts, string(part.ID))
	}
	if got, want := strings.Join(pages, " "), "fotografia contacto formacion historia trayectoria motivo propuestas"; got != want {
		t.Errorf("pages: got %s, want %s", got, want)
	}
	want := "identidad_foto contacto formacion historia_profesional trayectoria motivo_cargo_publico propuesta_1 propuesta_2 propuesta_genero"
	if got := strings.Join(parts, " "); got != want {
		t.Errorf("parts: got %s, want %s", got, want)
	}
	for _, c := range []struct {
		id       ID
		min, max int
	}{
		{WorkHistory, 280, 5000},
		{Trajectory, 280, 5000},
		{Motive, 280, 2500},
		{Proposal1, 280, 1600},
		{Proposal2, 280, 1600},
		{GenderProposal, 280, 1600},
		{OtherStudies, 0, 250},
	} {
		got, _ := q.Question(c.id)
		if got.Min != c.min || got.Max != c.max {
			t.Errorf("%s: got %d to %d, want %d to %d", c.id, got.Min, got.Max, c.min, c.max)
		}
	}
}

func TestCurricularIsPublicButTheAddressForNotices(t *testing.T) {
	var withheld []ID
	for _, q := range Curricular().Questions() {
		if q.Disclosure == Withheld {
			withheld = append(withheld, q.ID)
		}
		if q.Disclosure == ByConsent {
			t.Errorf("%s is by consent", q.ID)
		}
	}
	if want := []ID{NotificationsTo}; !slices.Equal(withheld, want) {
		t.Errorf("withheld: got %v, want %v", withheld, want)
	}
}

func TestProgress(t *testing.T) {
	without := func(ids ...ID) Answers {
		a := completeAnswers()
		for _, id := range ids {
			delete(a, id)
		}
		return a
	}
	with := func(id ID, answer Answer) Answers {
		a := completeAnswers()
		a[id] = answer
		return a
	}
	noStudies := without(DegreeStatus)
	noStudies[Degree] = text(NoStudies)
	noticesOnly := without("correo_publico")
	noticesOnly[NotificationsTo] = text("ana@ejemplo.mx")
	for _, c := range []struct {
		name     string
		answers  Answers
		answered int
		state    State
		missing  string
	}{
		{"nothing", Answers{}, 0, NotStarted, "fotografia contacto grado_estudios estatus_estudios historia_profesional " +
			"trayectoria_politica motivo_cargo_publico propuesta_1 propuesta_2"},
		{"everything", completeAnswers(), 9, Complete, ""},
		{"optional alone", Answers{GenderProposal: letters(280)}, 0, NotStarted, "fotografia contacto grado_estudios " +
			"estatus_estudios historia_profesional trayectoria_politica motivo_cargo_publico propuesta_1 propuesta_2"},
		{"no studies needs no status", noStudies, 9, Complete, ""},
		{"one missing", without(Motive), 8, InProgress, "motivo_cargo_publico"},
		{"too short is missing", with(Proposal1, letters(204)), 8, InProgress, "propuesta_1"},
		{"the address for notices is no contact", noticesOnly, 8, InProgress, "contacto"},
		{"bad contact is no contact", with("correo_publico", Answer{Texts: []string{"x"}}), 8, InProgress, "contacto"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Curricular().Progress(c.answers)
			var missing []string
			for _, item := range got.Missing() {
				missing = append(missing, string(item.ID))
			}
			if got.Answered() != c.answered || got.Total() != 9 || got.State() != c.state {
				t.Errorf("got %d of %d, %s; want %d of 9, %s", got.Answered(), got.Total(), got.State(), c.answered, c.state)
			}
			if m := strings.Join(missing, " "); m != c.missing {
				t.Errorf("missing: got %s, want %s", m, c.missing)
			}
		})
	}
	if got := Curricular().Progress(without(Motive)).Missing()[0]; got.Page != "motivo" || got.Label == "" {
		t.Errorf("got %+v, want the page and the label of the motive", got)
	}
}

func TestPageState(t *testing.T) {
	for _, c := range []struct {
		name     string
		page     ID
		answers  Answers
		observed ID
		want     State
	}{
		{"nothing", "propuestas", Answers{}, "", NotStarted},
		{"one of two", "propuestas", Answers{Proposal1: letters(280)}, "", InProgress},
		{"both", "propuestas", completeAnswers(), "", Complete},
		{"invalid", "propuestas", Answers{Proposal1: letters(3)}, "", ToCorrect},
		{"observed", "propuestas", completeAnswers(), "propuesta_2", ToCorrect},
		{"another observed", "propuestas", completeAnswers(), "formacion", Complete},
		{"no studies", "formacion", Answers{Degree: text(NoStudies)}, "", Complete},
		{"address for notices alone", "contacto", Answers{NotificationsTo: text("a@b.mx")}, "", InProgress},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := page(t, c.page).State(c.answers, func(part ID) bool { return part == c.observed })
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMissingAsksForTheAnswer(t *testing.T) {
	problems := page(t, "propuestas").Missing(Answers{Proposal1: letters(3)})
	if len(problems) != 1 || problems[0].Text() != "Escribe la propuesta; es obligatoria" || problems[0].Field != "propuesta_2" {
		t.Errorf("got %+v, want only the second proposal", problems)
	}
	problems = page(t, "contacto").Missing(Answers{})
	if len(problems) != 1 || problems[0].Field != "facebook" || problems[0].Code != Missing {
		t.Errorf("got %+v, want one, at the first box", problems)
	}
}
