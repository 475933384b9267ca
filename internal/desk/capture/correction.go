package capture

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// The closures of a questionnaire in correction.
const (
	NotReopened    Closure = "no_reabierta" // the page has no rubro to correct
	CorrectionSent Closure = "correccion_enviada"
)

// Correction is what of a validated questionnaire is open again, and what the
// Unidad de Transparencia observed of it.
type Correction struct {
	review.Correction
	Observations map[questionnaire.ID]review.Judgement // by rubro
	Paused       []questionnaire.ID                    // hidden from the public meanwhile
	public       map[questionnaire.ID]int
	hashes       map[questionnaire.ID]map[int]string // of every version
}

// readCorrection fills the correction of a record that is in one.
func (r *Record) readCorrection(ctx context.Context, q db.Querier) error {
	if r.Capture != InCorrection {
		return nil
	}
	open, err := review.OpenCorrection(ctx, q, r.ID)
	if err != nil || open == nil {
		return err
	}
	c := &Correction{Correction: *open, public: map[questionnaire.ID]int{}}
	if c.Observations, err = review.Observations(ctx, q, r.ID); err != nil {
		return err
	}
	const sql = `
SELECT v.versions, ARRAY(SELECT h.part FROM desk.withheld_parts h WHERE h.candidacy_id = $1 AND h.lifted_at IS NULL)
FROM desk.validations v WHERE v.candidacy_id = $1 ORDER BY v.number DESC LIMIT 1`
	var raw []byte
	if err := q.QueryRow(ctx, sql, r.ID).Scan(&raw, &c.Paused); err != nil {
		return err
	}
	r.Correction = c
	if err := json.Unmarshal(raw, &c.public); err != nil {
		return err
	}
	return c.readHashes(ctx, q, r.ID)
}

func (c *Correction) readHashes(ctx context.Context, q db.Querier, candidacy int64) error {
	rows, err := q.Query(ctx, `SELECT part, version, hash FROM desk.answer_versions WHERE candidacy_id = $1`, candidacy)
	if err != nil {
		return err
	}
	c.hashes = map[questionnaire.ID]map[int]string{}
	var part questionnaire.ID
	var version int
	var hash string
	_, err = pgx.ForEachRow(rows, []any{&part, &version, &hash}, func() error {
		if c.hashes[part] == nil {
			c.hashes[part] = map[int]string{}
		}
		c.hashes[part][version] = hash
		return nil
	})
	return err
}

// ClosureOf returns why a page takes no changes at now. It is ClosureAt, except
// that a correction opens the pages that have one of its rubros.
func (r Record) ClosureOf(page questionnaire.ID, now time.Time) Closure {
	c := r.Candidacy
	if r.Correction != nil {
		c.Capture = InProgress // the calendar and the standing still decide
	}
	why := c.ClosureAt(now)
	if why != Open || r.Correction == nil {
		return why
	}
	if r.Correction.Sent {
		return CorrectionSent
	}
	full, _ := r.Questionnaire.Page(page)
	if !slices.ContainsFunc(full.Parts, func(p questionnaire.Part) bool { return r.Correction.Opens(p.ID) }) {
		return NotReopened
	}
	return Open
}

// ReasonOf says why a page takes no changes at now, or "".
func (r Record) ReasonOf(page questionnaire.ID, now time.Time) string {
	switch why := r.ClosureOf(page, now); why {
	case NotReopened:
		return "Esta sección no es parte de la corrección: sus respuestas siguen como se validaron."
	case CorrectionSent:
		return "La corrección se envió: la Unidad de Transparencia la revisa. Podrás cambiarla de nuevo si queda algo por corregir."
	default:
		return r.Explain(why, now)
	}
}

// closedFor returns the Conflict for a save of a page at now, or nil.
func (r Record) closedFor(page questionnaire.ID, now time.Time) error {
	why := r.ClosureOf(page, now)
	if why == Open {
		return nil
	}
	return fault.Wrap(fault.Conflict, r.ReasonOf(page, now), &Closed{why})
}

// reopened returns the page with only the rubros that the correction opens; all
// of it when it opens none, to be read.
func (r Record) reopened(page questionnaire.Page) questionnaire.Page {
	if r.Correction == nil {
		return page
	}
	parts := slices.DeleteFunc(slices.Clone(page.Parts), func(p questionnaire.Part) bool { return !r.Correction.Opens(p.ID) })
	if len(parts) > 0 {
		page.Parts = parts
	}
	return page
}

// Shut says why nothing of the record can be changed when it was read, or "".
func (r Record) Shut() string {
	if r.Correction == nil {
		return r.Reason(r.Now)
	}
	return r.ReasonOf(r.pageOf(r.Correction.Parts[0]), r.Now)
}

// PublicAnswers returns what the last validation covers; nothing when the record
// is in no correction.
func (s *Store) PublicAnswers(ctx context.Context, r Record) (questionnaire.Answers, error) {
	if r.Correction == nil {
		return questionnaire.Answers{}, nil
	}
	return publicAnswers(ctx, s.desk, r.ID)
}

func publicAnswers(ctx context.Context, q db.Querier, candidacy int64) (questionnaire.Answers, error) {
	all := questionnaire.Answers{}
	const sql = `
SELECT a.answers FROM desk.validations v CROSS JOIN LATERAL jsonb_each_text(v.versions) w
JOIN desk.answer_versions a ON a.candidacy_id = v.candidacy_id AND a.part = w.key AND a.version = w.value::int
WHERE v.candidacy_id = $1 AND v.number = (SELECT max(number) FROM desk.validations WHERE candidacy_id = $1)`
	rows, err := q.Query(ctx, sql, candidacy)
	if err != nil {
		return nil, err
	}
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&raw}, func() error {
		var some questionnaire.Answers
		err := json.Unmarshal(raw, &some)
		maps.Copy(all, some)
		return err
	})
	return all, db.Fault(err)
}

// Corrected reports whether a rubro says something else than what was observed
// of it or, if nothing was, than what is public. The same text again, which may
// be a new version, says nothing else.
func (r Record) Corrected(part questionnaire.ID) bool {
	before := r.Correction.public[part]
	if o, ok := r.Correction.Observations[part]; ok {
		before = o.Version
	}
	return r.versions[part].Hash != r.Correction.hashes[part][before]
}

// Uncorrected returns the observed rubros that still say what was observed.
func (r Record) Uncorrected() []questionnaire.Part {
	return r.partsWhere(func(p questionnaire.ID) bool {
		_, observed := r.Correction.Observations[p]
		return observed && !r.Corrected(p)
	})
}

// Changed returns the rubros of the correction that changed.
func (r Record) Changed() []questionnaire.Part { return r.partsWhere(r.Corrected) }

func (r Record) partsWhere(f func(questionnaire.ID) bool) []questionnaire.Part {
	if r.Correction == nil {
		return nil
	}
	return slices.DeleteFunc(r.Questionnaire.Parts(), func(p questionnaire.Part) bool {
		return !slices.Contains(r.Correction.Parts, p.ID) || !f(p.ID)
	})
}

// Sendable returns why the correction cannot be sent yet, or "".
func (r Record) Sendable() string {
	pending := r.Uncorrected()
	switch {
	case len(r.Pending()) > 0:
		return "Hay texto que aún no se incluye: entra a la sección y elige «Guardar y continuar»."
	case len(pending) > 0:
		var labels []string
		for _, p := range pending {
			labels = append(labels, "«"+p.Label+"»")
		}
		return "Falta corregir " + strings.Join(labels, ", ") + "."
	case len(r.Changed()) == 0:
		return "Todavía no cambia ninguna respuesta."
	case !r.Ready():
		return "El cuestionario quedó incompleto: no se puede dejar en blanco una respuesta obligatoria."
	}
	return ""
}

// CorrectionRequest is a request to open rubros, as it was posted.
type CorrectionRequest struct {
	Folio string
	Key   string
	Parts []questionnaire.ID
}

// The acts of correcting, for the bitácora.
const (
	requestAct = "captura.correccion.solicitar"
	sendAct    = "captura.correccion.enviar"
)

// PartsField is the name of the rubros in the form of a request.
const PartsField = "rubros"

// Allowance is how many corrections a candidacy asked for and did not cancel, and
// how many it may.
type Allowance struct{ Used, Allowed int }

// Allowance returns what a candidacy may still ask for.
func (s *Store) Allowance(ctx context.Context, r Record) (Allowance, error) {
	return allowance(ctx, s.desk, r.ID)
}

func allowance(ctx context.Context, q db.Querier, candidacy int64) (a Allowance, err error) {
	const sql = `
SELECT (SELECT count(*) FROM desk.corrections x WHERE x.candidacy_id = c.id AND x.origin = 'solicitud' AND x.cancelled_by IS NULL), pr.corrections_allowed
FROM desk.candidacies c JOIN desk.processes pr ON pr.id = c.process_id WHERE c.id = $1`
	err = q.QueryRow(ctx, sql, candidacy).Scan(&a.Used, &a.Allowed)
	return a, db.Fault(err)
}

// RequestCorrection opens rubros of a validated questionnaire at the request of
// who validates it, as many times as the process allows. What is public stays
// public until the correction is approved.
//
// Errors: NotFound outside the scope; Forbidden for who may not validate; Invalid
// without rubros; Conflict when it is not validated, when a correction is open
// already, when no more are allowed, or with a *Closed cause.
func (s *Store) RequestCorrection(ctx context.Context, actor auth.Capturer, req CorrectionRequest) error {
	return s.correct(ctx, actor, requestAct, req.Folio, req.Key, join(req.Parts), func(ctx context.Context, tx *db.Tx, r Record) error {
		parts := slices.DeleteFunc(r.Questionnaire.Parts(), func(p questionnaire.Part) bool { return !slices.Contains(req.Parts, p.ID) })
		if len(parts) == 0 {
			return fault.InvalidField(PartsField, "Elige al menos un rubro para corregir")
		}
		used, err := allowance(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if err := r.mayRequest(used, tx.Now()); err != nil {
			return err
		}
		var ids []questionnaire.ID
		for _, p := range parts {
			ids = append(ids, p.ID)
		}
		const insert = `INSERT INTO desk.corrections (candidacy_id, origin, parts, opened_by, opened_at) VALUES ($1, 'solicitud', $2, $3, $4)`
		if err := tx.Exec(ctx, insert, r.ID, ids, actor.AccountID(), tx.Now()); err != nil {
			return err
		}
		return tx.Exec(ctx, `UPDATE desk.candidacies SET capture = 'en_correccion' WHERE id = $1`, r.ID)
	})
}

// RequestClosure returns why nobody may ask for a correction now, or "".
func (r Record) RequestClosure(used Allowance, now time.Time) string {
	return fault.MessageOf(r.mayRequest(used, now))
}

func (r Record) mayRequest(used Allowance, now time.Time) error {
	c := r.Candidacy
	c.Capture = InProgress
	switch {
	case r.Capture == InCorrection:
		return fault.New(fault.Conflict, "Ya hay una corrección en curso.")
	case r.Capture != Validated:
		return fault.New(fault.Conflict, "El cuestionario aún no se valida: puedes cambiarlo sin solicitar una corrección.")
	case c.closed(now) != nil:
		return c.closed(now)
	case used.Used >= used.Allowed:
		return fault.New(fault.Conflict, "Ya se usó la oportunidad de solicitar una corrección. Si la Unidad de Transparencia observa algo, podrás corregirlo.")
	}
	return nil
}

// CorrectionSubmission is a correction sent to be approved, as it was posted.
type CorrectionSubmission struct {
	Folio    string
	Key      string
	Content  string // Record.Content of what was on screen
	Declared bool
}

// SendCorrection sends the correction to the Unidad de Transparencia and closes
// its pages. A proposal that waited for the Head dies: it judged another text.
//
// Errors are those of Validate; Conflict, too, when nothing that was observed
// changed.
func (s *Store) SendCorrection(ctx context.Context, actor auth.Capturer, v CorrectionSubmission) error {
	return s.correct(ctx, actor, sendAct, v.Folio, v.Key, v.Content, func(ctx context.Context, tx *db.Tx, r Record) error {
		if !v.Declared {
			return fault.InvalidField("declaro", "Marca la declaración para continuar")
		}
		if r.Correction == nil {
			return fault.New(fault.Conflict, "No hay una corrección abierta.")
		}
		if err := r.closedFor(r.pageOf(r.Correction.Parts[0]), tx.Now()); err != nil {
			return err
		}
		if why := r.Sendable(); why != "" {
			return fault.New(fault.Conflict, why)
		}
		if r.Content() != v.Content {
			return fault.New(fault.Conflict, "Las respuestas cambiaron desde que las revisaste. Revísalas de nuevo antes de enviar.")
		}
		sent := maps.Clone(r.Correction.public)
		for _, p := range r.Changed() {
			sent[p.ID] = r.versions[p.ID].Number
		}
		versions, err := json.Marshal(sent)
		if err != nil {
			return err
		}
		const send = `
UPDATE desk.corrections SET state = 'enviada', sent_by = $2, sent_at = $3, versions = $4, content = $5 WHERE id = $1`
		if err := tx.Exec(ctx, send, r.Correction.ID, actor.AccountID(), tx.Now(), versions, r.Content()); err != nil {
			return err
		}
		if err := review.Expire(ctx, tx, r.ID); err != nil {
			return err
		}
		return s.tell(ctx, tx, r)
	})
}

// pageOf returns the page of a rubro.
func (r Record) pageOf(part questionnaire.ID) questionnaire.ID {
	for _, page := range r.Questionnaire.Pages {
		if slices.ContainsFunc(page.Parts, func(p questionnaire.Part) bool { return p.ID == part }) {
			return page.ID
		}
	}
	return ""
}

// correct runs an act of who validates on a record, which it holds.
func (s *Store) correct(ctx context.Context, actor auth.Capturer, kind, folio, key, payload string, act func(context.Context, *db.Tx, Record) error) error {
	c, err := findCandidacy(ctx, s.desk, actor.Scope(), folio, look)
	if err != nil {
		return err
	}
	if !actor.Validates() {
		return fault.New(fault.Forbidden, "Sólo la persona responsable del partido, o la candidatura independiente, puede solicitar y enviar correcciones.")
	}
	action := db.Action{Kind: kind, Process: c.Process, Object: object(c.ID), Key: key, Payload: []byte(payload)}
	_, err = s.desk.Do(ctx, actor, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		r, err := s.record(ctx, tx, actor.Scope(), folio, keep)
		if err != nil {
			return "", err
		}
		return "", act(ctx, tx, r)
	})
	return err
}

func join(ids []questionnaire.ID) string {
	var parts []string
	for _, id := range ids {
		parts = append(parts, string(id))
	}
	return strings.Join(parts, ",")
}
