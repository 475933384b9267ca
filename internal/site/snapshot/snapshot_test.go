package snapshot_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/internal/site/sitetest"
	"conoceles/internal/site/snapshot"
	"conoceles/web"
	"conoceles/web/layout"
)

// source is the site of a world as it is drawn for a copy, at an instant. Its
// store can read identity: that none is shown is the work of the handlers.
func source(w *sitetest.World, key, base string, now time.Time) snapshot.Source {
	store := site.New(w.Site, questionnaire.Edition).WithIdentity(w.Site)
	letterhead := layout.Site{Name: "Conóceles", Tagline: "Candidatas y candidatos", Place: "Ficticia", Institute: "Instituto Electoral Ficticio"}
	front := serve.New(serve.Options{
		Log: slog.New(slog.DiscardHandler), PublicFace: func(*http.Request) layout.Meta { return layout.Meta{Site: letterhead} },
	})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	sitehttp.New(store, sitehttp.Options{
		Site: func(context.Context) layout.Site { return letterhead }, BaseURL: "https://ejemplo.invalid", Now: func() time.Time { return now },
		Copied: snapshot.Rules{Base: base}.Copied,
	}).Mount(front.Group(router, serve.Public))
	return snapshot.Source{Store: store, Handler: router, Process: w.Process(store, key), Base: base}
}

// write makes a copy and returns where it is.
func write(t *testing.T, s snapshot.Source) (string, snapshot.Summary) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copia")
	sum, err := snapshot.Write(t.Context(), dir, s)
	if err != nil {
		t.Fatal(err)
	}
	if len(sum.Missing) > 0 {
		t.Errorf("pages lead to what was not copied: %v", sum.Missing)
	}
	return dir, sum
}

// contents returns the files of a directory by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		within, _ := filepath.Rel(dir, name)
		out[filepath.ToSlash(within)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Any server of files serves the copy: everything that is in it is reached from
// its first page, or from an address of the site, and no link of it is dead.
func TestNoLinkOfACopyIsDead(t *testing.T) {
	t.Parallel()
	w := sitetest.New(t)
	for _, c := range []struct{ key, base string }{{sitetest.Open, ""}, {sitetest.Archive, "/procesos/" + sitetest.Archive}} {
		dir, _ := write(t, source(w, c.key, c.base, sitetest.Now))
		// Below a path of somebody else's site, and not at its root.
		server := httptest.NewServer(http.StripPrefix("/espejo/conoceles", http.FileServer(http.Dir(dir))))
		t.Cleanup(server.Close)
		home, err := url.Parse(server.URL + "/espejo/conoceles/index.html")
		if err != nil {
			t.Fatal(err)
		}
		seen, pages := map[string]bool{}, 0
		for next := []*url.URL{home}; len(next) > 0; next = next[1:] {
			doc, status := get(t, next[0])
			if status != http.StatusOK {
				t.Errorf("%s: %s: status %d", c.key, next[0].Path, status)
				continue
			}
			if doc == nil {
				continue
			}
			pages++
			if n := doc.Find("form, script:not([type='application/ld+json'])").Length(); n > 0 {
				t.Errorf("%s: %s has %d forms or scripts", c.key, next[0].Path, n)
			}
			for _, to := range links(t, next[0], doc) {
				if !seen[to.String()] {
					seen[to.String()] = true
					next = append(next, to)
				}
			}
		}
		if want := 15; pages < want {
			t.Errorf("%s: only %d pages are reached from the first one, want %d at least", c.key, pages, want)
		}
	}
}

// get asks for an address; doc is nil if it is no page.
func get(t *testing.T, u *url.URL) (doc *goquery.Document, status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		if doc, err = goquery.NewDocumentFromReader(res.Body); err != nil {
			t.Fatal(err)
		}
	}
	return doc, res.StatusCode
}

// links are the addresses of the copy that a page leads to. One of the root of a
// server would leave the copy.
func links(t *testing.T, at *url.URL, doc *goquery.Document) (out []*url.URL) {
	t.Helper()
	doc.Find("[href], [src]").Each(func(_ int, e *goquery.Selection) {
		to := e.AttrOr("href", e.AttrOr("src", ""))
		if strings.HasPrefix(to, "/") {
			t.Errorf("%s leads to %s, outside of the copy", at.Path, to)
		}
		u, err := at.Parse(to)
		if err != nil {
			t.Errorf("%s leads to %q: %v", at.Path, to, err)
			return
		}
		if u.Host != at.Host {
			return
		}
		if fragment := u.Fragment; fragment != "" && u.Path == at.Path && doc.Find(`[id="`+fragment+`"]`).Length() == 0 {
			t.Errorf("%s leads to its part %s, which it has not", at.Path, fragment)
		}
		u.Fragment = ""
		out = append(out, u)
	})
	return out
}

// What the copy must have, whatever its pages lead to.
func TestWhatACopyHas(t *testing.T) {
	t.Parallel()
	w := sitetest.New(t)
	s := source(w, sitetest.Open, "", sitetest.Now)
	dir, _ := write(t, s)
	got := contents(t, dir)
	want := []string{
		"index.html", "candidaturas/index.html", "boleta/index.html", "estadisticas/index.html", "avance/index.html", "ayuda/index.html",
		"datos/index.html", "datos/candidaturas.csv", "datos/candidaturas.json", "datos/candidaturas.xlsx", "datos/datapackage.json",
		"datos/diccionario/index.html", "datos/cambios.json", "datos/cambios.atom", "estadisticas/edad.csv", "privacidad/index.html", "accesibilidad/index.html",
	}
	catalog, err := s.Store.Catalog(t.Context(), s.Process)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range catalog.Nominators {
		want = append(want, "candidaturas/lista/actor/"+n.Slug+"/index.html")
	}
	for _, m := range catalog.Municipalities {
		want = append(want, "boleta/municipio/"+m.Key+"/index.html")
	}
	slugs, err := s.Store.Slugs(t.Context(), s.Process)
	if err != nil || len(slugs) == 0 {
		t.Fatal(slugs, err)
	}
	for _, slug := range slugs {
		want = append(want, "candidaturas/"+slug+"/index.html")
	}
	for _, name := range want {
		if got[name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
	for name, body := range got {
		if strings.HasSuffix(name, ".html") && !strings.Contains(body, "Copia del sitio al ") {
			t.Errorf("%s does not say that it is a copy", name)
		}
	}
}

// The same data gives the same bytes, an hour later and in another order; and
// SHA256SUMS names every file with its hash.
func TestACopyIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	w := sitetest.New(t)
	first, sum := write(t, source(w, sitetest.Open, "", sitetest.Now))
	second, again := write(t, source(w, sitetest.Open, "", sitetest.Now.Add(time.Hour)))
	if diff := cmp.Diff(sum, again); diff != "" {
		t.Error(diff)
	}
	got, files := contents(t, first), contents(t, second)
	for name := range got {
		if got[name] != files[name] {
			t.Errorf("%s is another each time", name)
		}
	}
	if len(got) != len(files) || sum.Files != len(got) {
		t.Errorf("%d files, then %d; %d were told", len(got), len(files), sum.Files)
	}
	listed := map[string]bool{"SHA256SUMS": true}
	for line := range strings.Lines(got["SHA256SUMS"]) {
		hash, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		listed[name] = true
		if want := sha256.Sum256([]byte(got[name])); hash != hex.EncodeToString(want[:]) {
			t.Errorf("%s is listed with another hash", name)
		}
	}
	if len(listed) != len(got) {
		t.Errorf("%d files are listed of %d", len(listed), len(got))
	}
}

// Nobody could withdraw identity from a copy: none is in it, nor whether there is.
func TestACopyHasNoIdentity(t *testing.T) {
	t.Parallel()
	const canary, citlali = "CNRY-7F3KQ2M5ZB4XW6HT", 10
	w := sitetest.New(t)
	w.Withdraw(citlali)
	_, before := write(t, source(w, sitetest.Open, "", sitetest.Now))
	w.Consent(citlali, questionnaire.Answers{
		questionnaire.Indigenous: {Text: questionnaire.Yes}, questionnaire.IndigenousPeople: {Text: "otro", Other: canary},
	})
	dir, sum := write(t, source(w, sitetest.Open, "", sitetest.Now))
	for name, body := range contents(t, dir) {
		if strings.Contains(body, canary) {
			t.Errorf("%s has an answer of the identity questionnaire", name)
		}
	}
	if sum.Hash != before.Hash {
		t.Error("the copy tells that somebody consented")
	}
}

func TestACopyTakesTheDirectoryOfNothing(t *testing.T) {
	t.Parallel()
	w := sitetest.New(t)
	dir := t.TempDir()
	kept := filepath.Join(dir, "apuntes.txt")
	if err := os.WriteFile(kept, []byte("míos"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := snapshot.Write(t.Context(), dir, source(w, sitetest.Open, "", sitetest.Now)); !fault.Is(err, fault.Invalid) {
		t.Errorf("error %v, want one of kind Invalid", err)
	}
	if got := contents(t, dir); got["apuntes.txt"] != "míos" || len(got) != 1 {
		t.Errorf("what was there is now %v", got)
	}
}

// A site that changes under the copy begins it again; one that fails leaves nothing.
func TestACopyIsOfOneMoment(t *testing.T) {
	t.Parallel()
	w := sitetest.New(t)
	for _, c := range []struct {
		name    string
		changes int // of the site, one at each beginning of the copy
		broken  bool
		want    string // of the error; "" is none
	}{
		{name: "it changes twice", changes: 2},
		{name: "it never rests", changes: 100, want: "conflict: El sitio cambió mientras se copiaba"},
		{name: "it fails", broken: true, want: "/estadisticas answers 500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, left := source(w, sitetest.Open, "", sitetest.Now), c.changes
			inner := s.Handler
			s.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/" && left > 0 {
					left--
					w.Changed()
				}
				if r.URL.Path == "/estadisticas" && c.broken {
					rw.WriteHeader(http.StatusInternalServerError)
					return
				}
				inner.ServeHTTP(rw, r)
			})
			dir := filepath.Join(t.TempDir(), "copia")
			_, err := snapshot.Write(t.Context(), dir, s)
			if got := fmt.Sprint(err); (err != nil) != (c.want != "") || !strings.Contains(got, c.want) {
				t.Errorf("error %s, want %q", got, c.want)
			}
			if _, statErr := os.Stat(dir); (statErr == nil) != (err == nil) {
				t.Errorf("the directory: %v; the copy: %v", statErr, err)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".copia-*")); len(left) > 0 {
				t.Errorf("%v was left behind", left)
			}
		})
	}
}
