package capture

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Delivery is whether somebody who captures received their credentials: the
// capture clock of their candidacies runs from there.
type Delivery struct {
	NominatorID  int64
	Nominator    string
	Acronym      string
	Candidacies  int // in force, that they capture
	ReceivedAt   *time.Time
	ReceivedBy   string
	Basis        string
	RegisteredBy string
	RegisteredAt *time.Time
}

// Deliveries lists everybody who captures in the actor's process, in the order
// of the ballot.
func (s *Store) Deliveries(ctx context.Context, d auth.Deliverer) ([]Delivery, error) {
	const sql = `
SELECT w.id AS nominator_id, w.name AS nominator, w.acronym, count(*) AS candidacies, k.received_at,
  COALESCE(k.received_by, '') AS received_by, COALESCE(k.basis, '') AS basis, COALESCE(a.name, '') AS registered_by, k.registered_at
FROM desk.candidacies c
JOIN desk.nominators n ON n.id = c.nominator_id
JOIN desk.nominators w ON w.id = COALESCE(c.siglado_id, n.representative_id, c.nominator_id)
JOIN desk.offices o ON o.id = c.office_id AND o.in_system
LEFT JOIN LATERAL (SELECT * FROM desk.credential_deliveries k WHERE k.nominator_id = w.id ORDER BY k.id DESC LIMIT 1) k ON true
LEFT JOIN desk.accounts a ON a.id = k.registered_by
WHERE c.process_id = $1 AND c.standing = 'aprobada'
GROUP BY w.id, k.received_at, k.received_by, k.basis, a.name, k.registered_at
ORDER BY w.registry_order, w.id`
	rows, err := s.desk.Query(ctx, sql, d.Person().Process)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Delivery])
	return out, db.Fault(err)
}

// NewDelivery is the receipt of credentials, as it was posted.
type NewDelivery struct {
	NominatorID int64
	Key         string
	ReceivedAt  time.Time // zero when it was not understood
	ReceivedBy  string
	Basis       string // oficio; why, when it replaces another
}

// The fields of a delivery.
const (
	ReceivedDay   = "dia"
	ReceivedHour  = "hora"
	ReceivedBy    = "recibio"
	DeliveryBasis = "sustento"
)

const deliveryAct = "captura.entrega"

// RegisterDelivery records that somebody received their credentials. It replaces
// a delivery registered before, which stays in the record, with the reason.
//
// Errors: NotFound in another process; Invalid, with the fields.
func (s *Store) RegisterDelivery(ctx context.Context, d auth.Deliverer, n NewDelivery) error {
	process := d.Person().Process
	n.ReceivedBy, n.Basis = strings.TrimSpace(n.ReceivedBy), strings.TrimSpace(n.Basis)
	action := db.Action{
		Kind: deliveryAct, Process: process, Object: "actor " + strconv.FormatInt(n.NominatorID, 10), Key: n.Key,
		Payload: []byte(n.ReceivedAt.UTC().Format(time.RFC3339) + "\x00" + n.ReceivedBy + "\x00" + n.Basis),
		Details: map[string]string{"recibido": n.ReceivedAt.UTC().Format(time.RFC3339)},
	}
	_, err := s.desk.Do(ctx, d, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		// The row of whoever receives is held, so that two registrations follow each other.
		const find = `SELECT EXISTS (SELECT 1 FROM desk.credential_deliveries k WHERE k.nominator_id = n.id)
FROM desk.nominators n WHERE n.id = $1 AND n.process_id = $2 FOR UPDATE`
		var before bool
		if err := tx.QueryRow(ctx, find, n.NominatorID, process).Scan(&before); err != nil {
			return "", err
		}
		if err := n.check(before, tx.Now()); err != nil {
			return "", err
		}
		return "", insertDelivery(ctx, tx, n, d.AccountID())
	})
	return err
}

// check returns what is missing of a delivery.
func (n NewDelivery) check(replaces bool, now time.Time) error {
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	switch {
	case n.ReceivedAt.IsZero():
		wrong(ReceivedDay, "Escribe el día y la hora en que se recibieron, como 30/03/2027 y 9:00")
	case n.ReceivedAt.After(now):
		wrong(ReceivedDay, "La recepción no puede ser posterior a este momento")
	}
	if l := len([]rune(n.ReceivedBy)); l == 0 || l > 200 {
		wrong(ReceivedBy, "Escribe el nombre de quien las recibió, en 200 caracteres o menos")
	}
	if l := len([]rune(n.Basis)); replaces && l == 0 {
		wrong(DeliveryBasis, "Ya hay una entrega registrada: escribe por qué cambia")
	} else if l > 300 {
		wrong(DeliveryBasis, "Escribe el oficio o el motivo en 300 caracteres o menos")
	}
	return fault.InvalidFields(fields)
}

// StartClock records the first delivery of credentials to a nominator, as a
// signed receipt with a folio says, in the transaction of whoever delivers them;
// it does nothing when there is one. account 0 is a command.
func StartClock(ctx context.Context, tx *db.Tx, nominator int64, at time.Time, receivedBy, basis string, account int64) error {
	const find = `SELECT EXISTS (SELECT 1 FROM desk.credential_deliveries k WHERE k.nominator_id = n.id)
FROM desk.nominators n WHERE n.id = $1 FOR UPDATE`
	var there bool
	if err := tx.QueryRow(ctx, find, nominator).Scan(&there); err != nil || there {
		return err
	}
	return insertDelivery(ctx, tx, NewDelivery{NominatorID: nominator, ReceivedAt: at, ReceivedBy: receivedBy, Basis: basis}, account)
}

func insertDelivery(ctx context.Context, tx *db.Tx, n NewDelivery, account int64) error {
	const sql = `
INSERT INTO desk.credential_deliveries (nominator_id, received_at, received_by, basis, registered_by, registered_at)
VALUES ($1, $2, $3, $4, NULLIF($5, 0), $6)`
	return tx.Exec(ctx, sql, n.NominatorID, n.ReceivedAt, n.ReceivedBy, n.Basis, account, tx.Now())
}
