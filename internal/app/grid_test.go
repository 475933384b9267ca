package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/serve"
)

// cell is a route of the grid with an address that names something of the demonstration.
type cell struct {
	route  serve.Route
	of     *belonging // nil when the route names nothing
	path   string     // that of somebody
	absent string     // the same, of nothing
	value  string     // what names the thing
	owners map[string]bool
}

// What a person may do, and what is there for them, is the same whichever way they
// ask (security.md 1.3, G6). Every route of the desk is asked by everybody: nobody
// is led to enter; another role is told so, in the same bytes for any object; to
// whoever it is not, what is there and what is not are one 404; none of it changes
// a row. Only then do its owners ask, and it is there.
func TestTheGrid(t *testing.T) {
	t.Parallel()
	g := newGridWorld(t)
	cells := g.cells()
	before := g.digest()
	t.Run("others", func(t *testing.T) {
		for _, c := range append(g.people, g.call(t)) {
			t.Run(caption(c), func(t *testing.T) {
				t.Parallel()
				for _, cell := range cells {
					refuse(c.in(t), cell)
				}
			})
		}
	})
	for table, sum := range g.digest() {
		if before[table] != sum {
			t.Errorf("%s changed: somebody who may not, did", table)
		}
	}
	met := map[string]bool{}
	var mu sync.Mutex
	t.Run("owners", func(t *testing.T) {
		for _, c := range g.people {
			t.Run(caption(c), func(t *testing.T) {
				t.Parallel()
				for _, cell := range cells {
					if may(c.role, cell.route.Role) && cell.owners[c.name+"@ejemplo.invalid"] && meet(c.in(t), cell) {
						mu.Lock()
						met[cell.route.Method+" "+cell.route.Pattern] = true
						mu.Unlock()
					}
				}
			})
		}
	})
	t.Run("states", func(t *testing.T) { checkStates(g.in(t)) })
	for _, cell := range cells {
		name := cell.route.Method + " " + cell.route.Pattern
		if why := unmet[name]; !met[name] && why == "" {
			t.Errorf("%s: nobody found it at %s: the refusals of the grid prove nothing of it", name, cell.path)
		} else if met[name] && why != "" {
			t.Errorf("%s is met: take it from unmet", name)
		}
	}
}

func caption(c *caller) string {
	if c.name == "" {
		return "nadie"
	}
	return c.name
}

// refuse asks for a cell as somebody who may not, if they may not.
func refuse(c *caller, cell cell) {
	c.Helper()
	ask := func(path string) answer {
		if cell.route.Method == http.MethodPost {
			return c.post(path, bold)
		}
		return c.get(path)
	}
	refused := http.StatusNotFound
	if status, ok := otherwise[cell.route.Method+" "+cell.route.Pattern]; ok {
		refused = status
	}
	switch {
	case c.name == "":
		if r := ask(cell.path); r.status != http.StatusSeeOther || !strings.HasPrefix(r.header.Get("Location"), "/entrar") {
			c.Errorf("%s %s: nobody gets %d, want to be led to enter", cell.route.Method, cell.path, r.status)
		}
	case !may(c.role, cell.route.Role):
		there, absent := ask(cell.path), ask(cell.absent)
		if there.status != http.StatusForbidden {
			c.Errorf("%s %s: status %d, want 403 for %s", cell.route.Method, cell.path, there.status, c.role)
		}
		same(c, cell, there, absent)
	case !cell.owners[c.name+"@ejemplo.invalid"]:
		there, absent := ask(cell.path), ask(cell.absent)
		if there.status != refused {
			c.Errorf("%s %s: status %d, want %d: it is not theirs", cell.route.Method, cell.path, there.status, refused)
		}
		same(c, cell, there, absent)
	}
}

// oneOfAKind is what makes each form one of a kind.
var oneOfAKind = regexp.MustCompile(`name="guardado_id" value="[^"]*"`)

// same says in what two answers differ but in what they were asked.
func same(c *caller, cell cell, there, absent answer) {
	c.Helper()
	plain := func(a answer, path string) string {
		h := maps.Clone(a.header)
		delete(h, "Set-Cookie")
		return oneOfAKind.ReplaceAllString(strings.ReplaceAll(fmt.Sprint(a.status, h, a.body), path, "…"), "…")
	}
	if diff := cmp.Diff(plain(absent, cell.absent), plain(there, cell.path)); diff != "" {
		c.Errorf("%s %s: what is there and what is not differ:\n%s", cell.route.Method, cell.path, diff)
	}
}

// meet asks for a cell as its owner, and reports whether it is there.
func meet(c *caller, cell cell) bool {
	c.Helper()
	var r answer
	if cell.route.Method == http.MethodPost {
		r = c.post(cell.path, url.Values{})
	} else {
		r = c.get(cell.path)
	}
	switch r.status {
	case http.StatusOK, http.StatusSeeOther, http.StatusUnprocessableEntity, http.StatusConflict, http.StatusNoContent:
		return true
	case http.StatusForbidden:
		return !strings.Contains(r.body, "Tu cuenta no tiene esta función")
	case http.StatusNotFound, http.StatusGone:
		return false
	}
	c.Errorf("%s %s: its owner gets %d", cell.route.Method, cell.path, r.status)
	return false
}

// cells returns every route of the desk that asks who one is, with an address.
func (g *gridWorld) cells() []cell {
	g.Helper()
	var out []cell
	for _, route := range g.front.Routes().List() {
		if route.Surface != serve.Desk || may(serve.Anyone, route.Role) {
			continue
		}
		path, ok := g.pathOf(route)
		if !ok {
			g.Errorf("%s %s: no address is known for it: give it a sample, or a line in addresses", route.Method, route.Pattern)
			continue
		}
		c := cell{route: route, path: path, absent: path, owners: map[string]bool{}}
		for _, p := range g.people {
			c.owners[p.name+"@ejemplo.invalid"] = true
		}
		if strings.Contains(route.Pattern, "{") {
			i := slices.IndexFunc(belongings, func(b belonging) bool { return strings.HasPrefix(route.Pattern, b.prefix) })
			if i < 0 {
				g.Errorf("%s %s names something of somebody: add its line to belongings", route.Method, route.Pattern)
				continue
			}
			g.own(&c, &belongings[i])
		}
		out = append(out, c)
	}
	return out
}

// own says whose the thing of a cell is.
func (g *gridWorld) own(c *cell, b *belonging) {
	g.Helper()
	c.of, c.value = b, valueOf(c.route.Pattern, c.path, b.param)
	c.absent = strings.Replace(c.path, "/"+c.value, "/"+b.absent, 1)
	if c.value == "" || c.absent == c.path {
		g.Errorf("%s does not say in %s what {%s} is", c.path, c.route.Pattern, b.param)
	}
	clear(c.owners)
	for _, email := range asUser(g, g.pg.SuperURL, b.owners, c.value) {
		c.owners[email] = true
	}
}

// valueOf returns what a parameter of a pattern is in an address.
func valueOf(pattern, path, param string) string {
	path, _, _ = strings.Cut(path, "?")
	at := slices.Index(strings.Split(pattern, "/"), "{"+param+"}")
	if parts := strings.Split(path, "/"); at >= 0 && at < len(parts) {
		return parts[at]
	}
	return ""
}

// pathOf returns an address of a route: that of its sample or, for an act, that of
// the page it is on.
func (g *gridWorld) pathOf(route serve.Route) (string, bool) {
	name := route.Method + " " + route.Pattern
	if find, ok := addresses[name]; ok {
		return find(g), true
	}
	if s, ok := g.samples[route.Pattern]; ok && route.Method == http.MethodGet {
		return s.paths[0], true
	}
	base, tail := route.Pattern, ""
	for {
		if s, ok := g.samples[base]; ok && !strings.Contains(tail, "{") {
			path, _, _ := strings.Cut(s.paths[0], "?")
			return path + tail, true
		}
		i := strings.LastIndexByte(base, '/')
		if i <= 0 {
			return "", false
		}
		base, tail = base[:i], base[i:]+tail
	}
}

// digest returns a sum of the rows of every table but those that say who came:
// sessions, and the bitácora of what was refused.
func (g *gridWorld) digest() map[string]string {
	g.Helper()
	out := map[string]string{}
	for _, table := range asUser(g, g.pg.SuperURL, `SELECT schemaname || '.' || tablename FROM pg_tables
WHERE schemaname IN ('desk', 'sensitive', 'site') AND tablename <> 'sessions' ORDER BY 1`) {
		out[table] = asUser(g, g.pg.SuperURL, `SELECT count(*) || ' ' || COALESCE(sum(hashtextextended(t::text, 0)), 0) FROM `+table+` t`)[0]
	}
	return out
}
