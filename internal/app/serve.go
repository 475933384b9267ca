package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/desk/account"
	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/audit"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/desk/deskhttp"
	"conoceles/internal/desk/docket"
	"conoceles/internal/desk/notify"
	"conoceles/internal/desk/review"
	"conoceles/internal/desk/settings"
	"conoceles/internal/desk/usage"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/sitehttp"
	"conoceles/web"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// errDatabaseGone is why a program ends by itself: whoever watches over it, a
// person or a supervisor, starts it again, and the database recovers as it starts.
var errDatabaseGone = errors.New("la base de datos privada se detuvo; lo guardado no se perdió: vuelve a iniciar el programa")

// Run serves until ctx ends: it opens the program, does the background work and
// answers requests. ready, if not nil, is called once with the address. It fails
// when the private database ends, since nothing can be answered without it.
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
	listener, err := listen(cfg.Addr, "CONOCELES_ADDR")
	if err != nil {
		return err
	}
	counted, err := a.serveMetrics(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, counted()) }()
	if ready != nil {
		ready(listener.Addr().String())
	}
	work, stop := context.WithCancelCause(ctx)
	done := a.background(work)
	go func() {
		select {
		case <-a.gone:
			stop(errDatabaseGone)
		case <-work.Done():
		}
	}()
	err = serve.Run(a.linger(work), serve.NewServer(cfg.Addr, a.farewell(handler), log), listener)
	if errors.Is(context.Cause(work), errDatabaseGone) {
		err = errors.Join(errDatabaseGone, err)
	}
	stop(nil)
	<-done
	return err
}

// Handler returns everything the program answers, and the front whose table
// lists it. Only the routes of the open halves are mounted. Over a database that
// a backup brought back, it fails until the withdrawals are applied again.
func (a *App) Handler(ctx context.Context) (*serve.Front, http.Handler, error) {
	if err := a.refuseRestored(ctx); err != nil {
		return nil, nil, err
	}
	head := newLetterhead()
	a.letterhead = head
	if err := a.refreshLetterhead(ctx); err != nil {
		return nil, nil, err
	}
	bare := layout.Area{Name: "Acceso", Home: "/entrar"}
	watch := newWatch(a.primary())
	front := serve.New(serve.Options{
		Gate: watch.gate,
		Log:  a.Log, HTTPS: a.Config.HTTPS(), Trusted: a.Config.TrustedProxies, Now: a.Now, NewID: a.NewID, Observe: a.observe,
		Secrets: []string{auth.PasswordField, auth.ProofField, auth.CodeField, account.CurrentField, deskpage.RepeatField},
		PublicFace: func(r *http.Request) layout.Meta {
			return layout.Meta{Site: head.current(r.Context()), Nav: layout.PublicNav("", ""), Footer: layout.PublicFooter("")}
		},
		DeskFace: func(r *http.Request) (layout.Meta, layout.Area) {
			return layout.Meta{Site: head.current(r.Context()), NoIndex: true, Help: layout.PrivateHelp()}, bare
		},
	})
	router := front.Router()
	front.Group(router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	health := health{app: a, watch: watch}
	if a.Site != nil {
		health.site = a.mountSite(front, router)
		a.public = health.site
	}
	health.mount(front.Group(router, serve.System))
	if a.Desk != nil {
		router.Group(func(r chi.Router) { a.mountDesk(front, r, watch) })
		a.mountLinks(front, router)
	}
	return front, router, nil
}

// primary is the database that knows what was decided last.
func (a *App) primary() db.Querier {
	if a.Live != nil {
		return a.Live
	}
	return a.Desk
}

func (a *App) mountSite(front *serve.Front, r chi.Router) *sitehttp.Handler {
	h := sitehttp.New(site.New(a.Site, a.Publisher.Curricular).WithIdentity(a.Live), sitehttp.Options{
		Site: a.letterhead.current, Now: a.Now, BaseURL: a.Config.BaseURL, Log: a.Log, Usage: a.counter(),
	})
	h.Mount(front.Group(r, serve.Public))
	return h
}

// mountDesk mounts everything behind the login.
func (a *App) mountDesk(front *serve.Front, r chi.Router, watch *watch) {
	sessions := auth.NewSessions(a.Desk, a.Accounts, a.Config.HTTPS()).OnError(front.Failed(serve.Desk))
	r.Use(serve.NoStore, front.CrossOrigin(), sessions.Middleware)
	face := &deskhttp.Face{Sessions: sessions, Site: a.letterhead.current, Now: a.Now, Unmailed: a.Mail.Send == nil, ReadOnly: watch.readOnly, Alarms: a.alarmTexts}
	g := front.Group(r, serve.Desk)
	(&deskhttp.Session{Face: face, Accounts: a.Accounts, People: a.People, Passkeys: a.Passkeys}).Mount(g)
	(&deskhttp.People{Face: face, Store: a.People, Registry: a.Registry}).Mount(g)
	duties := a.duties()
	identity := &deskhttp.Identity{
		Face: face, Consents: a.Consents, Capture: capture.NewIdentity(a.Desk, a.Publisher, a.Consents, a.Keys),
	}
	(&deskhttp.Capture{Face: face, Store: capture.New(a.Desk, a.Publisher).WithWatcher(duties), Identity: identity, Notices: duties}).Mount(g)
	(&deskhttp.Delivery{Face: face, Store: capture.New(a.Desk, a.Publisher)}).Mount(g)
	identity.Mount(g)
	(&deskhttp.Registry{Face: face, Store: a.Registry}).Mount(g)
	(&deskhttp.Review{Face: face, Store: review.New(a.Desk, a.Publisher).WithWatcher(duties)}).Mount(g)
	(&deskhttp.Notice{Face: face, Store: duties}).Mount(g)
	(&deskhttp.Referral{Face: face, Store: duties}).Mount(g)
	(&deskhttp.Report{Face: face, Store: a.reports()}).Mount(g)
	(&deskhttp.Docket{Face: face, Store: docket.New(a.Desk)}).Mount(g)
	(&deskhttp.Arco{Face: face, Store: arco.New(a.Desk)}).Mount(g)
	(&deskhttp.Agenda{Face: face, Store: agenda.New(a.Desk), Reports: a.reports(), BaseURL: strings.TrimRight(a.Config.BaseURL, "/")}).Mount(g)
	(&deskhttp.Usage{Face: face, Store: usage.NewStore(a.Desk)}).Mount(g)
	(&deskhttp.Retention{Face: face, Store: a.Retention}).Mount(g)
	parameters := settings.New(a.Desk, a.Publisher)
	sessions.Guard(face.Gate(parameters))
	(&deskhttp.Settings{Face: face, Store: parameters, Studio: portrait.NewStudio(), Version: Version}).Mount(g)
	(&deskhttp.Audit{Face: face, Store: &audit.Store{Desk: a.Desk}}).Mount(g)
	(&deskhttp.Dossier{Face: face, Store: a.dossiers(func() []serve.Route { return front.Routes().List() })}).Mount(g)
	(&deskhttp.Operation{Face: face, Store: a.watched()}).Mount(g)
	(&deskhttp.Transparency{Face: face, Consents: a.Consents, Outbox: notify.Outbox{Desk: a.Desk}}).Mount(g)
}

// mountLinks mounts what the desk serves to whoever has not entered: without
// sessions, in the look of the public site.
func (a *App) mountLinks(front *serve.Front, r chi.Router) {
	face := &deskhttp.Face{Site: a.letterhead.current, Now: a.Now}
	public := front.Group(r, serve.Public)
	(&deskhttp.Withdrawal{Face: face, Consents: a.Consents}).Mount(public)
	(&deskhttp.Rights{Face: face, Store: arco.New(a.Desk)}).Mount(public)
	(&deskhttp.Guides{Face: face}).Mount(public)
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

// warmEvery is how long a site is as it is before what nobody visited is drawn.
const warmEvery = 10 * time.Second

// mailEvery is how late an e-mail may leave after the act that it tells.
const mailEvery = 5 * time.Second

// background does, until ctx ends, what no request does. The channel closes when
// all of it has stopped.
func (a *App) background(ctx context.Context) <-chan struct{} {
	var all sync.WaitGroup
	all.Go(func() { a.every(ctx, refreshEvery, "refresh the letterhead", a.refreshLetterhead) })
	if a.public != nil {
		all.Go(func() { a.every(ctx, warmEvery, "draw pages into memory", a.warm) })
	}
	if a.Desk != nil {
		all.Go(func() { a.every(ctx, alarmEvery, "look at what is watched", a.look) })
		all.Go(func() { a.every(ctx, publishEvery, "open what is due", a.openDue) })
		all.Go(func() { a.every(ctx, sequenceEvery, "chain the bitácora and the register", a.Sequence) })
		all.Go(func() { a.every(ctx, dutyEvery, "do the round of what is owed", a.duties().Daily) })
		all.Go(func() { a.every(ctx, reportEvery, "make the cuts of reports that were asked for", a.reports().Work) })
		all.Go(func() { a.every(ctx, agendaEvery, "open the deliverables of what happened", agenda.New(a.Desk).Sweep) })
		all.Go(func() { a.every(ctx, usageEvery, "add what was seen of the site", a.Usage.Flush) })
		all.Go(func() { a.every(ctx, mailEvery, "send what the outbox holds", a.sendMail) })
	}
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	return done
}

// every does a work again and again. What fails is logged, and tried again at
// the next tick.
func (a *App) every(ctx context.Context, period time.Duration, what string, work func(context.Context) error) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := work(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("background work failed", "work", what, "error", err)
			}
		}
	}
}

// warm draws pages with a fifth of a processor at most.
func (a *App) warm(ctx context.Context) error { return a.public.Warm(ctx, 4) }

func (a *App) openDue(ctx context.Context) error {
	_, err := a.Publisher.OpenDue(ctx, a.Desk)
	return err
}

func (a *App) sendMail(ctx context.Context) error {
	_, err := a.Mail.Dispatch(ctx)
	return err
}
