package sitehttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"
)

// Counter is told that somebody saw a page: of which process, of which class, and
// whether they came to it from outside the site. It is told nothing of who they
// are. It must not wait.
type Counter interface {
	Count(process int64, class string, arrived bool)
}

const (
	download = "descarga" // the files that people take away
	ofAPI    = "api"      // what programs ask
)

// classes says, by its pattern, of which class each counted route is. What is not
// here is part of another page, or is for machines.
var classes = map[string]string{
	"/": "portada", "": "portada",
	"/candidaturas": "busqueda", "/candidaturas/{slug}": "ficha", "/candidaturas/{slug}/imprimir": "impresion",
	"/comparar": "comparacion",
	"/boleta":   "boleta", "/boleta/{seccion}": "boleta", "/boleta/municipio/{municipio}": "boleta",
	"/boleta/{seccion}/imprimir": "impresion", "/boleta/municipio/{municipio}/imprimir": "impresion",
	"/estadisticas": "estadisticas", "/estadisticas/{figura}.csv": download,
	"/avance": "avance", "/avance/serie.csv": download,
	"/datos": "datos", "/datos/diccionario": "datos", "/datos/api": "datos",
	"/datos/candidaturas.csv": download, "/datos/candidaturas.json": download, "/datos/candidaturas.xlsx": download, "/datos/identidad.csv": download,
	"/ayuda": "ayuda",
	apiRoot:  ofAPI, apiRoot + "/": ofAPI, apiRoot + "/openapi.json": ofAPI, apiRoot + "/candidaturas": ofAPI, apiRoot + "/candidaturas/{slug}": ofAPI,
	apiRoot + "/boletas/{seccion}": ofAPI, apiRoot + "/catalogos": ofAPI, apiRoot + "/estadisticas": ofAPI,
}

// Classes returns the class of each route that is counted, by its pattern.
func Classes() map[string]string { return classes }

// classOf returns the class of the route that a request took, "" when it is not
// counted.
func classOf(r *http.Request) string {
	c := chi.RouteContext(r.Context())
	if c == nil {
		return ""
	}
	return classes[strings.TrimPrefix(c.RoutePattern(), "/procesos/{clave}")]
}

// counted is show, whose answers the Counter is told about.
func (h *Handler) counted(show answer) answer {
	if h.options.Usage == nil {
		return show
	}
	return func(w http.ResponseWriter, r *http.Request, v visit) error {
		class := classOf(r)
		if class == "" || !byAPerson(r, class) {
			return show(w, r, v)
		}
		seen := &statusWriter{ResponseWriter: w}
		err := show(seen, r, v)
		if err == nil && (seen.status == http.StatusOK || seen.status == http.StatusNotModified) {
			h.options.Usage.Count(v.Process.ID, class, class != ofAPI && arrived(r))
		}
		return err
	}
}

// robots are words in the names that programs give themselves. There is no list
// that is complete: these are the ones that are honest about it.
var robots = []string{"bot", "crawl", "spider", "slurp", "headless", "preview", "externalhit", "monitor", "lighthouse", "archive", "scan"}

// byAPerson reports whether a request looks like somebody's, or their program's. Browsers all say that
// they are Mozilla; a file is also taken with other programs, and the API is for
// them. The name is looked at and forgotten.
func byAPerson(r *http.Request, class string) bool {
	if r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") != "" {
		return false
	}
	name := strings.ToLower(r.UserAgent())
	if name == "" || class != download && class != ofAPI && !strings.HasPrefix(name, "mozilla/") {
		return false
	}
	for _, word := range robots {
		if strings.Contains(name, word) {
			return false
		}
	}
	return true
}

// arrived reports whether somebody came from outside the site, as their browser
// says, or as the page they came from does where the browser is old.
func arrived(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site != "same-origin"
	}
	from, err := url.Parse(r.Referer())
	return err != nil || from.Host != r.Host
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the first status.
func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write begins an answer that said no status, which is then 200.
func (s *statusWriter) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets the rest of the program reach the connection.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
