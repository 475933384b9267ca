// Package app puts the program together: configuration, database, services,
// handlers, listeners. Commands call it and exit; it is the only package that
// knows all the others.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
	"conoceles/internal/demo"
	"conoceles/internal/desk/account"
	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/audit"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/notify"
	"conoceles/internal/desk/operation"
	"conoceles/internal/desk/publish"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/retention"
	"conoceles/internal/desk/review"
	"conoceles/internal/desk/usage"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve/metrics"
	"conoceles/internal/site/sitehttp"
)

// App is an open program: the database answers and its services are ready.
type App struct {
	Config    config.Config
	Log       *slog.Logger
	Desk      *db.Desk // nil when only the public half runs
	Site      *db.Site // nil when only the desk half runs
	Live      *db.Site // the primary, where the public half reads identity; nil with Site
	Keys      *keys.Ring
	Accounts  *auth.Store
	Passkeys  *auth.Passkeys
	People    *account.Store
	Consents  *consent.Store
	Mail      notify.Dispatcher
	Publisher publish.Publisher
	Register  publish.Register // the public register; it grows where the desk runs
	Chain     audit.Chain
	Witness   audit.Witness
	Registry  *registry.Registry
	Retention *retention.Store
	Usage     *usage.Counter // nil when only the public half runs: nobody counts
	Now       func() time.Time
	NewID     func() string // makes the reference of a request; nil draws it at random

	ownerURL   string // for backups alone; "" when the configuration names none
	marks      *retention.Log
	gone       <-chan struct{} // closed when the private database that this process started has ended
	letterhead *letterhead
	leaving    atomic.Bool                       // it was told to stop and still answers
	gauges     atomic.Pointer[[]operation.Gauge] // of the last look
	counted    atomic.Pointer[metrics.Metrics]   // nil while nobody counts
	public     *sitehttp.Handler                 // once Handler made it; nil without the public half
	closers    []func(context.Context) error
}

// Half is which part of the program a process runs.
type Half string

// The halves. Both is the default; a large deployment runs them apart.
const (
	Both     Half = ""
	OnlySite Half = "sitio"
	OnlyDesk Half = "escritorio"
)

// database is the name of the database inside the private cluster.
const database = "conoceles"

// Open reaches the database (starting, making and migrating the private one
// when the configuration names none) and makes the services. Close undoes it.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger, half Half) (*App, error) {
	return OpenAt(ctx, cfg, log, half, time.Now)
}

// OpenAt is Open with another clock, for what must come out the same twice.
func OpenAt(ctx context.Context, cfg config.Config, log *slog.Logger, half Half, now func() time.Time) (*App, error) {
	a := &App{Config: cfg, Log: log, Now: now, Publisher: publish.Publisher{Curricular: questionnaire.Edition}} // opens nothing until the desk gives it keys
	if err := a.open(ctx, half); err != nil {
		return nil, errors.Join(err, a.Close(context.WithoutCancel(ctx)))
	}
	return a, nil
}

func (a *App) open(ctx context.Context, half Half) error {
	deskURL, siteURL := string(a.Config.DatabaseURL), string(a.Config.SiteDatabaseURL)
	a.ownerURL = string(a.Config.OwnerDatabaseURL)
	if a.Config.Embedded() {
		srv, err := a.startEmbedded(ctx)
		if err != nil {
			return err
		}
		a.ownerURL = srv.URL(db.RoleOwner, database)
		deskURL, siteURL = srv.URL("conoceles_escritorio", database), srv.URL("conoceles_sitio", database)
	}
	if half != OnlySite {
		if err := a.openDesk(ctx, deskURL); err != nil {
			return fmt.Errorf("abrir el escritorio: %w", err)
		}
	}
	if half != OnlyDesk {
		return a.openSite(ctx, siteURL)
	}
	return nil
}

// openSite opens what the public half reads, and apart from it, so that neither
// waits for the other, what it reads from the primary.
func (a *App) openSite(ctx context.Context, url string) error {
	primary, err := a.Config.Primary()
	if err != nil {
		return err
	}
	if primary == "" {
		primary = config.Secret(url)
	}
	for _, pool := range []struct {
		name, url string
		site      **db.Site
	}{{"el sitio", url, &a.Site}, {"la base primaria del sitio", string(primary), &a.Live}} {
		site, err := db.OpenSite(ctx, pool.url)
		if err != nil {
			return fmt.Errorf("abrir %s: %w", pool.name, err)
		}
		*pool.site = site
		a.onClose(func(context.Context) error { site.Close(); return nil })
	}
	return nil
}

// startEmbedded starts the private cluster and brings its schema up to date:
// the server migrates by itself only the database that it runs itself.
func (a *App) startEmbedded(ctx context.Context) (*embedded.Server, error) {
	srv, err := embedded.Start(ctx, embedded.Options{Dir: a.Config.DataDir, Log: a.Log})
	if err != nil {
		return nil, err
	}
	a.gone = srv.Done()
	a.onClose(srv.Stop)
	if err := db.Bootstrap(ctx, srv.URL(embedded.Superuser, "postgres"), database); err != nil {
		return nil, fmt.Errorf("preparar la base de datos: %w", err)
	}
	if err := db.Migrate(ctx, srv.URL("conoceles_duena", database)); err != nil {
		return nil, fmt.Errorf("actualizar la base de datos: %w", err)
	}
	return srv, nil
}

func (a *App) openDesk(ctx context.Context, url string) error {
	ring, err := keys.Open(a.Config.Keyset)
	if err != nil {
		return err
	}
	desk, err := db.OpenDesk(ctx, url, a.Now, ring.DigestKey())
	if err != nil {
		return err
	}
	a.Desk, a.Keys, a.Publisher = desk, ring, publish.New(ring)
	if err := a.openRegister(); err != nil {
		return fmt.Errorf("abrir el registro público: %w", err)
	}
	marks, err := retention.OpenLog(a.Config.Tombstones)
	if err != nil {
		return err
	}
	a.marks = marks
	a.Consents = consent.New(desk, a.Publisher, ring, a.Config.BaseURL).WithMarks(marks)
	a.Retention = retention.New(desk, a.Publisher, a.Consents.Vault(), arco.New(desk), marks)
	if err := a.Consents.CheckKeys(ctx); err != nil {
		return fmt.Errorf("revisar las llaves: %w", err)
	}
	a.Mail = notify.Dispatcher{Desk: desk}
	if server, ok, err := a.Config.Mail(); err != nil {
		return err
	} else if ok {
		a.Mail.Send = notify.NewMailer(server).Send
	}
	a.onClose(func(context.Context) error { desk.Close(); return nil })
	a.Usage = usage.New(desk)
	a.onClose(a.lastUsage)
	if a.Accounts, err = auth.NewStore(desk); err != nil {
		return err
	}
	if a.Passkeys, err = auth.NewPasskeys(a.Accounts, a.Config.BaseURL); err != nil {
		return err
	}
	a.People = account.New(desk, a.Accounts, a.Config.BaseURL)
	catalogue, err := registry.DefaultCatalogue()
	if err != nil {
		return fmt.Errorf("leer el catálogo: %w", err)
	}
	a.Registry = registry.New(desk, a.Publisher, catalogue)
	return nil
}

// Seeder returns what seeds the demonstration.
func (a *App) Seeder(seed uint64, size int) demo.Seeder {
	return demo.Seeder{
		Desk: a.Desk, Registry: a.Registry, Accounts: a.Accounts, Consents: a.Consents,
		Identity: capture.NewIdentity(a.Desk, a.Publisher, a.Consents, a.Keys), Reviews: review.New(a.Desk, a.Publisher), Seed: seed, Size: size,
	}
}

func (a *App) onClose(f func(context.Context) error) { a.closers = append(a.closers, f) }

// Close releases everything, in reverse order.
func (a *App) Close(ctx context.Context) error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i](ctx))
	}
	a.closers = nil
	return errors.Join(errs...)
}
