package app_test

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/duty"
)

// duties returns what requires questionnaires, as the program makes it.
func (s *stage) duties() *duty.Store {
	return duty.New(s.app.Desk, s.app.Consents, s.app.Publisher.Curricular)
}

// noticeFixture brings about the situations of requirements and vistas; ok is
// false for any other name.
//
//	por-requerir   drafts of everything that is owed
//	requerido      those of the accounts of the demonstration, sent
//	sin-campanas   campaigns ended a minute ago
func (s *stage) noticeFixture(name string) (values map[string]string, ok bool, err error) {
	switch name {
	case "por-requerir", "requerido":
		s.detectAll()
		values = s.noticeIDs()
		if name == "requerido" {
			for _, who := range []string{"requerimiento", "persona", "independiente"} {
				s.sendNotice(values[who])
			}
			values["oficio"] = s.text(`SELECT oficio FROM desk.duty_notices WHERE id = $1::bigint`, values["requerimiento"])
		}
		return values, true, nil
	case "sin-campanas":
		err := s.set(`UPDATE desk.processes SET campaigns_end_at = now() - interval '1 minute' WHERE key = $1`, demo.Key)
		return map[string]string{"consejo": s.app.Now().Format("02/01/2006")}, true, err
	}
	return nil, false, nil
}

// detectAll puts in the tray everything that is owed, in term too.
func (s *stage) detectAll() {
	s.Helper()
	if err := s.set(`UPDATE desk.processes SET notice_early_days = 60 WHERE key = $1`, demo.Key); err != nil {
		s.Fatal(err)
	}
	if err := s.duties().Detect(context.Background(), actorOf[auth.Reviewer](s, "verificador"), uuid.NewString()); err != nil {
		s.Fatal(err)
	}
}

// noticeIDs returns the drafts to the party of the accounts, to the candidate with
// one, to the independent and to another party.
func (s *stage) noticeIDs() map[string]string {
	s.Helper()
	const of = `SELECT n.id::text FROM desk.duty_notices n LEFT JOIN desk.nominators a ON a.id = n.nominator_id WHERE n.state = 'borrador' AND `
	const captured = `(SELECT g.candidacy_id FROM desk.grants g JOIN desk.accounts u ON u.id = g.account_id WHERE u.email = $1)`
	return map[string]string{
		"requerimiento": s.text(of + `a.acronym = 'RAIZ'`), "ajeno": s.text(of + `a.acronym = 'HORIZONTE'`),
		"persona":       s.text(of+`n.candidacy_id = `+captured, "candidata@ejemplo.invalid"),
		"independiente": s.text(of+`n.nominator_id = (SELECT c.nominator_id FROM desk.candidacies c WHERE c.id = `+captured+`)`, "independiente@ejemplo.invalid"),
	}
}

// sendNotice has an analyst propose a draft and the Head send it.
func (s *stage) sendNotice(id string) {
	s.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		s.Fatal(err)
	}
	s.proposeNotice(id)
	ctx, store, head := context.Background(), s.duties(), actorOf[auth.Head](s, "titular")
	f, err := store.Notice(ctx, head, n)
	if err == nil {
		err = store.Send(ctx, head, duty.Picked{ID: n, Version: f.Version}, uuid.NewString())
	}
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) proposeNotice(id string) {
	s.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		s.Fatal(err)
	}
	ctx, store, analyst := context.Background(), s.duties(), actorOf[auth.Reviewer](s, "verificador")
	f, err := store.Notice(ctx, analyst, n)
	if err == nil {
		err = store.Propose(ctx, analyst, duty.Edition{ID: n, Key: uuid.NewString(), Version: f.Version, Subject: f.Subject, Body: f.Body, Days: f.TermDays})
	}
	if err != nil {
		s.Fatal(err)
	}
}

// The consents say what of identity is owed, and no more.
var _ duty.Identity = (*consent.Store)(nil)
