package duty

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/notify"
	"conoceles/internal/document"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Send makes a proposal an official letter with its annex, frozen, and tells the
// addressee, all in one transaction. What was attended since it was proposed is
// left out.
//
// Errors: NotFound in another process; Forbidden to who proposed it; Conflict when
// it is not what was read, when nothing is left to require, or after campaigns.
func (s *Store) Send(ctx context.Context, h auth.Head, p Picked, key string) error {
	p.key = key
	return s.send(ctx, h, p)
}

// SendSeveral sends proposals, each in a transaction of its own and with the
// checks of Send: one that cannot be sent stops no other.
func (s *Store) SendSeveral(ctx context.Context, h auth.Head, key string, picked []Picked) ([]Result, error) {
	return several(key, picked, func(p Picked) error { return s.send(ctx, h, p) })
}

func (s *Store) send(ctx context.Context, h auth.Head, p Picked) error {
	return s.do(ctx, h, "requerimiento.enviar", p.ID, p.key, fmt.Sprint(p.Version), func(ctx context.Context, tx *db.Tx, n Notice) error {
		if n.State != Proposed || n.Version != p.Version {
			return errMoved
		}
		if n.ProposedBy != nil && *n.ProposedBy == h.Account {
			return fault.New(fault.Forbidden, "Nadie envía lo que propuso. Lo debe enviar otra persona titular.")
		}
		t, err := readTerms(ctx, tx, n.Process)
		if err != nil {
			return err
		}
		if t.over(tx.Now()) {
			return fault.New(fault.Conflict, "Las campañas terminaron y la captura está cerrada: lo que falta va en la vista a la Comisión.")
		}
		f, err := s.refresh(ctx, tx, n)
		if err != nil {
			return err
		}
		return issue(ctx, tx, h, f, t.due(tx.Now(), f.TermDays))
	})
}

// refresh leaves in a requirement what is owed at this moment.
func (s *Store) refresh(ctx context.Context, tx *db.Tx, n Notice) (File, error) {
	items, err := s.items(ctx, tx, n.Process, n.ID)
	if err != nil {
		return File{}, err
	}
	var whose []int64
	for _, i := range items {
		whose = append(whose, i.Candidacy)
	}
	all, err := s.owed(ctx, tx, n.Process, whose)
	if err != nil {
		return File{}, err
	}
	if _, err := reconcile(ctx, tx, n.Process, whose, all); err != nil {
		return File{}, err
	}
	found, err := notices(ctx, tx, `SELECT `+noticeColumns+noticeTables+` WHERE n.id = $1`, n.ID)
	if err != nil {
		return File{}, err
	}
	f := File{Notice: found[0], Now: tx.Now()}
	if f.Items, err = s.items(ctx, tx, n.Process, n.ID); err == nil && len(f.Items) == 0 {
		err = fault.New(fault.Conflict, "Ya no hay nada que requerir: todo se atendió.")
	}
	return f, err
}

// issue freezes the letter and its annex, and leaves word of it.
func issue(ctx context.Context, tx *db.Tx, h auth.Head, f File, due time.Time) error {
	i, err := readInstitution(ctx, tx, f.Process)
	if err != nil {
		return err
	}
	values := f.values(i, due)
	f.State, f.Text, f.About = Sent, merge(f.Body, values), merge(f.Subject, values)
	letter, err := f.Letter(i, h.Name)
	if err != nil {
		return err
	}
	annex, err := f.Annex()
	if err != nil {
		return err
	}
	const sql = `
UPDATE desk.duty_notices SET state = 'enviado', version = version + 1, subject = $2, body = $3, sent_by = $4, sent_at = $5, due_at = $6,
  letter = $7, letter_hash = $8, annex = $9, annex_hash = $10 WHERE id = $1`
	if err := tx.Exec(ctx, sql, f.ID, f.About, f.Text, h.Account, tx.Now(), due, letter, document.Hash(letter), annex, document.Hash(annex)); err != nil {
		return err
	}
	return tell(ctx, tx, f, due)
}

// tell writes to every account of the addressee; with none, to the address of the
// register if it is theirs alone; with none, it is a letter to print.
func tell(ctx context.Context, tx *db.Tx, f File, due time.Time) error {
	all, err := accounts(ctx, tx, f.Process)
	if err != nil {
		return err
	}
	m := notify.Message{
		Process: f.Process, Kind: "requerimiento.enviado", Channel: notify.Mail, Subject: "Oficio " + f.Oficio + ": " + f.About,
		Body: strings.Join([]string{
			"La Unidad de Transparencia te envió el oficio " + f.Oficio + ". Vence el " + es.FullDateTime(lastMoment(due)) + ".",
			"Entra a Conóceles para leerlo con su anexo y acusar de recibo. Esto es lo que dice:", f.Text,
		}, "\n\n"),
	}
	if f.CandidacyID != nil {
		m.Candidacy = *f.CandidacyID
	}
	told := false
	for _, a := range all {
		if a.receives(f.Notice) {
			m.Recipient, told = a.Email, true
			if err := notify.Put(ctx, tx, m); err != nil {
				return err
			}
		}
	}
	if told {
		return nil
	}
	if m.Recipient, err = ownAddress(ctx, tx, f.CandidacyID); err != nil {
		return err
	}
	if m.Recipient == "" {
		m.Channel, m.Recipient = notify.Letter, f.To
	}
	return notify.Put(ctx, tx, m)
}

// ownAddress is the e-mail that the register gives of a person, if nobody else of
// the process has it.
func ownAddress(ctx context.Context, q db.Querier, candidacy *int64) (string, error) {
	if candidacy == nil {
		return "", nil
	}
	const sql = `
SELECT CASE WHEN EXISTS (SELECT 1 FROM desk.persons x WHERE x.process_id = p.process_id AND x.id <> p.id AND lower(x.email) = lower(p.email)) THEN '' ELSE p.email END
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id WHERE c.id = $1`
	var email string
	err := q.QueryRow(ctx, sql, *candidacy).Scan(&email)
	return email, db.Fault(err)
}

// account is somebody who captures, and what.
type account struct {
	ID        int64
	Email     string
	Role      string
	Nominator int64 // captured by operators and validators
	Candidacy int64 // the candidate's own
	Planilla  int64 // headed by an independent
}

// accounts returns who captures in a process, those suspended left out.
func accounts(ctx context.Context, q db.Querier, process int64) ([]account, error) {
	const sql = `
SELECT a.id, a.email, g.role, COALESCE(g.nominator_id, 0) AS nominator, COALESCE(g.candidacy_id, 0) AS candidacy,
  CASE WHEN n.kind = 'independiente' THEN n.id ELSE 0 END AS planilla
FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id AND a.active
LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id
LEFT JOIN desk.nominators n ON n.id = c.nominator_id
WHERE g.process_id = $1 AND g.role IN ('operador', 'validador', 'candidata') ORDER BY a.id`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[account])
	return out, db.Fault(err)
}

// receives reports whether a requirement is to that account.
func (a account) receives(n Notice) bool {
	switch {
	case n.CandidacyID != nil:
		return a.Candidacy == *n.CandidacyID
	case n.NominatorID == nil:
		return false
	}
	return *n.NominatorID == a.Nominator || *n.NominatorID == a.Planilla
}

// captures reports whether the account captures what is owed, and validates
// whether it may end it.
func (a account) captures(o Owed) bool {
	return a.Candidacy == o.Candidacy || a.Nominator != 0 && a.Nominator == o.CapturerID || a.Planilla != 0 && o.Independent && a.Planilla == o.CapturerID
}

func (a account) validates() bool { return a.Role == auth.Validator{}.Role() || a.Planilla != 0 }
