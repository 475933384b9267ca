package consent

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// Record is all that the register holds of a candidacy: never what the document
// shows nor what was answered, which are read apart and leave an entry.
type Record struct {
	Subject
	Standing
	Events    []Event
	Names     map[int64]string // of the accounts in the history
	Documents map[int64]Scan
	Answers   int  // the version of the answers; 0 when there is none
	Complete  bool // the questionnaire is complete, or closed by nº 1 = No
	Outdated  bool // answers were saved after the verification: nothing is published
}

// Last is the last event, which a form posts back as After; 0 when there is none.
func (r Record) Last() int64 {
	if len(r.Events) == 0 {
		return 0
	}
	return r.Events[len(r.Events)-1].ID
}

// Delivered reports whether the account delivered or registered what waits, and
// so may not verify it.
func (r Record) Delivered(account int64) bool {
	return account == r.Uploader || account == r.Declaration.Account
}

// Scan is a signed document by its seal, not by its content.
type Scan struct {
	ID        int64
	Hash      string
	MediaType string
	Size      int
}

// Record returns the record of a folio of the actor's process. Any other folio,
// and one that does not exist, are NotFound.
func (s *Store) Record(ctx context.Context, t auth.Transparency, folio string) (Record, error) {
	sub, err := s.findForTransparency(ctx, t, folio)
	if err != nil {
		return Record{}, err
	}
	out := Record{Subject: sub}
	if out.Events, out.Standing, err = s.History(ctx, sub); err != nil {
		return out, db.Fault(err)
	}
	state, err := s.seal.State(ctx, s.desk, sub.ID)
	if err != nil {
		return out, err
	}
	out.Answers = state.Version
	out.Complete = state.Complete || out.Closed()
	out.Outdated = out.Stage == Confirmed && out.Verified.AnswersVersion != state.Version
	if out.Names, err = s.names(ctx, out.Events); err != nil {
		return out, err
	}
	out.Documents, err = s.scans(ctx, sub.ID)
	return out, err
}

func (s *Store) findForTransparency(ctx context.Context, t auth.Transparency, folio string) (Subject, error) {
	return one(ctx, s.desk, subjectColumns+` WHERE c.process_id = $1 AND c.folio = $2`, t.Person().Process, folio)
}

func (s *Store) names(ctx context.Context, events []Event) (map[int64]string, error) {
	var accounts []int64
	for _, e := range events {
		accounts = append(accounts, e.Account)
	}
	rows, err := s.desk.Query(ctx, `SELECT id, name FROM desk.accounts WHERE id = ANY($1)`, accounts)
	if err != nil {
		return nil, err
	}
	out := map[int64]string{}
	var id int64
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { out[id] = name; return nil })
	return out, db.Fault(err)
}

func (s *Store) scans(ctx context.Context, candidacy int64) (map[int64]Scan, error) {
	const sql = `SELECT id, hash, media_type, size FROM sensitive.consent_documents WHERE candidacy_id = $1`
	rows, err := s.desk.Query(ctx, sql, candidacy)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Scan])
	out := map[int64]Scan{}
	for _, d := range all {
		out[d.ID] = d
	}
	return out, db.Fault(err)
}

// ReadAnswers opens the identity answers of a candidacy for whoever reviews at
// Transparencia, with the questions as they were asked. They say why, and the
// bitácora keeps who read of whom, and why. Without answers both are empty.
func (s *Store) ReadAnswers(ctx context.Context, t auth.Transparency, folio, reason string) (*questionnaire.Questionnaire, questionnaire.Answers, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, nil, fault.InvalidField("motivo", "Escribe para qué necesitas ver las respuestas")
	}
	sub, err := s.findForTransparency(ctx, t, folio)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := s.seal.Read(ctx, s.desk, t, identity.Reading{
		Process: sub.Process, Candidacy: sub.ID, Version: identity.Last, Purpose: identity.Review, Reason: reason,
	})
	if err != nil || sealed.Version() == 0 {
		return nil, nil, err
	}
	answered, err := questionnaire.IdentityEdition(sealed.Edition())
	if err != nil {
		return nil, nil, err
	}
	answers, err := sealed.Open(identity.Review)
	return answered, answers, err
}
