package app

import (
	"context"
	"io"
	"net/http"
	"time"

	"conoceles/internal/desk/publish"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site/sitehttp"
)

// healthTime is how long a database has to say that it is there.
const healthTime = time.Second

// health answers whoever watches over the program, in plain text: a word with the
// version of the program, and then what it rests on.
type health struct {
	app   *App
	site  *sitehttp.Handler // nil without the public half
	watch *watch
}

// mount mounts the two questions. «vivo» is whether to restart the process,
// «listo» whether to send people to it.
func (h health) mount(g serve.Group) {
	g.Get("/salud/vivo", "alive", serve.Anyone, h.alive)
	g.Get("/salud/listo", "ready", serve.Anyone, h.ready)
}

// alive says that the process answers, whatever became of its database.
func (h health) alive(w http.ResponseWriter, _ *http.Request) error {
	return plainText(w, http.StatusOK, "vivo\n")
}

// ready says «listo» when everything works and «degradado», still 200, when the
// database does not answer and there are pages in memory to serve: to take every
// node out for that would turn a bad hour into a worse one. With nothing to serve
// it is 503, and so it is once the program was told to stop.
func (h health) ready(w http.ResponseWriter, r *http.Request) error {
	word, lines, status := "listo", "", http.StatusOK
	answers := func(ping func(context.Context) error) bool {
		ctx, cancel := context.WithTimeout(r.Context(), healthTime)
		defer cancel()
		return ping(ctx) == nil
	}
	if h.site != nil {
		cut, some := h.site.Remembers()
		switch {
		case answers(h.app.Site.Ping):
			lines += "sitio: responde\n"
		case some:
			word = "degradado"
			lines += "sitio: de memoria, al corte de " + cut.UTC().Format(time.RFC3339) + "\n"
		default:
			word, status = "no listo", http.StatusServiceUnavailable
			lines += "sitio: sin base de datos\n"
		}
	}
	if h.app.Desk != nil {
		if answers(h.app.Desk.Ping) {
			lines += "escritorio: responde\n"
		} else {
			lines += "escritorio: sin base de datos\n"
			if h.site == nil {
				word, status = "no listo", http.StatusServiceUnavailable
			} else if word == "listo" {
				word = "degradado"
			}
		}
	}
	if o := h.watch.operation(r.Context()); o != publish.Normal {
		if word == "listo" {
			word = "degradado"
		}
		lines += "modo: " + string(o) + "\n"
	}
	for _, g := range h.app.raised() { // not a reason to take a node out
		lines += "alarma: " + g.Key + "\n"
	}
	if h.app.leaving.Load() {
		word, status = "no listo", http.StatusServiceUnavailable
		lines += "se está deteniendo: ya no envíes a nadie aquí\n"
	}
	return plainText(w, status, word+", versión "+Version+"\n"+lines)
}

func plainText(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	w.WriteHeader(status)
	if _, err := io.WriteString(w, text); err != nil {
		return fault.Wrap(fault.Unavailable, "", err)
	}
	return nil
}
