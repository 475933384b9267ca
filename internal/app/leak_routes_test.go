package app_test

import (
	"bytes"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"conoceles/internal/serve"
)

// unreached are routes whose page no seeded world brings about, with why.
var unreached = map[string]string{
	"/captura/{folio}/curricular/{pagina}/diferencias/{conflicto}": "asks for two persons writing at once",
	"/captura/{folio}/validar/confirmar":                           "asks for the key of a declaration",
	"/registro/listas/{archivo}":                                   "asks for a list that was sent",
	"/registro/listas/{archivo}/errores.csv":                       "asks for a list that was sent",
	"/registro/listas/ine.csv":                                     "asks for movements to report",
	"/registro/actos/{id}/documento":                               "the seeded act has no document",
	"/transparencia/registros/{registro}/{numero}":                 "asks for something registered",
	"/transparencia/registros/{registro}/{numero}/documento":       "asks for something registered",
	"/transparencia/arco/{solicitud}":                              "asks for a request of somebody",
	"/transparencia/arco/{solicitud}/documento/{paso}":             "asks for a request of somebody",
	"/cuenta/arco/{solicitud}/documento/{paso}":                    "asks for a request of somebody",
	"/transparencia/conservacion/nuevo":                            "asks for a class of act in its query",
	"/transparencia/conservacion/{id}":                             "asks for an act of two persons",
	"/transparencia/conservacion/{id}/acta.pdf":                    "asks for an act of two persons",
	"/entrar/codigo":                                               "asks for a password proved a moment ago",
	"/entrar/activar":                                              "asks for a password proved a moment ago",
	"/recuperar/{token}":                                           "asks for a link that somebody was sent",
	"/invitacion/{token}":                                          "asks for a link that somebody was sent",
	"/cuenta/rescate":                                              "asks for a session that ended halfway",
	"/administracion/personas/lista/{archivo}":                     "asks for a list that was sent",
	"/administracion/personas/solicitudes/{id}":                    "asks for a request of an access",
	"/administracion/personas/{id}/acuse.pdf":                      "asks for a person who was invited",
	"/transparencia/informes/cortes/{corte}/comparar":              "asks for another cut in its query",
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
			checkName(w, r)
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
				case entitled(v, e.route, c.of[value], k):
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

// checkName says which file would be saved under a name that is not only a name
// (ASVS 5.4.1, 5.4.2).
func checkName(w *world, r reply) {
	saved := r.header.Get("Content-Disposition")
	if saved == "" {
		return
	}
	how, parameters, err := mime.ParseMediaType(saved)
	if name := parameters["filename"]; err != nil || how != "attachment" && how != "inline" || !savedName.MatchString(name) {
		w.Errorf("%s is saved as %q: %v", r.path, saved, err)
	}
}

var savedName = regexp.MustCompile(`^[\pL\pN][\pL\pN ._()-]{0,120}\.[a-z0-9]{2,5}$`)

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
