package deskhttp_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"conoceles/internal/db"
	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/serve"
	"conoceles/web/layout"
)

// A candidacy that leaves the ballot takes its account's role along. Whoever then
// enters with the right password is told so, and not that the page is not there.
func TestEnteringWithoutARoleSaysSo(t *testing.T) {
	w := desktest.New(t)
	accounts, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	const email, password = "ana@ejemplo.invalid", "una frase de prueba larga"
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := accounts.Create(ctx, tx, auth.NewAccount{
			Email: email, Name: "Ana Ficticia", Password: password, Role: auth.Auditor{}.Role(), Process: w.Process,
		})
		return err
	})
	w.Exec(`DELETE FROM desk.grants`)

	sessions := auth.NewSessions(w.Desk, accounts, false)
	front := serve.New(serve.Options{Now: w.Now})
	router := front.Router()
	face := &deskhttp.Face{Sessions: sessions, Now: w.Now, Site: func(context.Context) layout.Site { return layout.Site{Name: "Conóceles"} }}
	(&deskhttp.Session{Face: face, Accounts: accounts, People: account.New(w.Desk, accounts, "https://conoceles.invalid")}).Mount(front.Group(router.With(sessions.Middleware), serve.Desk))
	server := httptest.NewServer(router)
	defer server.Close()

	res, err := http.PostForm(server.URL+"/entrar", url.Values{"correo": {email}, "contrasena": {password}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusForbidden || !strings.Contains(string(page), "ya no tiene una función") {
		t.Errorf("status %d, want 403 and why:\n%s", res.StatusCode, page)
	}
	if strings.Contains(string(page), password) {
		t.Error("the page repeats the password")
	}
}
