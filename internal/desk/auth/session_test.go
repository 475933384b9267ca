package auth_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// door is a server whose pages say who asks, with what tests need to know.
type door struct {
	*house
	server *httptest.Server
}

func newDoor(t *testing.T) *door {
	d := &door{house: newHouse(t)}
	mux := http.NewServeMux()
	handle := func(pattern string, f auth.Handler) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := f(w, r); err != nil {
				status := http.StatusInternalServerError
				if fault.Is(err, fault.NotFound) {
					status = http.StatusNotFound
				}
				http.Error(w, err.Error(), status)
			}
		})
	}
	say := func(w http.ResponseWriter, text string) error { _, err := io.WriteString(w, text); return err }
	who, _ := auth.As(d.sessions, func(w http.ResponseWriter, _ *http.Request, a auth.Actor) error { return say(w, a.Role()) })
	handle("/yo", who)
	handle("/captura/", who)
	handle("/transparencia/", who)
	handle("/entrar", func(_ http.ResponseWriter, r *http.Request) error {
		return d.sessions.Open(r.Context(), d.account(r.FormValue("correo")))
	})
	handle("/medias", func(_ http.ResponseWriter, r *http.Request) error {
		return d.sessions.Begin(r.Context(), d.account(r.FormValue("correo")))
	})
	handle("/salir", func(_ http.ResponseWriter, r *http.Request) error { return d.sessions.Close(r.Context()) })
	d.server = httptest.NewServer(d.sessions.Middleware(mux))
	t.Cleanup(d.server.Close)
	return d
}

func (d *door) account(email string) int64 {
	return d.ID(`SELECT id FROM desk.accounts WHERE email = $1`, email)
}

// browser is a client with a jar of its own.
func (d *door) browser() *http.Client {
	jar, _ := cookiejar.New(nil) // fails only for a bad option
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (d *door) enter(email string) *http.Client {
	d.T.Helper()
	c := d.browser()
	d.get(c, "/entrar?correo="+email)
	return c
}

// get returns the body of a page, or where it leads.
func (d *door) get(c *http.Client, path string) string {
	d.T.Helper()
	res, err := c.Get(d.server.URL + path)
	if err != nil {
		d.T.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.T.Fatal(err)
	}
	if to := res.Header.Get("Location"); to != "" {
		return to
	}
	return string(body)
}

func (d *door) inside(c *http.Client) bool { return d.get(c, "/yo") != "/entrar?regreso=%2Fyo" }

func (d *door) token(c *http.Client) string {
	d.T.Helper()
	u, _ := url.Parse(d.server.URL)
	for _, k := range c.Jar.Cookies(u) {
		if k.Name == "conoceles" {
			return k.Value
		}
	}
	d.T.Fatal("the browser has no session")
	return ""
}

// with returns a browser that only has the session of a token.
func (d *door) with(token string) *http.Client {
	c := d.browser()
	u, _ := url.Parse(d.server.URL)
	c.Jar.SetCookies(u, []*http.Cookie{{Name: "conoceles", Value: token}})
	return c
}

// A session planted in somebody's browser before they enter is not theirs after.
func TestAPlantedSessionIsNotTheOneThatOpens(t *testing.T) {
	d := newDoor(t)
	thief := d.browser()
	d.get(thief, "/medias?correo="+operator) // any session that exists before entering
	planted := d.token(thief)
	victim := d.with(planted)
	d.get(victim, "/entrar?correo="+operator)
	if !d.inside(victim) {
		t.Fatal("the person does not enter")
	}
	if d.inside(d.with(planted)) {
		t.Error("whoever planted the session entered with it")
	}
}

func TestASessionHalfwayOpensNothing(t *testing.T) {
	d := newDoor(t)
	c := d.browser()
	d.get(c, "/medias?correo="+operator)
	if d.inside(c) {
		t.Error("a password alone let somebody in who still owes a code")
	}
}

func TestAStolenTokenDiesWithTheSession(t *testing.T) {
	d := newDoor(t)
	c := d.enter(operator)
	stolen := d.with(d.token(c))
	if !d.inside(stolen) {
		t.Fatal("the test steals nothing")
	}
	d.get(c, "/salir")
	if d.inside(stolen) {
		t.Error("after leaving, the stolen session is still open")
	}
	if d.inside(d.with("x" + d.token(d.enter(operator)))) {
		t.Error("an altered token opens")
	}
}

// Whoever loses their access is out at the next request, whatever the way.
func TestWhoeverLosesTheirAccessIsOutWithinASecond(t *testing.T) {
	for name, lose := range map[string]func(*door){
		"suspended":           func(d *door) { d.Exec(`UPDATE desk.accounts SET active = false WHERE email = $1`, operator) },
		"without a role":      func(d *door) { d.Exec(`DELETE FROM desk.grants`) },
		"a role that expired": func(d *door) { d.Exec(`UPDATE desk.grants SET expires_at = $1`, d.Now()) },
		"sessions ended": func(d *door) {
			d.Tx(func(c context.Context, tx *db.Tx) error { return d.store.EndSessions(c, tx, d.account(operator)) })
		},
		"after the campaigns": func(d *door) { d.Exec(`UPDATE desk.processes SET campaigns_end_at = $1`, d.Now().AddDate(0, 0, -3)) },
		"another password set": func(d *door) {
			d.Tx(func(c context.Context, tx *db.Tx) error { return d.store.SetPassword(c, tx, d.account(operator), "") })
		},
		"thirty minutes idle": func(d *door) { d.Exec(`UPDATE desk.sessions SET expires_at = now() - interval '1 second'`) },
		"deactivated by command": func(d *door) {
			d.Tx(func(c context.Context, tx *db.Tx) error { return d.store.Deactivate(c, tx, operator) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			c := d.enter(operator)
			if !d.inside(c) {
				t.Fatal("the person does not enter")
			}
			lose(d)
			start := time.Now()
			for d.inside(c) {
				if time.Since(start) > time.Second {
					t.Fatal("a second later, still inside")
				}
			}
		})
	}
}

// A change of role takes effect at the next request, and its old powers are gone.
func TestARoleChangesAtTheNextRequest(t *testing.T) {
	d := newDoor(t)
	c := d.enter(operator)
	d.Exec(`UPDATE desk.grants SET role = 'validador'`)
	if got := d.get(c, "/yo"); got != "validador" {
		t.Errorf("got %q, want validador", got)
	}
}

func TestPartiesAccessEndsSomeDaysAfterTheCampaigns(t *testing.T) {
	d := newDoor(t)
	end := d.Now().AddDate(0, 1, 0)
	d.Exec(`UPDATE desk.processes SET campaigns_end_at = $1, party_access_days = 3`, end)
	d.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	d.create("ana@ejemplo.invalid", "candidata", 0, d.Candidacy(d.party, "Ana", "Ejemplo"))
	for _, tt := range []struct {
		name  string
		at    time.Time
		party bool
	}{
		{"the last second", end.AddDate(0, 0, 3).Add(-time.Second), true},
		{"the instant itself", end.AddDate(0, 0, 3), false},
	} {
		d.SetNow(tt.at)
		if got := d.inside(d.enterAs(operator)); got != tt.party {
			t.Errorf("%s: a party's account inside: %v, want %v", tt.name, got, tt.party)
		}
		for _, other := range []string{"aud@ejemplo.invalid", "ana@ejemplo.invalid"} {
			if !d.inside(d.enterAs(other)) {
				t.Errorf("%s: %s is out", tt.name, other)
			}
		}
	}
	// Who may capture by exception may enter.
	d.Exec(`
INSERT INTO desk.acts (process_id, kind, candidacy_id, basis, basis_date, captured_by, captured_at)
SELECT $1, 'excepcion', max(c.id), 'TEEM/1', '2027-06-01', max(a.id), $2 FROM desk.candidacies c, desk.accounts a`, d.Process, d.Now())
	d.Exec(`INSERT INTO desk.capture_exceptions (act_id, candidacy_id, until_at) SELECT id, candidacy_id, $1 FROM desk.acts`, d.Now().Add(time.Hour))
	if !d.inside(d.enterAs(operator)) {
		t.Error("a party with an exception is out")
	}
	d.SetNow(d.Now().Add(time.Hour))
	if d.inside(d.enterAs(operator)) {
		t.Error("after the exception, still inside")
	}
}

// enterAs enters if it can: without a role it leaves an empty session.
func (d *door) enterAs(email string) *http.Client {
	c := d.browser()
	d.get(c, "/entrar?correo="+email)
	return c
}

func TestTheStaffsSessionsAreShorter(t *testing.T) {
	d := newDoor(t)
	d.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	for email, want := range map[string]time.Duration{operator: 30 * time.Minute, "aud@ejemplo.invalid": 15 * time.Minute} {
		d.enter(email)
		var left time.Duration
		const q = `SELECT expires_at - now() FROM desk.sessions WHERE account_id = $1 AND data <> ''`
		if err := d.Desk.QueryRow(t.Context(), q, d.account(email)).Scan(&left); err != nil || left > want || left < want-time.Minute {
			t.Errorf("%s: idle for %s, %v; want %s", email, left, err, want)
		}
	}
}

// The third session ends the one that was used longest ago.
func TestAPersonHasAsManySessionsAsTheProcessAllows(t *testing.T) {
	d := newDoor(t)
	d.Exec(`UPDATE desk.processes SET max_sessions = 2`)
	first, second := d.enter(operator), d.enter(operator)
	d.SetNow(d.Now().Add(time.Second))
	d.get(first, "/yo") // the first is now the last used
	third := d.enter(operator)
	for name, c := range map[string]*http.Client{"first": first, "third": third} {
		if !d.inside(c) {
			t.Errorf("the %s session ended", name)
		}
	}
	if d.inside(second) {
		t.Error("three sessions are open, two are allowed")
	}
}

func TestSessionsAreListedAndEndedByTheirOwnerAlone(t *testing.T) {
	d := newDoor(t)
	d.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	mine, other := d.enter(operator), d.enter(operator)
	stranger := d.enter("aud@ejemplo.invalid")
	me, them := d.actor(operator), d.actor("aud@ejemplo.invalid")
	list := d.list(mine, me)
	if len(list) != 2 || !list[0].Current || list[1].Current || list[0].Device == "" {
		t.Fatalf("got %+v", list)
	}
	if err := d.sessions.End(t.Context(), them, "", list[1].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else ends it: %v, want not found", err)
	}
	if err := d.sessions.End(t.Context(), me, "", list[1].ID); err != nil {
		t.Error(err)
	}
	if d.inside(other) || !d.inside(mine) || !d.inside(stranger) {
		t.Error("the one that was chosen goes on, or another ended")
	}
	if err := d.sessions.End(t.Context(), me, "", list[1].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("again: %v, want not found", err)
	}
}

// list lists the sessions of an actor as one of their browsers sees them.
func (d *door) list(c *http.Client, a auth.Actor) (out []auth.OpenSession) {
	d.T.Helper()
	s := httptest.NewServer(d.sessions.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var err error
		if out, err = d.sessions.List(r.Context(), a); err != nil {
			d.T.Error(err)
		}
	})))
	defer s.Close()
	req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	req.AddCookie(&http.Cookie{Name: "conoceles", Value: d.token(c)})
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.T.Fatal(err)
	}
	res.Body.Close()
	return out
}

// post sends a form and returns where it leads.
func (d *door) post(c *http.Client, path string, form url.Values) string {
	d.T.Helper()
	res, err := c.PostForm(d.server.URL+path, form)
	if err != nil {
		d.T.Fatal(err)
	}
	res.Body.Close()
	return res.Header.Get("Location")
}

// What is sent when the session is over is there for its author, and nobody else.
func TestWhatIsSentWithAnExpiredSessionIsKeptForItsAuthor(t *testing.T) {
	d := newDoor(t)
	d.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	c := d.enter(operator)
	d.Exec(`UPDATE desk.sessions SET expires_at = now() - interval '50 minutes'`)
	d.enter("aud@ejemplo.invalid") // and with it the sweep of what expired
	const text = "Quiero servir a mi comunidad de ejemplo."
	form := url.Values{"motivo_cargo_publico": {text}, "accion": {"borrador"}, "guardado_id": {"k"}}
	if to := d.post(c, "/captura/PRU-1/curricular/motivo?x=1", form); !strings.HasPrefix(to, "/entrar?") {
		t.Fatalf("it leads to %q", to)
	}
	got, err := d.sessions.Rescued(t.Context(), d.actor(operator))
	if err != nil || got.Path != "/captura/PRU-1/curricular/motivo?x=1" || got.Form.Get("motivo_cargo_publico") != text || got.Form.Get("accion") != "volver" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := d.sessions.Rescued(t.Context(), d.actor("aud@ejemplo.invalid")); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else: %v, want not found", err)
	}
	var clear int
	if err := d.Desk.QueryRow(t.Context(), `SELECT count(*) FROM desk.rescues WHERE position('comunidad'::bytea IN body) > 0`).Scan(&clear); err != nil || clear != 0 {
		t.Errorf("the table keeps the text in the clear (%v)", err)
	}
	d.SetNow(d.Now().Add(time.Hour))
	if _, err := d.sessions.Rescued(t.Context(), d.actor(operator)); !fault.Is(err, fault.NotFound) {
		t.Errorf("an hour later: %v, want not found", err)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	d := newDoor(t)
	c := d.enter(operator)
	d.Exec(`UPDATE desk.sessions SET expires_at = now() - interval '1 minute'`)
	form := url.Values{"p01_indigena": {"Sí"}}
	for _, path := range []string{
		"/captura/PRU-1/identidad/indigena", "/transparencia/consentimientos/PRU-1/registrar", "/captura/PRU-1/foto", "/transparencia/arco",
	} {
		d.post(c, path, form)
	}
	d.post(d.with("nadie"), "/captura/PRU-1/curricular/motivo", form)
	d.post(d.browser(), "/captura/PRU-1/curricular/motivo", form)
	var n int
	if err := d.Desk.QueryRow(t.Context(), `SELECT count(*) FROM desk.rescues`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d were kept, want none (%v)", n, err)
	}
}

// Whoever still has the cookie of a session that its owner ended leaves nothing
// for them to find and send.
func TestAnEndedSessionLeavesNothing(t *testing.T) {
	d := newDoor(t)
	c := d.enter(operator)
	if err := d.sessions.End(t.Context(), d.actor(operator), "", d.ID(`SELECT id FROM desk.sessions`)); err != nil {
		t.Fatal(err)
	}
	d.post(c, "/captura/PRU-1/curricular/motivo", url.Values{"correo": {"otra@ejemplo.invalid"}})
	if _, err := d.sessions.Rescued(t.Context(), d.actor(operator)); !fault.Is(err, fault.NotFound) {
		t.Errorf("its owner finds what they never wrote: %v", err)
	}
}

// The proof of who acts is of its moment: it is not kept with the rest.
func TestAProofIsNotKept(t *testing.T) {
	d := newDoor(t)
	c := d.enter(operator)
	d.Exec(`UPDATE desk.sessions SET expires_at = now() - interval '1 minute'`)
	d.post(c, "/captura/PRU-1/curricular/motivo", url.Values{"dias": {"3"}, auth.ProofField: {"secreta"}, auth.CodeField: {"123456"}})
	got, err := d.sessions.Rescued(t.Context(), d.actor(operator))
	if err != nil || got.Form.Get("dias") != "3" {
		t.Fatalf("got %+v, %v", got, err)
	}
	if got.Form.Has(auth.ProofField) || got.Form.Has(auth.CodeField) {
		t.Errorf("the proof was kept: %v", got.Form)
	}
}
