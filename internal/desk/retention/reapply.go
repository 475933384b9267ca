package retention

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// Pending returns how many marks the database does not obey: after a restore,
// what somebody withdrew or erased and the backup still had.
func (s *Store) Pending(ctx context.Context) (int, error) {
	marks, err := s.disobeyed(ctx)
	return len(marks), err
}

// disobeyed returns the marks of this database that it does not obey.
func (s *Store) disobeyed(ctx context.Context) ([]mark, error) {
	id, err := origin(ctx, s.desk)
	if err != nil {
		return nil, err
	}
	all, err := s.log.marks(id)
	if err != nil {
		return nil, err
	}
	var out []mark
	for _, m := range latest(all) {
		obeyed, err := s.obeys(ctx, s.desk, m)
		if err != nil {
			return nil, err
		}
		if !obeyed {
			out = append(out, m)
		}
	}
	return out, nil
}

// latest keeps the last mark of each class and subject: the others say less.
func latest(all []mark) []mark {
	type subject struct {
		kind               markKind
		process, candidacy int64
	}
	last := map[subject]int{}
	for i, m := range all {
		last[subject{m.Kind, m.Process, m.Candidacy}] = i
	}
	var out []mark
	for i, m := range all {
		if last[subject{m.Kind, m.Process, m.Candidacy}] == i {
			out = append(out, m)
		}
	}
	return out
}

// obeys reports whether the database is as a mark says.
func (s *Store) obeys(ctx context.Context, q db.Querier, m mark) (bool, error) {
	switch {
	case m.Kind == markWithdrawal:
		stands, err := s.vault.Stands(ctx, q, m.Candidacy, m.At)
		return !stands, err
	case m.Kind == markErasure && m.Candidacy != 0:
		has, err := s.vault.HasKey(ctx, q, m.Candidacy)
		if err != nil || has {
			return false, err
		}
		stands, err := s.vault.Stands(ctx, q, m.Candidacy, m.At)
		return !stands, err
	case m.Kind == markErasure:
		held, err := s.vault.Held(ctx, q, m.Process)
		return held.Keys+held.Blocked+held.Versions+held.Drafts+held.Documents == 0, err
	case m.Kind == markBlock:
		held, err := s.vault.Held(ctx, q, m.Process)
		return held.Keys+held.Drafts == 0, err
	}
	return false, fmt.Errorf("retention: a mark of class %q, which this version does not know", m.Kind)
}

// Reapply makes the database obey every mark: what was withdrawn is withdrawn
// again, what was erased is erased again, and the site with it. It returns how
// many it had to. Repeating it changes nothing.
func (s *Store) Reapply(ctx context.Context, by db.Actor) (int, error) {
	marks, err := s.disobeyed(ctx)
	if err != nil {
		return 0, err
	}
	for i, m := range marks {
		object := fmt.Sprintf("candidatura %d", m.Candidacy)
		if m.Candidacy == 0 {
			object = fmt.Sprintf("proceso %d", m.Process)
		}
		action := db.Action{
			Kind: "retiros.reaplicar", Process: m.Process, Object: object,
			Details: map[string]string{"clase": string(m.Kind), "fecha": m.At.Format(time.RFC3339)},
		}
		_, err := s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			return "", s.obey(ctx, tx, by, m)
		})
		if err != nil {
			return i, fmt.Errorf("reapply the mark of %s: %w", object, err)
		}
	}
	return len(marks), nil
}

const restored = "Se reaplica después de restaurar un respaldo"

// obey carries out a mark.
func (s *Store) obey(ctx context.Context, tx *db.Tx, by db.Actor, m mark) error {
	var err error
	switch {
	case m.Kind == markWithdrawal:
		_, err = s.vault.TakeBack(ctx, tx, by, m.Candidacy, m.At, restored)
	case m.Kind == markErasure && m.Candidacy != 0:
		_, err = s.vault.Erase(ctx, tx, by, m.Process, restored, m.Candidacy)
	case m.Kind == markErasure:
		_, err = s.suppress(ctx, tx, by, m.Process, restored)
	default:
		if _, err = s.block(ctx, tx, m.Process, m.Key); err != nil {
			return err
		}
		const since = `
UPDATE desk.processes SET block_key = $2, final_report_on = COALESCE(final_report_on, $3::date), blocked_at = COALESCE(blocked_at, $4) WHERE id = $1`
		err = tx.Exec(ctx, since, m.Process, m.Key, m.Report, m.At)
	}
	if err != nil {
		return err
	}
	if m.Candidacy != 0 {
		return s.site.Candidacies(ctx, tx, m.Process, m.Candidacy)
	}
	return s.site.Process(ctx, tx, m.Process)
}

// FinishErasures erases whoever has answers and no key for them: their key was
// destroyed after the backup that brought the answers back, and before the one
// that brought the keys. It returns how many there were.
func (s *Store) FinishErasures(ctx context.Context, by db.Actor) (int, error) {
	rows, err := s.desk.Query(ctx, `SELECT id FROM desk.processes ORDER BY id`)
	if err != nil {
		return 0, err
	}
	processes, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return 0, db.Fault(err)
	}
	n := 0
	for _, process := range processes {
		owned, err := s.vault.Owned(ctx, s.desk, process)
		if err != nil {
			return n, err
		}
		for _, id := range owned {
			has, err := s.vault.HasKey(ctx, s.desk, id)
			if err != nil {
				return n, err
			}
			if has {
				continue
			}
			action := db.Action{Kind: "retiros.reaplicar", Process: process, Object: fmt.Sprintf("candidatura %d", id), Details: map[string]string{"clase": "sin llave"}}
			_, err = s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
				return "", s.obey(ctx, tx, by, mark{Kind: markErasure, Process: process, Candidacy: id})
			})
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}
