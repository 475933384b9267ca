package duty

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/notify"
	"conoceles/web/es"
)

// term is what comes to an end.
type term string

const (
	captureTerm    term = "captura"
	validationTerm term = "validacion" // complete, and nobody validated it
	remedyTerm     term = "correccion"
	noticeTerm     term = "requerimiento"
)

// reminder is what one account is told of one term that ends at one instant.
type reminder struct {
	account account
	term    term
	due     time.Time
	owed    []Owed
}

// remind tells whoever owes that a term is near. The unique key of desk.reminders
// makes each one happen once, whoever does it and however often.
func (s *Store) remind(ctx context.Context, tx *db.Tx, process int64) error {
	t, err := readTerms(ctx, tx, process)
	if err != nil {
		return err
	}
	all, err := s.owing(ctx, tx, process, nil)
	if err != nil {
		return err
	}
	who, err := accounts(ctx, tx, process)
	if err != nil {
		return err
	}
	due, err := pending(ctx, tx, process)
	if err != nil {
		return err
	}
	for _, r := range remindersOf(all, who, due) {
		days, ok := threshold(t.Reminders, r.due, tx.Now())
		if !ok {
			continue
		}
		if err := r.put(ctx, tx, process, days); err != nil {
			return err
		}
	}
	return nil
}

// threshold returns which of the reminders of a term is due at now: the nearest
// one, so that a program that was down sends the last it missed and not all.
func threshold(days []int, due, now time.Time) (int, bool) {
	if !now.Before(due) {
		return 0, false
	}
	left := es.DaysLeft(lastMoment(due), now)
	found := 0
	for _, d := range days {
		if d >= left && (found == 0 || d < found) {
			found = d
		}
	}
	return found, found != 0
}

// required is a requirement in term that asks a candidacy for a questionnaire.
type required struct {
	NoticeID      int64
	NominatorID   *int64
	CandidacyID   *int64
	Item          int64
	Questionnaire Questionnaire
	DueAt         time.Time
}

// pending returns what the requirements in term ask for.
func pending(ctx context.Context, tx *db.Tx, process int64) ([]required, error) {
	const sql = `
SELECT n.id AS notice_id, n.nominator_id, n.candidacy_id, i.candidacy_id AS item, i.questionnaire, n.due_at
FROM desk.duty_notices n JOIN desk.duty_items i ON i.notice_id = n.id
WHERE n.process_id = $1 AND n.state = 'enviado' AND n.due_at > $2 ORDER BY n.id, i.candidacy_id`
	rows, err := tx.Query(ctx, sql, process, tx.Now())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[required])
}

// remindersOf says who is to be told of what.
func remindersOf(all []Owed, who []account, due []required) []reminder {
	var out []reminder
	type key struct {
		account int64
		term    term
		due     int64
	}
	at := map[key]int{}
	add := func(a account, t term, due time.Time, o Owed) {
		k := key{a.ID, t, due.UnixMicro()}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k], out = i, append(out, reminder{account: a, term: t, due: due})
		}
		out[i].owed = append(out[i].owed, o)
	}
	asked := map[int64][]required{}
	for _, r := range due {
		asked[r.Item] = append(asked[r.Item], r)
	}
	for _, o := range all {
		for _, a := range who {
			if !a.captures(o) {
				continue
			}
			switch {
			case o.Kind == Deviating:
				add(a, remedyTerm, *o.RemedyDue, o)
			case o.Deadline == nil:
			case o.Questionnaire == Curricular && o.Capture == capture.Complete:
				if a.validates() {
					add(a, validationTerm, *o.Deadline, o)
				}
			default:
				add(a, captureTerm, *o.Deadline, o)
			}
			for _, r := range asked[o.Candidacy] {
				if r.Questionnaire == o.Questionnaire && a.receives(Notice{NominatorID: r.NominatorID, CandidacyID: r.CandidacyID}) {
					add(a, noticeTerm, r.DueAt, o)
				}
			}
		}
	}
	return out
}

// put records the reminder and leaves the message, unless it was already given.
func (r reminder) put(ctx context.Context, tx *db.Tx, process int64, days int) error {
	const once = `
INSERT INTO desk.reminders (process_id, account_id, term, due_at, days_before, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING id`
	given, err := ids(tx.Query(ctx, once, process, r.account.ID, string(r.term), r.due, days, tx.Now()))
	if err != nil || len(given) == 0 {
		return err
	}
	const items = `INSERT INTO desk.reminder_items (reminder_id, candidacy_id) SELECT $1, unnest($2::bigint[])`
	if err := tx.Exec(ctx, items, given[0], candidaciesOf(r.owed)); err != nil {
		return err
	}
	subject, body := r.words(tx.Now())
	return notify.Put(ctx, tx, notify.Message{
		Process: process, Kind: "recordatorio." + string(r.term), Channel: notify.Mail, Recipient: r.account.Email, Subject: subject, Body: body,
	})
}

// words is what the message says. It names no candidacy: a mailbox is not the
// place, and of identity only how many are incomplete.
func (r reminder) words(now time.Time) (subject, body string) {
	left := es.Plural(es.DaysLeft(lastMoment(r.due), now), "día", "días")
	if es.DaysLeft(lastMoment(r.due), now) == 0 {
		left = "menos de un día"
	}
	names := map[term]string{captureTerm: "de captura", validationTerm: "para validar", remedyTerm: "para atender observaciones", noticeTerm: "de un requerimiento"}
	subject = "Queda " + left + " del plazo " + names[r.term]
	if strings.HasSuffix(left, "días") {
		subject = "Quedan " + left + " del plazo " + names[r.term]
	}
	return subject, strings.Join([]string{
		subject + ": vence el " + es.FullDateTime(lastMoment(r.due)) + ", hora del centro de México.",
		r.count(),
		"Entra a Conóceles para ver cuáles son. Si ya lo hiciste, no tienes que hacer nada más.",
	}, "\n\n")
}

// count says how much is owed.
func (r reminder) count() string {
	curricular, identity := 0, 0
	for _, o := range r.owed {
		if o.Questionnaire == Identities {
			identity++
		} else {
			curricular++
		}
	}
	switch r.term {
	case validationTerm:
		return "Completos, falta validarlos: " + es.Plural(curricular, "cuestionario curricular", "cuestionarios curriculares") + "."
	case remedyTerm:
		return "Con observaciones por corregir: " + es.Plural(curricular, "cuestionario curricular", "cuestionarios curriculares") + "."
	}
	var parts []string
	if curricular > 0 {
		parts = append(parts, es.Plural(curricular, "cuestionario curricular", "cuestionarios curriculares"))
	}
	if identity > 0 {
		parts = append(parts, es.Plural(identity, "cuestionario de identidad incompleto", "cuestionarios de identidad incompletos"))
	}
	return "Por completar: " + es.List(parts...) + "."
}
