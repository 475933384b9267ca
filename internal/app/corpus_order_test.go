package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// orderClasses are things done out of turn, twice, at once or too often.
var orderClasses = []class{
	{name: "D1 out of order", least: 40, as: "validador", cases: outOfOrder, quiet: true},
	{name: "D2 twice", least: 20, as: "operador", cases: twice, quiet: true},
	{name: "D3 back after leaving", least: 10, cases: backAgain, quiet: true},
	{name: "D4 at once", least: 30, as: "operador", cases: atOnce, quiet: true},
	{name: "D5 abuse", least: 6, cases: abuse, quiet: true},
	{name: "D6 consent mismatch", least: 8, as: "titular", cases: mismatch, quiet: true},
}

// outOfOrder does to candidacies in each state what their state does not allow.
func outOfOrder(k *corpus) []badInput {
	var out []badInput
	for state, acts := range map[string][]string{
		"sin_iniciar": {"validar", "validar/confirmar", "correccion", "correccion/enviar", "correccion/cancelar", "identidad/documento", "identidad/autorizaciones", "foto/encuadre"},
		"en_captura":  {"validar", "validar/confirmar", "correccion", "correccion/enviar", "correccion/cancelar", "curricular/nada", "identidad/nada"},
		"validada":    {"curricular/motivo", "curricular/propuestas", "foto", "validar", "validar/confirmar", "correccion/enviar"},
	} {
		folios := k.list(`SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.standing = 'aprobada' AND c.capture = $1 AND c.folio <> $2 ORDER BY c.id DESC LIMIT 2`, state, k.folio)
		for _, folio := range folios {
			for _, act := range acts {
				out = append(out, badInput{name: state + " " + act, want: []int{403, 404, 409, 422, 303}, send: func(c *caller) answer {
					const of = `SELECT capture || ' ' || (SELECT count(*) FROM desk.answer_versions v WHERE v.candidacy_id = c.id) FROM desk.candidacies c WHERE folio = $1`
					before := k.text(of, folio)
					r := c.post("/captura/"+folio+"/"+act, url.Values{"guardado_id": {uuid.Must(uuid.NewV7()).String()}, "version": {"99"}, "declaro": {"si"}, "confirmo": {"si"}})
					if after := k.text(of, folio); before != after {
						c.Errorf("%s of a candidacy %s did something: %s, %s", act, state, before, after)
					}
					return r
				}})
			}
		}
	}
	return out
}

// twice sends the same form again: there is one effect.
func twice(k *corpus) []badInput {
	var out []badInput
	for i := range 20 {
		out = append(out, badInput{name: fmt.Sprint(i), want: []int{http.StatusSeeOther}, send: func(c *caller) answer {
			form := url.Values{"guardado_id": {uuid.Must(uuid.NewV7()).String()}, "version": {"0"}, "accion": {"volver"}, "historia_profesional": {fmt.Sprint("Lo mismo ", i)}}
			if found := hidden.FindStringSubmatch(c.get(k.section("historia")).body); found != nil {
				form.Set("version", found[1])
			}
			const version = `SELECT max(d.version)::text FROM desk.drafts d JOIN desk.candidacies c ON c.id = d.candidacy_id WHERE c.folio = $1`
			first := c.post(k.section("historia"), form)
			before := k.text(version, k.folio)
			second := c.post(k.section("historia"), form)
			if after := k.text(version, k.folio); first.status != second.status || before != after {
				c.Errorf("twice: %d and %d, version %s and %s", first.status, second.status, before, after)
			}
			return second
		}})
	}
	return out
}

// backAgain looks, after leaving, for a page that was on screen.
func backAgain(k *corpus) []badInput {
	var out []badInput
	for _, path := range []string{
		"/captura", "/captura/" + k.folio, k.section("motivo"), k.section("contacto"), "/cuenta", "/cuenta/contrasena", "/captura/" + k.folio + "/identidad", "/captura/" + k.folio + "/foto",
		"/captura/" + k.folio + "/vista-previa", "/captura/" + k.folio + "/validar",
	} {
		out = append(out, badInput{name: path, want: []int{http.StatusSeeOther}, send: func(c *caller) answer {
			who := k.enter(c, "validador")
			if kept := who.get(path).header.Get("Cache-Control"); !strings.Contains(kept, "no-store") {
				c.Errorf("%s may be kept: %q", path, kept)
			}
			if left := who.post("/salir", nil); left.header.Get("Clear-Site-Data") == "" {
				c.Error("leaving does not clear what the browser keeps")
			}
			return who.get(path)
		}})
	}
	return out
}

// atOnce writes the same page from two places: one is kept, and the other is told.
func atOnce(k *corpus) []badInput {
	var out []badInput
	for i := range 30 {
		out = append(out, badInput{name: fmt.Sprint(i), want: []int{303, 409}, send: func(c *caller) answer {
			form := url.Values{"version": {"0"}, "accion": {"volver"}}
			if found := hidden.FindStringSubmatch(c.get(k.section("motivo")).body); found != nil {
				form.Set("version", found[1])
			}
			var both [2]answer
			var all sync.WaitGroup
			for j := range both {
				own := *c
				own.cookies = map[string]*http.Cookie{}
				for name, cookie := range c.cookies {
					own.cookies[name] = cookie
				}
				mine := url.Values{"guardado_id": {uuid.Must(uuid.NewV7()).String()}, "motivo_cargo_publico": {fmt.Sprint("A la vez ", i, " ", j)}}
				for name, v := range form {
					mine[name] = v
				}
				all.Go(func() { both[j] = own.post(k.section("motivo"), mine) })
			}
			all.Wait()
			if both[0].status+both[1].status != http.StatusSeeOther+http.StatusConflict {
				c.Errorf("at once: %d and %d, want one kept and one told", both[0].status, both[1].status)
			}
			return both[0]
		}})
	}
	return out
}

// abuse tries many passwords: from some attempt on, one has to wait.
func abuse(k *corpus) []badInput {
	var out []badInput
	for i := range 6 {
		out = append(out, badInput{name: fmt.Sprint(i), want: []int{http.StatusTooManyRequests}, send: func(c *caller) answer {
			var last answer
			for j := range 40 {
				r := c.request(http.MethodPost, "/entrar", url.Values{"correo": {fmt.Sprintf("abuso%d@ejemplo.invalid", i)}, "contrasena": {fmt.Sprint("adivino ", j)}}.Encode())
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.RemoteAddr = fmt.Sprintf("198.51.100.%d:999", 10+i)
				if last = c.do(r); last.status == http.StatusTooManyRequests {
					break
				}
			}
			return last
		}})
	}
	return out
}

// mismatch verifies consents without what makes them be so.
func mismatch(k *corpus) []badInput {
	folio := k.consented("documenta", 0)
	full := url.Values{"firmado": {"si"}, "misma_persona": {"si"}, "declaracion": {"si"}, "documento_visto": {"si"}, "respuestas_vistas": {"si"}, "firmado_el": {"02/01/2026"}, "recibido": {"02/01/2026"}}
	var out []badInput
	for _, missing := range []string{"firmado", "misma_persona", "declaracion", "documento_visto", "respuestas_vistas", "firmado_el", "recibido", ""} {
		out = append(out, badInput{name: "without " + missing, want: []int{422, 409, 403}, send: func(c *caller) answer {
			form := url.Values{"guardado_id": {uuid.Must(uuid.NewV7()).String()}}
			for name, v := range full {
				if name != missing && missing != "" {
					form[name] = v
				}
			}
			return c.post("/transparencia/consentimientos/"+folio+"/verificar", form)
		}})
	}
	return out
}
