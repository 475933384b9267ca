package webtest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"conoceles/internal/webtest"
)

// recorder is a testing.TB that only counts what fails.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func stage() webtest.Stage {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Prueba", "uno")
		fmt.Fprint(w, `<p>Hola,   D&#39;Arco</p><input name="guardado_id" value="k1">`)
	})
	mux.HandleFunc("POST /guardar", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/listo/"+r.FormValue("clave"), http.StatusSeeOther)
	})
	mux.HandleFunc("POST /archivo", func(w http.ResponseWriter, r *http.Request) {
		f, _, err := r.FormFile("documento")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = io.Copy(w, f)
	})
	return webtest.Stage{Handler: mux, Fixture: func(string) (map[string]string, error) { return map[string]string{"quien": "Hola"}, nil }}
}

func play(script string) []string {
	r := &recorder{}
	webtest.Play(r, strings.NewReader(script), stage())
	return r.failures
}

func TestAScriptThatHoldsPasses(t *testing.T) {
	if f := play(`
# saluda
fixture cualquiera
GET /
code == 200
body contains ${quien}, D'Arco
body !contains adiós
header X-Prueba == uno
guardar guardado_id
POST /guardar
form clave=${guardado_id}
code == 303
location == /listo/k1
`); len(f) != 0 {
		t.Error(f)
	}
}

func TestAScriptAttachesAFile(t *testing.T) {
	if f := play("POST /archivo\nform clave=k1\narchivo documento=documento.txt\ncode == 200\nbody contains Firmado"); len(f) != 0 {
		t.Error(f)
	}
}

func TestEachCheckCanFail(t *testing.T) {
	for _, check := range []string{
		"code == 404", "body contains adiós", "body !contains Hola", "header X-Prueba == dos", "header X-Prueba contains dos",
		"location == /", "guardar otro", "cantar algo", "body parece bien",
	} {
		if f := play("GET /\n" + check); len(f) != 1 {
			t.Errorf("%q failed %d times, want once", check, len(f))
		}
	}
}
