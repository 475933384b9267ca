package site

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
)

// Process is a process as the public sees it: perhaps only the date on which it
// will be open.
type Process struct {
	election.Process
	PublishedAt       time.Time // zero while it is not open
	CurricularVersion string
	IdentityVersion   string
	ConsentEmail      string // receives the signed formats of independents; "" is none
	LicenseName       string // of the open data
	LicenseURL        string
	CreatedAt         time.Time
	Epoch             int64     // of its last change; 0 when there was none
	ChangedAt         time.Time // instant of its last change
}

// AsksIdentity reports whether its candidacies have an identity questionnaire
// here: historical data has none.
func (p Process) AsksIdentity() bool { return p.Kind == election.Election || p.Kind == election.Drill }

// OpenAt reports whether the process shows its candidacies at now.
func (p Process) OpenAt(now time.Time) bool {
	return !p.PublishedAt.IsZero() && !p.ClosedAt(now)
}

// ClosedAt reports whether the date the institute set to take the site down has
// come.
func (p Process) ClosedAt(now time.Time) bool {
	until := p.Calendar.SiteUntil
	return !until.IsZero() && !now.Before(until)
}

// processRow is a row of site.processes with its last change.
type processRow struct {
	ID                  int64
	Key                 string
	Name                string
	Kind                election.ProcessKind
	Demo                bool
	Source              string
	ElectionDay         *time.Time
	CampaignsEndAt      *time.Time
	PublicationStartsAt *time.Time
	PublishedAt         *time.Time
	SiteUntil           *time.Time
	CurricularVersion   string
	IdentityVersion     string
	ConsentEmail        string
	DataLicense         string
	DataLicenseURL      string
	CreatedAt           time.Time
	Epoch               *int64
	ChangedAt           *time.Time
}

// Processes returns every process with a site, or a date for one, the newest
// first.
func (s *Store) Processes(ctx context.Context) ([]Process, error) {
	const sql = `
SELECT p.id, p.key, p.name, p.kind, p.demo, p.source, p.election_day, p.campaigns_end_at, p.publication_starts_at,
  p.published_at, p.site_until, p.curricular_version, p.identity_version, p.consent_email, p.data_license, p.data_license_url, p.created_at, last.epoch, last.at AS changed_at
FROM site.processes p
LEFT JOIN LATERAL (SELECT c.epoch, c.at FROM site.changes c WHERE c.process_id = p.id ORDER BY c.epoch DESC LIMIT 1) last ON true
ORDER BY p.election_day DESC NULLS LAST, p.created_at DESC, p.id DESC`
	rows, err := s.q.Query(ctx, sql)
	if err != nil {
		return nil, db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[processRow])
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read the processes: %w", err))
	}
	out := make([]Process, len(found))
	for i, r := range found {
		out[i] = r.process()
	}
	return out, nil
}

func (r processRow) process() Process {
	return Process{
		Process: election.Process{
			ID: r.ID, Key: r.Key, Name: r.Name, Kind: r.Kind, Demo: r.Demo, Source: r.Source,
			Calendar: election.Calendar{
				CampaignsEnd: orZero(r.CampaignsEndAt), PublicationStarts: orZero(r.PublicationStartsAt),
				ElectionDay: localDay(r.ElectionDay), SiteUntil: orZero(r.SiteUntil),
			},
		},
		PublishedAt: orZero(r.PublishedAt), CurricularVersion: r.CurricularVersion, IdentityVersion: r.IdentityVersion,
		ConsentEmail: r.ConsentEmail, LicenseName: r.DataLicense, LicenseURL: r.DataLicenseURL, CreatedAt: r.CreatedAt, Epoch: orZero(r.Epoch), ChangedAt: orZero(r.ChangedAt),
	}
}

func orZero[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

// localDay is a date of the calendar as its midnight in the zone of people.
func localDay(d *time.Time) time.Time {
	if d == nil {
		return time.Time{}
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, election.Zone())
}

// InForce returns the process that lives at the root of the site: the newest
// open election, else the newest open drill, else the newest open archive. While
// none is open it is the one whose publication starts first, else the newest
// election. all is in the order of Processes; ok is false when it is empty.
//
// A drill never takes the place of an election that citizens are reading.
func InForce(all []Process, now time.Time) (p Process, ok bool) {
	if len(all) == 0 {
		return Process{}, false
	}
	return slices.MinFunc(all, func(a, b Process) int {
		return cmp.Or(cmp.Compare(standing(a, now), standing(b, now)), startsFirst(a, b, now))
	}), true
}

// standing orders what may live at the root; less comes first.
func standing(p Process, now time.Time) int {
	kind := map[election.ProcessKind]int{election.Election: 0, election.Drill: 1, election.Archive: 2}[p.Kind]
	switch {
	case p.OpenAt(now):
		return kind
	case waits(p, now):
		return 3 + kind
	default:
		return 6 + kind
	}
}

// waits reports whether the process has a date to open that is still to come.
func waits(p Process, now time.Time) bool {
	return !p.OpenAt(now) && !p.ClosedAt(now) && !p.Calendar.PublicationStarts.IsZero()
}

// startsFirst orders the processes that wait by their date; others keep their
// order.
func startsFirst(a, b Process, now time.Time) int {
	if !waits(a, now) || !waits(b, now) {
		return 0
	}
	return a.Calendar.PublicationStarts.Compare(b.Calendar.PublicationStarts)
}

// Next returns the election, other than shown, whose publication will start
// next: what a visitor of an older process has to be told.
func Next(all []Process, shown Process, now time.Time) (next Process, ok bool) {
	for _, p := range all {
		if p.Key == shown.Key || p.Kind != election.Election || !waits(p, now) {
			continue
		}
		if !ok || startsFirst(p, next, now) < 0 {
			next, ok = p, true
		}
	}
	return next, ok
}

// Find returns the process with that key in addresses.
func Find(all []Process, key string) (Process, bool) {
	i := slices.IndexFunc(all, func(p Process) bool { return p.Key == key })
	if i < 0 {
		return Process{}, false
	}
	return all[i], true
}
