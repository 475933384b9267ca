package retention

import (
	"context"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
)

// done is what an act did, for its certificate.
type done struct {
	consent.Erased
	Blocked  int
	Contacts int // people whose private contact was deleted
	Requests int // ARCO requests whose requester was forgotten
}

// block takes the keys of a process away from the service.
func (s *Store) block(ctx context.Context, tx *db.Tx, process int64, public []byte) (int, error) {
	if err := s.vault.Hold(ctx, tx); err != nil {
		return 0, err
	}
	ids, err := s.vault.Owned(ctx, tx, process)
	if err != nil {
		return 0, err
	}
	return s.vault.Block(ctx, tx, public, process, ids...)
}

// suppress erases the identity of everybody in a process, with what else is
// private: the contacts of the registration list and who asked for their rights.
func (s *Store) suppress(ctx context.Context, tx *db.Tx, who db.Actor, process int64, reason string) (done, error) {
	var out done
	if err := s.vault.Hold(ctx, tx); err != nil {
		return out, err
	}
	ids, err := s.everybody(ctx, tx, process)
	if err != nil {
		return out, err
	}
	if out.Erased, err = s.vault.Erase(ctx, tx, who, process, reason, ids...); err != nil {
		return out, err
	}
	for _, forget := range []struct {
		sql   string
		count *int
	}{
		{`UPDATE desk.persons SET email = '', phone = '' WHERE process_id = $1 AND (email <> '' OR phone <> '')`, &out.Contacts},
		{`UPDATE sensitive.arco_requests r SET salt = NULL, sealed = NULL WHERE process_id = $1 AND salt IS NOT NULL AND EXISTS (
  SELECT 1 FROM sensitive.arco_steps s WHERE s.request_id = r.id AND (s.kind IN ('cumple', 'no_presentada') OR s.outcome = 'improcedente'))`, &out.Requests},
	} {
		n, err := tx.ExecRows(ctx, forget.sql, process)
		if err != nil {
			return out, err
		}
		*forget.count = int(n)
	}
	const mark = `
UPDATE desk.processes SET suppressed_at = COALESCE(suppressed_at, $2), blocked_at = COALESCE(blocked_at, $2),
  final_report_on = COALESCE(final_report_on, $2::date), block_key = COALESCE(block_key, '') WHERE id = $1`
	return out, tx.Exec(ctx, mark, process, tx.Now())
}

// everybody returns the candidacies of a process of which something is held: by
// the seal, or in the history of consents.
func (s *Store) everybody(ctx context.Context, tx *db.Tx, process int64) ([]int64, error) {
	owned, err := s.vault.Owned(ctx, tx, process)
	if err != nil {
		return nil, err
	}
	const sql = `
SELECT c.id FROM desk.candidacies c WHERE c.process_id = $1 AND (c.id = ANY ($2)
  OR EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id)) ORDER BY 1`
	rows, err := tx.Query(ctx, sql, process, owned)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// carryOut does what an act says, brings the site up to date and, last, leaves
// its mark: until it returns nothing was done, and after it only the commit is
// missing.
func (s *Store) carryOut(ctx context.Context, tx *db.Tx, who db.Actor, a pending) (done, *mark, error) {
	var out done
	reason := a.Kind.Title() + ": " + a.Basis
	switch a.Kind {
	case SiteEnd:
		if err := tx.Exec(ctx, `UPDATE desk.processes SET site_until = $2 WHERE id = $1`, a.Process, a.EffectiveAt); err != nil {
			return out, nil, err
		}
		return out, nil, s.site.Process(ctx, tx, a.Process)
	case Block:
		n, err := s.block(ctx, tx, a.Process, a.BlockKey)
		if err != nil {
			return out, nil, err
		}
		out.Blocked = n
		const since = `UPDATE desk.processes SET blocked_at = $2, final_report_on = $3 WHERE id = $1`
		if err := tx.Exec(ctx, since, a.Process, tx.Now(), a.BasisDate); err != nil {
			return out, nil, err
		}
		m := &mark{Kind: markBlock, Process: a.Process, Key: a.BlockKey, Report: a.BasisDate.Format(time.DateOnly)}
		return out, m, s.site.Process(ctx, tx, a.Process)
	case Suppress:
		out, err := s.suppress(ctx, tx, who, a.Process, reason)
		if err != nil {
			return out, nil, err
		}
		return out, &mark{Kind: markErasure, Process: a.Process}, s.site.Process(ctx, tx, a.Process)
	case Erase:
		erased, err := s.vault.Erase(ctx, tx, who, a.Process, reason, a.Candidacy)
		out.Erased = erased
		if err != nil {
			return out, nil, err
		}
		return out, &mark{Kind: markErasure, Process: a.Process, Candidacy: a.Candidacy}, s.site.Candidacies(ctx, tx, a.Process, a.Candidacy)
	}
	return out, nil, nil // an opening authorises; a command opens
}
