package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/config"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/web"
	"conoceles/web/layout"
)

// Run serves until ctx ends: it opens the program, does the background work and
// answers requests. ready, if not nil, is called once with the address.
func Run(ctx context.Context, cfg config.Config, log *slog.Logger, half Half, prepare func(context.Context, *App) error, ready func(addr string)) (err error) {
	a, err := Open(ctx, cfg, log, half)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(context.WithoutCancel(ctx))) }()
	if prepare != nil {
		if err := prepare(ctx, a); err != nil {
			return err
		}
	}
	front, handler, err := a.Handler(ctx)
	if err != nil {
		return err
	}
	_ = front
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("escuchar en %s: %w", cfg.Addr, err)
	}
	if ready != nil {
		ready(listener.Addr().String())
	}
	work, stop := context.WithCancel(ctx)
	done := a.background(work)
	err = serve.Run(ctx, serve.NewServer(cfg.Addr, handler, log), listener)
	stop()
	<-done
	return err
}

// Handler returns everything the program answers, and the front whose table
// lists it. Only the routes of the open halves are mounted.
func (a *App) Handler(ctx context.Context) (*serve.Front, http.Handler, error) {
	head := newLetterhead()
	a.letterhead = head
	if err := a.refreshLetterhead(ctx); err != nil {
		return nil, nil, err
	}
	bare := layout.Area{Name: "Acceso", Home: "/entrar"}
	front := serve.New(serve.Options{
		Log: a.Log, HTTPS: a.Config.HTTPS(), Trusted: a.Config.TrustedProxies, Now: a.Now, NewID: a.NewID,
		PublicFace: func(r *http.Request) layout.Meta {
			return layout.Meta{Site: head.current(r.Context()), Nav: layout.PublicNav("", ""), Footer: layout.PublicFooter("")}
		},
		DeskFace: func(r *http.Request) (layout.Meta, layout.Area) {
			return layout.Meta{Site: head.current(r.Context()), NoIndex: true, Help: layout.PrivateHelp()}, bare
		},
	})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	if a.Site != nil {
		a.mountSite(front, router)
	}
	if a.Desk != nil {
		router.Group(func(r chi.Router) { a.mountDesk(front, r) })
	}
	return front, router, nil
}

func (a *App) mountSite(front *serve.Front, r chi.Router) {
	sitehttp.New(site.New(a.Site, a.Publisher.Curricular).WithIdentity(a.Live), sitehttp.Options{
		Site: a.letterhead.current, Now: a.Now, BaseURL: a.Config.BaseURL, Log: a.Log,
	}).Mount(front.Group(r, serve.Public), front.Group(r, serve.System))
}

// mountDesk mounts everything behind the login.
func (a *App) mountDesk(front *serve.Front, r chi.Router) {
	sessions := auth.NewSessions(a.Desk, a.Accounts, a.Config.HTTPS())
	r.Use(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	face := &deskhttp.Face{Sessions: sessions, Site: a.letterhead.current, Now: a.Now}
	g := front.Group(r, serve.Desk)
	(&deskhttp.Session{Face: face, Accounts: a.Accounts}).Mount(g)
	(&deskhttp.Capture{Face: face, Store: capture.New(a.Desk, a.Publisher)}).Mount(g)
	(&deskhttp.Registry{Face: face, Store: a.Registry}).Mount(g)
}

// refreshLetterhead reads who publishes.
func (a *App) refreshLetterhead(ctx context.Context) error {
	if a.Site != nil {
		return a.letterhead.refresh(ctx, a.Site, siteLetterhead)
	}
	return a.letterhead.refresh(ctx, a.Desk, deskLetterhead)
}

// publishEvery is how late a publication may open after its instant.
const publishEvery = 2 * time.Second

// background does, until ctx ends, what no request does: opening what is due and
// refreshing what is kept at hand. The channel closes when it has stopped.
func (a *App) background(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		open, refresh := time.NewTicker(publishEvery), time.NewTicker(refreshEvery)
		defer open.Stop()
		defer refresh.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-open.C:
				a.try(ctx, "open what is due", func() error {
					if a.Desk == nil {
						return nil
					}
					_, err := a.Publisher.OpenDue(ctx, a.Desk)
					return err
				})
			case <-refresh.C:
				a.try(ctx, "refresh the letterhead", func() error { return a.refreshLetterhead(ctx) })
			}
		}
	}()
	return done
}

// try logs the failure of background work, which is tried again at the next tick.
func (a *App) try(ctx context.Context, what string, f func() error) {
	if err := f(); err != nil && ctx.Err() == nil {
		a.Log.Error("background work failed", "work", what, "error", err)
	}
}
