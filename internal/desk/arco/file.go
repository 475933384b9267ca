package arco

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// NewRequest is a request to file.
type NewRequest struct {
	Right     Right
	Requester Requester
	Key       string // idempotency key of the form

	// Of those that the unit registers.
	Medium     Medium
	ReceivedOn time.Time
}

// Receipt is what whoever files is told.
type Receipt struct {
	Folio      string
	Right      Right
	ReceivedOn time.Time // the working day on which it counts as received
	AnswerBy   time.Time
}

// The fields of the form, as their messages name them.
const (
	FieldRight          = "derecho"
	FieldName           = "nombre"
	FieldRepresentative = "representante"
	FieldContact        = "contacto"
	FieldCandidacy      = "candidatura"
	FieldDescription    = "descripcion"
	FieldMedium         = "medio"
	FieldReceived       = "recibida"
)

// Limits of what is written, in characters.
const (
	maxLine = 200
	maxText = 4000
)

func (n *NewRequest) check() error {
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if n.Right.Name() == "" {
		bad(FieldRight, "Elige qué derecho quieres ejercer")
	}
	r := &n.Requester
	for _, line := range []struct {
		id, missing string
		value       *string
	}{
		{FieldName, "Escribe el nombre de la persona titular de los datos", &r.Name},
		{FieldRepresentative, "", &r.Representative},
		{FieldContact, "Escribe un correo, un domicilio o un teléfono donde podamos responderte", &r.Contact},
		{FieldCandidacy, "", &r.About},
	} {
		*line.value = strings.TrimSpace(*line.value)
		switch {
		case *line.value == "" && line.missing != "":
			bad(line.id, line.missing)
		case utf8.RuneCountInString(*line.value) > maxLine:
			bad(line.id, "Escríbelo en 200 caracteres o menos")
		}
	}
	r.Description = strings.TrimSpace(r.Description)
	switch n := utf8.RuneCountInString(r.Description); {
	case n < 10:
		bad(FieldDescription, "Describe qué datos y qué pides, en 10 caracteres o más")
	case n > maxText:
		bad(FieldDescription, "Descríbelo en 4,000 caracteres o menos")
	}
	return fault.InvalidFields(fields)
}

// anybody is who files without an account.
type anybody struct{}

func (anybody) AccountID() int64 { return 0 }
func (anybody) Role() string     { return "persona:formulario" }

// File files the request of anybody, which arrived from a network address, in
// the process in force. It is TooMany when that address, or everybody, filed too
// many today; the address is not kept.
func (s *Store) File(ctx context.Context, address string, n NewRequest) (Receipt, error) {
	process, err := s.inForce(ctx)
	if err != nil {
		return Receipt{}, err
	}
	n.Medium = Form
	return s.file(ctx, anybody{}, process, 0, n, func(ctx context.Context, tx *db.Tx) error {
		return s.count(ctx, tx, process, address)
	})
}

// FileOwn files the request of a candidate, from their account.
func (s *Store) FileOwn(ctx context.Context, c auth.Candidate, n NewRequest) (Receipt, error) {
	n.Medium = Account
	return s.file(ctx, c, c.Process, c.Candidacy, n, nil)
}

// Register registers a request that arrived on paper or in person.
func (s *Store) Register(ctx context.Context, t auth.Transparency, n NewRequest) (Receipt, error) {
	var fields []fault.Field
	if n.Medium != Writing && n.Medium != InPerson {
		fields = append(fields, fault.Field{ID: FieldMedium, Message: "Elige cómo llegó"})
	}
	if n.ReceivedOn.IsZero() || n.ReceivedOn.After(s.desk.Now()) {
		fields = append(fields, fault.Field{ID: FieldReceived, Message: "Escribe el día en que se recibió, como en su sello"})
	}
	if err := n.check(); err != nil {
		fields = append(fields, fault.FieldsOf(err)...)
	}
	if err := fault.InvalidFields(fields); err != nil {
		return Receipt{}, err
	}
	return s.file(ctx, t, t.Person().Process, 0, n, nil)
}

// file keeps a request, sealed, and returns its receipt; of a form sent again,
// the first one's.
func (s *Store) file(ctx context.Context, who db.Actor, process, candidacy int64, n NewRequest, allow func(context.Context, *db.Tx) error) (Receipt, error) {
	if err := n.check(); err != nil {
		return Receipt{}, err
	}
	action := db.Action{
		Kind: "arco.presentar", Process: process, Object: fmt.Sprintf("proceso %d", process), Key: n.Key,
		Payload: append([]byte(n.Right+"\x00"), n.Requester.encode()...),
		Details: map[string]string{"derecho": string(n.Right), "medio": string(n.Medium)},
	}
	done, err := s.desk.Do(ctx, who, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := tx.Lock(ctx, fmt.Sprintf("arco %d", process)); err != nil {
			return "", err
		}
		if allow != nil {
			if err := allow(ctx, tx); err != nil {
				return "", err
			}
		}
		folio, err := s.insert(ctx, tx, who, process, candidacy, n)
		action.Details["folio"] = folio
		return folio, err
	})
	if err != nil {
		return Receipt{}, err
	}
	return s.receipt(ctx, process, done.Result)
}

func (s *Store) insert(ctx context.Context, tx *db.Tx, who db.Actor, process, candidacy int64, n NewRequest) (string, error) {
	var number int
	var prefix string
	const next = `
SELECT folio_prefix, (SELECT COALESCE(max(number), 0) + 1 FROM sensitive.arco_requests WHERE process_id = p.id) FROM desk.processes p WHERE p.id = $1`
	if err := tx.QueryRow(ctx, next, process).Scan(&prefix, &number); err != nil {
		return "", err
	}
	folio := fmt.Sprintf("ARCO-%s-%05d", prefix, number)
	salt := newSalt()
	b, err := s.boxOf(folio, salt)
	if err != nil {
		return "", err
	}
	received := tx.Now()
	if !n.ReceivedOn.IsZero() {
		received = n.ReceivedOn
	}
	const insert = `
INSERT INTO sensitive.arco_requests (process_id, number, folio, claimed, medium, received_at, candidacy_id, account_id, salt, sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, 0), NULLIF($8, 0), $9, $10, $11)`
	return folio, tx.Exec(ctx, insert, process, number, folio, string(n.Right), string(n.Medium), received, candidacy, who.AccountID(), salt,
		b.seal(n.Requester.encode(), sealedRequester), tx.Now())
}

// receipt says what whoever filed a folio is told.
func (s *Store) receipt(ctx context.Context, process int64, folio string) (Receipt, error) {
	r := Receipt{Folio: folio}
	var at time.Time
	var medium Medium
	const read = `SELECT claimed, medium, received_at FROM sensitive.arco_requests WHERE process_id = $1 AND folio = $2`
	if err := db.Fault(s.desk.QueryRow(ctx, read, process, folio).Scan(&r.Right, &medium, &at)); err != nil {
		return r, err
	}
	c, err := s.calendar(ctx, process)
	if err != nil {
		return r, err
	}
	r.ReceivedOn, r.AnswerBy = c.Off.Received(at), Follow(at, medium, nil, c).AnswerBy
	return r, nil
}

// inForce returns the process to which a request of anybody belongs: the last
// election there is.
func (s *Store) inForce(ctx context.Context) (int64, error) {
	var id int64
	const read = `SELECT id FROM desk.processes WHERE kind = 'eleccion' ORDER BY election_day DESC NULLS LAST, created_at DESC, id DESC LIMIT 1`
	return id, db.Fault(s.desk.QueryRow(ctx, read).Scan(&id))
}

// count counts a request of anybody, or refuses it. What it keeps of the address
// is a digest with a key from outside the database, of today alone: tomorrow's is
// another, and yesterday's are deleted.
func (s *Store) count(ctx context.Context, tx *db.Tx, process int64, address string) error {
	today := tx.Now().In(election.Zone()).Format(time.DateOnly)
	origin := s.desk.MAC([]byte("arco: de dónde llega\x00" + today + "\x00" + network(address)))[:16]
	if err := tx.Exec(ctx, `DELETE FROM desk.arco_origins WHERE day < $1::date`, today); err != nil {
		return err
	}
	const add = `
INSERT INTO desk.arco_origins (process_id, day, origin, requests) VALUES ($1, $2::date, $3, 1)
ON CONFLICT (process_id, day, origin) DO UPDATE SET requests = desk.arco_origins.requests + 1 RETURNING requests`
	var mine, all, perAddress, perDay int
	if err := tx.QueryRow(ctx, add, process, today, origin).Scan(&mine); err != nil {
		return err
	}
	const limits = `
SELECT arco_address_limit, arco_daily_limit, (SELECT sum(requests)::int FROM desk.arco_origins WHERE process_id = p.id AND day = $2::date)
FROM desk.processes p WHERE id = $1`
	if err := tx.QueryRow(ctx, limits, process, today).Scan(&perAddress, &perDay, &all); err != nil {
		return err
	}
	if mine > perAddress || all > perDay {
		return fault.New(fault.TooMany, "Hoy se recibieron demasiadas solicitudes desde tu conexión. Preséntala mañana, o por escrito ante la Unidad de Transparencia.")
	}
	return nil
}

// network returns what counts as one place: an address or, of the new ones, of
// which anybody has many, the network of a home.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "?" + strconv.Itoa(len(address))
	}
	a = a.Unmap()
	if a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}
