package app

import (
	"context"
	"sync/atomic"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/fault"
	"conoceles/web/layout"
)

// Version is that of the program, set by the build.
var Version = "en desarrollo"

// letterhead is who publishes, kept at hand: pages that say what failed need it
// when the database is what failed.
type letterhead struct{ site atomic.Pointer[layout.Site] }

// refreshEvery is how old a change of the institute's name may be on a page.
const refreshEvery = time.Minute

func newLetterhead() *letterhead {
	l := &letterhead{}
	l.site.Store(&layout.Site{Name: "Conóceles", Tagline: "Candidatas y candidatos", Version: Version})
	return l
}

// current returns who publishes. It never waits.
func (l *letterhead) current(context.Context) layout.Site { return *l.site.Load() }

// refresh reads who publishes, and whether all that there is is a drill: from the
// site where there is one, or else from the desk. A database without an institute yet leaves the bare name.
func (l *letterhead) refresh(ctx context.Context, q db.Querier, sql string) error {
	s := layout.Site{Name: "Conóceles", Tagline: "Candidatas y candidatos", Version: Version}
	err := db.Fault(q.QueryRow(ctx, sql).Scan(&s.Institute, &s.Place, &s.Drill))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	l.site.Store(&s)
	return nil
}

const (
	siteLetterhead = `SELECT name, place, COALESCE((SELECT bool_and(kind = 'simulacro') FROM site.processes), false) FROM site.institution`
	deskLetterhead = `SELECT name, place, COALESCE((SELECT bool_and(kind = 'simulacro') FROM desk.processes), false) FROM desk.institution`
)
