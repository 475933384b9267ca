package consent

import (
	"context"
	"encoding/base32"
	"fmt"

	"conoceles/internal/consentform"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// Code is the verification code of a declaration: it ties the printed format to
// the very decisions that were declared, and nobody can make one up. A new
// declaration has another code, so that a page printed before is told apart.
func (s *Store) Code(sub Subject, declaration Event) string {
	d := declaration.Decided
	if d == nil {
		return ""
	}
	mac := s.desk.MAC(fmt.Appendf(nil, "formato\x00%d\x00%d\x00%t%t%t\x00%s",
		sub.ID, declaration.ID, d.Processing, d.Publication, d.Statistics, declaration.TextHash))
	code := base32.StdEncoding.EncodeToString(mac)
	return code[:4] + "-" + code[4:8] + "-" + code[8:12]
}

// Format returns the pre-filled format of the declaration in force, to print and
// sign. Before declaring there is none: it is a Conflict.
func (s *Store) Format(ctx context.Context, a auth.Capturer, folio string) (consentform.Form, error) {
	sub, err := s.Find(ctx, a, folio)
	if err != nil {
		return consentform.Form{}, err
	}
	st, err := standing(ctx, s.desk, sub.ID)
	if err != nil {
		return consentform.Form{}, err
	}
	decided, ok := st.Decided()
	if !ok {
		return consentform.Form{}, fault.New(fault.Conflict, "Primero decide las tres autorizaciones; después descarga el formato.")
	}
	form, err := blank(ctx, s.desk, sub.Process)
	if err != nil {
		return consentform.Form{}, err
	}
	form.Name, form.Office, form.Place, form.Nominator, form.Folio = sub.Name, sub.Office, sub.Place, sub.Nominator, sub.Folio
	form.Marks = &[3]bool{decided.Processing, decided.Publication, decided.Statistics}
	form.Code = s.Code(sub, st.Declaration)
	// What follows # never leaves the telephone that reads it.
	form.Address = s.base + "/transparencia/consentimientos/" + sub.Folio + "#" + form.Code
	return form, nil
}

// Mailbox returns the account that receives the signed format of an independent
// candidacy, the only ones that may send it by e-mail; "" of any other.
func (s *Store) Mailbox(ctx context.Context, sub Subject) (string, error) {
	const read = `
SELECT CASE WHEN n.kind = $2 THEN p.consent_email ELSE '' END
FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id JOIN desk.processes p ON p.id = c.process_id WHERE c.id = $1`
	var account string
	err := s.desk.QueryRow(ctx, read, sub.ID, string(election.Independent)).Scan(&account)
	return account, db.Fault(err)
}

// blank returns the format of a process without anybody's data.
func blank(ctx context.Context, q db.Querier, process int64) (consentform.Form, error) {
	form := consentform.Form{TextVersion: TextVersion}
	const read = `
SELECT i.name, i.acronym, p.name, p.consent_email FROM desk.processes p CROSS JOIN desk.institution i WHERE p.id = $1`
	err := q.QueryRow(ctx, read, process).Scan(&form.Institute, &form.Acronym, &form.Process, &form.Email)
	return form, db.Fault(err)
}
