package arco

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Document is a file that goes with a step: the letter of the answer, the copy of
// the data. It is kept sealed, as it came.
type Document struct {
	Name  string
	Bytes []byte
}

// NewStep is a step to record.
type NewStep struct {
	Folio     string // of the request
	Kind      StepKind
	Text      string // what is asked for, answered or done; how identity was shown
	Candidacy string // Identify: folio of the candidacy whose data they are, if any
	Outcome   Outcome
	Ground    string
	Committee string // acta of the Comité de Transparencia
	Document  *Document
	Key       string
}

// The fields of a step.
const (
	FieldStep      = "paso"
	FieldText      = "texto"
	FieldOutcome   = "sentido"
	FieldGround    = "causal"
	FieldCommittee = "comite"
	FieldFolio     = "folio"
	FieldDocument  = "documento"
)

func (n *NewStep) check() error {
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	n.Text, n.Committee, n.Candidacy = strings.TrimSpace(n.Text), strings.TrimSpace(n.Committee), strings.TrimSpace(n.Candidacy)
	switch size := utf8.RuneCountInString(n.Text); {
	case size < 3:
		bad(FieldText, map[StepKind]string{
			Identify: "Escribe cómo se acreditó la identidad, por ejemplo: credencial para votar mostrada en persona",
			Prevent:  "Escribe qué falta", Remedy: "Escribe qué se entregó y cómo se acreditó la identidad", Lapse: "Escribe por qué",
			Extend: "Escribe por qué se amplía", Answer: "Escribe la respuesta", Fulfil: "Escribe qué se hizo",
		}[n.Kind])
	case size > maxText:
		bad(FieldText, "Escríbelo en 4,000 caracteres o menos")
	}
	if utf8.RuneCountInString(n.Committee) > maxLine {
		bad(FieldCommittee, "Escríbelo en 200 caracteres o menos")
	}
	if n.Kind != Answer {
		n.Outcome, n.Ground, n.Committee = "", "", ""
		return fault.InvalidFields(fields)
	}
	if n.Outcome.Name() == "" {
		bad(FieldOutcome, "Elige el sentido de la respuesta")
	}
	if n.Outcome == Granted {
		n.Ground, n.Committee = "", ""
	} else if n.Outcome != "" {
		if GroundText(n.Ground) == "" {
			bad(FieldGround, "Elige la causal de la ley")
		}
		if n.Committee == "" {
			bad(FieldCommittee, "Escribe el acta con que el Comité de Transparencia lo confirmó")
		}
	}
	return fault.InvalidFields(fields)
}

// Record adds a step to a request of the Head's process. It is Invalid when its
// form is, a Conflict when the step may not come now, and NotFound for any other
// folio. What it says is sealed; the bitácora keeps which step, and not its text.
func (s *Store) Record(ctx context.Context, h auth.Head, n NewStep) error {
	if n.Kind.Name() == "" {
		return fault.InvalidField(FieldStep, "Elige qué se registra")
	}
	if err := n.check(); err != nil {
		return err
	}
	hash := ""
	if n.Document != nil {
		sum := sha256.Sum256(n.Document.Bytes)
		hash = hex.EncodeToString(sum[:])
	}
	calendar, err := s.calendar(ctx, h.Process)
	if err != nil {
		return err
	}
	action := db.Action{
		Kind: "arco." + string(n.Kind), Process: h.Process, Object: "solicitud " + n.Folio, Key: n.Key,
		Payload: []byte(strings.Join([]string{string(n.Kind), n.Text, n.Candidacy, string(n.Outcome), n.Ground, n.Committee, hash}, "\x00")),
		Details: map[string]string{},
	}
	if n.Outcome != "" {
		action.Details["sentido"] = string(n.Outcome)
	}
	_, err = s.desk.Do(ctx, h, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		return "", s.record(ctx, tx, h, n, hash, calendar)
	})
	return err
}

func (s *Store) record(ctx context.Context, tx *db.Tx, h auth.Head, n NewStep, hash string, c Calendar) error {
	var id int64
	var salt []byte
	const hold = `SELECT id, salt FROM sensitive.arco_requests WHERE process_id = $1 AND folio = $2 FOR UPDATE`
	if err := tx.QueryRow(ctx, hold, h.Process, n.Folio).Scan(&id, &salt); err != nil {
		return err
	}
	r, err := read(ctx, tx, c, `r.id = $1`, id)
	if err != nil {
		return err
	}
	if err := r[0].Allows(n.Kind, tx.Now()); err != nil {
		return err
	}
	if n.Candidacy != "" && (n.Kind == Identify || n.Kind == Remedy) {
		if err := bind(ctx, tx, h.Process, id, n.Candidacy); err != nil {
			return err
		}
	}
	b, err := s.boxOf(n.Folio, salt)
	if err != nil {
		return err
	}
	var document []byte
	name := ""
	if n.Document != nil {
		document, name = b.seal(n.Document.Bytes, sealedDocument), n.Document.Name
	}
	const insert = `
INSERT INTO sensitive.arco_steps (request_id, kind, happened_on, outcome, ground, committee, sealed, document, document_name, document_hash,
  account_id, role, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	return tx.Exec(ctx, insert, id, string(n.Kind), dayOf(tx.Now()), string(n.Outcome), n.Ground, n.Committee, b.seal([]byte(n.Text), sealedText),
		document, name, hash, h.Account, h.Role(), tx.Now())
}

// bind says whose candidacy a request is about.
func bind(ctx context.Context, tx *db.Tx, process, request int64, folio string) error {
	const sql = `
UPDATE sensitive.arco_requests SET candidacy_id = c.id FROM desk.candidacies c
WHERE arco_requests.id = $1 AND c.process_id = $2 AND c.folio = upper($3)`
	n, err := tx.ExecRows(ctx, sql, request, process, folio)
	if err == nil && n == 0 {
		err = fault.InvalidField(FieldFolio, "Ninguna candidatura del proceso tiene ese folio")
	}
	return err
}

// dayOf returns the date, where people are, as the database keeps dates.
func dayOf(at time.Time) string { return local(at).Format(time.DateOnly) }

// Fulfilled records that what was granted was done, in the transaction of the act
// that did it. A request that waits for nothing is left as it is.
func (s *Store) Fulfilled(ctx context.Context, tx *db.Tx, by db.Actor, folio, text string) error {
	var id, process int64
	var salt []byte
	const hold = `SELECT id, process_id, salt FROM sensitive.arco_requests WHERE folio = $1 FOR UPDATE`
	if err := tx.QueryRow(ctx, hold, folio).Scan(&id, &process, &salt); err != nil {
		return err
	}
	c, err := s.calendar(ctx, process)
	if err != nil {
		return err
	}
	r, err := read(ctx, tx, c, `r.id = $1`, id)
	if err != nil || r[0].Allows(Fulfil, tx.Now()) != nil {
		return err
	}
	b, err := s.boxOf(folio, salt)
	if err != nil {
		return err
	}
	const insert = `
INSERT INTO sensitive.arco_steps (request_id, kind, happened_on, sealed, account_id, role, at) VALUES ($1, $2, $3, $4, NULLIF($5, 0), $6, $7)`
	return tx.Exec(ctx, insert, id, string(Fulfil), dayOf(tx.Now()), b.seal([]byte(text), sealedText), by.AccountID(), by.Role(), tx.Now())
}
