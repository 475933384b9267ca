package review

import (
	"context"
	"slices"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// Scored reports whether the qualitative analysis looks at a rubro.
func Scored(part questionnaire.ID) bool {
	for _, r := range defaultRubric {
		if r.part == part {
			return true
		}
	}
	return false
}

// Rubric returns the variables of a process, by rubro.
func Rubric(ctx context.Context, q db.Querier, process int64) (map[questionnaire.ID][]Variable, error) {
	all, err := rubric(ctx, q, process)
	return all, db.Fault(err)
}

// SetRubric makes these the variables of a process, in this order. One with the
// same name and levels stays the same variable wherever it is now; any other that
// was there is retired and keeps the scores it got.
func SetRubric(ctx context.Context, tx *db.Tx, process int64, want map[questionnaire.ID][]Variable) error {
	const hold = `SELECT id FROM desk.processes WHERE id = $1 FOR NO KEY UPDATE`
	var id int64
	if err := tx.QueryRow(ctx, hold, process).Scan(&id); err != nil {
		return err
	}
	have, err := rubric(ctx, tx, process)
	if err != nil {
		return err
	}
	for part, variables := range want {
		if err := setPart(ctx, tx, process, part, have[part], variables); err != nil {
			return err
		}
	}
	return nil
}

// setPart moves, retires and inserts the variables of a rubro. Places change sign
// while they move: two variables never have the same.
func setPart(ctx context.Context, tx *db.Tx, process int64, part questionnaire.ID, have, want []Variable) error {
	kept := map[int]bool{}
	for _, v := range have {
		at := slices.IndexFunc(want, v.same)
		var err error
		if at < 0 || kept[at] {
			err = tx.Exec(ctx, `UPDATE desk.rubric_variables SET retired_at = $2 WHERE id = $1`, v.ID, tx.Now())
		} else {
			kept[at] = true
			err = tx.Exec(ctx, `UPDATE desk.rubric_variables SET position = $2 WHERE id = $1`, v.ID, -(at + 1))
		}
		if err != nil {
			return err
		}
	}
	const settle = `UPDATE desk.rubric_variables SET position = -position WHERE process_id = $1 AND part = $2 AND retired_at IS NULL`
	if err := tx.Exec(ctx, settle, process, string(part)); err != nil {
		return err
	}
	for i, v := range want {
		if kept[i] {
			continue
		}
		if err := insertVariable(ctx, tx, process, part, i+1, v); err != nil {
			return err
		}
	}
	return nil
}

// same reports whether both ask for the same thing, with the same levels.
func (v Variable) same(other Variable) bool {
	return v.Name == other.Name && slices.Equal(v.Levels, other.Levels)
}

func insertVariable(ctx context.Context, tx *db.Tx, process int64, part questionnaire.ID, position int, v Variable) error {
	const variable = `INSERT INTO desk.rubric_variables (process_id, part, position, name) VALUES ($1, $2, $3, $4) RETURNING id`
	var id int64
	if err := tx.QueryRow(ctx, variable, process, string(part), position, v.Name).Scan(&id); err != nil {
		return err
	}
	const level = `INSERT INTO desk.rubric_levels (variable_id, points, name) VALUES ($1, $2, $3)`
	for _, l := range v.Levels {
		if err := tx.Exec(ctx, level, id, l.Points, l.Name); err != nil {
			return err
		}
	}
	return nil
}
