package app_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"
)

// entries watches what the scripts do: an act that was done left its entry in the
// bitácora. It also knows which acts the scripts did at all.
type entries struct {
	mu     sync.Mutex
	proven map[string]bool // patterns of POST
	stages int
}

// watch returns the handler of a stage under watch. A script asks one thing at a time.
func (e *entries) watch(s *stage, t testing.TB) http.Handler {
	e.mu.Lock()
	e.stages++
	e.mu.Unlock()
	sent := map[string]bool{} // sending the same form again does nothing
	count := func() (n int) {
		if err := s.app.Desk.QueryRow(context.Background(), `SELECT count(*) FROM audit.entries`).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			s.handler.ServeHTTP(w, r)
			return
		}
		found := chi.NewRouteContext()
		r = r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, found))
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		before := count()
		rec := httptest.NewRecorder()
		s.handler.ServeHTTP(rec, r)
		key := r.URL.Path + "?" + string(body)
		if rec.Code == http.StatusSeeOther && !sent[key] {
			if count() == before {
				t.Errorf("POST %s, which is %s, did its act and left no entry in the bitácora", r.URL.Path, found.RoutePattern())
			}
			e.mu.Lock()
			e.proven[found.RoutePattern()] = true
			e.mu.Unlock()
			sent[key] = true
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// judge says how many acts of the table of routes the scripts did. Those they did
// not are held to the same by how the desk writes (db.OpenDesk, archtest).
func (e *entries) judge(t *testing.T) {
	all := 0
	for _, route := range newStage(t).front.Routes().List() {
		if route.Method == http.MethodPost {
			all++
		}
	}
	t.Logf("the scripts did %d of %d acts, each with its entry", len(e.proven), all)
	if scripts, err := filepath.Glob("testdata/*.txt"); err == nil && e.stages == len(scripts) && len(e.proven) < all/3 {
		t.Errorf("the scripts did only %d of %d acts: they watch nowhere", len(e.proven), all)
	}
}
