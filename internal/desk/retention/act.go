package retention

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// NewAct is an act to propose. Folio belongs to Opening and Erase, EffectiveAt to
// SiteEnd, Request (the folio of an ARCO request) to Erase.
type NewAct struct {
	Kind        Kind
	Folio       string
	Request     string
	EffectiveAt time.Time
	Basis       string
	BasisDate   time.Time
	Reason      string
}

// subject is what an act is about, with what decides whether it may be done.
type subject struct {
	Process       int64
	PublishedAt   *time.Time
	ElectionEnds  *time.Time
	IdentityEnds  *time.Time
	FinalReportOn *time.Time
	Months        int
	BlockKey      []byte
	BlockedAt     *time.Time
	SuppressedAt  *time.Time
	Candidacy     int64
	Request       int64
}

const processSQL = `
SELECT published_at, (election_day + 1)::timestamp AT TIME ZONE 'America/Mexico_City',
  COALESCE(identity_until, (election_day + 1)::timestamp AT TIME ZONE 'America/Mexico_City'), final_report_on, retention_months,
  COALESCE(block_key, ''), blocked_at, suppressed_at
FROM desk.processes WHERE id = $1`

// load reads what an act is about; another process's candidacy or request is
// Invalid, in its field, as one that does not exist.
func load(ctx context.Context, q db.Querier, process int64, n NewAct) (subject, error) {
	s := subject{Process: process}
	err := q.QueryRow(ctx, processSQL, process).Scan(&s.PublishedAt, &s.ElectionEnds, &s.IdentityEnds, &s.FinalReportOn, &s.Months,
		&s.BlockKey, &s.BlockedAt, &s.SuppressedAt)
	if err != nil || !n.Kind.ofOne() {
		return s, db.Fault(err)
	}
	const candidacy = `SELECT id FROM desk.candidacies WHERE process_id = $1 AND folio = $2`
	err = db.Fault(q.QueryRow(ctx, candidacy, process, n.Folio).Scan(&s.Candidacy))
	if fault.Is(err, fault.NotFound) {
		return s, fault.InvalidField("folio", "Ninguna candidatura del proceso tiene ese folio")
	}
	if err != nil || n.Request == "" {
		return s, err
	}
	// Only who asked for it, was identified and was told yes is erased by request.
	const request = `
SELECT r.id FROM sensitive.arco_requests r WHERE r.process_id = $1 AND r.folio = $2 AND r.candidacy_id = $3 AND r.claimed IN ('cancelacion', 'oposicion')
  AND EXISTS (SELECT 1 FROM sensitive.arco_steps t WHERE t.request_id = r.id AND t.outcome IN ('procedente', 'parcial'))`
	err = db.Fault(q.QueryRow(ctx, request, process, n.Request, s.Candidacy).Scan(&s.Request))
	if fault.Is(err, fault.NotFound) {
		return s, fault.InvalidField("solicitud", "No hay una solicitud de cancelación u oposición con ese folio, de esta candidatura y respondida como procedente")
	}
	return s, err
}

// check returns what is wrong with the form of an act.
func (n NewAct) check(now time.Time) error {
	var fields []fault.Field
	bad := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if strings.TrimSpace(n.Basis) == "" {
		bad("sustento", "Escribe el número del acuerdo, del oficio o de la solicitud")
	}
	if n.BasisDate.IsZero() {
		bad("fecha", "Escribe su fecha como día, mes y año: 14/03/2027")
	} else if n.BasisDate.After(now) {
		bad("fecha", "La fecha aún no llega: escribe la que dice el documento")
	}
	if n.Kind == SiteEnd && n.EffectiveAt.IsZero() {
		bad("desde", "Escribe el día y la hora en que el sitio deja de mostrarse")
	}
	if n.Kind == Opening && len([]rune(strings.TrimSpace(n.Reason))) < 10 {
		bad("motivo", "Escribe para qué se abren, en 10 caracteres o más")
	}
	if len([]rune(n.Reason)) > 500 || len([]rune(n.Basis)) > 200 {
		bad("motivo", "Escribe el sustento y el motivo en menos palabras")
	}
	return fault.InvalidFields(fields)
}

// allows says, with a Conflict, why an act cannot be done now.
func (s *Store) allows(ctx context.Context, q db.Querier, n NewAct, sub subject, now time.Time) error {
	no := func(format string, args ...any) error { return fault.Newf(fault.Conflict, format, args...) }
	if sub.SuppressedAt != nil && n.Kind != SiteEnd {
		return no("Los datos de identidad del proceso se suprimieron el %s.", es.Date(*sub.SuppressedAt))
	}
	switch n.Kind {
	case SiteEnd:
		switch {
		case sub.PublishedAt == nil:
			return no("El sitio del proceso no se ha publicado.")
		case sub.ElectionEnds != nil && n.EffectiveAt.Before(*sub.ElectionEnds):
			return fault.InvalidField("desde", "El sitio se mantiene hasta que termina la jornada electoral: escribe una fecha posterior")
		}
	case Block:
		switch {
		case sub.BlockedAt != nil:
			return no("Los datos de identidad se bloquearon el %s.", es.Date(*sub.BlockedAt))
		case len(sub.BlockKey) == 0:
			return no("Falta la llave de bloqueo. Se hace con «conoceles conservacion llave» y se entrega a dos custodios.")
		case sub.IdentityEnds != nil && now.Before(*sub.IdentityEnds):
			return no("La identidad se publica hasta el %s: no puede bloquearse antes.", es.FullDateTime(*sub.IdentityEnds))
		case sub.ElectionEnds != nil && n.BasisDate.Before(sub.ElectionEnds.AddDate(0, 0, -1)):
			return fault.InvalidField("fecha", "Escribe la fecha del informe final, que es posterior a la jornada")
		}
	case Suppress:
		if sub.BlockedAt == nil || sub.FinalReportOn == nil {
			return no("Antes de suprimir se bloquea.")
		}
		if until := sub.FinalReportOn.AddDate(0, sub.Months, 0); now.Before(until) {
			return no("Se conservan %s después del informe final: hasta el %s.", es.Plural(sub.Months, "mes", "meses"), dateOf(until))
		}
	case Opening:
		blocked, err := s.blocked(ctx, q, sub.Candidacy)
		if err != nil || !blocked {
			return orElse(err, no("Esta candidatura no tiene datos bloqueados."))
		}
	case Erase:
		any, err := s.holds(ctx, q, sub.Candidacy)
		if err != nil || !any {
			return orElse(err, no("De esta candidatura no hay datos de identidad que suprimir."))
		}
	}
	return nil
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// blocked reports whether only custodians can open what belongs to a candidacy.
func (s *Store) blocked(ctx context.Context, q db.Querier, candidacy int64) (bool, error) {
	has, err := s.vault.HasKey(ctx, q, candidacy)
	if err != nil || !has {
		return false, err
	}
	open, err := s.vault.Openable(ctx, q, candidacy)
	return !open, err
}

// holds reports whether there is anything of a candidacy to erase.
func (s *Store) holds(ctx context.Context, q db.Querier, candidacy int64) (bool, error) {
	has, err := s.vault.HasKey(ctx, q, candidacy)
	if err != nil || has {
		return has, err
	}
	return s.vault.Stands(ctx, q, candidacy, farAway)
}

// farAway is later than any consent.
var farAway = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// Propose keeps an act until another person confirms it, and returns its number.
// It is Invalid, with its fields, when the form is; a Conflict when it cannot be
// done now or one like it waits. Only the Head proposes to open or to erase.
func (s *Store) Propose(ctx context.Context, r auth.Retainer, key string, n NewAct) (int64, error) {
	who := r.Person()
	if n.Kind.Title() == "" {
		return 0, fault.InvalidField("clase", "Elige qué se propone")
	}
	if _, head := r.(auth.Head); !head && n.Kind.ofOne() {
		return 0, fault.New(fault.Conflict, "Esto lo propone la persona titular de la Unidad de Transparencia.")
	}
	payload, err := json.Marshal(n)
	if err != nil {
		return 0, err
	}
	object := fmt.Sprintf("proceso %d", who.Process)
	if n.Kind.ofOne() {
		object = "candidatura " + n.Folio
	}
	action := db.Action{
		Kind: "conservacion.proponer", Process: who.Process, Object: object, Key: key, Payload: payload,
		Details: map[string]string{"clase": string(n.Kind), "sustento": n.Basis},
	}
	done, err := s.desk.Do(ctx, r, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := n.check(tx.Now()); err != nil {
			return "", err
		}
		sub, err := load(ctx, tx, who.Process, n)
		if err != nil {
			return "", err
		}
		if err := s.allows(ctx, tx, n, sub, tx.Now()); err != nil {
			return "", err
		}
		const insert = `
INSERT INTO desk.retention_acts (process_id, kind, candidacy_id, request_id, effective_at, basis, basis_date, reason, proposed_by, proposed_at)
VALUES ($1, $2, NULLIF($3, 0), NULLIF($4, 0), $5, $6, $7, $8, $9, $10) RETURNING id`
		var id int64
		err = tx.QueryRow(ctx, insert, who.Process, string(n.Kind), sub.Candidacy, sub.Request, instant(n.EffectiveAt), strings.TrimSpace(n.Basis),
			n.BasisDate, strings.TrimSpace(n.Reason), who.Account, tx.Now()).Scan(&id)
		return strconv.FormatInt(id, 10), err
	})
	if err != nil {
		return 0, explain(err)
	}
	return strconv.ParseInt(done.Result, 10, 64)
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// dateOf says a day of the database, whose midnight is in UTC.
func dateOf(day time.Time) string {
	return es.Date(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, election.Zone()))
}

// explain gives a broken constraint its message.
func explain(err error) error {
	if message := es.Constraint(db.Constraint(err)); message != "" {
		return fault.Wrap(fault.Conflict, message, err)
	}
	return err
}

// pending is an act that waits, as its decision needs it.
type pending struct {
	subject
	NewAct
	ID         int64
	ProposedBy int64
	Proposer   string
	ProposedAt time.Time
}

// lockAct reads an act of the process that waits, and holds it.
func lockAct(ctx context.Context, tx *db.Tx, process, id int64) (pending, error) {
	const sql = `
SELECT a.kind, COALESCE(c.folio, ''), COALESCE(r.folio, ''), a.effective_at, a.basis, a.basis_date, a.reason, a.state, a.proposed_by, p.name, a.proposed_at
FROM desk.retention_acts a JOIN desk.accounts p ON p.id = a.proposed_by
LEFT JOIN desk.candidacies c ON c.id = a.candidacy_id LEFT JOIN sensitive.arco_requests r ON r.id = a.request_id
WHERE a.id = $1 AND a.process_id = $2 FOR UPDATE OF a`
	a := pending{ID: id}
	var effective *time.Time
	var state string
	err := tx.QueryRow(ctx, sql, id, process).Scan(&a.Kind, &a.Folio, &a.NewAct.Request, &effective, &a.Basis, &a.BasisDate, &a.Reason, &state,
		&a.ProposedBy, &a.Proposer, &a.ProposedAt)
	if err != nil {
		return a, err
	}
	if effective != nil {
		a.EffectiveAt = *effective
	}
	if state != "por_confirmar" {
		return a, fault.New(fault.Conflict, "Este acto ya se decidió: recarga la página para ver cómo.")
	}
	a.subject, err = load(ctx, tx, process, a.NewAct)
	return a, err
}

// Confirm carries out an act that another person proposed, with its certificate
// and, if it erases, its mark. It is a Conflict to whoever proposed it, when it
// was decided already or can no longer be done; NotFound in another process.
func (s *Store) Confirm(ctx context.Context, r auth.Retainer, key string, id int64) error {
	who := r.Person()
	action := decision("conservacion.confirmar", who, key, id, "")
	_, err := s.desk.Do(ctx, r, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		// Of two acts at once over the same data the second sees the first.
		if err := tx.Lock(ctx, fmt.Sprintf("conservacion %d", who.Process)); err != nil {
			return "", err
		}
		a, err := lockAct(ctx, tx, who.Process, id)
		if err != nil {
			return "", err
		}
		if a.ProposedBy == who.Account {
			return "", fault.New(fault.Conflict, "Tú propusiste este acto: debe confirmarlo otra persona.")
		}
		if err := s.allows(ctx, tx, a.NewAct, a.subject, tx.Now()); err != nil {
			return "", err
		}
		action.Details["clase"], action.Details["sustento"], action.Details["folio"] = string(a.Kind), a.Basis, a.Folio
		return "", s.confirmed(ctx, tx, r, a)
	})
	return explain(err)
}

// confirmed carries an act out and closes it.
func (s *Store) confirmed(ctx context.Context, tx *db.Tx, r auth.Retainer, a pending) error {
	before, err := lastEntry(ctx, tx)
	if err != nil {
		return err
	}
	did, m, err := s.carryOut(ctx, tx, r, a)
	if err != nil {
		return err
	}
	if a.Kind == Erase && a.NewAct.Request != "" {
		const text = "Se suprimieron los datos de identidad y los documentos de consentimiento, con acta."
		if err := s.requests.Fulfilled(ctx, tx, r, a.NewAct.Request, text); err != nil {
			return err
		}
	}
	c, err := certify(ctx, tx, a, r, did, before)
	if err != nil {
		return err
	}
	pdf, err := c.pdf()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(pdf)
	const sql = `
UPDATE desk.retention_acts SET state = 'confirmado', decided_by = $2, decided_at = $3, certificate = $4, certificate_hash = $5 WHERE id = $1`
	if err := tx.Exec(ctx, sql, a.ID, r.AccountID(), tx.Now(), pdf, hex.EncodeToString(sum[:])); err != nil {
		return err
	}
	if m == nil {
		return nil
	}
	return s.log.add(ctx, tx, *m)
}

// lastEntry is the number of the last entry of the bitácora.
func lastEntry(ctx context.Context, q db.Querier) (int64, error) {
	var id int64
	return id, q.QueryRow(ctx, `SELECT COALESCE(max(id), 0) FROM audit.entries`).Scan(&id)
}

// Discard closes an act without carrying it out, with the reason. Whoever
// proposed it may.
func (s *Store) Discard(ctx context.Context, r auth.Retainer, key string, id int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 3 || n > 500 {
		return fault.InvalidField("motivo", "Escribe el motivo en 500 caracteres o menos")
	}
	who := r.Person()
	_, err := s.desk.Do(ctx, r, decision("conservacion.desechar", who, key, id, reason), func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := lockAct(ctx, tx, who.Process, id); err != nil {
			return "", err
		}
		const sql = `UPDATE desk.retention_acts SET state = 'desechado', decided_by = $2, decided_at = $3, discarded = $4 WHERE id = $1`
		return "", tx.Exec(ctx, sql, id, who.Account, tx.Now(), reason)
	})
	return explain(err)
}

func decision(kind string, who auth.Who, key string, id int64, reason string) db.Action {
	return db.Action{
		Kind: kind, Process: who.Process, Object: "acto de conservación " + strconv.FormatInt(id, 10), Key: key, Payload: []byte(reason),
		Details: map[string]string{},
	}
}
