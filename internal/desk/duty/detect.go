package duty

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
)

// Addressee is to whom a requirement is made.
type Addressee string

// The addressees.
const (
	ToParty       Addressee = "partido"
	ToCandidate   Addressee = "candidata"
	ToIndependent Addressee = "independiente"
)

// Addressees lists them in order.
func Addressees() []Addressee { return []Addressee{ToParty, ToCandidate, ToIndependent} }

// terms are the parameters of a process that this package reads.
type terms struct {
	Days      int // to attend a requirement
	Early     int
	Reminders []int
	Oficio    string
	Ends      *time.Time // campaigns
}

func readTerms(ctx context.Context, q db.Querier, process int64) (terms, error) {
	const sql = `
SELECT notice_days AS days, notice_early_days AS early, reminder_days AS reminders, notice_oficio AS oficio, campaigns_end_at AS ends
FROM desk.processes WHERE id = $1`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return terms{}, db.Fault(err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[terms])
	return t, db.Fault(err)
}

// over reports whether campaigns have ended.
func (t terms) over(now time.Time) bool { return t.Ends != nil && !now.Before(*t.Ends) }

// Validated brings the drafts up to date with a candidacy whose questionnaire was
// just validated, observed or corrected, in the transaction that did it.
func (s *Store) Validated(ctx context.Context, tx *db.Tx, process, candidacy int64) error {
	return s.detect(ctx, tx, process, []int64{candidacy})
}

// Detect brings the drafts of the actor's process up to date with what is owed
// now, without waiting for the daily round.
func (s *Store) Detect(ctx context.Context, t auth.Transparency, key string) error {
	process := t.Person().Process
	action := db.Action{Kind: "requerimiento.detectar", Process: process, Object: object("proceso", process), Key: key}
	_, err := s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		return "", s.detect(ctx, tx, process, nil)
	})
	return err
}

// wanted are the items that drafts should have, as the columns of unnest.
type wanted struct {
	addressee, questionnaire, kind, missing []string
	nominator, to, candidacy                []int64
}

func (w *wanted) add(o Owed, a Addressee, nominator, to int64) {
	w.addressee, w.nominator, w.to = append(w.addressee, string(a)), append(w.nominator, nominator), append(w.to, to)
	w.candidacy, w.questionnaire = append(w.candidacy, o.Candidacy), append(w.questionnaire, string(o.Questionnaire))
	w.kind, w.missing = append(w.kind, string(o.Kind)), append(w.missing, o.Missing)
}

// wantedOf returns to whom each thing that may be required at now is required.
func wantedOf(all []Owed, now time.Time, early int) wanted {
	var w wanted
	for _, o := range all {
		switch {
		case !o.identified(now, early):
		case o.Independent:
			w.add(o, ToIndependent, o.CapturerID, 0)
		default:
			w.add(o, ToParty, o.CapturerID, 0)
			// Nobody but the party can validate what is complete.
			if o.Questionnaire == Identities || o.Capture != capture.Complete {
				w.add(o, ToCandidate, 0, o.Candidacy)
			}
		}
	}
	return w
}

// wantedSQL are the items wanted that no requirement in term already asks for: $1
// process, $2 to $8 the columns, $9 now.
const wantedSQL = `
WITH w AS (
  SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])
    AS u (addressee, nominator, addressed, candidacy, questionnaire, kind, missing)
  WHERE NOT EXISTS (
    SELECT 1 FROM desk.duty_notices n JOIN desk.duty_items i ON i.notice_id = n.id
    WHERE n.process_id = $1 AND n.state = 'enviado' AND n.due_at > $9 AND i.candidacy_id = u.candidacy AND i.questionnaire = u.questionnaire
      AND n.addressee = u.addressee AND (i.kind = 'no_se_apega_art18') = (u.kind = 'no_se_apega_art18'))
)`

func (w wanted) args(process int64, now time.Time, more ...any) []any {
	return append([]any{process, w.addressee, w.nominator, w.to, w.candidacy, w.questionnaire, w.kind, w.missing, now}, more...)
}

// detect makes the open drafts say what some candidacies (nil: all) owe. Doing it
// again changes nothing.
func (s *Store) detect(ctx context.Context, tx *db.Tx, process int64, candidacies []int64) error {
	t, err := readTerms(ctx, tx, process)
	if err != nil || t.over(tx.Now()) {
		return err
	}
	const hold = `
SELECT count(*) FROM (SELECT id FROM desk.candidacies WHERE process_id = $1 AND ($2::bigint[] IS NULL OR id = ANY($2)) ORDER BY id FOR KEY SHARE) held`
	var held int
	if err := tx.QueryRow(ctx, hold, process, candidacies).Scan(&held); err != nil {
		return err
	}
	all, err := s.owed(ctx, tx, process, candidacies)
	if err != nil {
		return err
	}
	changed, err := reconcile(ctx, tx, process, candidacies, all)
	if err != nil {
		return err
	}
	w := wantedOf(all, tx.Now(), t.Early)
	if err := s.open(ctx, tx, process, w, t); err != nil {
		return err
	}
	const fill = wantedSQL + `
INSERT INTO desk.duty_items (notice_id, candidacy_id, questionnaire, kind, missing)
SELECT n.id, w.candidacy, w.questionnaire, w.kind, w.missing FROM w JOIN desk.duty_notices n ON n.process_id = $1 AND n.state = 'borrador'
  AND n.addressee = w.addressee AND COALESCE(n.nominator_id, 0) = w.nominator AND COALESCE(n.candidacy_id, 0) = w.addressed
ON CONFLICT (notice_id, candidacy_id, questionnaire) DO NOTHING
RETURNING notice_id`
	added, err := ids(tx.Query(ctx, fill, w.args(process, tx.Now())...))
	if err != nil {
		return err
	}
	return settle(ctx, tx, append(changed, added...))
}

// open makes a draft for each addressee that has something wanted and none open:
// one that was proposed takes nothing in, and what is new waits for it to leave.
func (s *Store) open(ctx context.Context, tx *db.Tx, process int64, w wanted, t terms) error {
	templates, err := readTemplates(ctx, tx, process)
	if err != nil {
		return err
	}
	const sql = wantedSQL + `
INSERT INTO desk.duty_notices (process_id, addressee, nominator_id, candidacy_id, template_version, subject, body, term_days, created_at)
SELECT DISTINCT $1::bigint, w.addressee, NULLIF(w.nominator, 0), NULLIF(w.addressed, 0), $11::int, $12, $13, $14::int, $9::timestamptz FROM w
WHERE w.addressee = $10 ON CONFLICT DO NOTHING`
	for _, a := range Addressees() {
		text := templates[a]
		if err := tx.Exec(ctx, sql, w.args(process, tx.Now(), string(a), text.Version, text.Subject, text.Body, t.Days)...); err != nil {
			return err
		}
	}
	return nil
}

// reconcile takes out of open drafts what is no longer owed and corrects what is
// owed in another way. It returns the drafts that changed.
func reconcile(ctx context.Context, tx *db.Tx, process int64, candidacies []int64, all []Owed) ([]int64, error) {
	var w wanted
	for _, o := range all {
		w.add(o, "", 0, 0)
	}
	const drop = `
DELETE FROM desk.duty_items i USING desk.duty_notices n
WHERE n.id = i.notice_id AND n.process_id = $1 AND n.state IN ('borrador', 'propuesto') AND ($2::bigint[] IS NULL OR i.candidacy_id = ANY($2))
  AND (i.candidacy_id, i.questionnaire) NOT IN (SELECT u.candidacy, u.questionnaire FROM unnest($3::bigint[], $4::text[]) AS u (candidacy, questionnaire))
RETURNING i.notice_id`
	dropped, err := ids(tx.Query(ctx, drop, process, candidacies, w.candidacy, w.questionnaire))
	if err != nil {
		return nil, err
	}
	const correct = `
UPDATE desk.duty_items i SET kind = u.kind, missing = u.missing
FROM desk.duty_notices n, unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) AS u (candidacy, questionnaire, kind, missing)
WHERE n.id = i.notice_id AND n.process_id = $1 AND n.state IN ('borrador', 'propuesto')
  AND u.candidacy = i.candidacy_id AND u.questionnaire = i.questionnaire AND (u.kind, u.missing) IS DISTINCT FROM (i.kind, i.missing)
RETURNING i.notice_id`
	corrected, err := ids(tx.Query(ctx, correct, process, w.candidacy, w.questionnaire, w.kind, w.missing))
	return append(dropped, corrected...), err
}

// settle gives another version to the drafts that changed, and ends those that
// have nothing left to require.
func settle(ctx context.Context, tx *db.Tx, changed []int64) error {
	const sql = `
UPDATE desk.duty_notices n SET version = version + 1,
  state = CASE WHEN EXISTS (SELECT 1 FROM desk.duty_items i WHERE i.notice_id = n.id) THEN state ELSE 'sin_efecto' END
WHERE id = ANY($1)`
	return tx.Exec(ctx, sql, changed)
}

func ids(rows pgx.Rows, err error) ([]int64, error) {
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, db.Fault(err)
}
