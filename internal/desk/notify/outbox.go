package notify

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Outbox reads the messages that people handle: letters, and in a demonstration
// the e-mails that no server sends.
type Outbox struct{ Desk *db.Desk }

const messageColumns = `
SELECT id, process_id, candidacy_id, kind, channel, recipient, subject, body, created_at, sent_at, attempts, last_error `

// messageRow is a row of desk.outbox.
type messageRow struct {
	ID          int64
	ProcessID   int64
	CandidacyID *int64
	Kind        string
	Channel     string
	Recipient   string
	Subject     string
	Body        string
	CreatedAt   time.Time
	SentAt      *time.Time
	Attempts    int
	LastError   string
}

func (r messageRow) message() Message {
	m := Message{
		ID: r.ID, Process: r.ProcessID, Kind: r.Kind, Channel: Channel(r.Channel), Recipient: r.Recipient, Subject: r.Subject,
		Body: r.Body, CreatedAt: r.CreatedAt, Attempts: r.Attempts, LastError: r.LastError,
	}
	if r.CandidacyID != nil {
		m.Candidacy = *r.CandidacyID
	}
	if r.SentAt != nil {
		m.SentAt = *r.SentAt
	}
	return m
}

func messages(ctx context.Context, q db.Querier, sql string, args ...any) ([]Message, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[messageRow])
	out := make([]Message, len(found))
	for i, r := range found {
		out[i] = r.message()
	}
	return out, db.Fault(err)
}

// LetterState says which letters to list.
type LetterState string

// The letters that wait, and those that left.
const (
	ToPrint LetterState = "por_imprimir"
	Printed LetterState = "impresas"
)

// Letters returns a page of the letters of the actor's process, the oldest
// first, and how many there are. Bodies are left out: a list is not for reading
// other people's mail.
func (o Outbox) Letters(ctx context.Context, t auth.Transparency, state LetterState, page, size int) ([]Message, int, error) {
	const where = ` FROM desk.outbox WHERE process_id = $1 AND channel = 'carta' AND (sent_at IS NOT NULL) = $2`
	process, printed := t.Person().Process, state == Printed
	var total int
	if err := o.Desk.QueryRow(ctx, `SELECT count(*)`+where, process, printed).Scan(&total); err != nil {
		return nil, 0, db.Fault(err)
	}
	found, err := messages(ctx, o.Desk, messageColumns+where+` ORDER BY id LIMIT $3 OFFSET $4`, process, printed, size, (page-1)*size)
	for i := range found {
		found[i].Body = ""
	}
	return found, total, err
}

// Letter returns a letter of the actor's process that waits to be printed, with
// the link that it alone carries, and leaves an entry in the bitácora. One
// already printed, of another process or that does not exist is NotFound.
func (o Outbox) Letter(ctx context.Context, t auth.Transparency, id int64) (Message, error) {
	var out Message
	_, err := o.Desk.Do(ctx, t, letterAction("carta.abrir", t, id), func(ctx context.Context, tx *db.Tx) (string, error) {
		const q = messageColumns + `FROM desk.outbox WHERE process_id = $1 AND id = $2 AND channel = 'carta' AND sent_at IS NULL`
		found, err := messages(ctx, tx, q, t.Person().Process, id)
		if err == nil && len(found) == 0 {
			err = fault.New(fault.NotFound, "")
		}
		if err != nil {
			return "", err
		}
		out = found[0]
		return "", nil
	})
	return out, err
}

// MarkPrinted records that a letter left, and blanks its link. Of two persons
// who do it, the second gets a Conflict.
func (o Outbox) MarkPrinted(ctx context.Context, t auth.Transparency, key string, id int64) error {
	action := letterAction("carta.imprimir", t, id)
	action.Key = key
	_, err := o.Desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		var body string
		var printed bool
		const read = `SELECT body, sent_at IS NOT NULL FROM desk.outbox WHERE process_id = $1 AND id = $2 AND channel = 'carta' FOR UPDATE`
		if err := tx.QueryRow(ctx, read, t.Person().Process, id).Scan(&body, &printed); err != nil {
			return "", db.Fault(err)
		}
		if printed {
			return "", fault.New(fault.Conflict, "Otra persona ya marcó esta carta como impresa.")
		}
		return "", tx.Exec(ctx, `UPDATE desk.outbox SET sent_at = $2, body = $3 WHERE id = $1`, id, tx.Now(), blank(body))
	})
	return err
}

func letterAction(kind string, t auth.Transparency, id int64) db.Action {
	return db.Action{Kind: kind, Process: t.Person().Process, Object: "carta " + strconv.FormatInt(id, 10)}
}

// Unsent returns the last e-mails of a demonstration that no server sends, links
// included, so that whoever tries the program can follow them. Of any other
// process it is NotFound: those links belong to people.
func (o Outbox) Unsent(ctx context.Context, a auth.Admin, limit int) ([]Message, error) {
	if !a.Demo {
		return nil, fault.New(fault.NotFound, "")
	}
	const q = messageColumns + `
FROM desk.outbox WHERE process_id = (SELECT id FROM desk.processes WHERE id = $1 AND demo)
  AND channel = 'correo' AND sent_at IS NULL ORDER BY id DESC LIMIT $2`
	return messages(ctx, o.Desk, q, a.Process, limit)
}
