package review

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Version is one of the versions of a rubro.
type Version struct {
	Number int
	At     time.Time
	Who    string // "" when it was imported
	Late   bool   // «extemporánea»
	Public *int   // number of the first validation that covers it; nil when none does
}

// Versions is a rubro at two moments, of those there are.
type Versions struct {
	Candidacy
	Questionnaire *questionnaire.Questionnaire
	Part          questionnaire.Part
	List          []Version // newest first
	Before, After int       // compared; 0 when there is nothing to compare
	Was, Is       questionnaire.Answers
	Now           time.Time
}

// Versions returns two versions of a rubro of a folio of the actor's process; with
// 0, the last one and the one before it. NotFound for a rubro or a version that
// there is not. What was never validated is part of the evidence, and is listed.
func (s *Store) Versions(ctx context.Context, t auth.Transparency, folio string, part questionnaire.ID, before, after int) (Versions, error) {
	sub, err := s.load(ctx, s.desk, t.Person().Process, folio, look)
	if err != nil {
		return Versions{}, err
	}
	v := Versions{Candidacy: sub.Candidacy, Questionnaire: sub.questionnaire, Now: s.desk.Now()}
	var ok bool
	if v.Part, ok = sub.questionnaire.Part(part); !ok {
		return v, fault.New(fault.NotFound, "")
	}
	answers, err := s.versions(ctx, sub.ID, part, &v)
	if err != nil || len(v.List) == 0 {
		return v, err
	}
	v.Before, v.After = before, after
	if v.After == 0 {
		v.After = v.List[0].Number
	}
	if v.Before == 0 {
		v.Before = max(v.After-1, 1)
	}
	if v.Was, ok = answers[v.Before]; !ok {
		return v, fault.New(fault.NotFound, "")
	}
	if v.Is, ok = answers[v.After]; !ok {
		return v, fault.New(fault.NotFound, "")
	}
	return v, nil
}

// versions reads the versions of a rubro and returns what each says.
func (s *Store) versions(ctx context.Context, candidacy int64, part questionnaire.ID, v *Versions) (map[int]questionnaire.Answers, error) {
	const sql = `
SELECT a.version, a.at, COALESCE(w.name, ''), a.late, a.answers,
  (SELECT min(l.number) FROM desk.validations l WHERE l.candidacy_id = a.candidacy_id AND (l.versions ->> a.part)::int = a.version)
FROM desk.answer_versions a LEFT JOIN desk.accounts w ON w.id = a.account_id
WHERE a.candidacy_id = $1 AND a.part = $2 ORDER BY a.version DESC`
	rows, err := s.desk.Query(ctx, sql, candidacy, part)
	if err != nil {
		return nil, db.Fault(err)
	}
	out := map[int]questionnaire.Answers{}
	var one Version
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&one.Number, &one.At, &one.Who, &one.Late, &raw, &one.Public}, func() error {
		var answers questionnaire.Answers
		if err := json.Unmarshal(raw, &answers); err != nil {
			return err
		}
		out[one.Number] = answers
		v.List = append(v.List, one)
		one.Public = nil
		return nil
	})
	return out, db.Fault(err)
}
