package consent

import (
	"context"
	"fmt"
	"strings"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// Verification is the Head's reading of the signed document: what its boxes say,
// of whom it is, and that it is signed.
type Verification struct {
	Folio       string
	Key         string
	Declaration int64 // that was looked at
	Document    int64 // that was looked at
	Answers     int   // the version of the answers when it was looked at; 0, none yet
	Processing  *bool // as the document says
	Publication *bool
	Statistics  *bool
	SamePerson  bool // the document is of this person
	Signed      bool
}

// ToVerify returns a Verification of what there is to look at now, with nothing
// said about it yet.
func (s *Store) ToVerify(ctx context.Context, h auth.Head, folio string) (Verification, error) {
	sub, err := s.FindForHead(ctx, h, folio)
	if err != nil {
		return Verification{}, err
	}
	st, err := standing(ctx, s.desk, sub.ID)
	if err != nil {
		return Verification{}, err
	}
	version, err := s.answersVersion(ctx, s.desk, sub)
	return Verification{Folio: folio, Declaration: st.Declaration.ID, Document: st.Document, Answers: version}, err
}

// Verify confirms that the signed document says what was declared. It fails,
// and the consent stays unverified, when the marks differ, when the document is
// of another person or unsigned, when something happened since the Head looked
// (the answers are others, too: nobody verifies that more may be public than
// what there was), and always for whoever delivered the document. From its commit on, what the
// consent allows is public, and the person is told with a link that withdraws.
func (s *Store) Verify(ctx context.Context, h auth.Head, v Verification) error {
	sub, err := s.FindForHead(ctx, h, v.Folio)
	if err != nil {
		return err
	}
	payload := fmt.Sprint(v.Declaration, v.Document, v.Answers)
	_, err = s.desk.Do(ctx, h, s.action("consentimiento.verificar", sub, v.Key, payload), func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, sub.ID); err != nil {
			return "", err
		}
		st, err := standing(ctx, tx, sub.ID)
		if err != nil {
			return "", err
		}
		if err := v.agrees(st, h); err != nil {
			return "", err
		}
		version, err := s.answersVersion(ctx, tx, sub)
		if err != nil {
			return "", err
		}
		if version != v.Answers {
			return "", fault.New(fault.Conflict, "Se guardaron respuestas de identidad mientras revisabas esta autorización. Recarga la página antes de verificarla.")
		}
		id, err := insert(ctx, tx, sub.ID, h, Event{
			Kind: Verified, Medium: Online, Declaration: st.Declaration.ID, Document: st.Document, AnswersVersion: version,
		})
		if err != nil {
			return "", err
		}
		if err := s.tell(ctx, tx, sub, id, verifiedMessage); err != nil {
			return "", err
		}
		return "", s.site.Candidacies(ctx, tx, sub.Process, sub.ID)
	})
	return err
}

// agrees returns why the verification cannot stand, if it cannot.
func (v Verification) agrees(st Standing, h auth.Head) error {
	if st.Stage != Waiting || st.Declaration.ID != v.Declaration || st.Document != v.Document {
		return fault.New(fault.Conflict, "Esta autorización cambió mientras la revisabas. Recarga la página y vuelve a leer el documento.")
	}
	if st.Uploader == h.Account || st.Declaration.Account == h.Account {
		return fault.New(fault.Forbidden, "Quien entregó o registró un documento no lo verifica. Lo debe verificar otra persona titular.")
	}
	var fields []fault.Field
	declared := *st.Declaration.Decided
	for i, pair := range []struct {
		read     *bool
		declared bool
	}{{v.Processing, declared.Processing}, {v.Publication, declared.Publication}, {v.Statistics, declared.Statistics}} {
		statement := Statements()[i]
		switch {
		case pair.read == nil:
			fields = append(fields, fault.Field{ID: statement.Name, Message: fmt.Sprintf("Elige lo que marca el documento en la autorización %d", statement.Number)})
		case *pair.read != pair.declared:
			fields = append(fields, fault.Field{ID: statement.Name, Message: fmt.Sprintf(
				"En la autorización %d el documento no dice lo que se declaró en pantalla: no se puede verificar. Recházalo y explica la diferencia", statement.Number)})
		}
	}
	if !v.SamePerson {
		fields = append(fields, fault.Field{ID: "misma_persona", Message: "Confirma que el documento es de esta persona; si no lo es, recházalo"})
	}
	if !v.Signed {
		fields = append(fields, fault.Field{ID: "firmado", Message: "Confirma que el documento está firmado; si no lo está, recházalo"})
	}
	return fault.InvalidFields(fields)
}

// Reject says that the document does not support the declaration. What was
// verified stops being so.
func (s *Store) Reject(ctx context.Context, h auth.Head, folio, key, reason string, declaration int64) error {
	if strings.TrimSpace(reason) == "" {
		return fault.InvalidField("motivo", "Escribe qué debe corregirse en el documento")
	}
	sub, err := s.FindForHead(ctx, h, folio)
	if err != nil {
		return err
	}
	_, err = s.desk.Do(ctx, h, s.action("consentimiento.rechazar", sub, key, reason), func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, sub.ID); err != nil {
			return "", err
		}
		st, err := standing(ctx, tx, sub.ID)
		if err != nil {
			return "", err
		}
		if st.Declaration.ID != declaration || (st.Stage != Waiting && st.Stage != Confirmed) {
			return "", fault.New(fault.Conflict, "Esta autorización cambió mientras la revisabas. Recarga la página.")
		}
		if _, err := insert(ctx, tx, sub.ID, h, Event{Kind: Rejected, Medium: Online, Declaration: declaration, Reason: reason}); err != nil {
			return "", err
		}
		return "", s.site.Candidacies(ctx, tx, sub.Process, sub.ID)
	})
	return err
}
