package canary

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
)

// consent gives each row its consent, by the acts of everybody.
func (s *seeding) consent(ctx context.Context, rows []row) error {
	for i := range rows {
		if err := s.decide(ctx, &rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeding) decide(ctx context.Context, r *row) error {
	if r.Consent == None {
		return nil
	}
	d := consent.Declarations{Processing: true, Publication: true, Statistics: true}
	switch r.Consent {
	case NoProcessing:
		d = consent.Declarations{}
	case NoPublishing:
		d.Publication = false
	}
	paper := s.secret(r.Folio, "documento")
	r.Canaries = append(r.Canaries, Canary{Value: paper, Class: Document, What: "texto y metadatos"})
	if err := s.acts.register(ctx, r.Folio, d, signed(paper)); err != nil || r.Consent == Pending {
		return err
	}
	why := s.secret(r.Folio, "motivo")
	if r.Consent == Rejected || r.Consent == Withdrawn {
		r.Canaries = append(r.Canaries, Canary{Value: why, Class: Reason, What: string(r.Consent)})
	}
	if r.Consent == Rejected {
		return s.acts.reject(ctx, r.Folio, why)
	}
	if err := s.acts.verify(ctx, r.Folio); err != nil || r.Consent != Withdrawn {
		return err
	}
	return s.acts.withdraw(ctx, r.Folio, why)
}

// settle pauses, substitutes and cancels what was public until now.
func (s *seeding) settle(ctx context.Context, rows []row) error {
	return s.do(ctx, "estados", func(ctx context.Context, tx *db.Tx) error {
		for _, r := range rows {
			var err error
			switch r.Record {
			case Paused:
				const pause = `INSERT INTO desk.withheld_parts (candidacy_id, part, since) SELECT $1, unnest($2::text[]), $3`
				err = tx.Exec(ctx, pause, r.ID, []string{"identidad", "propuesta_1"}, tx.Now())
			case Substituted, Cancelled:
				err = tx.Exec(ctx, `UPDATE desk.candidacies SET standing = $2, standing_since = $3 WHERE id = $1`, r.ID, string(r.Record), tx.Now())
			}
			if err != nil {
				return err
			}
		}
		return s.pub.Candidacies(ctx, tx, s.process, ids(rows)...)
	})
}

// describe puts in the plan what was seeded and what of it is public.
func (s *seeding) describe(rows []row) {
	for _, r := range rows {
		for i, c := range r.Canaries {
			if c.Class == CurricularOwn && r.Record == Validated && !r.Captured {
				r.Canaries[i].Paths = s.plan.curricularPaths(r.Slug)
			}
		}
		s.plan.People = append(s.plan.People, r.Person)
	}
}
