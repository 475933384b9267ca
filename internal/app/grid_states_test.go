package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/demo"
)

// in returns the world reporting to a subtest.
func (g *gridWorld) in(t testing.TB) *gridWorld {
	there, s := *g, *g.stage
	s.TB, there.stage = t, &s
	return &there
}

// states are how far a candidacy may be, in the order of the columns below. The
// last two are brought about: it is no longer in force; campaigns ended.
var states = []string{"sin_iniciar", "en_captura", "completa", "validada", "renuncia", "campanas-terminadas"}

// checkStates asks, as the person who validates for the party, for every route of
// a candidacy in every state, and compares with the table.
func checkStates(g *gridWorld) {
	g.Helper()
	got := map[string][]string{}
	who := g.enter(g, "validador")
	for _, state := range states {
		folio := g.inState(state)
		for _, route := range g.front.Routes().List() {
			if !strings.HasPrefix(route.Pattern, inFolio) || !may(who.role, route.Role) {
				continue
			}
			path, _ := g.pathOf(route)
			path = strings.Replace(path, valueOf(route.Pattern, path, "folio"), folio, 1)
			var r answer
			if route.Method == http.MethodPost {
				r = who.post(path, url.Values{"accion": {"volver"}, "guardado_id": {uuid.Must(uuid.NewV7()).String()}, "version": {"0"}})
			} else {
				r = who.get(path)
			}
			name := route.Method + " " + strings.TrimPrefix(route.Pattern, inFolio)
			got[name] = append(got[name], fmt.Sprint(r.status))
		}
	}
	for name, list := range got {
		if want, ok := byState[name]; !ok {
			g.Errorf("%q: %q, // has no line in byState: add it, once it is right", name, strings.Join(list, " "))
		} else if got := strings.Join(list, " "); got != want {
			g.Errorf("%s: by state it answers %s, want %s (%s)", name, got, want, strings.Join(states, ", "))
		}
	}
	for name := range byState {
		if got[name] == nil {
			g.Errorf("%s is no longer a route: take its line away", name)
		}
	}
}

// inState returns a candidacy of the party in a state, of somebody who decided
// nothing yet of their identity, and brings the state about.
func (g *gridWorld) inState(state string) string {
	g.Helper()
	const of = `SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.standing = 'aprobada' AND c.capture = $1
  AND NOT EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id) ORDER BY c.id DESC LIMIT 1`
	switch state {
	case "renuncia":
		folio := g.text(of, "validada")
		if err := g.set(`UPDATE desk.candidacies SET standing = 'renuncia', standing_since = now() WHERE folio = $1`, folio); err != nil {
			g.Fatal(err)
		}
		return folio
	case "campanas-terminadas":
		if err := g.set(`UPDATE desk.processes SET campaigns_end_at = $2 WHERE key = $1`, demo.Key, g.app.Now().Add(-time.Minute)); err != nil {
			g.Fatal(err)
		}
		return g.text(of, "en_captura")
	}
	return g.text(of, state)
}

// byState is what each route of a candidacy answers to whoever validates for its
// party, an empty form in an act, in each of the states: what may be done when.
var byState = map[string]string{
	"GET ":                      "200 200 200 200 200 200",
	"GET /acuse":                "404 404 404 200 200 404",
	"GET /acuse.pdf":            "404 404 404 200 200 404",
	"GET /correccion":           "200 200 200 200 200 200",
	"POST /correccion":          "422 422 422 422 422 422",
	"GET /correccion/cancelar":  "200 200 200 200 200 200",
	"POST /correccion/cancelar": "409 409 409 409 409 409",
	"POST /correccion/enviar":   "422 422 422 422 422 422",
	"GET /curricular/{pagina}":  "200 200 200 200 200 200",
	"POST /curricular/{pagina}": "303 303 303 409 409 409",
	"GET /curricular/{pagina}/diferencias/{conflicto}":  "404 404 404 404 404 404",
	"POST /curricular/{pagina}/diferencias/{conflicto}": "404 404 404 404 404 404",
	"GET /foto":                      "200 200 200 200 200 200",
	"POST /foto":                     "422 422 422 409 409 409",
	"POST /foto/encuadre":            "422 422 422 422 422 422",
	"GET /foto/encuadre":             "303 303 200 303 303 303",
	"GET /foto/encuadre/vista.jpg":   "404 404 200 200 200 404",
	"GET /foto/{hash}.jpg":           "404 404 404 404 404 404",
	"POST /identidad":                "422 422 422 422 422 422",
	"GET /identidad":                 "200 200 200 200 200 200",
	"GET /identidad/autorizaciones":  "303 303 303 303 303 303",
	"POST /identidad/autorizaciones": "303 303 303 303 303 303",
	"GET /identidad/constancia":      "303 303 303 303 303 303",
	"POST /identidad/documento":      "422 422 422 422 422 422",
	"GET /identidad/documento":       "303 303 303 303 303 303",
	"GET /identidad/formato.pdf":     "303 303 303 303 303 303",
	"GET /identidad/{bloque}":        "303 303 303 303 200 200",
	"POST /identidad/{bloque}":       "303 303 303 303 409 409",
	"GET /validar":                   "200 200 200 200 200 200",
	"POST /validar":                  "422 422 422 422 422 422",
	"POST /validar/confirmar":        "422 422 422 422 422 422",
	"GET /validar/confirmar":         "303 303 303 303 303 303",
	"GET /vista-previa":              "200 200 200 200 200 200",
}
