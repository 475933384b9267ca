// Package notify tells people things outside the system.
//
// Put writes a message in the outbox inside the transaction of the act that it
// tells about: if the act is kept, so is the message, and it leaves; if not,
// nobody hears of it. A message is an e-mail, or a letter that somebody prints.
// No message carries an identity answer.
//
//	act ──Put──> desk.outbox ──Dispatcher──> Mailer (SMTP)
//	                 │              └─ never arrived: becomes a letter
//	                 └─────────────────────> Letters, printed by Transparencia
//
// A message may carry a link that acts on behalf of its recipient. Once the
// message has left, the link is blanked in the outbox: whoever reads the table
// later cannot follow it for somebody else.
package notify

import (
	"context"
	"regexp"
	"time"

	"conoceles/internal/db"
)

// Channel is how a message reaches its recipient.
type Channel string

// The channels.
const (
	Mail   Channel = "correo"
	Letter Channel = "carta"
)

// Message is something to tell somebody.
type Message struct {
	ID        int64
	Process   int64
	Candidacy int64 // 0: none in particular
	Kind      string
	Channel   Channel
	Recipient string // address, or name for a letter
	Subject   string
	Body      string // plain text, Spanish
	CreatedAt time.Time
	SentAt    time.Time // zero: not yet
	Attempts  int
	LastError string
}

// Put leaves a message in the outbox.
func Put(ctx context.Context, tx *db.Tx, m Message) error {
	const q = `
INSERT INTO desk.outbox (process_id, candidacy_id, kind, channel, recipient, subject, body, created_at, next_at)
VALUES ($1, NULLIF($2, 0), $3, $4, $5, $6, $7, $8, $8)`
	return tx.Exec(ctx, q, m.Process, m.Candidacy, m.Kind, string(m.Channel), m.Recipient, m.Subject, m.Body, tx.Now())
}

// link matches what acts for whoever holds it.
var link = regexp.MustCompile(`(/retirar/|/invitacion/|/recuperar/)[\w-]+`)

// login matches a link that gives access to an account: it goes to a mailbox and
// never on paper, where somebody else would read it.
var login = regexp.MustCompile(`(/invitacion/|/recuperar/)[\w-]+`)

// blank returns the body as it is kept once the message has left.
func blank(body string) string { return link.ReplaceAllString(body, "${1}[enlace entregado]") }
