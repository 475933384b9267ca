package account

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/document"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Receipt is the printed proof that a person received their access. It carries no
// link: whoever prints it cannot enter for them.
type Receipt struct {
	Folio     string
	Institute string
	Process   string
	Name      string
	Email     string
	Role      string
	Scope     string
	MadeAt    time.Time
	Expires   time.Time
	IssuedAt  time.Time
}

// receiptRow is a link as its receipt needs it.
type receiptRow struct {
	Institute string
	Process   string
	Prefix    string
	MadeAt    time.Time
	Expires   time.Time
	Person    int64
}

// Receipt returns the receipt of the last invitation of a person of the actor's
// process; NotFound when they have none.
func (s *Store) Receipt(ctx context.Context, a auth.Admin, account int64) (Receipt, error) {
	p, err := s.Person(ctx, a, account)
	if err != nil {
		return Receipt{}, err
	}
	const q = `
SELECT COALESCE((SELECT name FROM desk.institution), '') AS institute, pr.name AS process, pr.folio_prefix AS prefix, l.made_at,
  l.expires_at AS expires, l.account_id AS person
FROM desk.access_links l JOIN desk.processes pr ON pr.id = l.process_id WHERE l.id = $1 AND l.process_id = $2`
	r, err := one[receiptRow](ctx, s.desk, q, p.Link, a.Process)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{
		Folio: "ACCESO-" + r.Prefix + "-" + fmt.Sprintf("%05d", p.Link), Institute: r.Institute, Process: r.Process, Name: p.Name,
		Email: p.Email, Role: RoleName(p.Role), Scope: p.Scope, MadeAt: r.MadeAt, Expires: r.Expires, IssuedAt: s.desk.Now(),
	}, nil
}

// PDF writes the receipt, to be signed by hand.
func (r Receipt) PDF() ([]byte, error) {
	pdf := document.New("Acuse de entrega "+r.Folio, r.Institute, r.IssuedAt)
	pdf.SetMargins(25, 25, 25)
	pdf.AddPage()
	pdf.Write("", 10, 5, r.Institute)
	pdf.Write("", 10, 5, "Conóceles · "+r.Process)
	pdf.Ln(6)
	pdf.Write("B", 18, 9, "Acuse de entrega de acceso")
	pdf.Write("", 10, 6, "Folio "+r.Folio)
	pdf.Ln(4)
	facts := [][2]string{
		{"Persona", r.Name},
		{"Correo con que entra", r.Email},
		{"Función", r.Role},
		{"Alcance", r.Scope},
		{"Enlace de activación enviado", es.FullDateTime(r.MadeAt)},
		{"Sirve una sola vez y hasta", es.FullDateTime(r.Expires)},
	}
	for _, f := range facts {
		if f[1] != "" {
			pdf.Write("", 9, 4.6, f[0])
			pdf.Write("B", 10, 5.4, f[1])
			pdf.Ln(1.5)
		}
	}
	pdf.Ln(2)
	pdf.Write("", 10, 5.4, "Recibo el acceso descrito. Sé que es personal e intransferible, que sólo yo elijo y conozco mi contraseña, que nadie del "+
		"Instituto me la pedirá, y que todo lo que haga con esta cuenta queda registrado. Si quien recibe captura por un partido o por una "+
		"candidatura independiente, el plazo de captura corre desde la fecha y hora de esta recepción.")
	pdf.Ln(10)
	pdf.Write("", 10, 6, "Fecha y hora en que se recibe: ______ / ______ / ____________     ______ : ______ h")
	pdf.Ln(22)
	pdf.SetFont("Go", "", 10)
	y := pdf.GetY()
	for i, who := range []string{"Nombre y firma de quien recibe", "Nombre y firma de quien entrega"} {
		x := 25 + float64(i)*86
		pdf.Line(x, y, x+76, y)
		pdf.SetXY(x, y+1.5)
		pdf.CellFormat(76, 5, who, "", 0, "C", false, 0, "")
	}
	return pdf.Bytes()
}

// RegisterReceipt records when a person signed the receipt of their invitation.
// If they capture for a party or for their independent planilla, their capture
// clock starts then, unless it had. It is a Conflict to register it twice.
func (s *Store) RegisterReceipt(ctx context.Context, a auth.Admin, key string, account int64, at time.Time) error {
	action := db.Action{
		Kind: "cuenta.entrega", Process: a.Process, Object: object(account), Key: key, Payload: []byte(at.UTC().Format(time.RFC3339)),
		Details: map[string]string{"recibido": at.UTC().Format(time.RFC3339)},
	}
	_, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		var link, nominator int64
		var name string
		var made time.Time
		var registered bool
		const find = `
SELECT l.id, l.made_at, l.received_at IS NOT NULL, x.name, COALESCE(g.nominator_id, n.id, 0)
FROM desk.access_links l
JOIN desk.accounts x ON x.id = l.account_id
JOIN desk.grants g ON g.account_id = x.id AND g.process_id = l.process_id
LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id
LEFT JOIN desk.nominators n ON n.id = c.nominator_id AND n.kind = 'independiente'
WHERE l.account_id = $1 AND l.process_id = $2 AND l.kind = 'invitacion' ORDER BY l.id DESC LIMIT 1 FOR UPDATE OF l`
		if err := tx.QueryRow(ctx, find, account, a.Process).Scan(&link, &made, &registered, &name, &nominator); err != nil {
			return "", err
		}
		switch {
		case registered:
			return "", fault.New(fault.Conflict, "Este acuse ya está registrado.")
		case at.IsZero():
			return "", fault.InvalidField(ReceivedField, "Escribe el día y la hora en que se recibió, como 30/03/2027 9:00")
		case at.After(tx.Now()):
			return "", fault.InvalidField(ReceivedField, "La recepción no puede ser posterior a este momento")
		case at.Before(made.Truncate(time.Minute)):
			return "", fault.InvalidField(ReceivedField, "La recepción no puede ser anterior a la invitación, del "+es.FullDateTime(made))
		}
		const q = `UPDATE desk.access_links SET received_at = $2, registered_by = $3 WHERE id = $1`
		if err := tx.Exec(ctx, q, link, at, a.Account); err != nil || nominator == 0 {
			return "", err
		}
		return "", capture.StartClock(ctx, tx, nominator, at, name, "Acuse de acceso "+strconv.FormatInt(link, 10), a.Account)
	})
	return err
}
