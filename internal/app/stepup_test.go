package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"conoceles/internal/app"
)

// Whoever changes a parameter proves again who they are, some minutes after
// entering (security.md 5).
func TestParametersAskAgainWhoItIs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var later atomic.Int64
	node, err := app.OpenAt(context.Background(), s.app.Config, quiet(), app.Both, func() time.Time { return time.Now().Add(time.Duration(later.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close(context.Background()) })
	_, handler, err := node.Handler(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	paths := map[string][]string{
		"informatica": {"/administracion/parametros/plazos", "/administracion/actores/nuevo", "/administracion/catalogos/cargo/gubernatura", "/administracion/cambios/1/confirmar", "/administracion/arco", "/administracion/arco/dias", "/administracion/arco/dias/quitar"},
		"titular":     {"/transparencia/requerimientos/textos"},
	}
	browsers := map[string]*http.Client{}
	for who := range paths {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browsers[who] = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		if err := enter(browsers[who], server.URL, who); err != nil {
			t.Fatal(err)
		}
	}
	asked := func(who, path string) bool {
		res, err := browsers[who].PostForm(server.URL+path, url.Values{"dia": {"01/01/2027"}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode == http.StatusForbidden && strings.Contains(string(body), "Confirma que eres tú")
	}
	for _, minutes := range []int64{0, 6} {
		later.Store(minutes * int64(time.Minute))
		for who, all := range paths {
			for _, path := range all {
				if got, want := asked(who, path), minutes > 0; got != want {
					t.Errorf("%d minutes after entering, %s asks again: %t, want %t", minutes, path, got, want)
				}
			}
		}
	}
}
