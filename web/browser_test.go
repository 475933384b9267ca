package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/webtest/browser"
	"conoceles/web"
	"conoceles/web/component"
	"conoceles/web/es"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// do runs the steps in order.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask runs one action and returns its result.
func ask[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// No page scrolls sideways, from the narrowest screen to a desk's.
func TestPagesReflow(t *testing.T) {
	server, ctx := galleryServer(t, nil), browser.New(t).Tab()
	for path := range galleryPages() {
		for _, width := range []int64{320, 360, 1280} {
			do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+path))
			overflow := ask(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			if overflow > 0 {
				t.Errorf("%s at %d pixels scrolls %d sideways", path, width, overflow)
			}
			dir := os.Getenv("CONOCELES_GALLERY")
			if dir == "" {
				continue
			}
			name := fmt.Sprintf("%s-%d.png", strings.Trim(path, "/"), width)
			if err := os.WriteFile(filepath.Join(dir, name), ask(t, ctx, chromedp.FullScreenshot(100)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// vectors are the cases that the questionnaire counts by.
const vectors = "../internal/questionnaire/testdata/counting.json"

// The questionnaire, the page and the script must count and speak alike.
func TestCountersAgree(t *testing.T) {
	raw, err := os.ReadFile(vectors)
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Nombre, Contador string
		Cuenta, Min, Max int
	}
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, error %v", len(cases), err)
	}
	for _, c := range cases {
		if got := es.Counter(c.Cuenta, c.Min, c.Max); got != c.Contador {
			t.Errorf("%s: %q, want %q", c.Nombre, got, c.Contador)
		}
	}
	server, ctx := galleryServer(t, nil), browser.New(t).Tab()
	script := `(async () => {
		const m = await import("` + web.Asset("app.js") + `");
		const bad = [];
		for (const c of ` + string(raw) + `) {
			const n = m.count(c.texto.repeat(c.veces)), says = m.counter(n, c.min, c.max);
			if (n !== c.cuenta || says !== c.contador) bad.push(c.nombre + ": " + n + ", " + says);
		}
		return JSON.stringify(bad);
	})()`
	do(t, ctx, chromedp.Navigate(server.URL+"/captura"))
	out := ask(t, ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	var bad []string
	if err := json.Unmarshal([]byte(out), &bad); err != nil {
		t.Fatal(err)
	}
	for _, b := range bad {
		t.Error(b)
	}
}

// draftServer answers drafts as it is told and remembers what it got.
type draftServer struct {
	mu     sync.Mutex
	got    []url.Values
	answer func(n int) (component.DraftReply, int, error)
}

func (d *draftServer) save(w http.ResponseWriter, r *http.Request) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.got = append(d.got, form)
	reply, status, failure := d.answer(len(d.got))
	d.mu.Unlock()
	if failure != nil {
		return failure
	}
	return serve.JSON(w, r, status, reply)
}

func (d *draftServer) requests() []url.Values {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]url.Values(nil), d.got...)
}

// typed types in the second text and leaves it.
func typed(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.SendKeys(chromedp.CSS("#p2"), text), chromedp.Blur(chromedp.CSS("#p2")))
}

// says waits until the state of the draft contains the text.
func says(t *testing.T, ctx context.Context, want string) {
	t.Helper()
	got := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if got = ask(t, ctx, chromedp.TextContent(chromedp.CSS("[data-estado]"))); strings.Contains(got, want) {
			return
		}
	}
	t.Fatalf("the draft says %q, want %q", got, want)
}

func TestDraftsSaveThemselves(t *testing.T) {
	d := &draftServer{answer: func(n int) (component.DraftReply, int, error) {
		switch n {
		case 1:
			return component.DraftReply{SavedAt: "13:52", Version: "8"}, 200, nil
		case 2:
			return component.DraftReply{Version: "12", Message: "R. Demostrada guardó cambios a las 13:50.", Differences: "/diferencias"}, 409, nil
		case 3:
			return component.DraftReply{SavedAt: "13:55", Version: "13"}, 200, nil
		case 4:
			return component.DraftReply{}, 0, fault.New(fault.Unavailable, "")
		default:
			return component.DraftReply{SavedAt: "13:59", Version: "14"}, 200, nil
		}
	}}
	server := galleryServer(t, func(g serve.Group) { g.Post("/cuestionario", "save", "operadora", d.save) })
	ctx := browser.New(t).Tab()
	do(t, ctx, chromedp.Navigate(server.URL+"/cuestionario"), typed("Hola"))
	says(t, ctx, "Borrador guardado a las 13:52")
	do(t, ctx, typed(" otra"))
	says(t, ctx, "R. Demostrada guardó cambios a las 13:50.")
	do(t, ctx, chromedp.Click(chromedp.CSS("[data-estado] button")))
	says(t, ctx, "Borrador guardado a las 13:55")
	do(t, ctx, typed(" más"))
	says(t, ctx, "No pudimos guardar")
	says(t, ctx, "Borrador guardado a las 13:59")
	got := d.requests()
	if len(got) != 5 {
		t.Fatalf("%d drafts, want 5", len(got))
	}
	for i, want := range []struct{ version, text string }{{"7", "Hola"}, {"8", "Hola otra"}, {"12", "Hola otra"}, {"13", "Hola otra más"}, {"13", "Hola otra más"}} {
		f := got[i]
		if f.Get("version") != want.version || f.Get("p2") != want.text || f.Get("accion") != "borrador" {
			t.Errorf("draft %d: version %s, text %q, action %s", i, f.Get("version"), f.Get("p2"), f.Get("accion"))
		}
		if f.Get("guardado_id") == "clave-del-boton" || len(f["guardado_id"]) != 1 {
			t.Errorf("draft %d used the button's key", i)
		}
	}
	if got[0].Get("guardado_id") == got[1].Get("guardado_id") || got[3].Get("guardado_id") != got[4].Get("guardado_id") {
		t.Error("a new text needs a new key, and a retry its own")
	}
}

// Typing updates the counter; the summary of errors takes the focus; an idle
// session warns and one button prolongs it.
func TestPageHelpers(t *testing.T) {
	var kept atomic.Int32
	server := galleryServer(t, func(g serve.Group) {
		g.Get("/prolongar", "keep", "operadora", func(w http.ResponseWriter, r *http.Request) error {
			kept.Add(1)
			w.WriteHeader(http.StatusNoContent)
			return nil
		})
	})
	ctx := browser.New(t).Tab()
	do(t, ctx, chromedp.Navigate(server.URL+"/cuestionario"))
	focused := ask(t, ctx, chromedp.Evaluate[bool](`document.activeElement.classList.contains("errores")`))
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#p2"), "hola"))
	counter := ask(t, ctx, chromedp.TextContent(chromedp.CSS("#p2-cuenta")))
	button := chromedp.CSS(".aviso--sesion button")
	do(t, ctx, chromedp.WaitVisible(button), chromedp.Click(button), chromedp.WaitNotVisible(chromedp.CSS(".aviso--sesion")))
	if !focused {
		t.Error("the summary of errors has no focus")
	}
	if counter != "4 de 280 caracteres mínimos" {
		t.Errorf("counter %q", counter)
	}
	if kept.Load() != 1 {
		t.Errorf("the session was prolonged %d times", kept.Load())
	}
}

// A signed-out session says so and keeps the text on the screen.
func TestExpiredSessionKeepsTheText(t *testing.T) {
	server := galleryServer(t, func(g serve.Group) {
		g.Post("/cuestionario", "save", "operadora", func(w http.ResponseWriter, r *http.Request) error {
			return serve.SeeOther(w, r, "/entrar")
		})
	})
	ctx := browser.New(t).Tab()
	do(t, ctx, chromedp.Navigate(server.URL+"/cuestionario"), typed("no me pierdas"))
	says(t, ctx, "Tu sesión terminó")
	text := ask(t, ctx, chromedp.Value(chromedp.CSS("#p2")))
	if text != "no me pierdas" {
		t.Errorf("the text is now %q", text)
	}
}
