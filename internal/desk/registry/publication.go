package registry

import (
	"context"
	"strconv"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// NewStart is the proposal of when the publication starts.
type NewStart struct {
	StartsAt  time.Time
	Basis     string
	BasisDate time.Time
	Document  *Document
}

// Publication is where the publication of a process is.
type Publication struct {
	StartsAt    time.Time // zero: no date yet
	PublishedAt time.Time // zero: not open
	Approved    int       // candidacies that the public will see
	Pending     *Act      // proposal that waits for another person
}

// Publication returns where the publication of the actor's process is.
func (r *Registry) Publication(ctx context.Context, p auth.Proposer) (Publication, error) {
	const sql = `
SELECT publication_starts_at, published_at,
  (SELECT count(*) FROM desk.candidacies c JOIN desk.offices o ON o.id = c.office_id AND o.in_system
   WHERE c.process_id = p.id AND c.standing = 'aprobada'),
  COALESCE((SELECT a.id FROM desk.acts a WHERE a.process_id = p.id AND a.kind = 'inicio_publicacion' AND a.state = 'por_confirmar'
   ORDER BY a.id DESC LIMIT 1), 0)
FROM desk.processes p WHERE p.id = $1`
	var starts, published *time.Time
	var act int64
	var out Publication
	process := p.Person().Process
	if err := r.desk.QueryRow(ctx, sql, process).Scan(&starts, &published, &out.Approved, &act); err != nil {
		return out, db.Fault(err)
	}
	out.StartsAt, out.PublishedAt = deref(starts), deref(published)
	if act == 0 {
		return out, nil
	}
	pending, err := r.act(ctx, process, act)
	out.Pending = &pending
	return out, err
}

// ProposeStart keeps the start of the publication until another person confirms
// it, and returns the number of the act. It is a Conflict when one waits already
// or the process is open.
func (r *Registry) ProposeStart(ctx context.Context, p auth.Proposer, key string, n NewStart) (int64, error) {
	who := p.Person()
	a := NewAct{Kind: PublicationStart, Basis: n.Basis, BasisDate: n.BasisDate, Document: n.Document, Siglado: n.StartsAt.Format(time.RFC3339)}
	done, err := r.desk.Do(ctx, p, a.action("acto.capturar", who.Process, key), func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, strconv.FormatInt(who.Process, 10)); err != nil {
			return "", err
		}
		if err := mayStart(ctx, tx, who.Process); err != nil {
			return "", err
		}
		fields := checkBasis(n.Basis, n.BasisDate, tx.Now())
		if n.StartsAt.IsZero() {
			fields = append(fields, fault.Field{ID: "inicio", Message: "Escribe el día y la hora en que inicia la publicación"})
		}
		if err := fault.InvalidFields(fields); err != nil {
			return "", err
		}
		starts := n.StartsAt.UTC()
		id, err := insertAct(ctx, tx, who, a, nil, payload{StartsAt: &starts})
		return strconv.FormatInt(id, 10), err
	})
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(done.Result, 10, 64)
}

// mayStart returns a Conflict when the process is open or a start waits.
func mayStart(ctx context.Context, tx *db.Tx, process int64) error {
	const sql = `
SELECT published_at IS NOT NULL,
  EXISTS (SELECT 1 FROM desk.acts WHERE process_id = $1 AND kind = 'inicio_publicacion' AND state = 'por_confirmar')
FROM desk.processes WHERE id = $1`
	var open, waiting bool
	if err := tx.QueryRow(ctx, sql, process).Scan(&open, &waiting); err != nil {
		return err
	}
	switch {
	case open:
		return errOpen
	case waiting:
		return fault.New(fault.Conflict, "Ya hay un inicio de publicación por confirmar.")
	}
	return nil
}

var errOpen = fault.New(fault.Conflict, "La publicación ya inició: su fecha no cambia.")

// start sets the start of the publication and opens it if it has arrived.
func (r *Registry) start(ctx context.Context, tx *db.Tx, process int64, at time.Time) error {
	n, err := tx.ExecRows(ctx, `UPDATE desk.processes SET publication_starts_at = $2 WHERE id = $1 AND published_at IS NULL`, process, at)
	if err != nil {
		return err
	}
	if n == 0 {
		return errOpen
	}
	return r.pub.Open(ctx, tx, process) // copies the header alone while it is not due
}

// startEffect says what confirming a start would do.
func startEffect(at time.Time, approved int, now time.Time) []string {
	when := "Desde el " + es.FullDateTime(at)
	if !at.After(now) {
		when = "Al confirmar"
	}
	return []string{
		when + " cualquier persona verá " + strconv.Itoa(approved) + " candidaturas en el sitio público.",
		"De cada una se publica su registro; sus respuestas, cuando su partido las valide.",
		"Antes de esa hora el sitio dice «La publicación inicia el " + es.FullDateTime(at) + "».",
	}
}
