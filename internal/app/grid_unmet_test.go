package app_test

import (
	"net/http"
	"net/url"

	"conoceles/internal/demo"
)

// addresses are those of acts that no page of the same address has.
var addresses = map[string]func(*gridWorld) string{
	"POST /captura/personas/{id}/suspender": func(g *gridWorld) string { return "/captura/personas/" + g.idOf("operador") + "/suspender" },
	"POST /cuenta/sesiones/{id}/cerrar": func(g *gridWorld) string {
		return "/cuenta/sesiones/" + g.text(`SELECT max(s.id)::text FROM desk.sessions s JOIN desk.accounts a ON a.id = s.account_id WHERE a.email = 'operador@ejemplo.invalid'`) + "/cerrar"
	},
	"POST /cuenta/llaves/{id}/quitar":           func(g *gridWorld) string { return "/cuenta/llaves/" + g.passkey() + "/quitar" },
	"POST /registro/publicacion/{id}/confirmar": func(g *gridWorld) string { return "/registro/publicacion/" + g.proposedStart() + "/confirmar" },
	"POST /registro/publicacion/{id}/desechar":  func(g *gridWorld) string { return "/registro/publicacion/" + g.proposedStart() + "/desechar" },
	"POST /transparencia/cartas/{id}/abrir":     func(g *gridWorld) string { return "/transparencia/cartas/" + g.letter() + "/abrir" },
	"POST /transparencia/cartas/{id}/impresa":   func(g *gridWorld) string { return "/transparencia/cartas/" + g.letter() + "/impresa" },
}

// idOf returns the number of an account.
func (g *gridWorld) idOf(name string) string {
	g.Helper()
	return g.text(`SELECT id::text FROM desk.accounts WHERE email = $1`, name+"@ejemplo.invalid")
}

// passkey is one of somebody's, whose device nobody has.
func (g *gridWorld) passkey() string {
	g.Helper()
	const of = `SELECT COALESCE(max(id), 0)::text FROM desk.passkeys`
	if g.text(of) == "0" {
		if err := g.set(`INSERT INTO desk.passkeys (account_id, name, credential_id, sealed, created_at)
SELECT id, 'Teléfono', '\x01', '\x01', now() FROM desk.accounts WHERE email = $1`, "operador@ejemplo.invalid"); err != nil {
			g.Fatal(err)
		}
	}
	return g.text(of)
}

// proposedStart is the proposal of a start of the publication, as if it had not
// started yet.
func (g *gridWorld) proposedStart() string {
	g.Helper()
	const of = `SELECT COALESCE(max(id), 0)::text FROM desk.acts WHERE kind = 'inicio_publicacion' AND state = 'por_confirmar'`
	if g.text(of) == "0" {
		if err := g.set(`INSERT INTO desk.acts (process_id, kind, payload, basis, basis_date, captured_by, captured_at)
SELECT p.id, 'inicio_publicacion', jsonb_build_object('inicio', now() + interval '1 day'), 'A/2', current_date, a.id, now()
FROM desk.processes p, desk.accounts a WHERE p.key = $1 AND a.email = 'secretaria2@ejemplo.invalid'`, demo.Key); err != nil {
			g.Fatal(err)
		}
	}
	return g.text(of)
}

// letter is a notice that is to be printed, for who has no e-mail.
func (g *gridWorld) letter() string {
	g.Helper()
	asUser(g, g.pg.SuperURL, `UPDATE desk.outbox SET channel = 'carta' WHERE id = (SELECT min(o.id) FROM desk.outbox o JOIN desk.processes p ON p.id = o.process_id WHERE p.key = '`+demo.Key+`')`)
	return g.text(`SELECT min(id)::text FROM desk.outbox WHERE channel = 'carta'`)
}

// unmet are the cells that nobody finds in the demonstration, with why: of them
// the grid proves the roles alone.
var unmet = map[string]string{
	"GET /captura/{folio}/curricular/{pagina}/diferencias/{conflicto}":  "asks for two persons writing at once",
	"POST /captura/{folio}/curricular/{pagina}/diferencias/{conflicto}": "asks for two persons writing at once",
	"POST /cuenta/rescate":                   "asks for something kept",
	"POST /transparencia/conservacion/nuevo": "asks for a class of act in its query",
}

// otherwise are the refusals that are no 404, and are the same for what is there
// and what is not: a list that is no longer kept is asked for again; a session
// that is over already is what was wanted.
var otherwise = map[string]int{
	"GET /administracion/personas/lista/{archivo}":  http.StatusUnprocessableEntity,
	"POST /administracion/personas/lista/{archivo}": http.StatusUnprocessableEntity,
	"GET /registro/listas/{archivo}":                http.StatusUnprocessableEntity,
	"POST /registro/listas/{archivo}":               http.StatusUnprocessableEntity,
	"GET /registro/listas/{archivo}/errores.csv":    http.StatusUnprocessableEntity,
	"POST /cuenta/sesiones/{id}/cerrar":             http.StatusSeeOther,
}

// bold is what somebody sends who may not: all that would make it be done.
var bold = url.Values{
	"motivo": {"Porque quiero"}, "posicion": {"centro"}, "zoom": {"100"}, "captura": {"reservada"}, "confirmo": {"si"}, "version": {"0"},
	"tratamiento": {"si"}, "publicacion": {"si"}, "estadisticas": {"si"}, "causa": {"S5"}, "rubro": {"propuesta_1"}, "accion": {"continuar"},
}
