package app_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/db/embedded"
	"conoceles/internal/desk/canary"
	"conoceles/internal/serve"
)

// TestCanaries seeds the consent matrix into a cluster of its own and looks for
// every canary everywhere: it must be where the plan says, at all of those places
// and at no other (security.md 2.3 a). The parts go in order over one world.
func TestCanaries(t *testing.T) {
	t.Parallel()
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: scratch(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	pg, below := cluster(t, server), seed(worldSize, clockOfCanaries)
	if err := below.Fill(t.Context(), pg); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, pg, below.settings(t, pg), canary.A)
	c := newCensus(w.plan)

	t.Run("matrix", func(t *testing.T) { checkMatrix(w.in(t)) })
	t.Run("routes", func(t *testing.T) { checkRoutes(w.in(t), c) })
	t.Run("errors", func(t *testing.T) { checkErrors(w.in(t), c) })
	t.Run("database", func(t *testing.T) { checkTables(w.in(t), c) })
	t.Run("logs", func(t *testing.T) { checkLogs(w.in(t), server.LogPath()) })
	t.Run("bytes at rest", func(t *testing.T) { checkBytes(w.in(t), c, server.Dir()) })
	t.Run("copy", func(t *testing.T) { checkCopy(w.in(t), c) })
	t.Run("phases", func(t *testing.T) { checkPhases(w.in(t), c) })
	t.Run("withdrawal", func(t *testing.T) { checkWithdrawal(w.in(t)) })
	t.Run("verificar", func(t *testing.T) { checkCorruptions(w.in(t)) })
}

// scratch is a directory that the server's account, which is not root, reaches.
func scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "canarios-")
	if err != nil {
		dir, err = os.MkdirTemp("", "canarios-")
	}
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// cluster prepares the database of a server as its owner would.
func cluster(t *testing.T, s *embedded.Server) *dbtest.DB {
	t.Helper()
	const name = "canarios"
	d := &dbtest.DB{
		Name: name, OwnerURL: s.URL(db.RoleOwner, name), DeskURL: s.URL(db.RoleDesk, name), SiteURL: s.URL(db.RoleSite, name),
		SuperURL: s.URL(embedded.Superuser, name),
	}
	if err := db.Bootstrap(t.Context(), s.URL(embedded.Superuser, "postgres"), name); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), d.OwnerURL); err != nil {
		t.Fatal(err)
	}
	return d
}

// census knows every canary by its value.
type census struct {
	by    map[string]canary.Canary
	of    map[string]canary.Person
	birth map[string]bool
	stem  map[string]string // the first characters of each, for one that was cut
}

func newCensus(plan canary.Plan) *census {
	c := &census{by: map[string]canary.Canary{}, of: map[string]canary.Person{}, birth: map[string]bool{}, stem: map[string]string{}}
	for _, p := range plan.People {
		for _, k := range p.Canaries {
			if k.Class == canary.Birth {
				c.birth[k.Value] = true
				continue
			}
			c.by[k.Value], c.of[k.Value], c.stem[k.Value[:shortest]] = k, p, k.Value
		}
	}
	return c
}

// in returns the canaries that are in some bytes, by value.
func (c *census) in(b []byte) map[string]canary.Canary {
	out := map[string]canary.Canary{}
	for v := range search(b) {
		if whole, ok := c.stem[v[:shortest]]; ok {
			out[whole] = c.by[whole]
		}
	}
	for date := range searchDates(b) {
		if c.birth[date] {
			out[date] = canary.Canary{Value: date, Class: canary.Birth}
		}
	}
	return out
}

// publicAt reports whether the public may see a canary at an address.
func publicAt(k canary.Canary, path string) bool {
	bare, _, _ := strings.Cut(path, "?")
	if k.Class == canary.CurricularOwn {
		return k.Visible()
	}
	return slices.Contains(k.Paths, bare)
}

// entitled reports whether somebody may see a canary that the public may not, at
// a route of the desk (security.md 1.3).
func entitled(v *visitor, route serve.Route, who canary.Person, k canary.Canary) bool {
	at := func(prefix string) bool { return strings.HasPrefix(route.Pattern, prefix) }
	switch v.account {
	case "operador", "validador", "candidata":
		captures := who.Captured && (who.Reserved || v.account != "candidata")
		identity := captures && who.Reserved == (v.account == "candidata")
		switch k.Class {
		case canary.Identity, canary.IdentityDraft:
			return identity && at("/captura/{folio}/identidad/{bloque}")
		case canary.Reason:
			return identity && at("/captura/{folio}/identidad")
		default:
			return (k.Class == canary.CurricularOwn || k.Class == canary.Typed) && captures && at("/captura/{folio}")
		}
	case "secretaria", "secretaria2":
		return (k.Class == canary.Private || k.Class == canary.Birth) && at("/registro/")
	case "verificador", "titular":
		return (k.Class == canary.Reason || k.Class == canary.Private) && at("/transparencia")
	case "informatica": // the mailbox of a demonstration without a mail server
		return k.Class == canary.Private && at("/administracion/salida")
	default:
		return false
	}
}

// wasPublished reports whether a canary was published before it was withdrawn,
// paused, or its record left: the site had it, so that its bytes may remain.
func (c *census) wasPublished(k canary.Canary) bool {
	p := c.of[k.Value]
	verified := p.Consent == canary.Verified || p.Consent == canary.Withdrawn || p.Consent == canary.Outdated
	return k.Class == canary.Identity && verified && p.Record != canary.Draft
}
