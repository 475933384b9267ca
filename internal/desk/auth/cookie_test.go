package auth_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"conoceles/internal/desk/auth"
)

// Over TLS the session's cookie belongs to this host alone, no script reads it and
// it is nothing but 256 bits by chance (ASVS 3.3.1 to 3.3.5); the one by which a
// browser is known is kept as well.
func TestTheCookiesOfADeployment(t *testing.T) {
	h := newHouse(t)
	sessions := auth.NewSessions(h.Desk, h.store, true)
	account := h.ID(`SELECT id FROM desk.accounts WHERE email = $1`, operator)
	page := sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Open(r.Context(), account); err != nil {
			t.Error(err)
		}
		sessions.Remember(w, operator)
	}))
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "https://conoceles.invalid/entrar", http.NoBody))
	shapes := map[string]*regexp.Regexp{
		"__Host-conoceles":        regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`),
		"__Host-conoceles-equipo": regexp.MustCompile(`^[A-Za-z0-9_.=-]+$`),
	}
	for _, c := range w.Result().Cookies() {
		shape := shapes[c.Name]
		delete(shapes, c.Name)
		if shape == nil || !shape.MatchString(c.Value) {
			t.Errorf("a cookie %q says %q", c.Name, c.Value)
		}
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode {
			t.Errorf("%s: %v", c.Name, c)
		}
	}
	for name := range shapes {
		t.Errorf("there is no cookie %s", name)
	}
}

// However much it is used, a session ends eight hours after it began (ASVS 7.3.2).
func TestNoSessionOutlivesADay(t *testing.T) {
	d := newDoor(t)
	c := d.enter(operator)
	var data []byte
	const mine = `account_id = (SELECT id FROM desk.accounts WHERE email = $1) AND data <> ''`
	if err := d.Desk.QueryRow(t.Context(), `SELECT data FROM desk.sessions WHERE `+mine, operator).Scan(&data); err != nil {
		t.Fatal(err)
	}
	end, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(end); left > 8*time.Hour || left < 8*time.Hour-time.Minute {
		t.Errorf("it lasts %s, want 8 h", left)
	}
	if data, err = (scs.GobCodec{}).Encode(time.Now().Add(-time.Second), values); err != nil {
		t.Fatal(err)
	}
	if !d.inside(c) {
		t.Fatal("the session is not open")
	}
	d.Exec(`UPDATE desk.sessions SET data = $2 WHERE `+mine, operator, data)
	d.inside(c) // each use says again until when, and never beyond its end
	if d.inside(c) {
		t.Error("it goes on after its end, because it was used")
	}
}
