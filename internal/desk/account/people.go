package account

import (
	"context"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// State is where the access of a person is.
type State string

// The states of an access.
const (
	Waiting   State = "invitada"
	Lapsed    State = "invitacion_vencida"
	Active    State = "activa"
	Suspended State = "suspendida"
	Expired   State = "vencida"
)

// Person is somebody with a role in a process. It has no password, link or code:
// nobody reads those.
type Person struct {
	ID         int64
	Name       string
	Email      string
	Role       string
	Scope      string // party or candidacy, in words
	State      State
	Factor     bool
	LastLogin  time.Time // zero: never
	Until      time.Time // zero: when the process says
	Link       int64     // folio of the last invitation; 0: none
	LinkMade   time.Time
	LinkUntil  time.Time
	LinkUsed   time.Time
	ReceivedAt time.Time // when the person signed the receipt
}

// personRow is a row of people.
type personRow struct {
	ID          int64
	Name        string
	Email       string
	RoleCode    string
	Scope       string
	Enabled     bool
	HasPassword bool
	Over        bool
	Factor      bool
	LastLogin   *time.Time
	Until       *time.Time
	Link        int64
	LinkMade    *time.Time
	LinkUntil   *time.Time
	LinkUsed    *time.Time
	LinkOpen    bool
	Received    *time.Time
}

// personColumns reads people of process $1 at instant $2.
const personColumns = `
SELECT a.id, a.name, a.email, g.role AS role_code,
  COALESCE(n.name, c.folio || ' · ' || concat_ws(' ', p.given_names, NULLIF(p.surnames, '')), '') AS scope,
  a.active AS enabled, a.password_hash <> '' AS has_password,
  COALESCE(g.expires_at, CASE WHEN g.nominator_id IS NOT NULL THEN pr.campaigns_end_at + make_interval(days => pr.party_access_days) END, 'infinity') <= $2 AS over,
  EXISTS (SELECT 1 FROM desk.second_factors f WHERE f.account_id = a.id) AS factor, a.last_login_at AS last_login, g.expires_at AS until,
  COALESCE(l.id, 0) AS link, l.made_at AS link_made, l.expires_at AS link_until, l.used_at AS link_used,
  COALESCE(l.used_at IS NULL AND l.cancelled_at IS NULL AND l.expires_at > $2, false) AS link_open, l.received_at AS received
FROM desk.grants g
JOIN desk.accounts a ON a.id = g.account_id
JOIN desk.processes pr ON pr.id = g.process_id
LEFT JOIN desk.nominators n ON n.id = g.nominator_id
LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id
LEFT JOIN desk.persons p ON p.id = c.person_id
LEFT JOIN LATERAL (SELECT * FROM desk.access_links l WHERE l.account_id = a.id AND l.process_id = g.process_id AND l.kind = 'invitacion'
  ORDER BY l.id DESC LIMIT 1) l ON true`

func (r personRow) state() State {
	switch {
	case !r.Enabled:
		return Suspended
	case r.Over:
		return Expired
	case r.HasPassword:
		return Active
	case r.LinkOpen:
		return Waiting
	}
	return Lapsed
}

func (r personRow) person() Person {
	at := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return *t
	}
	return Person{
		ID: r.ID, Name: r.Name, Email: r.Email, Role: r.RoleCode, Scope: r.Scope, State: r.state(), Factor: r.Factor,
		LastLogin: at(r.LastLogin), Until: at(r.Until), Link: r.Link, LinkMade: at(r.LinkMade), LinkUntil: at(r.LinkUntil),
		LinkUsed: at(r.LinkUsed), ReceivedAt: at(r.Received),
	}
}

func persons(rows []personRow) []Person {
	out := make([]Person, len(rows))
	for i, r := range rows {
		out[i] = r.person()
	}
	return out
}

// Filter chooses people.
type Filter struct {
	Text string // of the name, the address or the scope
	Role string
	Page int
	Size int
}

// People returns a page of the people of the actor's process, by role and name,
// and how many there are.
func (s *Store) People(ctx context.Context, o auth.Overseer, f Filter) ([]Person, int, error) {
	const where = `
WHERE g.process_id = $1 AND ($3 = '' OR g.role = $3)
  AND ($4 = '' OR lower(a.name || ' ' || a.email || ' ' || COALESCE(n.name, '') || ' ' || COALESCE(c.folio, '')) LIKE '%' || $4 || '%')`
	text := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(strings.TrimSpace(f.Text)))
	process := o.Person().Process
	var total int
	const count = `
SELECT count(*) FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id
LEFT JOIN desk.nominators n ON n.id = g.nominator_id LEFT JOIN desk.candidacies c ON c.id = g.candidacy_id` + where + ` AND $2::timestamptz IS NOT NULL`
	if err := s.desk.QueryRow(ctx, count, process, s.desk.Now(), f.Role, text).Scan(&total); err != nil {
		return nil, 0, db.Fault(err)
	}
	const order = `
ORDER BY array_position(ARRAY['administracion', 'secretaria', 'titular', 'verificador', 'auditoria', 'validador', 'operador', 'candidata'], g.role),
  a.name COLLATE "es-MX-x-icu", a.id LIMIT $5 OFFSET $6`
	rows, err := many[personRow](ctx, s.desk, personColumns+where+order, process, s.desk.Now(), f.Role, text, f.Size, (f.Page-1)*f.Size)
	return persons(rows), total, err
}

// Person returns somebody with a role in the actor's process; NotFound otherwise.
func (s *Store) Person(ctx context.Context, o auth.Overseer, account int64) (Person, error) {
	r, err := one[personRow](ctx, s.desk, personColumns+` WHERE g.process_id = $1 AND a.id = $3`, o.Person().Process, s.desk.Now(), account)
	return r.person(), err
}

// Nominator is somebody for whom people capture.
type Nominator struct{ Acronym, Name string }

// Nominators lists those of the actor's process that have people of their own.
func (s *Store) Nominators(ctx context.Context, o auth.Overseer) ([]Nominator, error) {
	const q = `SELECT acronym, name FROM desk.nominators WHERE process_id = $1 AND kind <> 'independiente' ORDER BY registry_order, id`
	return many[Nominator](ctx, s.desk, q, o.Person().Process)
}
