package consent

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/notify"
	"conoceles/internal/fault"
)

// Withdraw takes back the consent of the candidate's own candidacy, in one step,
// at any time, whatever the calendar says. Withdrawing what is already withdrawn
// changes nothing and is no error.
func (s *Store) Withdraw(ctx context.Context, c auth.Candidate, folio, key string) error {
	sub, err := s.Find(ctx, c, folio)
	if err != nil {
		return err
	}
	if !sub.Own { // the head of a planilla captures for its members, and decides for none
		return fault.New(fault.NotFound, "")
	}
	return s.withdraw(ctx, c, sub, key, Event{Kind: Withdrawn, Medium: Online})
}

// WithdrawOnPaper registers a withdrawal that arrived on paper or in person.
func (s *Store) WithdrawOnPaper(ctx context.Context, h auth.Head, folio, key string, received time.Time, reason string) error {
	if received.IsZero() {
		return fault.InvalidField("recibido", "Escribe la fecha en que se recibió")
	}
	sub, err := s.FindForHead(ctx, h, folio)
	if err != nil {
		return err
	}
	return s.withdraw(ctx, h, sub, key, Event{Kind: Withdrawn, Medium: OnPaper, ReceivedOn: received, Reason: reason})
}

// withdraw is done however often it is asked. A form sent again, from a page that
// stayed open, takes back what was granted since: nobody is told that a consent
// is withdrawn while it stands.
func (s *Store) withdraw(ctx context.Context, who actor, sub Subject, key string, e Event) error {
	act := func(key string) (db.Done, error) {
		return s.desk.Do(ctx, who, s.action("consentimiento.retirar", sub, key, ""), func(ctx context.Context, tx *db.Tx) (string, error) {
			return "", s.takeBack(ctx, tx, who, sub, e)
		})
	}
	done, err := act(key)
	if err != nil || !done.Replayed {
		return err
	}
	if st, err := standing(ctx, s.desk, sub.ID); err != nil || st.Stage == Gone {
		return err
	}
	_, err = act("")
	return err
}

// takeBack adds the withdrawal and takes the answers off the site.
func (s *Store) takeBack(ctx context.Context, tx *db.Tx, who actor, sub Subject, e Event) error {
	if err := lock(ctx, tx, sub.ID); err != nil {
		return err
	}
	st, err := standing(ctx, tx, sub.ID)
	if err != nil {
		return err
	}
	if st.Stage != Gone && st.Stage != Undecided {
		if _, err := insert(ctx, tx, sub.ID, who, e); err != nil {
			return err
		}
		if err := s.remember(ctx, tx, sub); err != nil {
			return err
		}
	}
	return s.site.Candidacies(ctx, tx, sub.Process, sub.ID)
}

// remember marks a withdrawal outside the database, before anybody is told that
// it is done.
func (s *Store) remember(ctx context.Context, tx *db.Tx, sub Subject) error {
	if s.marks == nil {
		return nil
	}
	return s.marks.Withdrawn(ctx, tx, sub.Process, sub.ID)
}

// byLink is the person who follows the link of a notice: they proved it is them
// by the channel of the registration list.
type byLink struct{}

func (byLink) AccountID() int64 { return 0 }
func (byLink) Role() string     { return "persona:enlace" }

// Linked returns whose consent a link withdraws. A used, unknown or mistyped
// link is NotFound.
func (s *Store) Linked(ctx context.Context, token string) (Subject, error) {
	return linked(ctx, s.desk, token)
}

func linked(ctx context.Context, q db.Querier, token string) (Subject, error) {
	var id int64
	const sql = `SELECT candidacy_id FROM sensitive.withdrawal_links WHERE token_hash = $1 AND used_at IS NULL`
	if err := q.QueryRow(ctx, sql, hashToken(token)).Scan(&id); err != nil {
		return Subject{}, db.Fault(err)
	}
	return byID(ctx, q, id)
}

// WithdrawByLink takes back the consent that a link is about and spends the
// link. Only a POST calls it: opening the link acts on nothing.
func (s *Store) WithdrawByLink(ctx context.Context, token string) (Subject, error) {
	sub, err := s.Linked(ctx, token)
	if err != nil {
		return Subject{}, err
	}
	_, err = s.desk.Do(ctx, byLink{}, s.action("consentimiento.retirar", sub, "", ""), func(ctx context.Context, tx *db.Tx) (string, error) {
		const use = `UPDATE sensitive.withdrawal_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL`
		n, err := tx.ExecRows(ctx, use, hashToken(token), tx.Now())
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", fault.New(fault.NotFound, "")
		}
		return "", s.takeBack(ctx, tx, byLink{}, sub, Event{Kind: Withdrawn, Medium: ByLink})
	})
	return sub, err
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// message is what a person is told of an event about them.
type message struct{ kind, subject, what string }

var (
	verifiedMessage = message{
		"consentimiento.verificado", "Se verificó tu autorización en Conóceles",
		"La Unidad de Transparencia verificó el documento con tus autorizaciones. Si autorizaste publicar, desde ahora se muestran en tu ficha " +
			"pública tus respuestas afirmativas a las preguntas del cuestionario de identidad configuradas como públicas.",
	}
	registeredMessage = message{
		"consentimiento.registrado", "Se registró una autorización a tu nombre en Conóceles",
		"La Unidad de Transparencia registró un documento firmado con tus autorizaciones. Todavía no se publica nada: falta que otra persona lo verifique.",
	}
)

// tell writes to the person, by the address of the registration list or else by
// a letter, what happened in their name, with a link that withdraws. An address
// that several candidacies share reaches nobody in particular and does not count.
func (s *Store) tell(ctx context.Context, tx *db.Tx, sub Subject, event int64, m message) error {
	raw := make([]byte, 32)
	rand.Read(raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	const link = `INSERT INTO sensitive.withdrawal_links (token_hash, candidacy_id, event_id, created_at) VALUES ($1, $2, $3, $4)`
	if err := tx.Exec(ctx, link, hashToken(token), sub.ID, event, tx.Now()); err != nil {
		return err
	}
	out := notify.Message{
		Process: sub.Process, Candidacy: sub.ID, Kind: m.kind, Channel: notify.Mail, Recipient: sub.Email, Subject: m.subject,
		Body: fmt.Sprintf("%s:\n\n%s\n\nCandidatura: %s, %s. Folio %s.\n\nSi no lo autorizaste, o cambiaste de opinión, puedes retirarlo ahora, "+
			"sin cuenta y sin explicar por qué:\n\n%s/retirar/%s\n\nEl enlace sirve una sola vez. También puedes hacerlo en persona o por escrito "+
			"ante la Unidad de Transparencia, en cualquier momento.\n", sub.Name, m.what, sub.Office, sub.Place, sub.Folio, s.base, token),
	}
	if sub.Email == "" || sub.Shared {
		out.Channel, out.Recipient = notify.Letter, sub.Name
	}
	return notify.Put(ctx, tx, out)
}
