package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// Dispatcher sends the e-mails of the outbox. Several may run at once, in one
// process or in many.
type Dispatcher struct {
	Desk *db.Desk
	// Send hands a message to the mail server; nil sends nothing, and messages
	// wait until there is one.
	Send func(context.Context, Message) error
}

const (
	// sendTimeout is how long a server may take with one message. It must end
	// before the turn that firstDelay gives to another dispatcher.
	sendTimeout = 30 * time.Second
	firstDelay  = time.Minute
	longest     = 6 * time.Hour

	// mostAttempts, some two days of them, is when a letter is a better idea.
	mostAttempts = 16

	// perTurn bounds a turn, so that whoever calls Dispatch has the word back.
	perTurn = 50
)

// delay is how long a message waits after its nth attempt.
func delay(attempt int) time.Duration {
	return min(longest, firstDelay<<min(max(attempt, 1)-1, 10))
}

// Dispatch sends what is due and returns how many messages left.
//
// The attempt is counted, and the next one put off, before sending: a process
// that dies with a message in its hands delays it and does not lose it. A
// message that the server took is recorded with its instant and its link
// blanked, in one statement, and is not sent again. One that it refused waits
// longer each time and, in the end, becomes a letter. The error says which
// messages failed, and never to whom they went.
func (d Dispatcher) Dispatch(ctx context.Context) (int, error) {
	if d.Send == nil {
		return 0, nil
	}
	var failed []error
	sent := 0
	for range perTurn {
		m, ok, err := d.claim(ctx)
		if err != nil || !ok {
			return sent, errors.Join(append(failed, err)...)
		}
		if err := d.send(ctx, m); err != nil {
			failed = append(failed, fmt.Errorf("notify: message %d, attempt %d, did not leave", m.ID, m.Attempts))
			if err := d.putOff(ctx, m, err); err != nil {
				return sent, errors.Join(append(failed, err)...)
			}
			continue
		}
		if err := d.sent(ctx, m); err != nil {
			return sent, errors.Join(append(failed, err)...)
		}
		sent++
	}
	return sent, errors.Join(failed...)
}

// claim takes the message that has waited longest. Another dispatcher skips it.
func (d Dispatcher) claim(ctx context.Context) (m Message, ok bool, err error) {
	err = d.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		const q = messageColumns + `
FROM desk.outbox WHERE channel = 'correo' AND sent_at IS NULL AND attempts < $2 AND next_at <= $1
ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`
		found, err := messages(ctx, tx, q, tx.Now(), mostAttempts)
		if err != nil || len(found) == 0 {
			return err
		}
		m, ok = found[0], true
		m.Attempts++
		const take = `UPDATE desk.outbox SET attempts = $2, next_at = $3 WHERE id = $1`
		return tx.Exec(ctx, take, m.ID, m.Attempts, tx.Now().Add(delay(m.Attempts)))
	})
	return m, ok && err == nil, err
}

func (d Dispatcher) send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return d.Send(ctx, m)
}

// recordAttempts is how often sent insists: a message that left and is not
// recorded would leave again.
const recordAttempts = 3

// sent records that the server took a message, even if whoever called is gone.
func (d Dispatcher) sent(ctx context.Context, m Message) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	for range recordAttempts {
		err = d.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
			const q = `UPDATE desk.outbox SET sent_at = $2, body = $3, last_error = '' WHERE id = $1`
			return tx.Exec(ctx, q, m.ID, tx.Now(), blank(m.Body))
		})
		if err == nil {
			return nil
		}
	}
	return err
}

// putOff keeps why a message did not leave, in the outbox and not in the log,
// since servers repeat the address in what they answer. After the last attempt a
// letter takes its place.
func (d Dispatcher) putOff(ctx context.Context, m Message, cause error) error {
	return d.Desk.Upkeep(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		const note = `UPDATE desk.outbox SET last_error = left($2, 500) WHERE id = $1`
		if err := tx.Exec(ctx, note, m.ID, printable(cause)); err != nil || m.Attempts < mostAttempts {
			return err
		}
		if login.MatchString(m.Body) { // whoever invited sends another
			return tx.Exec(ctx, `UPDATE desk.outbox SET body = $2 WHERE id = $1`, m.ID, blank(m.Body))
		}
		letter := m
		letter.Channel = Letter
		const name = `
SELECT concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id WHERE c.id = $1`
		if err := tx.QueryRow(ctx, name, m.Candidacy).Scan(&letter.Recipient); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err := Put(ctx, tx, letter); err != nil {
			return err
		}
		return tx.Exec(ctx, `UPDATE desk.outbox SET body = $2 WHERE id = $1`, m.ID, blank(m.Body))
	})
}

// printable returns what an error says without what the database cannot keep:
// servers answer with any byte.
func printable(err error) string {
	return strings.ReplaceAll(strings.ToValidUTF8(err.Error(), "?"), "\x00", "?")
}
