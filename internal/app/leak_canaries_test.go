package app_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/db/embedded"
	"conoceles/internal/desk/canary"
	"conoceles/internal/serve"
	"conoceles/web/component"
)

// TestCanaries seeds the consent matrix into a cluster of its own and looks for
// every canary everywhere: it must be where the plan says, at all of those places
// and at no other (security.md 2.3 a). The parts go in order over one world.
func TestCanaries(t *testing.T) {
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: scratch(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	w := newWorld(t, cluster(t, server), canary.A)
	c := newCensus(w.plan)

	t.Run("matrix", func(t *testing.T) { checkMatrix(w.in(t)) })
	t.Run("routes", func(t *testing.T) { checkRoutes(w.in(t), c) })
	t.Run("errors", func(t *testing.T) { checkErrors(w.in(t), c) })
	t.Run("database", func(t *testing.T) { checkTables(w.in(t), c) })
	t.Run("logs", func(t *testing.T) { checkLogs(w.in(t), server.LogPath()) })
	t.Run("bytes at rest", func(t *testing.T) { checkBytes(w.in(t), c, server.Dir()) })
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
func entitled(role serve.Role, route serve.Route, who canary.Person, k canary.Canary) bool {
	at := func(prefix string) bool { return strings.HasPrefix(route.Pattern, prefix) }
	own := who.Captured && (role == "candidata") == who.Reserved
	curricular := k.Class == canary.CurricularOwn || k.Class == canary.Typed
	switch role {
	case "operador", "validador", "candidata":
		if k.Class == canary.Identity || k.Class == canary.IdentityDraft {
			return own && at("/captura/{folio}/identidad/{bloque}")
		}
		return k.Class == canary.Reason && own && at("/captura/{folio}/identidad") ||
			curricular && who.Captured && at("/captura/{folio}")
	case "secretaria":
		return (k.Class == canary.Private || k.Class == canary.Birth) && at("/registro/")
	case "verificador", "titular":
		return (k.Class == canary.Reason || k.Class == canary.Private) && at("/transparencia")
	case "administracion": // the mailbox of a demonstration without a mail server
		return k.Class == canary.Private && at("/administracion/salida")
	default:
		return false
	}
}

// unreached are routes whose page no seeded world brings about, with why.
var unreached = map[string]string{
	"/captura/{folio}/curricular/{pagina}/diferencias/{conflicto}": "asks for two persons writing at once",
	"/captura/{folio}/validar/confirmar":                           "asks for the key of a declaration",
	"/registro/listas/{archivo}":                                   "asks for a list that was sent",
	"/registro/listas/{archivo}/errores.csv":                       "asks for a list that was sent",
	"/registro/listas/ine.csv":                                     "asks for movements to report",
	"/registro/actos/{id}/documento":                               "the seeded act has no document",
	"/captura/{folio}/identidad/constancia":                        "asks for nº 1 = No by who captures",
}

// checkRoutes visits every GET route as nobody and as every role.
func checkRoutes(w *world, c *census) {
	reached := map[string]bool{}
	seen := map[string]map[string]bool{} // of nobody: path -> canaries
	shown := 0
	for _, v := range w.visitors() {
		nobody := v.account == ""
		for _, e := range w.errands(nobody) {
			if !nobody && e.route.Surface == serve.Public && strings.HasPrefix(e.path, "/procesos/") {
				continue // no session is read there: nobody saw it already
			}
			r := v.get(e.path)
			if r.status < 400 {
				reached[e.route.Pattern] = true
			}
			switch e.route.Pattern {
			case "/captura/{folio}/identidad/{bloque}", "/captura/{folio}/identidad/autorizaciones":
				checkForms(w, r)
			}
			if nobody {
				seen[e.path] = map[string]bool{}
			}
			for value, k := range c.in(r.text()) {
				if nobody {
					seen[e.path][value] = true
				}
				switch {
				case publicAt(k, e.path):
				case entitled(v.role, e.route, c.of[value], k):
					shown++
				default:
					w.Errorf("%s sees at %s (%d) the canary %s, %s of %s", v.name(), e.path, r.status, value, k.Class, c.of[value].Folio)
				}
			}
		}
	}
	if shown == 0 {
		w.Error("nobody who is entitled saw anything either: the test looks where nothing is")
	}
	for _, r := range w.front.Routes().List() {
		if _, known := unreached[r.Pattern]; r.Method == http.MethodGet && !reached[r.Pattern] && !known {
			w.Errorf("no address of %s answers anybody: its values do not reach it", r.Pattern)
		}
	}
	checkVisible(w, seen)
}

var form = regexp.MustCompile(`<form[^>]*>`)

// checkForms says which forms of identity a browser would remember.
func checkForms(w *world, r reply) {
	for _, f := range form.FindAll(r.body, -1) {
		if bytes.Contains(f, []byte("/identidad")) && !bytes.Contains(f, []byte(`autocomplete="off"`)) {
			w.Errorf("%s: the browser remembers what is typed in %s", r.path, f)
		}
	}
}

// checkVisible says which canaries should be seen and are not.
func checkVisible(w *world, seen map[string]map[string]bool) {
	visible := 0
	for _, k := range w.plan.Canaries() {
		for _, path := range k.Paths {
			visible++
			if !seen[path][k.Value] {
				w.Errorf("nobody sees at %s the canary %s, %s, that is public", path, k.Value, k.Class)
			}
		}
	}
	if visible == 0 {
		w.Error("no canary is public: the matrix is empty")
	}
}

// typedNow is what somebody types while the test runs, and only they may see.
const typedNow = "CNRY-TECLEADOAHORAMIS"

// breakDrafts makes PostgreSQL fail with what is being saved in its detail, as it
// does by itself when a row breaks a constraint.
const (
	detail      = "Renglón que no se guardó"
	breakDrafts = `
CREATE OR REPLACE FUNCTION desk.rota() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'Renglón que no se guardó' USING DETAIL = NEW.form::text; END $$;
CREATE TRIGGER rota BEFORE INSERT OR UPDATE ON desk.drafts FOR EACH ROW EXECUTE FUNCTION desk.rota()`
)

// checkErrors makes requests go wrong with a canary in their hands: only who sent
// it may have it back, and where the database fails, nobody.
func checkErrors(w *world, c *census) {
	var own, other canary.Person
	for _, p := range w.plan.People {
		switch {
		case p.Captured && !p.Reserved:
			own = p
		case !p.Captured:
			other = p
		}
	}
	block := func(p canary.Person) string { return "/captura/" + p.Folio + "/identidad/diversidad_sexual" }
	typed := func() url.Values {
		return url.Values{
			component.VersionField: {"0"}, component.KeyField: {uuid.NewString()}, component.ActionField: {component.ActionContinue}, "p09_lgbt": {"si"},
			"p10_lgbt_identidad": {"otra"}, "p10_lgbt_identidad_otra": {typedNow}, "p10_lgbt_identidad.otro": {typedNow},
		}
	}
	invalid := typed()
	invalid.Set("p10_lgbt_identidad", typedNow)
	huge := url.Values{"p10_lgbt_identidad": {strings.Repeat(typedNow, 40_000)}}
	motive := url.Values{component.VersionField: {"1"}, component.KeyField: {uuid.NewString()}, component.ActionField: {component.ActionReturn}, "motivo_cargo_publico": {typedNow}}
	check := func(v *visitor, name string, r reply) {
		mayRead := v.role == "verificador" || v.role == "titular"
		for value, k := range c.in(r.text()) {
			if !publicAt(k, r.path) && !mayRead && !entitled(v.role, serve.Route{Pattern: "/captura/{folio}/identidad/{bloque}"}, c.of[value], k) {
				w.Errorf("%s, %s (%d): the canary %s, %s", v.name(), name, r.status, value, k.Class)
			}
		}
		if bytes.Contains(r.text(), []byte(typedNow)) && v.account == "" && name != "enter" {
			w.Errorf("%s, %s (%d): what was typed comes back", v.name(), name, r.status)
		}
		if bytes.Contains(r.text(), []byte(detail)) {
			w.Errorf("%s, %s (%d): the error of the database is shown", v.name(), name, r.status)
		}
		if (r.status >= 500) != (name == "broken") {
			w.Errorf("%s, %s: status %d", v.name(), name, r.status)
		}
	}
	for _, v := range w.visitors() {
		for name, r := range map[string]reply{
			"of another":             v.post(block(other), typed()),
			"too large":              v.post(block(own), huge),
			"not a form":             v.ask(http.MethodPost, block(own), []byte(`{"x":"`+typedNow+`"}`), "application/json"),
			"validate":               v.post("/captura/"+own.Folio+"/validar", url.Values{"declaro": {typedNow}}),
			"verify":                 v.post("/transparencia/consentimientos/"+other.Folio+"/verificar", url.Values{"declaracion": {typedNow}}),
			"withdraw":               v.post("/retirar/"+typedNow, nil),
			"method":                 v.ask(http.MethodDelete, "/candidaturas/"+other.Slug, nil, ""),
			"a search":               v.get("/candidaturas?pagina=" + typedNow),
			"a slug":                 v.get("/candidaturas/" + typedNow),
			"a process":              v.get("/procesos/" + typedNow + "/candidaturas"),
			"a document of another":  v.post("/transparencia/consentimientos/"+other.Folio+"/documento", url.Values{}),
			"answers without reason": v.post("/transparencia/consentimientos/"+other.Folio+"/respuestas", url.Values{"motivo": {""}}),
			"invalid":                v.post(block(own), invalid),
		} {
			check(v, name, r)
		}
		if v.role == "operador" {
			w.super(breakDrafts)
			check(v, "broken", v.post("/captura/"+own.Folio+"/curricular/motivo", motive))
			w.super(`DROP TRIGGER rota ON desk.drafts`)
		}
		check(v, "of its own", v.post(block(own), typed()))
		check(v, "of its own, late", v.post(block(own), typed()))
		if v.account == "" {
			check(v, "enter", v.post("/entrar", url.Values{"correo": {typedNow + "@x"}, "contrasena": {typedNow}}))
		}
	}
}

// Nothing of what people type stays in their browsers (security.md 2.3 a).
func TestScriptsKeepNothingInTheBrowser(t *testing.T) {
	names, err := filepath.Glob("../../web/static/*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("no script: %v", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, store := range []string{"localStorage", "sessionStorage", "indexedDB", "caches", "document.cookie", "serviceWorker"} {
			if bytes.Contains(b, []byte(store)) {
				t.Errorf("%s uses %s", name, store)
			}
		}
	}
}

// checkLogs looks in what the program and PostgreSQL log: nothing of anybody is
// ever there.
func checkLogs(w *world, postgres string) {
	pg, err := os.ReadFile(postgres)
	if err != nil {
		w.Fatal(err)
	}
	for name, b := range map[string][]byte{"program": w.log.Bytes(), "PostgreSQL": pg} {
		if len(b) == 0 {
			w.Errorf("the log of the %s is empty", name)
		}
		for v := range search(b) {
			w.Errorf("the log of the %s has the canary %s", name, v)
		}
	}
}

// checkBytes looks in the files of the cluster, heap and WAL, for what is kept
// only encrypted. What was ever published was there in the clear.
func checkBytes(w *world, c *census, dir string) {
	w.super(`CHECKPOINT`)
	files, published := 0, false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return nil // a file that PostgreSQL just removed
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		files++
		out := found{}
		raw(b, out)
		for v := range out {
			k := c.by[c.stem[v[:shortest]]]
			published = published || k.Visible() && k.Class == canary.Identity
			if k.Class.Encrypted() && !k.Visible() && !c.wasPublished(k) {
				w.Errorf("%s has in the clear the canary %s, %s", path, v, k.Class)
			}
		}
		return nil
	})
	if err != nil || files < 100 || !published {
		w.Errorf("the search of the files looked nowhere: %d files, published found %t, %v", files, published, err)
	}
}

// wasPublished reports whether a canary was published before it was withdrawn,
// paused, or its record left: the site had it, so that its bytes may remain.
func (c *census) wasPublished(k canary.Canary) bool {
	p := c.of[k.Value]
	verified := p.Consent == canary.Verified || p.Consent == canary.Withdrawn || p.Consent == canary.Outdated
	return k.Class == canary.Identity && verified && p.Record != canary.Draft
}
