package review

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Scoring is what somebody gives to the texts of a candidacy, as it was posted.
type Scoring struct {
	Folio   string
	Key     string
	Content string        // File.Content of what was on screen
	Marks   map[int64]int // points by variable; what is not there was left blank
}

// MarkPrefix begins the name, in the form, of the points of a variable.
const MarkPrefix = "puntos_"

// MarkField is the name, in the form, of the points of a variable.
func MarkField(variable int64) string { return MarkPrefix + strconv.FormatInt(variable, 10) }

// Score records what the actor gives to each rubro, bound to the hash of its
// text; again, it takes the place of what they gave to that same text. It changes
// nothing of the review nor of the site, and a rubro left blank keeps what it had.
//
// Errors: NotFound in another process; Invalid, with the fields, when a rubro is
// half scored or nothing is; Conflict when there is no validated text or it is
// no longer the one that was read.
func (s *Store) Score(ctx context.Context, t auth.Transparency, g Scoring) error {
	return s.do(ctx, t, "revision.valorar", g.Folio, g.Key, g.payload(), func(ctx context.Context, tx *db.Tx, sub *subject) error {
		if sub.Number == nil {
			return fault.New(fault.Conflict, "El cuestionario aún no se valida: no hay nada que valorar.")
		}
		answers, err := sub.answers(ctx, tx, sub.under)
		if err != nil {
			return err
		}
		if answers.Hash() != g.Content {
			return fault.New(fault.Conflict, "Llegó otra versión mientras valorabas. Lo que marcaste sigue aquí: compáralo con la nueva antes de registrar.")
		}
		variables, err := rubric(ctx, tx, sub.Process)
		if err != nil {
			return err
		}
		parts, err := g.check(sub, answers, variables)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if err := g.write(ctx, tx, sub, t.AccountID(), p.Select(answers).Hash(), p.ID, variables[p.ID]); err != nil {
				return err
			}
		}
		return nil
	})
}

// payload is what the form said, for its key.
func (g Scoring) payload() string {
	var b strings.Builder
	b.WriteString(g.Content)
	for _, id := range slices.Sorted(maps.Keys(g.Marks)) {
		fmt.Fprintf(&b, "\x00%d=%d", id, g.Marks[id])
	}
	return b.String()
}

// check returns the rubros that are scored whole, or what is missing.
func (g Scoring) check(sub *subject, answers questionnaire.Answers, variables map[questionnaire.ID][]Variable) ([]questionnaire.Part, error) {
	var out []questionnaire.Part
	var fields []fault.Field
	for _, p := range sub.questionnaire.Parts() {
		list := variables[p.ID]
		if len(list) == 0 || !(Rubro{Part: p}).answered(answers) {
			continue
		}
		var blank []Variable
		for _, v := range list {
			points, ok := g.Marks[v.ID]
			if !ok || !v.has(points) {
				blank = append(blank, v)
			}
		}
		switch {
		case len(blank) == 0:
			out = append(out, p)
		case len(blank) < len(list):
			for _, v := range blank {
				fields = append(fields, fault.Field{ID: MarkField(v.ID), Message: p.Label + ", «" + v.Name + "»: elige un nivel, o deja todo el rubro en blanco"})
			}
		}
	}
	if len(out) == 0 && len(fields) == 0 {
		return nil, fault.New(fault.Invalid, "Valora al menos un rubro.")
	}
	return out, fault.InvalidFields(fields)
}

func (g Scoring) write(ctx context.Context, tx *db.Tx, sub *subject, account int64, content string, part questionnaire.ID, list []Variable) error {
	const score = `
INSERT INTO desk.scores (candidacy_id, part, version, content, account_id, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (candidacy_id, part, content, account_id) DO UPDATE SET version = excluded.version, at = excluded.at RETURNING id`
	const mark = `
INSERT INTO desk.score_marks (score_id, variable_id, points) VALUES ($1, $2, $3)
ON CONFLICT (score_id, variable_id) DO UPDATE SET points = excluded.points`
	var id int64
	if err := tx.QueryRow(ctx, score, sub.ID, part, sub.under[part], content, account, tx.Now()).Scan(&id); err != nil {
		return err
	}
	for _, v := range list {
		if err := tx.Exec(ctx, mark, id, v.ID, g.Marks[v.ID]); err != nil {
			return err
		}
	}
	return nil
}
