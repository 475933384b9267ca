package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// answerSheet gathers what writeAnswers copies in bulk.
type answerSheet struct{ versions, validations [][]any }

// writeAnswers adds versions of what changed and a validation by INE that covers
// the whole record.
func (l *ineLoader) writeAnswers(ctx context.Context, tx *db.Tx) error {
	var sheet answerSheet
	for i, row := range l.enter {
		if len(row.answers) > 0 {
			e := l.entered[i]
			sheet.add(tx, e.id, e.folio, row.answers, parts(questionnaire.Curricular(), row.answers), &validated{})
		}
	}
	var ids []int64
	var answered []int
	for _, e := range l.change {
		if e.answers == nil {
			continue
		}
		record := l.records[e.old.ID]
		if record == nil {
			record = &validated{}
		}
		sheet.add(tx, e.old.ID, e.old.Folio, e.row.answers, e.answers, record)
		ids = append(ids, e.old.ID)
		answered = append(answered, questionnaire.Curricular().Progress(e.row.answers).Answered())
	}
	const mark = `
UPDATE desk.candidacies c SET capture = 'validada', answered = x.answered, captured_at = $3
FROM unnest($1::bigint[], $2::int[]) AS x(id, answered) WHERE c.id = x.id`
	if err := tx.Exec(ctx, mark, ids, answered, tx.Now()); err != nil {
		return err
	}
	if _, err := tx.CopyFrom(ctx, "desk", "answer_versions",
		[]string{"candidacy_id", "part", "version", "answers", "hash", "at"}, pgx.CopyFromRows(sheet.versions)); err != nil {
		return fmt.Errorf("insert answers: %w", err)
	}
	if _, err := tx.CopyFrom(ctx, "desk", "validations",
		[]string{"candidacy_id", "number", "folio", "versions", "hash", "source", "at"}, pgx.CopyFromRows(sheet.validations)); err != nil {
		return fmt.Errorf("insert validations: %w", err)
	}
	return nil
}

// add puts on the sheet the changed parts of a candidacy and the validation of
// the record that results.
func (s *answerSheet) add(tx *db.Tx, id int64, folio string, all questionnaire.Answers, changed map[string]questionnaire.Answers, before *validated) {
	versions := map[string]int{}
	for part, v := range before.versions {
		versions[part] = v
	}
	for _, part := range sortedKeys(changed) {
		a := changed[part]
		versions[part] = before.highest[part] + 1
		s.versions = append(s.versions, []any{id, part, versions[part], json.RawMessage(a.Canonical()), a.Hash(), tx.Now()})
	}
	number := before.number + 1
	s.validations = append(s.validations, []any{
		id, number, folio + "-V" + strconv.Itoa(number), encode(versions), all.Hash(), ineSource, tx.Now(),
	})
}
