package settings

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Interface is one of the five parts of the system, which open one by one
// (domain 7, T5).
type Interface string

// The interfaces. That of publication opens by the act of its start, which two
// persons confirm.
const (
	Access       Interface = "acceso"
	Capture      Interface = "captura"
	AdminReports Interface = "reportes_administrador"
	UserReports  Interface = "reportes_usuarios"
	Publication  Interface = "publicacion"
)

// interfaces lists those that open by a sheet.
var interfaces = []struct {
	id          Interface
	title, lead string
}{
	{Access, "Interfaz de acceso", "Cerrada, sólo entra quien administra."},
	{Capture, "Interfaz de captura", "Cerrada, ningún cuestionario se abre."},
	{AdminReports, "Reportes de administrador", "Los informes de la Unidad de Transparencia."},
	{UserReports, "Reportes de usuarios", "Los avances que consultan los partidos y la Comisión."},
}

// Title returns the name of the interface.
func (i Interface) Title() string {
	for _, one := range interfaces {
		if one.id == i {
			return one.title
		}
	}
	return "Sitio de publicación"
}

var releaseSheets = makeReleases()

func makeReleases() []Sheet {
	var out []Sheet
	for _, i := range interfaces {
		out = append(out, Sheet{
			Key: "liberacion_" + string(i.id), Title: i.title, Lead: i.lead + " Antes de su fecha dice desde cuándo estará disponible.",
			Group: Releases, Report: Modification, Acuerdo: true, Again: true, source: releaseSource{i.id},
			Fields: []Field{
				{ID: "abre", Label: "Disponible desde", Hint: "Vacío: cerrada, sin fecha.", Kind: Instant, Blank: true},
				{ID: "version_liberada", Label: "Versión del sistema que se libera", Kind: Line, Most: 40},
			},
		})
	}
	return out
}

// releaseSource keeps the release of an interface with its acuerdo.
type releaseSource struct{ id Interface }

func (s releaseSource) read(ctx context.Context, q db.Querier, sub *Subject) error {
	if err := onlyOne(sub.Place); err != nil {
		return err
	}
	var opens *time.Time
	var version string
	const sql = `SELECT opens_at, version FROM desk.releases WHERE process_id = $1 AND interface = $2`
	err := q.QueryRow(ctx, sql, sub.process, string(s.id)).Scan(&opens, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if opens != nil {
		sub.Values["abre"] = []string{opens.UTC().Format(time.RFC3339)}
	}
	sub.Values["version_liberada"] = []string{version}
	return err
}

func (s releaseSource) write(ctx context.Context, tx *db.Tx, c writing, v Values) error {
	var opens *time.Time
	if t := v.Time("abre"); !t.IsZero() {
		opens = &t
	}
	return Release(ctx, tx, c.process, NewRelease{s.id, opens, v.Get("version_liberada"), c.acuerdo, c.acuerdoOn})
}

// NewRelease says from when an interface is open; a nil instant closes it.
type NewRelease struct {
	Interface Interface
	OpensAt   *time.Time
	Version   string
	Acuerdo   string
	AcuerdoOn time.Time
}

// Release records the release of an interface of a process.
func Release(ctx context.Context, tx *db.Tx, process int64, r NewRelease) error {
	const sql = `
INSERT INTO desk.releases (process_id, interface, opens_at, version, acuerdo, acuerdo_on) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (process_id, interface) DO UPDATE
SET opens_at = excluded.opens_at, version = excluded.version, acuerdo = excluded.acuerdo, acuerdo_on = excluded.acuerdo_on`
	return tx.Exec(ctx, sql, process, string(r.Interface), r.OpensAt, r.Version, r.Acuerdo, r.AcuerdoOn.Format(time.DateOnly))
}

// onlyOne returns NotFound for a sheet of which there is one and that was asked
// for by a reference.
func onlyOne(p Place) error {
	if p.Ref != "" {
		return fault.New(fault.NotFound, "")
	}
	return nil
}

// State is how an interface is.
type State struct {
	Interface Interface
	Released  bool       // somebody set it: otherwise it is open, with nothing to say
	OpensAt   *time.Time // nil, with Released: closed, with no date
	Version   string
	Acuerdo   string
	AcuerdoOn *time.Time
}

// OpenAt reports whether the interface may be used at that time.
func (s State) OpenAt(now time.Time) bool {
	return !s.Released || s.OpensAt != nil && !now.Before(*s.OpensAt)
}

// Refusal is what a closed interface says.
func (s State) Refusal() string {
	if s.OpensAt == nil {
		return "Todavía no tiene fecha: estará disponible cuando el Instituto la libere."
	}
	return "Disponible a partir del " + es.FullDateTime(*s.OpensAt) + "."
}

// States returns the five interfaces of a process, in order.
func (s *Store) States(ctx context.Context, process int64) ([]State, error) {
	const sql = `
SELECT interface, true AS released, opens_at, version, acuerdo, acuerdo_on FROM desk.releases WHERE process_id = $1
UNION ALL
SELECT 'publicacion', true, p.publication_starts_at, '', COALESCE(a.basis, ''), a.basis_date
FROM desk.processes p LEFT JOIN LATERAL (
  SELECT basis, basis_date FROM desk.acts
  WHERE process_id = p.id AND kind = 'inicio_publicacion' AND state = 'confirmado' ORDER BY decided_at DESC LIMIT 1) a ON true
WHERE p.id = $1`
	rows, err := s.desk.Query(ctx, sql, process)
	if err != nil {
		return nil, db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[State])
	if err != nil {
		return nil, db.Fault(err)
	}
	var out []State
	for _, id := range []Interface{Access, Capture, AdminReports, UserReports, Publication} {
		at := slices.IndexFunc(found, func(f State) bool { return f.Interface == id })
		if at < 0 {
			out = append(out, State{Interface: id})
			continue
		}
		out = append(out, found[at])
	}
	return out, nil
}

// Closed returns the first of these interfaces of the process that is closed, nil
// when all of them are open.
func (s *Store) Closed(ctx context.Context, process int64, some ...Interface) (*State, error) {
	states, err := s.States(ctx, process)
	if err != nil {
		return nil, err
	}
	for _, state := range states {
		if slices.Contains(some, state.Interface) && !state.OpenAt(s.desk.Now()) {
			return &state, nil
		}
	}
	return nil, nil
}
