package docket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Content is what a version of an entry says. Which fields a register uses, and
// what they are called in it, its Fields say; the others stay empty.
type Content struct {
	HappenedOn  time.Time
	Subject     string
	Narrative   string
	Counterpart string
	Outcome     string
	OutcomeOn   time.Time
	Effect      string
	Basis       string
}

// Value returns what the content says in a field, as it is typed.
func (c Content) Value(id string) string {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format("02/01/2006")
	}
	switch id {
	case FieldDay:
		return day(c.HappenedOn)
	case FieldOutcomeDay:
		return day(c.OutcomeOn)
	}
	if p := c.text(id); p != nil {
		return *p
	}
	return ""
}

// text returns where a field of text is.
func (c *Content) text(id string) *string {
	switch id {
	case FieldSubject:
		return &c.Subject
	case FieldNarrative:
		return &c.Narrative
	case FieldCounterpart:
		return &c.Counterpart
	case FieldOutcome:
		return &c.Outcome
	case FieldEffect:
		return &c.Effect
	case FieldBasis:
		return &c.Basis
	}
	return nil
}

// Parse reads the form of a register. get gives what was typed in a field, and
// day reads a date as people write it.
func Parse(k Kind, get func(string) string, day func(string) (time.Time, bool)) (Content, error) {
	var c Content
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	for _, f := range k.Fields() {
		typed := strings.TrimSpace(get(f.ID))
		switch {
		case typed == "" && f.Required:
			bad(f.ID, "Escribe "+es.Lower(f.Label))
		case typed == "":
		case f.Kind == Day:
			d, ok := day(typed)
			if !ok {
				bad(f.ID, "Escribe la fecha como día, mes y año: 14/03/2027")
			}
			if f.ID == FieldDay {
				c.HappenedOn = d
			} else {
				c.OutcomeOn = d
			}
		case utf8.RuneCountInString(typed) > map[FieldKind]int{Line: 200, Text: 8000}[f.Kind]:
			bad(f.ID, map[FieldKind]string{Line: "Escríbelo en 200 caracteres o menos", Text: "Escríbelo en 8,000 caracteres o menos"}[f.Kind])
		default:
			*c.text(f.ID) = typed
		}
	}
	return c, fault.InvalidFields(fields)
}

// Document is a file that goes with a version, kept as it came.
type Document struct {
	Name  string
	Bytes []byte
}

// NewVersion is an entry to add or, with Number, to amend.
type NewVersion struct {
	Kind     Kind
	Number   int // 0: another entry
	Seen     int // the version that whoever amends was looking at
	Content  Content
	Reason   string // why it is amended
	Document *Document
	Key      string
}

// Save adds an entry, or a version of one, and returns its number. It is Invalid
// when the form is, a Conflict when somebody amended meanwhile, and NotFound in
// a register that the actor does not keep or for a number that is not there.
func (s *Store) Save(ctx context.Context, k auth.DocketKeeper, n NewVersion) (int, error) {
	if !reads(k, n.Kind) {
		return 0, fault.New(fault.NotFound, "")
	}
	who := k.Person()
	hash := ""
	if n.Document != nil {
		sum := sha256.Sum256(n.Document.Bytes)
		hash = hex.EncodeToString(sum[:])
	}
	n.Reason = strings.TrimSpace(n.Reason)
	action := db.Action{
		Kind: "registro." + string(n.Kind), Process: who.Process, Object: fmt.Sprintf("%s %d", n.Kind, n.Number), Key: n.Key,
		Payload: fmt.Appendf(nil, "%+v\x00%s\x00%s", n.Content, n.Reason, hash), Details: map[string]string{},
	}
	done, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := n.check(tx.Now()); err != nil {
			return "", err
		}
		if err := tx.Lock(ctx, fmt.Sprintf("registro %s %d", n.Kind, who.Process)); err != nil {
			return "", err
		}
		id, number, version, err := place(ctx, tx, who.Process, n)
		if err != nil {
			return "", err
		}
		action.Details["numero"], action.Details["version"] = strconv.Itoa(number), strconv.Itoa(version)
		var document []byte
		name := ""
		if n.Document != nil {
			document, name = n.Document.Bytes, n.Document.Name
		}
		c := n.Content
		const insert = `
INSERT INTO desk.docket_versions (entry_id, version, happened_on, subject, narrative, counterpart, outcome, outcome_on, effect, basis, reason,
  document, document_name, document_hash, account_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
		err = tx.Exec(ctx, insert, id, version, c.HappenedOn, c.Subject, c.Narrative, c.Counterpart, c.Outcome, optional(c.OutcomeOn), c.Effect, c.Basis,
			n.Reason, document, name, hash, who.Account, tx.Now())
		return strconv.Itoa(number), err
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(done.Result)
}

func (n NewVersion) check(now time.Time) error {
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	today := now.In(election.Zone()).Format(time.DateOnly)
	if n.Content.HappenedOn.Format(time.DateOnly) > today {
		bad(FieldDay, "La fecha aún no llega")
	}
	if on := n.Content.OutcomeOn; !on.IsZero() && on.Format(time.DateOnly) > today {
		bad(FieldOutcomeDay, "La fecha aún no llega")
	} else if !on.IsZero() && on.Before(n.Content.HappenedOn) {
		bad(FieldOutcomeDay, "Es anterior a la primera fecha: revisa cuál está mal")
	}
	if n.Number != 0 && n.Reason == "" {
		bad(FieldReason, "Escribe por qué se enmienda")
	}
	if utf8.RuneCountInString(n.Reason) > 200 {
		bad(FieldReason, "Escríbelo en 200 caracteres o menos")
	}
	return fault.InvalidFields(fields)
}

// place returns which entry and version a NewVersion is.
func place(ctx context.Context, tx *db.Tx, process int64, n NewVersion) (id int64, number, version int, err error) {
	if n.Number == 0 {
		const add = `
INSERT INTO desk.docket_entries (process_id, kind, number)
SELECT $1, $2, COALESCE(max(number), 0) + 1 FROM desk.docket_entries WHERE process_id = $1 AND kind = $2 RETURNING id, number`
		err = tx.QueryRow(ctx, add, process, string(n.Kind)).Scan(&id, &number)
		return id, number, 1, err
	}
	const find = `
SELECT e.id, (SELECT max(version) FROM desk.docket_versions v WHERE v.entry_id = e.id) FROM desk.docket_entries e
WHERE e.process_id = $1 AND e.kind = $2 AND e.number = $3`
	if err := tx.QueryRow(ctx, find, process, string(n.Kind), n.Number).Scan(&id, &version); err != nil {
		return 0, 0, 0, err
	}
	if version != n.Seen {
		return 0, 0, 0, fault.New(fault.Conflict, "Otra persona enmendó este registro mientras lo veías. Abre la versión nueva y agrega ahí lo tuyo.")
	}
	return id, n.Number, version + 1, nil
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
