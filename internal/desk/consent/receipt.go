package consent

import (
	"context"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Receipt is what a person is given of their own consent: what they decided, over
// which texts, with which document, and everything that happened to it. It holds
// no identity answer.
type Receipt struct {
	Institute string    `json:"instituto"`
	Process   string    `json:"proceso"`
	Folio     string    `json:"folio"`
	Name      string    `json:"nombre"`
	Office    string    `json:"cargo"`
	Place     string    `json:"lugar"`
	Nominator string    `json:"postula"`
	IssuedAt  time.Time `json:"expedido"`

	Stage         Stage             `json:"estado"`
	Decisions     *ReceiptDecisions `json:"decisiones"` // null: none stands
	Medium        Medium            `json:"medio,omitempty"`
	TextVersion   string            `json:"texto_version,omitempty"`
	TextHash      string            `json:"texto_sha256,omitempty"`
	NoticeVersion int               `json:"aviso_version,omitempty"`
	Answers       int               `json:"respuestas_version,omitempty"` // that the declaration, or its verification, covers
	Code          string            `json:"codigo,omitempty"`
	Document      *ReceiptDocument  `json:"documento"`

	Events []ReceiptEvent `json:"historia"`
}

// ReceiptDecisions are the three decisions that stand.
type ReceiptDecisions struct {
	Processing  bool `json:"tratamiento"`
	Publication bool `json:"publicacion"`
	Statistics  bool `json:"estadistica"`
}

// ReceiptDocument is the signed document in force.
type ReceiptDocument struct {
	Hash     string     `json:"sha256"`
	Type     string     `json:"tipo"`
	Size     int        `json:"bytes"`
	At       time.Time  `json:"entregado"`
	Signed   *time.Time `json:"firmado,omitempty"`
	Received *time.Time `json:"recibido,omitempty"`
}

// ReceiptEvent is a step of the history. It names the function of who acted and
// never the person.
type ReceiptEvent struct {
	Kind   Kind      `json:"evento"`
	Medium Medium    `json:"medio"`
	Role   string    `json:"funcion"`
	At     time.Time `json:"fecha"`
	Reason string    `json:"motivo,omitempty"`
}

// Receipt returns the receipt of a candidacy for its candidate, or for who heads
// its planilla. Where nothing was ever decided it is NotFound.
func (s *Store) Receipt(ctx context.Context, c auth.Candidate, folio string) (Receipt, error) {
	sub, err := s.Find(ctx, c, folio)
	if err != nil {
		return Receipt{}, err
	}
	history, st, err := s.History(ctx, sub)
	if err != nil {
		return Receipt{}, err
	}
	if len(history) == 0 {
		return Receipt{}, fault.New(fault.NotFound, "")
	}
	form, err := blank(ctx, s.desk, sub.Process)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{
		Institute: form.Institute, Process: form.Process, Folio: sub.Folio, Name: sub.Name, Office: sub.Office, Place: sub.Place,
		Nominator: sub.Nominator, IssuedAt: s.desk.Now(), Stage: st.Stage,
	}
	if d, ok := st.Decided(); ok {
		r.declares(d, st)
		r.Code = s.Code(sub, st.Declaration)
		if err := r.readNotice(ctx, s.desk, st.Declaration.Notice); err != nil {
			return Receipt{}, err
		}
		if err := r.readDocument(ctx, s.desk, sub, st); err != nil {
			return Receipt{}, err
		}
	}
	for _, e := range history {
		r.Events = append(r.Events, ReceiptEvent{e.Kind, e.Medium, e.Role, e.At, e.Reason})
	}
	return r, nil
}

// declares fills in what the declaration in force says.
func (r *Receipt) declares(d Declarations, st Standing) {
	e := st.Declaration
	r.Decisions = &ReceiptDecisions{d.Processing, d.Publication, d.Statistics}
	r.Medium, r.TextVersion, r.TextHash, r.Answers = e.Medium, e.TextVersion, e.TextHash, e.AnswersVersion
	if st.Stage == Confirmed {
		r.Answers = st.Verified.AnswersVersion
	}
}

func (r *Receipt) readNotice(ctx context.Context, q db.Querier, notice int64) error {
	if notice == 0 { // a format received on paper says that it was read, not which
		return nil
	}
	const read = `SELECT version FROM desk.notices WHERE id = $1`
	return db.Fault(q.QueryRow(ctx, read, notice).Scan(&r.NoticeVersion))
}

func (r *Receipt) readDocument(ctx context.Context, q db.Querier, sub Subject, st Standing) error {
	if st.Document == 0 {
		return nil
	}
	d := ReceiptDocument{Signed: day(st.Declaration.SignedOn), Received: day(st.Declaration.ReceivedOn)}
	const read = `SELECT hash, media_type, size, at FROM sensitive.consent_documents WHERE id = $1 AND candidacy_id = $2`
	if err := db.Fault(q.QueryRow(ctx, read, st.Document, sub.ID).Scan(&d.Hash, &d.Type, &d.Size, &d.At)); err != nil {
		return err
	}
	r.Document = &d
	return nil
}

// Fact is a line of the receipt.
type Fact struct{ Term, Value string }

// Facts returns what the receipt says, in order.
func (r Receipt) Facts() []Fact {
	facts := []Fact{
		{"Persona candidata", r.Name},
		{"Candidatura", r.Office + " · " + r.Place},
		{"Postula", r.Nominator},
		{"Folio de la candidatura", r.Folio},
		{"Estado", stageName(r.Stage)},
	}
	if r.Decisions == nil {
		return append(facts, Fact{"Decisiones", "Ninguna vigente"})
	}
	for i, yes := range []bool{r.Decisions.Processing, r.Decisions.Publication, r.Decisions.Statistics} {
		s := Statements()[i]
		facts = append(facts, Fact{es.Int(s.Number) + ". " + s.Title, yesNo(yes)})
	}
	facts = append(facts,
		Fact{"Medio", mediumName(r.Medium)},
		Fact{"Texto de las declaraciones", "Versión " + r.TextVersion + ", SHA-256 " + r.TextHash},
	)
	if r.NoticeVersion != 0 {
		facts = append(facts, Fact{"Aviso de privacidad", "Integral, versión " + es.Int(r.NoticeVersion)})
	}
	if r.Answers != 0 {
		facts = append(facts, Fact{"Versión de las respuestas", es.Int(r.Answers)})
	}
	facts = append(facts, Fact{"Código de verificación del formato", r.Code})
	if d := r.Document; d != nil {
		facts = append(facts, Fact{"Documento firmado", "Entregado el " + es.FullDateTime(d.At) + ", SHA-256 " + d.Hash})
		if d.Received != nil {
			facts = append(facts, Fact{"Recibido", es.Date(*d.Received)})
		}
	}
	return facts
}

func yesNo(yes bool) string {
	if yes {
		return "Sí"
	}
	return "No"
}
