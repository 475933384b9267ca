package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// The fields of the decisions over a cut.
const (
	AcuerdoField   = "acuerdo"
	AcuerdoOnField = "fecha"
)

// BaseField is the field that carries the version of a text that its form started
// from.
func BaseField(id string) string { return "version_" + id }

// MaxText is how long a part of the narrative may be, in characters.
const MaxText = 20000

func object(id int64) string { return fmt.Sprintf("corte %d", id) }

var errChanged = fault.New(fault.Conflict, "Este informe cambió mientras lo veías. Recarga la página para ver cómo quedó.")

// Writing is the narrative of a draft, as it was posted: each part with the version
// that was on screen.
type Writing struct {
	ID     int64
	Key    string
	Bodies map[string]string
	Bases  map[string]int
}

// Write keeps the narrative of a draft: a new version of each part that changed.
//
// Errors: NotFound in another process; Invalid, with the fields; Conflict when it
// was approved, or somebody wrote the same part meanwhile.
func (s *Store) Write(ctx context.Context, t auth.Transparency, w Writing) error {
	var fields []fault.Field
	var payload strings.Builder
	for _, id := range slices.Sorted(maps.Keys(w.Bodies)) {
		w.Bodies[id] = tidy(w.Bodies[id])
		fmt.Fprintf(&payload, "%s\x00%d\x00%s\x00", id, w.Bases[id], w.Bodies[id])
		if utf8.RuneCountInString(w.Bodies[id]) > MaxText {
			fields = append(fields, fault.Field{ID: id, Message: "Escribe este apartado en 20,000 caracteres o menos"})
		}
	}
	if err := fault.InvalidFields(fields); err != nil {
		return err
	}
	return s.act(ctx, t, "informe.redactar", w.ID, w.Key, payload.String(), func(ctx context.Context, tx *db.Tx, f File) error {
		if !f.Draft() {
			return fault.New(fault.Conflict, "Este informe ya se aprobó: sus textos no cambian. Haz un corte nuevo.")
		}
		for _, text := range f.Texts {
			body, sent := w.Bodies[text.ID]
			if !sent || body == text.Body {
				continue
			}
			if w.Bases[text.ID] != text.Version {
				return fault.New(fault.Conflict, "Otra persona escribió «"+text.Label+"» mientras escribías. Lo tuyo sigue en pantalla: compáralo con lo suyo antes de guardar.")
			}
			const sql = `INSERT INTO desk.report_texts (cut_id, field, version, body, account_id, at) VALUES ($1, $2, $3, $4, $5, $6)`
			if err := tx.Exec(ctx, sql, f.ID, text.ID, text.Version+1, body, t.AccountID(), tx.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Approval is the acuerdo that approves a cut, as it was posted.
type Approval struct {
	ID      int64
	Key     string
	Acuerdo string
	On      time.Time // zero when it was not understood
}

// Approve records the acuerdo that approves a cut: from then on neither its texts
// nor its tables change, and it no longer says PRELIMINAR.
//
// Errors: NotFound in another process; Invalid, with the fields; Conflict when it
// was approved.
func (s *Store) Approve(ctx context.Context, h auth.Head, a Approval) error {
	a.Acuerdo = strings.Join(strings.Fields(a.Acuerdo), " ")
	payload := a.Acuerdo + "\x00" + a.On.Format(time.DateOnly)
	return s.act(ctx, h, "informe.aprobar", a.ID, a.Key, payload, func(ctx context.Context, tx *db.Tx, f File) error {
		if !f.Draft() {
			return errChanged
		}
		var fields []fault.Field
		if n := utf8.RuneCountInString(a.Acuerdo); n == 0 || n > 120 {
			fields = append(fields, fault.Field{ID: AcuerdoField, Message: "Escribe el número de acuerdo, en 120 caracteres o menos"})
		}
		switch {
		case a.On.IsZero():
			fields = append(fields, fault.Field{ID: AcuerdoOnField, Message: "Escribe la fecha como día, mes y año: 14/03/2027"})
		case a.On.After(tx.Now()) || a.On.Before(f.At.AddDate(0, 0, -1)):
			fields = append(fields, fault.Field{ID: AcuerdoOnField, Message: "El acuerdo va desde el día del corte hasta hoy"})
		}
		if err := fault.InvalidFields(fields); err != nil {
			return err
		}
		seal, err := f.seal()
		if err != nil {
			return err
		}
		const sql = `UPDATE desk.report_cuts SET approved_by = $2, approved_at = $3, acuerdo = $4, acuerdo_on = $5, approved_hash = $6 WHERE id = $1`
		return tx.Exec(ctx, sql, f.ID, h.Account, tx.Now(), a.Acuerdo, a.On.Format(time.DateOnly), seal)
	})
}

// Propose asks for an approved cut to become public.
//
// Errors: NotFound in another process; Conflict when it is a draft, when its report
// is internal, when it was proposed, and when the figures of identity were protected
// without another cut that was released since.
func (s *Store) Propose(ctx context.Context, t auth.Transparency, id int64, key string) error {
	return s.act(ctx, t, "informe.proponer", id, key, "", func(ctx context.Context, tx *db.Tx, f File) error {
		if f.ProposedAt != nil {
			return errChanged
		}
		if err := releasable(ctx, tx, f); err != nil {
			return err
		}
		return tx.Exec(ctx, `UPDATE desk.report_cuts SET proposed_by = $2, proposed_at = $3 WHERE id = $1`, f.ID, t.AccountID(), tx.Now())
	})
}

// Release makes a cut public, with its document as it is now: nothing of it changes
// afterwards. Whoever proposed it does not release it.
//
// Errors: as Propose; Conflict also when nobody proposed it; Forbidden to who did.
func (s *Store) Release(ctx context.Context, h auth.Head, id int64, key string) error {
	return s.act(ctx, h, "informe.liberar", id, key, "", func(ctx context.Context, tx *db.Tx, f File) error {
		if f.ProposedAt == nil || f.ReleasedAt != nil {
			return errChanged
		}
		if f.ProposedBy == h.Account {
			return fault.New(fault.Conflict, "Este informe lo debe liberar otra persona, no quien lo propuso.")
		}
		if err := releasable(ctx, tx, f); err != nil {
			return err
		}
		paper, err := render(ctx, tx, f, *f.Public)
		if err != nil {
			return err
		}
		const sql = `UPDATE desk.report_cuts SET released_by = $2, released_at = $3, document = $4, document_hash = $5 WHERE id = $1`
		if err := tx.Exec(ctx, sql, f.ID, h.Account, tx.Now(), paper, hashOf(paper)); err != nil {
			return err
		}
		return s.site.Reports(ctx, tx, h.Process)
	})
}

// releasable returns why a cut may not become public, or nil.
func releasable(ctx context.Context, tx *db.Tx, f File) error {
	switch {
	case f.Public == nil:
		return fault.New(fault.Conflict, "Este informe es interno: no se hace público.")
	case f.Draft():
		return fault.New(fault.Conflict, "Este informe es preliminar: registra primero el acuerdo que lo aprueba.")
	case f.Kind != Groups:
		return nil
	}
	// The attack was run against the cuts that were public when this one was made.
	const sql = `
SELECT EXISTS (SELECT 1 FROM desk.report_cuts o JOIN desk.report_cuts c ON c.id = $1
  WHERE o.process_id = c.process_id AND o.kind = c.kind AND o.id <> c.id AND o.released_at IS NOT NULL AND (o.released_at > c.at OR o.version > c.version))`
	var stale bool
	if err := tx.QueryRow(ctx, sql, f.ID).Scan(&stale); err != nil {
		return err
	}
	if stale {
		return fault.New(fault.Conflict, "Después de este corte se hizo público otro, y juntos podrían identificar a alguien. Haz un corte nuevo, que lo tome en cuenta.")
	}
	return nil
}

// act runs an act on a cut of the actor's process, one at a time.
func (s *Store) act(ctx context.Context, t auth.Transparency, kind string, id int64, key, payload string, act func(context.Context, *db.Tx, File) error) error {
	process := t.Person().Process
	action := db.Action{Kind: kind, Process: process, Object: object(id), Key: key, Payload: []byte(payload)}
	_, err := s.desk.Do(ctx, t, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := tx.Lock(ctx, fmt.Sprintf("informes del proceso %d", process)); err != nil {
			return "", err
		}
		f, err := s.open(ctx, tx, t, id)
		if err != nil {
			return "", err
		}
		return "", act(ctx, tx, f)
	})
	return err
}
