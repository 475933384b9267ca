package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// nothingPublic is what a ficha says of a person whose identity is not public.
const nothingPublic = "No hay respuestas públicas."

// TestARestoreBringsNothingBack restores a backup that is older than a withdrawal
// and than an erasure: the program refuses to serve it until both were applied
// again, and then neither is anywhere (security.md 0.6).
func TestARestoreBringsNothingBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := context.Background()
	withdrawn, erased := s.consented("verifica", 0), s.consented("verifica", 1)
	slug := func(folio string) string { return s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, folio) }
	fichas := []string{"/candidaturas/" + slug(withdrawn), "/candidaturas/" + slug(erased)}
	for _, path := range fichas {
		if strings.Contains(s.page(path), nothingPublic) {
			t.Fatalf("%s is to show identity before anybody withdraws", path)
		}
	}
	backup := s.pg.Name + "_respaldo"
	s.copied(s.pg.Name, backup)
	t.Cleanup(func() { s.server(`DROP DATABASE IF EXISTS ` + backup + ` WITH (FORCE)`) })

	head := actorOf[auth.Head](s, "titular")
	if err := s.app.Consents.WithdrawOnPaper(ctx, head, withdrawn, "", s.app.Now(), "Por escrito"); err != nil {
		t.Fatal(err)
	}
	s.retire(head, erased, true)
	s.copied(backup, s.pg.Name)

	if front, handler, err := s.app.Handler(ctx); err == nil {
		s.front, s.handler = front, handler
		for _, path := range fichas {
			t.Errorf("a restored backup is served, and %s shows identity: %t", path, !strings.Contains(s.page(path), nothingPublic))
		}
		return
	} else if !strings.Contains(err.Error(), "conoceles retiros reaplicar") {
		t.Fatalf("it refuses with %v", err)
	}
	if n, err := s.app.Retention.Reapply(ctx, db.System{Name: "retiros"}); err != nil || n != 2 {
		t.Fatalf("reapplied %d (%v), want 2", n, err)
	}
	var err error
	if s.front, s.handler, err = s.app.Handler(ctx); err != nil {
		t.Fatal(err)
	}
	for _, path := range fichas {
		if !strings.Contains(s.page(path), nothingPublic) {
			t.Errorf("after reapplying, %s shows identity", path)
		}
	}
	if d, err := s.app.Publisher.Verify(ctx, s.app.Desk); err != nil || len(d) != 0 {
		t.Errorf("verificar finds %+v (%v)", d, err)
	}
}

// page returns a page of the public site.
func (s *stage) page(path string) string {
	s.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	if rec.Code != http.StatusOK {
		s.Fatalf("%s answers %d", path, rec.Code)
	}
	return rec.Body.String()
}

// copied replaces a database by a copy of another while the program is closed,
// and opens the program again over its own.
func (s *stage) copied(from, to string) {
	s.Helper()
	cfg := s.app.Config
	if err := s.app.Close(context.Background()); err != nil {
		s.Fatal(err)
	}
	s.server(`DROP DATABASE IF EXISTS ` + to + ` WITH (FORCE)`)
	s.server(`CREATE DATABASE ` + to + ` OWNER conoceles_duena TEMPLATE ` + from)
	a, err := app.Open(context.Background(), cfg, quiet(), app.Both)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			s.Error(err)
		}
	})
	s.app = a
}

// server runs a statement about databases, as who owns the server, and lets the
// program's roles into a new one.
func (s *stage) server(sql string) {
	s.Helper()
	ctx := context.Background()
	address, err := url.Parse(s.pg.SuperURL)
	if err != nil {
		s.Fatal(err)
	}
	address.Path = "/postgres"
	c, err := pgx.Connect(ctx, address.String())
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, sql)
	if name, ok := strings.CutPrefix(sql, "CREATE DATABASE "); ok && err == nil {
		name, _, _ = strings.Cut(name, " ")
		err = db.GrantDatabase(ctx, c, name)
	}
	if err != nil {
		s.Fatal(err)
	}
}
