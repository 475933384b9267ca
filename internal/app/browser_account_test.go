package app_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"conoceles/internal/db"
	"conoceles/internal/demo"
	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/webtest/browser"
)

// accountSamples returns the samples of entering and of the people: somebody who
// owes a code, somebody who has to activate one, a link of each kind, a request
// that waits and a list with something to correct.
func accountSamples(s *stage) map[string]sample {
	s.halfway()
	admin := actorOf[auth.Admin](s, "informatica")
	invited, err := s.app.People.Invite(s.Context(), admin, "", account.NewPerson{Email: "invitada@ejemplo.invalid", Name: "Olga Invitada", Role: "operador", Acronym: "RAIZ"})
	if err != nil {
		s.Fatal(err)
	}
	request, err := s.app.People.Invite(s.Context(), admin, "", account.NewPerson{Email: "nueva@ejemplo.invalid", Name: "Ana Nueva", Role: "verificador", Basis: "Oficio 1"})
	if err != nil {
		s.Fatal(err)
	}
	if err := s.app.People.Recover(s.Context(), "validador@ejemplo.invalid", auth.Visitor{}); err != nil {
		s.Fatal(err)
	}
	list := s.hold(admin, "CORREO,NOMBRE,FUNCION,ACTOR,CANDIDATURA,HASTA\nolivia@ejemplo.invalid,Olivia Lista,operador,RAIZ,,\n")
	wrong := s.hold(admin, "CORREO,NOMBRE,FUNCION,ACTOR,CANDIDATURA,HASTA\nmal,Olivia Lista,titular,NADIE,,\n")
	person := strconv.FormatInt(invited.Account, 10)
	return map[string]sample{
		"/entrar/codigo":                               {as: "codigo", paths: []string{"/entrar/codigo"}},
		"/entrar/activar":                              {as: "activar", paths: []string{"/entrar/activar"}},
		"/recuperar":                                   {paths: []string{"/recuperar"}},
		"/recuperar/{token}":                           {paths: []string{s.link("validador")}},
		"/invitacion/{token}":                          {paths: []string{s.link("invitada")}},
		"/cuenta/contrasena":                           {as: "validador", paths: []string{"/cuenta/contrasena"}},
		"/cuenta/segundo-factor":                       {as: "validador", paths: []string{"/cuenta/segundo-factor"}},
		"/cuenta/llaves":                               {as: "validador", paths: []string{"/cuenta/llaves"}},
		"/cuenta/rescate":                              {as: "verificador", paths: []string{s.rescue("verificador")}},
		"/administracion/personas":                     {as: "informatica", paths: []string{"/administracion/personas", "/administracion/personas?q=nadie&funcion=titular"}},
		"/administracion/personas/invitar":             {as: "informatica", paths: []string{"/administracion/personas/invitar"}},
		"/administracion/personas/solicitudes":         {as: "secretaria", paths: []string{"/administracion/personas/solicitudes"}},
		"/administracion/personas/solicitudes/{id}":    {as: "secretaria", paths: []string{"/administracion/personas/solicitudes/" + strconv.FormatInt(request.Request, 10)}},
		"/administracion/personas/lista":               {as: "informatica", paths: []string{"/administracion/personas/lista"}},
		"/administracion/personas/lista/plantilla.csv": {as: "informatica", paths: []string{"/administracion/personas/lista/plantilla.csv"}, file: true},
		"/administracion/personas/lista/{archivo}":     {as: "informatica", paths: []string{list, wrong}},
		"/administracion/personas/{id}":                {as: "informatica", paths: []string{"/administracion/personas/" + person, "/administracion/personas/" + s.text(`SELECT id::text FROM desk.accounts WHERE email = 'operador@ejemplo.invalid'`)}},
		"/administracion/personas/{id}/acuse.pdf":      {as: "informatica", paths: []string{"/administracion/personas/" + person + "/acuse.pdf"}, file: true},
		"/captura/personas":                            {as: "validador", paths: []string{"/captura/personas"}},
	}
}

// halfway makes two people who do not enter with a password alone: one has a
// second factor, and another has a role in a process that requires it.
func (s *stage) halfway() {
	s.Helper()
	err := s.app.Desk.Upkeep(s.Context(), func(ctx context.Context, tx *db.Tx) error {
		var process, other int64
		if err := tx.QueryRow(ctx, `SELECT id FROM desk.processes WHERE key = $1`, demo.Key).Scan(&process); err != nil {
			return err
		}
		const real = `INSERT INTO desk.processes (key, name, kind, folio_prefix, created_at) VALUES ('anterior', 'Proceso anterior', 'eleccion', 'ANT', '2020-01-01') RETURNING id`
		if err := tx.QueryRow(ctx, real).Scan(&other); err != nil {
			return err
		}
		for _, name := range []string{"codigo", "activar"} {
			id, err := s.app.Accounts.Create(ctx, tx, auth.NewAccount{
				Email: name + "@ejemplo.invalid", Name: "Persona " + name, Password: demo.Password, Role: auth.Auditor{}.Role(), Process: process,
			})
			if err != nil {
				return err
			}
			if name == "activar" {
				if err := tx.Exec(ctx, `INSERT INTO desk.grants (account_id, process_id, role) VALUES ($1, $2, 'auditoria')`, id, other); err != nil {
					return err
				}
				continue
			}
			secret := strings.Repeat("ABCDEFGH", 4)
			code, err := totp.GenerateCode(secret, tx.Now())
			if err == nil {
				_, err = s.app.Accounts.Enrol(ctx, tx, id, auth.Seed{Secret: secret}, code)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
}

// hold leaves a list of people to review, and returns its page.
func (s *stage) hold(a auth.Admin, list string) string {
	s.Helper()
	token, err := s.app.Registry.Hold(s.Context(), a, account.ForPeople, "personas.csv", []byte(list))
	if err != nil {
		s.Fatal(err)
	}
	return "/administracion/personas/lista/" + token
}

var accessLink = regexp.MustCompile(`/(?:invitacion|recuperar)/[\w-]+`)

// link is the last link that an account was sent.
func (s *stage) link(name string) string {
	s.Helper()
	return accessLink.FindString(s.text(`SELECT body FROM desk.outbox WHERE recipient = $1 AND kind IN ('cuenta.invitacion', 'cuenta.recuperar') ORDER BY id DESC LIMIT 1`, name+"@ejemplo.invalid"))
}

// rescue sends something with an expired session of an account, and returns the
// page that gives it back.
func (s *stage) rescue(name string) string {
	s.Helper()
	server := httptest.NewServer(s.handler)
	defer server.Close()
	jar := newJar()
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if err := enter(client, server.URL, name); err != nil {
		s.Fatal(err)
	}
	err := s.app.Desk.Upkeep(s.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.sessions SET expires_at = now() - interval '1 minute' WHERE account_id = (SELECT id FROM desk.accounts WHERE email = $1)`, name+"@ejemplo.invalid")
	})
	if err != nil {
		s.Fatal(err)
	}
	body := "guardado_id=x&accion=continuar&corregir_propuesta_1=" + strings.Repeat("Quita+la+mención+al+partido+vecino.+", 9)
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPost, server.URL+"/transparencia/revision/"+s.own(0), strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", server.URL)
	res, err := client.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	res.Body.Close()
	return "/cuenta/rescate"
}

// Activating an account and its second factor needs no script, and each of its
// pages is one that everybody can use.
func TestAnInvitationInABrowser(t *testing.T) {
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	admin := actorOf[auth.Admin](s, "informatica")
	if _, err := s.app.People.Invite(t.Context(), admin, "", account.NewPerson{Email: "olga@ejemplo.invalid", Name: "Olga Invitada", Role: "operador", Acronym: "RAIZ"}); err != nil {
		t.Fatal(err)
	}
	p := browser.New(t).Page()
	p.WithoutScripts()
	p.Open(server.URL + s.link("olga"))
	browser.Check(t, p)
	p.Type("Contraseña nueva", "corta")
	p.Type("Escríbela otra vez", "corta")
	p.Click("checkbox", "Esta cuenta es sólo mía: no la comparto, y sé que lo que haga con ella queda registrado")
	p.Click("button", "Activar mi cuenta")
	p.See("Escribe una contraseña de 15 caracteres o más")
	browser.Check(t, p)
	const phrase = "cuatro gatos bajo el puente"
	p.Type("Contraseña nueva", phrase)
	p.Type("Escríbela otra vez", phrase)
	p.Click("checkbox", "Esta cuenta es sólo mía: no la comparto, y sé que lo que haga con ella queda registrado")
	p.Click("button", "Activar mi cuenta")
	p.Open(server.URL + "/cuenta/segundo-factor")
	key := regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(p.Text())
	code, err := totp.GenerateCode(strings.ReplaceAll(key, " ", ""), time.Now())
	if err != nil {
		t.Fatalf("the page has no key: %v in %s", err, p.Text())
	}
	p.Type("Código de tu aplicación", code)
	p.Click("button", "Activar")
	p.See("Es la única vez que se muestran")
	browser.Check(t, p)
	p.Open(server.URL + "/cuenta")
	p.See("Te quedan 10 códigos de respaldo")
	browser.Check(t, p)
}

// newJar returns an empty jar of cookies.
func newJar() http.CookieJar {
	jar, _ := cookiejar.New(nil) // fails only for a bad option
	return jar
}
