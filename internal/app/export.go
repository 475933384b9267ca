package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/internal/site/snapshot"
	"conoceles/web"
	"conoceles/web/layout"
)

// Export copies the public site of a process to dir, as files; key "" is the
// process in force. What is not public yet, or no longer, is a Conflict, and over
// a database that a backup brought back it fails as serving it does.
func (a *App) Export(ctx context.Context, dir, key string) (snapshot.Summary, error) {
	if err := a.refuseRestored(ctx); err != nil {
		return snapshot.Summary{}, err
	}
	store, now := site.New(a.Site, a.Publisher.Curricular), a.Now()
	all, err := store.Processes(ctx)
	if err != nil {
		return snapshot.Summary{}, err
	}
	p, ok := site.InForce(all, now)
	base := ""
	if key != "" && key != p.Key {
		p, ok = site.Find(all, key)
		base = "/procesos/" + key
	}
	switch {
	case !ok:
		return snapshot.Summary{}, fault.New(fault.NotFound, "No hay un proceso con esa clave.")
	case !p.OpenAt(now):
		return snapshot.Summary{}, fault.New(fault.Conflict, "El sitio de "+p.Name+" no está abierto: no hay qué copiar.")
	}
	head := newLetterhead()
	if err := head.refresh(ctx, a.Site, siteLetterhead); err != nil {
		return snapshot.Summary{}, err
	}
	front := serve.New(serve.Options{
		Log: slog.New(failures{a.Log.Handler()}), Now: a.Now, NewID: a.NewID,
		PublicFace: func(r *http.Request) layout.Meta { return layout.Meta{Site: head.current(r.Context())} },
	})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	// One instant for the whole copy: its pages must agree on the day.
	sitehttp.New(store, sitehttp.Options{
		Site: head.current, BaseURL: a.Config.BaseURL, Log: a.Log, Now: func() time.Time { return now }, Copied: snapshot.Rules{Base: base}.Copied,
	}).Mount(front.Group(router, serve.Public))
	return snapshot.Write(ctx, dir, snapshot.Source{Store: store, Handler: router, Process: p, Base: base})
}

// failures logs what went wrong and not each page that was copied.
type failures struct{ slog.Handler }

// Enabled reports whether a level is of something that went wrong.
func (f failures) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && f.Handler.Enabled(ctx, level)
}
