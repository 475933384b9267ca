package browser

import (
	"fmt"
	"html"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const form = `<h1>Formulario</h1><form method="post" action="/enviar" enctype="multipart/form-data">
<p><label for="n">Nombre</label> <input id="n" name="n" value="antes"></p>
<p><label for="m">Municipio</label> <select id="m" name="m"><option value="">Elige</option><option value="1">Ayala</option><option value="2">Ñuu Savi</option></select></p>
<p><label for="a">Archivo</label> <input id="a" name="a" type="file"></p>
<p><label><input type="checkbox" name="c" value="sí"> Acepto</label></p>
<p><button aria-label="Guardar y continuar">G</button> <button name="otro" value="1">Volver</button></p></form>
<details><summary>Más</summary><p>Oculto.</p></details>`

// journey serves a form and what was sent with it.
func journey(t *testing.T) string {
	mux := http.NewServeMux()
	write := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="es-MX"><meta charset="utf-8"><title>Viaje</title><main>%s</main></html>`, body)
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { write(w, form) })
	mux.HandleFunc("POST /enviar", func(w http.ResponseWriter, r *http.Request) {
		r.ParseMultipartForm(1 << 20)
		if files := r.MultipartForm.File["a"]; len(files) == 1 {
			r.PostForm.Set("a", files[0].Filename)
		}
		http.Redirect(w, r, "/recibido?"+r.PostForm.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /recibido", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		write(w, html.EscapeString(fmt.Sprintf("nombre=%s municipio=%s archivo=%s acepto=%s otro=%s",
			r.FormValue("n"), r.FormValue("m"), r.FormValue("a"), r.FormValue("c"), r.FormValue("otro"))))
	})
	mux.HandleFunc("GET /nada", http.NotFound)
	return listen(t, mux)
}

func TestAJourney(t *testing.T) {
	url, file := journey(t), filepath.Join(t.TempDir(), "lista.csv")
	if err := os.WriteFile(file, []byte("A,B\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts=%t", scripts), func(t *testing.T) {
			p := New(t).Page()
			if !scripts {
				p.WithoutScripts()
			}
			p.Open(url)
			p.Type("Nombre", "José Ñandú 3")
			p.Type("Municipio", "Aya")
			p.Upload("Archivo", file)
			p.Click("checkbox", "Acepto")
			p.Click("button", "Guardar y continuar")
			p.See("nombre=José Ñandú 3 municipio=1 archivo=lista.csv acepto=sí otro=")
			if p.Status() != http.StatusAccepted || !strings.HasPrefix(p.URL(), url+"/recibido?") {
				t.Errorf("at %s with status %d", p.URL(), p.Status())
			}
			p.Open("/nada")
			if p.Status() != http.StatusNotFound {
				t.Errorf("status %d, want 404", p.Status())
			}
		})
	}
}

func TestKeys(t *testing.T) {
	p := New(t).Page()
	p.Open(journey(t))
	p.Press("Tab", "Tab")
	if got := p.Focused(); got != "Municipio" {
		t.Errorf("the focus is on %q", got)
	}
	p.Press("Shift+Tab")
	if got := p.Focused(); got != "Nombre" {
		t.Errorf("the focus is on %q", got)
	}
	p.Type("Nombre", "")
	p.Press("Tab", "ArrowDown", "Tab", "Tab", "Space", "Enter")
	if got, want := p.Text(), "nombre= municipio=1 archivo= acepto=sí otro="; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestClickWithoutNavigation(t *testing.T) {
	p := New(t).Page()
	p.Open(journey(t))
	before := p.URL()
	if strings.Contains(p.Text(), "Oculto.") {
		t.Error("the text shows what is closed")
	}
	p.Click("DisclosureTriangle", "Más")
	p.See("Oculto.")
	if p.URL() != before {
		t.Errorf("now at %s", p.URL())
	}
}

// fatal is a test that ends where it is told.
type fatal struct {
	testing.TB
	said string
}

func (f *fatal) Helper() {}

func (f *fatal) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(f)
}

func TestWhatCannotBeDoneSaysSo(t *testing.T) {
	url := journey(t)
	for _, c := range []struct {
		name string
		do   func(*Page)
		want string
	}{
		{"no such control", func(p *Page) { p.Click("button", "Borrar") }, "0 controls are a button called «Borrar»; there are: button «Archivo», button «Guardar y continuar», button «Volver»"},
		{"no such field", func(p *Page) { p.Type("Apellido", "x") }, "called «Apellido»; there are: textbox «Nombre»"},
		{"no such key", func(p *Page) { p.Press("Intro") }, `no key is called "Intro"`},
		{"no such address", func(p *Page) { p.Open("http://127.0.0.1:9/") }, "ERR_"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fatal{TB: t}
			p := New(t).Page()
			p.Open(url)
			p.t = f
			func() {
				defer func() { recover() }()
				c.do(p)
			}()
			p.t = t
			if !strings.Contains(f.said, c.want) {
				t.Errorf("got %q, want %q", f.said, c.want)
			}
		})
	}
}

func TestScreenshot(t *testing.T) {
	p := opened(t, fixture{})
	path := filepath.Join(t.TempDir(), "página.png")
	p.Screenshot(path)
	got, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(got), "\x89PNG") {
		t.Errorf("%d bytes, error %v", len(got), err)
	}
}
