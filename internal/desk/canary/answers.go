package canary

import (
	"context"
	"net/url"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/questionnaire"
)

// answer saves the first version of every row that has one, and something typed
// in the others.
func (s *seeding) answer(ctx context.Context, rows []row) error {
	return s.do(ctx, "responder", func(ctx context.Context, tx *db.Tx) error {
		for i := range rows {
			if err := s.save(ctx, tx, &rows[i], 0); err != nil {
				return err
			}
		}
		return s.pub.Candidacies(ctx, tx, s.process, ids(rows)...)
	})
}

// answerAgain saves a second version where the consent covers the first.
func (s *seeding) answerAgain(ctx context.Context, rows []row) error {
	return s.do(ctx, "responder", func(ctx context.Context, tx *db.Tx) error {
		for i := range rows {
			if rows[i].Consent == Outdated {
				if err := s.save(ctx, tx, &rows[i], 1); err != nil {
					return err
				}
			}
		}
		return s.pub.Candidacies(ctx, tx, s.process, ids(rows)...)
	})
}

func ids(rows []row) []int64 {
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out
}

// save saves a version over base, and a draft beside it where the questionnaire
// is not complete.
func (s *seeding) save(ctx context.Context, tx *db.Tx, r *row, base int) error {
	if r.Answers == Half || r.Answers == Blank {
		if err := s.typed(ctx, tx, r, base); err != nil {
			return err
		}
	}
	if r.Answers == Blank {
		return nil
	}
	_, err := s.seal.Save(ctx, tx, identity.Entry{
		Process: s.process, Candidacy: r.ID, Questionnaire: questionnaire.Identity(), Answers: s.answers(r, base), Base: base,
	})
	return err
}

// typed keeps a draft with a canary.
func (s *seeding) typed(ctx context.Context, tx *db.Tx, r *row, base int) error {
	v := s.secret(r.Folio, "sin guardar")
	if base == 0 {
		r.Canaries = append(r.Canaries, Canary{Value: v, Class: IdentityDraft, What: string(questionnaire.LGBTIdentity)})
	}
	_, err := s.seal.SaveDraft(ctx, tx, identity.DraftEntry{
		Process: s.process, Candidacy: r.ID, Page: "diversidad_sexual", Base: base,
		Form: url.Values{string(questionnaire.LGBTIdentity): {v}},
	})
	return err
}

// answers invents the answers of a row. What the public may see of a row in the
// state Public is the same in both worlds; all the rest is of its world.
func (s *seeding) answers(r *row, base int) questionnaire.Answers {
	switch r.Answers {
	case Half:
		return s.half(r, base)
	case Nothing:
		return s.nothing()
	default:
		return s.complete(r, base)
	}
}

func text(v string) questionnaire.Answer { return questionnaire.Answer{Text: v} }

// other answers with the free text of a question, which is a canary: of both
// worlds where the public sees it.
func (s *seeding) other(r *row, id questionnaire.ID, option string, base int, public bool) questionnaire.Answer {
	what := string(id)
	if base > 0 {
		what += " otra vez"
	}
	c := Canary{Class: Identity, What: string(id), Value: s.secret(r.Folio, what)}
	if public && r.State == Public {
		c.Value, c.Paths = s.value(r.Folio, what), s.plan.IdentityPaths(r.Slug)
	}
	r.Canaries = append(r.Canaries, c)
	if q, _ := questionnaire.Identity().Question(id); q.Kind == questionnaire.Choices {
		return questionnaire.Answer{Texts: []string{option}, Other: c.Value}
	}
	return questionnaire.Answer{Text: option, Other: c.Value}
}

// pick chooses by world what the public never sees.
func (s *seeding) pick(a, b string) questionnaire.Answer {
	if s.Variant == B {
		return text(b)
	}
	return text(a)
}

func (s *seeding) half(r *row, base int) questionnaire.Answers {
	a := questionnaire.Answers{
		questionnaire.Indigenous: text(questionnaire.Yes), questionnaire.IndigenousLanguage: text(questionnaire.Yes),
		questionnaire.IndigenousPeople: s.other(r, questionnaire.IndigenousPeople, "otro", base, true),
	}
	if s.Variant == B { // got further
		a[questionnaire.Migrant] = text(questionnaire.No)
		a[questionnaire.Income] = text("mas_de_112000")
	}
	return a
}

// nothing answers everything and affirms nothing that may be published.
func (s *seeding) nothing() questionnaire.Answers {
	a := s.general()
	for _, id := range []questionnaire.ID{
		questionnaire.Indigenous, questionnaire.IndigenousLanguage, questionnaire.Disability, questionnaire.AfroMexican,
		questionnaire.LGBT, questionnaire.Migrant,
	} {
		a[id] = s.pick(questionnaire.No, questionnaire.PreferNot)
	}
	return a
}

// general answers the last topic, of which the public sees nothing.
func (s *seeding) general() questionnaire.Answers {
	return questionnaire.Answers{
		questionnaire.Young: s.pick(questionnaire.No, questionnaire.PreferNot), questionnaire.Elder: text(questionnaire.No),
		questionnaire.Income:       s.pick("menos_de_11000", "mas_de_112000"),
		questionnaire.IncomeSource: s.pick("salario", "no_ha_laborado"),
		questionnaire.BirthPlace:   s.pick("morelos", "extranjero"),
	}
}

// complete answers everything, three groups and their details among it. In the
// state Public the groups are of both worlds; otherwise world B affirms others.
func (s *seeding) complete(r *row, base int) questionnaire.Answers {
	a := s.general()
	if s.Variant == B && r.State != Public {
		s.migrant(r, base, a)
		return a
	}
	for id, v := range map[questionnaire.ID]questionnaire.Answer{
		questionnaire.Indigenous: text(questionnaire.Yes), questionnaire.IndigenousLanguage: s.pick(questionnaire.No, questionnaire.PreferNot),
		questionnaire.Disability: text(questionnaire.Yes), questionnaire.DisabilityDuration: s.pick("permanente", "temporal"),
		questionnaire.AfroMexican: s.pick(questionnaire.No, questionnaire.PreferNot), questionnaire.LGBT: text(questionnaire.Yes),
		questionnaire.Migrant: s.pick(questionnaire.No, questionnaire.PreferNot),
	} {
		a[id] = v
	}
	a[questionnaire.IndigenousPeople] = s.other(r, questionnaire.IndigenousPeople, "otro", base, true)
	a[questionnaire.DisabilityType] = s.other(r, questionnaire.DisabilityType, "otra", base, true)
	a[questionnaire.DisabilityDifficulty] = s.other(r, questionnaire.DisabilityDifficulty, "otra", base, false)
	a[questionnaire.LGBTIdentity] = s.other(r, questionnaire.LGBTIdentity, "otra", base, true)
	return a
}

// migrant is the other way of answering everything.
func (s *seeding) migrant(r *row, base int, a questionnaire.Answers) {
	for id, v := range map[questionnaire.ID]string{
		questionnaire.Indigenous: questionnaire.No, questionnaire.IndigenousLanguage: questionnaire.Yes,
		questionnaire.Disability: questionnaire.No, questionnaire.AfroMexican: questionnaire.Yes, questionnaire.LGBT: questionnaire.PreferNot,
		questionnaire.Migrant: questionnaire.Yes, questionnaire.TimeAbroad: "de_0_a_5", questionnaire.RegularAbroad: questionnaire.No,
	} {
		a[id] = text(v)
	}
	country, _ := questionnaire.Identity().Question(questionnaire.Residence)
	a[questionnaire.Residence] = text(country.Options[0].Value)
	a[questionnaire.ReasonAbroad] = s.other(r, questionnaire.ReasonAbroad, "otro", base, false)
}
