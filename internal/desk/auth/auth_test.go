package auth_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

const password = "una frase de prueba larga"

// house is a world with accounts and a server that knows who asks.
type house struct {
	*desktest.World
	store    *auth.Store
	sessions *auth.Sessions
	party    int64
}

func newHouse(t *testing.T) *house {
	w := desktest.New(t)
	store, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{World: w, store: store, sessions: auth.NewSessions(w.Desk, store, false)}
	h.party = w.Nominator(election.Party, "RAIZ")
	h.create("operador@ejemplo.invalid", "operador", h.party, 0)
	return h
}

func (h *house) create(email, role string, nominator, candidacy int64) {
	h.T.Helper()
	h.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := h.store.Create(ctx, tx, auth.NewAccount{
			Email: email, Name: "Persona", Password: password, Role: role, Process: h.Process, Nominator: nominator, Candidacy: candidacy,
		})
		return err
	})
}

func TestLoginGivesTheSameAnswerToUnknownWrongAndSuspended(t *testing.T) {
	h := newHouse(t)
	h.create("suspendida@ejemplo.invalid", "auditoria", 0, 0)
	h.Tx(func(ctx context.Context, tx *db.Tx) error {
		return h.store.Deactivate(ctx, tx, "suspendida@ejemplo.invalid")
	})

	var messages []string
	for _, try := range []struct{ email, password string }{
		{"nadie@ejemplo.invalid", password}, {"operador@ejemplo.invalid", "otra"}, {"suspendida@ejemplo.invalid", password},
	} {
		_, err := h.store.Login(t.Context(), try.email, try.password, auth.Visitor{})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", try.email, err)
		}
		messages = append(messages, fault.MessageOf(err))
	}
	if messages[0] != messages[1] || messages[1] != messages[2] {
		t.Errorf("the answers differ: %q", messages)
	}
	if _, err := h.store.Login(t.Context(), " OPERADOR@ejemplo.invalid ", password, auth.Visitor{}); err != nil {
		t.Errorf("the right password: %v", err)
	}
}

func TestFailuresMakeEverybodyWaitAndLockNobodyOut(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		if _, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", "otra", auth.Visitor{}); !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
	}
	if _, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", password, auth.Visitor{}); !fault.Is(err, fault.TooMany) {
		t.Errorf("after five failures: %v, want a wait", err)
	}
	h.SetNow(h.Now().Add(2 * time.Second))
	if _, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", password, auth.Visitor{}); err != nil {
		t.Errorf("after the wait, the right password: %v", err)
	}
	if _, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", "otra", auth.Visitor{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("entering did not clear the failures: %v", err)
	}
}

func TestGuessesSentAtOnceWaitToo(t *testing.T) {
	h := newHouse(t)
	const guesses = 40
	kinds := make(chan fault.Kind, guesses)
	for range guesses {
		go func() {
			_, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", "otra", auth.Visitor{})
			kinds <- fault.KindOf(err)
		}()
	}
	compared := 0
	for range guesses {
		if kind := <-kinds; kind == fault.Invalid {
			compared++
		} else if kind != fault.TooMany {
			t.Fatalf("a guess ended as %s", kind)
		}
	}
	// The free ones, and those that had their turn while the last of these counted.
	if most := 5 + 3; compared > most {
		t.Errorf("%d guesses were compared, want %d at most", compared, most)
	}
}

func TestEachRoleIsItsTypeWithItsScope(t *testing.T) {
	h := newHouse(t)
	party := h.Candidacy(h.party, "Ana", "Ejemplo")
	planilla := h.Nominator(election.Independent, "IND")
	alone := h.Candidacy(planilla, "Iris", "Ficticia")
	for role, want := range map[string]struct {
		nominator, candidacy int64
		scope                auth.Scope
		validates            bool
	}{
		"operador":  {h.party, 0, auth.Scope{h.Process, h.party, 0}, false},
		"validador": {h.party, 0, auth.Scope{h.Process, h.party, 0}, true},
	} {
		h.create("x@ejemplo.invalid", role, want.nominator, 0)
		c := h.actor("x@ejemplo.invalid").(auth.Capturer)
		if c.Role() != role || c.Scope() != want.scope || c.Validates() != want.validates {
			t.Errorf("%s became %T %+v", role, c, c.Scope())
		}
	}
	h.create("x@ejemplo.invalid", "candidata", 0, party)
	if c := h.actor("x@ejemplo.invalid").(auth.Candidate); c.Scope() != (auth.Scope{h.Process, 0, party}) || c.Validates() {
		t.Errorf("a party's candidate became %+v", c)
	}
	h.create("x@ejemplo.invalid", "candidata", 0, alone)
	if c := h.actor("x@ejemplo.invalid").(auth.Candidate); c.Scope() != (auth.Scope{h.Process, planilla, alone}) || !c.Validates() {
		t.Errorf("an independent became %+v", c)
	}
	for _, role := range []string{"verificador", "titular", "secretaria", "administracion", "auditoria"} {
		h.create("x@ejemplo.invalid", role, 0, 0)
		if a := h.actor("x@ejemplo.invalid"); a.Role() != role {
			t.Errorf("%s became %s", role, a.Role())
		} else if _, ok := a.(auth.Capturer); ok {
			t.Errorf("%s may capture", role)
		}
	}
}

func (h *house) actor(email string) auth.Actor {
	h.T.Helper()
	a, err := h.store.Actor(h.T.Context(), h.ID(`SELECT id FROM desk.accounts WHERE email = $1`, email))
	if err != nil {
		h.T.Fatal(err)
	}
	return a
}

func TestTheZeroScopeReachesNothing(t *testing.T) {
	h := newHouse(t)
	h.Candidacy(h.party, "Ana", "Ejemplo")
	const q = `SELECT count(*) FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id WHERE ` + auth.ScopeSQL
	for _, tt := range []struct {
		name  string
		scope auth.Scope
		want  int
	}{
		{"zero", auth.Scope{}, 0},
		{"a process without more", auth.Scope{Process: h.Process}, 0},
		{"another party", auth.Scope{Process: h.Process, Nominator: h.party + 1}, 0},
		{"another process", auth.Scope{Process: h.Process + 1, Nominator: h.party}, 0},
		{"the party", auth.Scope{Process: h.Process, Nominator: h.party}, 1},
	} {
		var n int
		if err := h.Desk.QueryRow(t.Context(), q, tt.scope.Args()...).Scan(&n); err != nil || n != tt.want {
			t.Errorf("%s reaches %d, %v; want %d", tt.name, n, err, tt.want)
		}
	}
}

func TestTheSigladoPartyCapturesForTheCoalition(t *testing.T) {
	h := newHouse(t)
	coalition := h.Nominator(election.Coalition, "UNIDOS")
	other := h.Nominator(election.Party, "OTRO")
	c := h.Candidacy(coalition, "Ana", "Ejemplo")
	reach := func(nominator int64) (n int) {
		const q = `SELECT count(*) FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id WHERE ` + auth.ScopeSQL
		if err := h.Desk.QueryRow(t.Context(), q, auth.Scope{h.Process, nominator, 0}.Args()...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	h.Exec(`UPDATE desk.nominators SET representative_id = $2 WHERE id = $1`, coalition, other)
	if reach(other) != 1 || reach(h.party) != 0 {
		t.Error("without siglado, the coalition's representative captures")
	}
	h.Exec(`UPDATE desk.candidacies SET siglado_id = $2 WHERE id = $1`, c, h.party)
	if reach(h.party) != 1 || reach(other) != 0 {
		t.Error("with siglado, that party captures and no other")
	}
}

// server answers who asks, and lets anybody in at /entrar?correo=.
func (h *house) server() (*httptest.Server, *http.Client) {
	mux := http.NewServeMux()
	serve := func(f auth.Handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := f(w, r); err != nil {
				http.Error(w, err.Error(), map[fault.Kind]int{fault.Forbidden: 403}[fault.KindOf(err)])
			}
		}
	}
	capture, roles := auth.As(h.sessions, func(w http.ResponseWriter, _ *http.Request, a auth.Capturer) error {
		_, err := w.Write([]byte(a.Role()))
		return err
	})
	if strings.Join(roles, " ") != "operador validador candidata" {
		h.T.Errorf("Capturer is %v", roles)
	}
	mux.HandleFunc("/captura", serve(capture))
	mux.HandleFunc("/entrar", serve(func(w http.ResponseWriter, r *http.Request) error {
		return h.sessions.Open(r.Context(), h.ID(`SELECT id FROM desk.accounts WHERE email = $1`, r.FormValue("correo")))
	}))
	s := httptest.NewServer(h.sessions.Middleware(mux))
	h.T.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.T.Fatal(err)
	}
	return s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func status(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode, res.Header.Get("Location")
}

func TestWhoHasNotEnteredIsSentToEnterAndBack(t *testing.T) {
	h := newHouse(t)
	s, c := h.server()
	if code, to := status(t, c, s.URL+"/captura?estado=x"); code != http.StatusSeeOther || to != "/entrar?regreso="+url.QueryEscape("/captura?estado=x") {
		t.Errorf("got %d %s", code, to)
	}
}

func TestAnotherRoleIsRefused(t *testing.T) {
	h := newHouse(t)
	h.create("aud@ejemplo.invalid", "auditoria", 0, 0)
	s, c := h.server()
	status(t, c, s.URL+"/entrar?correo=aud@ejemplo.invalid")
	if code, _ := status(t, c, s.URL+"/captura"); code != http.StatusForbidden {
		t.Errorf("an auditor got %d, want 403", code)
	}
}

func TestSomebodySuspendedIsOutAtOnce(t *testing.T) {
	h := newHouse(t)
	s, c := h.server()
	status(t, c, s.URL+"/entrar?correo=operador@ejemplo.invalid")
	if code, _ := status(t, c, s.URL+"/captura"); code != http.StatusOK {
		t.Fatalf("the operator got %d", code)
	}
	h.Exec(`UPDATE desk.accounts SET active = false`)
	if code, _ := status(t, c, s.URL+"/captura"); code != http.StatusSeeOther {
		t.Errorf("suspended, and still inside: %d", code)
	}
}

func TestANewPasswordEndsTheSessions(t *testing.T) {
	h := newHouse(t)
	s, c := h.server()
	status(t, c, s.URL+"/entrar?correo=operador@ejemplo.invalid")
	h.create("operador@ejemplo.invalid", "validador", h.party, 0)
	if code, _ := status(t, c, s.URL+"/captura"); code != http.StatusSeeOther {
		t.Errorf("with the old password's session: %d, want to enter again", code)
	}
}

// A draft that saves itself while its author leaves commits the session last.
func TestARequestUnderWayDoesNotBringASessionBack(t *testing.T) {
	h := newHouse(t)
	s, c := h.server()
	status(t, c, s.URL+"/entrar?correo=operador@ejemplo.invalid")
	inside, left := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(h.sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(inside)
		<-left
	})))
	defer slow.Close()
	u, _ := url.Parse(s.URL)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, slow.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(c.Jar.Cookies(u)[0])
	over := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(request)
		if err == nil {
			err = res.Body.Close()
		}
		over <- err
	}()
	<-inside
	h.Tx(func(ctx context.Context, tx *db.Tx) error { // as everybody's sessions end
		return h.store.Deactivate(ctx, tx, "operador@ejemplo.invalid")
	})
	h.Exec(`UPDATE desk.accounts SET active = true`)
	close(left)
	if err := <-over; err != nil {
		t.Fatal(err)
	}
	if code, _ := status(t, c, s.URL+"/captura"); code != http.StatusSeeOther {
		t.Errorf("the session that ended answers %d, want to enter again", code)
	}
}

func TestWhatNobodyCouldEnterWithIsNoAccount(t *testing.T) {
	h := newHouse(t)
	good := auth.NewAccount{Email: "ana@ejemplo.invalid", Name: "Ana", Password: password, Role: "auditoria", Process: h.Process}
	for field, spoil := range map[string]func(*auth.NewAccount){
		"correo":      func(n *auth.NewAccount) { n.Email = "sin arroba" },
		"nombre":      func(n *auth.NewAccount) { n.Name = " " },
		"contrasena":  func(n *auth.NewAccount) { n.Password = strings.Repeat("x", 1025) },
		"actor":       func(n *auth.NewAccount) { n.Role = "operador" },
		"candidatura": func(n *auth.NewAccount) { n.Role = "candidata" },
	} {
		n := good
		spoil(&n)
		err := h.Desk.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := h.store.Create(ctx, tx, n)
			return err
		})
		if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].ID != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

func TestEnteringRenewsTheTokenAndTheTableKeepsOnlyItsHash(t *testing.T) {
	h := newHouse(t)
	s, c := h.server()
	status(t, c, s.URL+"/entrar?correo=operador@ejemplo.invalid")
	u, _ := url.Parse(s.URL)
	first := c.Jar.Cookies(u)[0].Value
	status(t, c, s.URL+"/entrar?correo=operador@ejemplo.invalid")
	second := c.Jar.Cookies(u)[0].Value
	if first == second {
		t.Error("the token survived a login: session fixation")
	}
	var n int
	const q = `SELECT count(*) FROM desk.sessions WHERE token_hash = $1 OR account_id IS NULL`
	if err := h.Desk.QueryRow(t.Context(), q, second).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d sessions keep the token itself or nobody's account (%v)", n, err)
	}
}

func TestOnlyAPathOfThisSiteIsAReturn(t *testing.T) {
	for target, want := range map[string]string{
		"/captura?x=1": "/captura?x=1", "": "/f", "//mala.invalid": "/f", "https://mala.invalid": "/f", `/\mala.invalid`: "/f",
		"captura": "/f", "javascript:alert(1)": "/f", "/a\r\nSet-Cookie: x": "/f",
	} {
		if got := auth.SafeReturn(target, "/f"); got != want {
			t.Errorf("SafeReturn(%q) = %q, want %q", target, got, want)
		}
	}
}
