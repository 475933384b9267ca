package consent

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Declaration is the form with the three decisions. A nil decision is one left
// open.
type Declaration struct {
	Folio       string
	Key         string // idempotency key
	After       int64  // the last event the person saw; 0 for none
	Processing  *bool
	Publication *bool
	Statistics  *bool
}

// open returns a message for each decision left open.
func (d Declaration) check() error {
	var fields []fault.Field
	for i, decided := range []*bool{d.Processing, d.Publication, d.Statistics} {
		if decided == nil {
			s := Statements()[i]
			fields = append(fields, fault.Field{ID: s.Name, Message: fmt.Sprintf("Elige Sí o No en la autorización %d. «No» también es una respuesta válida", s.Number)})
		}
	}
	if len(fields) == 0 && *d.Publication && !*d.Processing {
		fields = append(fields, fault.Field{ID: "publicacion", Message: "No se puede publicar lo que no autorizas tratar: elige No en la 2, o Sí en la 1"})
	}
	return fault.InvalidFields(fields)
}

// Declare records the three decisions. It needs the notice in force to have been
// accepted, and that nothing happened since After: a declaration made without
// having seen a withdrawal is a Conflict. A new declaration takes the place of
// the one before, which stops publishing at once.
func (s *Store) Declare(ctx context.Context, a auth.Capturer, d Declaration) error {
	if err := d.check(); err != nil {
		return err
	}
	sub, err := s.Find(ctx, a, d.Folio)
	if err != nil {
		return err
	}
	action := s.action("consentimiento.declarar", sub, d.Key, fmt.Sprint(*d.Processing, *d.Publication, *d.Statistics, d.After))
	_, err = s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := hold(ctx, tx, a, d.Folio); err != nil {
			return "", err
		}
		if err := s.unchanged(ctx, tx, sub.ID, d.After); err != nil {
			return "", err
		}
		notice, err := acceptedNotice(ctx, tx, sub)
		if err != nil {
			return "", err
		}
		version, err := s.answersVersion(ctx, tx, sub)
		if err != nil {
			return "", err
		}
		kind := Denied
		if *d.Processing && *d.Publication {
			kind = Granted
		}
		id, err := insert(ctx, tx, sub.ID, a, Event{
			Kind: kind, Medium: Online, Decided: &Declarations{*d.Processing, *d.Publication, *d.Statistics},
			TextVersion: TextVersion, TextHash: TextHash(), Notice: notice, AnswersVersion: version,
		})
		if err != nil {
			return "", err
		}
		return strconv.FormatInt(id, 10), s.site.Candidacies(ctx, tx, sub.Process, sub.ID)
	})
	return err
}

// unchanged returns a Conflict unless after is the last event of the history.
func (s *Store) unchanged(ctx context.Context, tx *db.Tx, candidacy, after int64) error {
	var last int64
	const q = `SELECT COALESCE(max(id), 0) FROM sensitive.consent_events WHERE candidacy_id = $1`
	if err := tx.QueryRow(ctx, q, candidacy).Scan(&last); err != nil {
		return err
	}
	if last != after {
		return fault.New(fault.Conflict, "Las autorizaciones de esta candidatura cambiaron mientras las veías. Recarga la página antes de decidir.")
	}
	return nil
}

// acceptedNotice returns the integral notice in force, if somebody who captures
// for the candidacy has accepted the simplified one.
func acceptedNotice(ctx context.Context, tx *db.Tx, sub Subject) (int64, error) {
	var id int64
	var accepted bool
	const q = `
SELECT n.id, EXISTS (SELECT 1 FROM desk.notice_acceptances a JOIN desk.notices k ON k.id = a.notice_id
  WHERE a.candidacy_id = $2 AND k.process_id = n.process_id
    AND k.version >= COALESCE((SELECT max(version) FROM desk.notices r WHERE r.process_id = n.process_id AND r.kind = k.kind AND r.asks_again), 1))
FROM desk.notices n WHERE n.process_id = $1 AND n.kind = 'integral' ORDER BY n.version DESC LIMIT 1`
	if err := db.Fault(tx.QueryRow(ctx, q, sub.Process, sub.ID).Scan(&id, &accepted)); err != nil {
		if fault.Is(err, fault.NotFound) {
			return 0, fault.New(fault.Unavailable, "El aviso de privacidad aún no se aprueba: las autorizaciones se abren cuando esté publicado.")
		}
		return 0, err
	}
	if !accepted {
		return 0, fault.New(fault.Conflict, "Antes de decidir, lee el aviso de privacidad y confirma que lo leíste.")
	}
	return id, nil
}

// answersVersion is the version of the answers that a decision covers now.
func (s *Store) answersVersion(ctx context.Context, q db.Querier, sub Subject) (int, error) {
	a, err := s.seal.State(ctx, q, sub.ID)
	return a.Version, err
}

// action is the entry of an act on a subject.
func (s *Store) action(kind string, sub Subject, key, payload string) db.Action {
	return db.Action{Kind: kind, Process: sub.Process, Object: "candidatura " + strconv.FormatInt(sub.ID, 10), Key: key, Payload: []byte(payload)}
}

// Registration is a format that Transparencia received by mail or in person.
type Registration struct {
	Folio      string
	Key        string
	After      int64
	Medium     Medium
	Decided    Declaration
	SignedOn   time.Time
	ReceivedOn time.Time
	File       Document
}

// Registrar is who registers what arrives on paper: a Reviewer or the Head.
type Registrar interface {
	auth.Actor
	registers()
}

// AsReviewer lets an analyst register.
type AsReviewer struct{ auth.Reviewer }

// AsHead lets the Head register; somebody else then verifies.
type AsHead struct{ auth.Head }

func (AsReviewer) registers() {}
func (AsHead) registers()     {}

// Register records a declaration with its signed document, received outside the
// system. It needs no acceptance on screen: the format says that the notice was
// read.
func (s *Store) Register(ctx context.Context, by Registrar, r Registration) error {
	if err := r.Decided.check(); err != nil {
		return err
	}
	if r.Medium != OnPaper && r.Medium != InPerson {
		return fault.InvalidField("medio", "Elige cómo llegó: por correo o mensajería, o en persona")
	}
	if r.ReceivedOn.IsZero() {
		return fault.InvalidField("recibido", "Escribe la fecha en que se recibió")
	}
	if err := r.File.check(); err != nil {
		return err
	}
	sub, err := one(ctx, s.desk, subjectColumns+` WHERE c.process_id = $1 AND c.folio = $2`, by.Person().Process, r.Folio)
	if err != nil {
		return err
	}
	d := r.Decided
	action := s.action("consentimiento.registrar", sub, r.Key, fmt.Sprint(*d.Processing, *d.Publication, *d.Statistics, r.File.hash()))
	_, err = s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, sub.ID); err != nil {
			return "", err
		}
		if err := s.unchanged(ctx, tx, sub.ID, r.After); err != nil {
			return "", err
		}
		document, err := s.keep(ctx, tx, by, sub, r.File)
		if err != nil {
			return "", err
		}
		version, err := s.answersVersion(ctx, tx, sub)
		if err != nil {
			return "", err
		}
		kind := Denied
		if *d.Processing && *d.Publication {
			kind = Granted
		}
		id, err := insert(ctx, tx, sub.ID, by, Event{
			Kind: kind, Medium: r.Medium, Decided: &Declarations{*d.Processing, *d.Publication, *d.Statistics},
			TextVersion: TextVersion, TextHash: TextHash(), AnswersVersion: version, Document: document,
			SignedOn: r.SignedOn, ReceivedOn: r.ReceivedOn,
		})
		if err != nil {
			return "", err
		}
		if err := s.tell(ctx, tx, sub, id, registeredMessage); err != nil {
			return "", err
		}
		return strconv.FormatInt(id, 10), s.site.Candidacies(ctx, tx, sub.Process, sub.ID)
	})
	return err
}
