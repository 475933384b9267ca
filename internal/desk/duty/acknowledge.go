package duty

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Acknowledge records that the addressee received a requirement. Once it is
// recorded, doing it again changes nothing.
//
// It is NotFound outside the actor's scope, and before it was sent.
func (s *Store) Acknowledge(ctx context.Context, a auth.Capturer, id int64, key string) error {
	action := db.Action{Kind: "requerimiento.acusar", Process: a.Scope().Process, Object: object("requerimiento", id), Key: key}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		const find = `
SELECT n.acknowledged_at IS NOT NULL FROM desk.duty_notices n
WHERE n.process_id = $1 AND (n.nominator_id = NULLIF($2::bigint, 0) OR n.candidacy_id = NULLIF($3::bigint, 0)) AND n.state = 'enviado' AND n.id = $4 FOR UPDATE`
		var already bool
		if err := tx.QueryRow(ctx, find, a.Scope().Args(id)...).Scan(&already); err != nil || already {
			return "", err
		}
		return "", acknowledge(ctx, tx, id, a.Person().Name, a.AccountID(), Inside, tx.Now())
	})
	return err
}

func acknowledge(ctx context.Context, tx *db.Tx, id int64, who string, account int64, m Medium, at time.Time) error {
	const sql = `
UPDATE desk.duty_notices SET acknowledged_at = $2, acknowledged_by = $3, acknowledged_account = $4, acknowledged_medium = $5 WHERE id = $1`
	return tx.Exec(ctx, sql, id, at, who, account, string(m))
}

// The fields of an acknowledgement on paper.
const (
	ReceivedByField = "recibio"
	ReceivedAtField = "dia"
)

// PaperReceipt is the signed copy of a requirement, as it was posted.
type PaperReceipt struct {
	ID         int64
	Key        string
	ReceivedBy string
	ReceivedAt time.Time // zero when it was not understood
}

// RegisterReceipt records the signed copy that came back to the unit.
//
// Errors: NotFound in another process; Invalid, with the fields; Conflict when it
// was not sent, or has an acknowledgement.
func (s *Store) RegisterReceipt(ctx context.Context, t auth.Transparency, r PaperReceipt) error {
	r.ReceivedBy = strings.TrimSpace(r.ReceivedBy)
	payload := r.ReceivedBy + "\x00" + r.ReceivedAt.UTC().Format(time.RFC3339)
	return s.do(ctx, t, "requerimiento.acuse", r.ID, r.Key, payload, func(ctx context.Context, tx *db.Tx, n Notice) error {
		if n.State != Sent || n.AcknowledgedAt != nil {
			return errMoved
		}
		var fields []fault.Field
		if l := utf8.RuneCountInString(r.ReceivedBy); l == 0 || l > 200 {
			fields = append(fields, fault.Field{ID: ReceivedByField, Message: "Escribe el nombre de quien lo recibió, en 200 caracteres o menos"})
		}
		switch {
		case r.ReceivedAt.IsZero():
			fields = append(fields, fault.Field{ID: ReceivedAtField, Message: "Escribe el día y la hora en que se recibió, como 30/03/2027 y 9:00"})
		case r.ReceivedAt.After(tx.Now()) || r.ReceivedAt.Before(n.SentAt.Truncate(time.Minute)):
			fields = append(fields, fault.Field{ID: ReceivedAtField, Message: "El acuse va desde que se envió el oficio hasta este momento"})
		}
		if err := fault.InvalidFields(fields); err != nil {
			return err
		}
		return acknowledge(ctx, tx, r.ID, r.ReceivedBy, t.AccountID(), OnPaper, r.ReceivedAt)
	})
}

// Document is which of the files of a requirement.
type Document string

// The files of a requirement.
const (
	LetterFile Document = "letter"
	AnnexFile  Document = "annex"
)

// column names the file's column; any other word has none.
func (d Document) column() string {
	if d == AnnexFile {
		return "n.annex"
	}
	return "n.letter"
}

// ReceivedFile returns a file of a requirement sent to the actor, byte by byte as
// it was sent; NotFound of any other.
func (s *Store) ReceivedFile(ctx context.Context, a auth.Capturer, id int64, d Document) ([]byte, error) {
	sql := `SELECT ` + d.column() + ` FROM desk.duty_notices n
WHERE n.process_id = $1 AND (n.nominator_id = NULLIF($2::bigint, 0) OR n.candidacy_id = NULLIF($3::bigint, 0)) AND n.state = 'enviado' AND n.id = $4`
	var out []byte
	err := s.desk.QueryRow(ctx, sql, a.Scope().Args(id)...).Scan(&out)
	return out, db.Fault(err)
}

// File returns a file of a requirement of the actor's process: as it was sent or,
// before that, how it would be. NotFound in any other process.
func (s *Store) File(ctx context.Context, t auth.Transparency, id int64, d Document) ([]byte, error) {
	sql := `SELECT ` + d.column() + ` FROM desk.duty_notices n WHERE n.process_id = $1 AND n.id = $2`
	var out []byte
	process := t.Person().Process
	if err := s.desk.QueryRow(ctx, sql, process, id).Scan(&out); err != nil || out != nil {
		return out, db.Fault(err)
	}
	f, err := s.Notice(ctx, t, id)
	if err != nil {
		return nil, err
	}
	if d == AnnexFile {
		return f.Annex()
	}
	i, err := readInstitution(ctx, s.desk, process)
	if err != nil {
		return nil, err
	}
	return f.Letter(i, "(firma de la persona titular)")
}
