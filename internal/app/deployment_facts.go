package app

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"conoceles/internal/config"
	"conoceles/internal/db"
)

// Facts looks at the deployment that is open.
func (a *App) Facts(ctx context.Context) (Facts, error) {
	f, err := a.machineFacts()
	if err != nil {
		return f, err
	}
	return f, a.databaseFacts(ctx, &f)
}

// machineFacts are those of the configuration and of the process.
func (a *App) machineFacts() (Facts, error) {
	c := a.Config
	f := Facts{
		BaseURL: c.BaseURL, Addr: c.Addr, MetricsAddr: c.MetricsAddr, TrustedProxies: c.TrustedProxies, Embedded: c.Embedded(),
		DataDir: c.DataDir, Keyset: c.Keyset, Mail: c.SMTPURL != "", Root: os.Geteuid() == 0, Traceback: os.Getenv("GOTRACEBACK"),
		Addresses: map[string]Address{},
	}
	for name, secret := range map[string]config.Secret{"sitio": c.SiteDatabaseURL, "escritorio": c.DatabaseURL, "primaria": c.PrimaryDatabaseURL} {
		if secret == "" {
			continue
		}
		u, err := url.Parse(string(secret))
		if err != nil {
			return f, fmt.Errorf("la dirección de «%s» no se puede leer", name) // url's own error quotes the password
		}
		_, password := u.User.Password()
		f.Addresses[name] = Address{User: u.User.Username(), Host: u.Hostname(), TLS: u.Query().Get("sslmode"), Password: password}
	}
	info, err := os.Stat(c.Keyset)
	if err != nil {
		return f, fmt.Errorf("las llaves: %w", err)
	}
	f.KeysetMode = info.Mode()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		return f, fmt.Errorf("el límite de los volcados de memoria: %w", err)
	}
	f.Cores = limit.Cur
	return f, nil
}

// databaseFacts are those that PostgreSQL tells.
func (a *App) databaseFacts(ctx context.Context, f *Facts) error {
	settings, err := words(ctx, a.Desk, `SELECT name || '=' || setting FROM pg_settings`)
	if err != nil {
		return err
	}
	f.Settings = map[string]string{}
	for _, line := range settings {
		name, value, _ := strings.Cut(line, "=")
		f.Settings[name] = value
	}
	const lax = `SELECT key FROM desk.processes WHERE second_factor = 'ninguna' AND NOT demo AND kind <> 'consulta' ORDER BY key`
	if f.Powers, err = words(ctx, a.Desk, powersSQL); err != nil {
		return err
	}
	if f.Lax, err = words(ctx, a.Desk, lax); err != nil {
		return err
	}
	const seen = `SELECT DISTINCT schemaname || '.' || tablename FROM pg_stats WHERE schemaname IN ('desk', 'sensitive', 'audit') ORDER BY 1`
	if f.Reachable, err = words(ctx, a.Site, seen); err != nil {
		return err
	}
	var now time.Time
	asked := time.Now()
	if err := a.Desk.QueryRow(ctx, `SELECT clock_timestamp(), (SELECT count(*) FROM desk.processes WHERE demo)`).Scan(&now, &f.Demos); err != nil {
		return err
	}
	f.Skew = now.Sub(asked.Add(time.Since(asked) / 2))
	if owner := a.Config.OwnerDatabaseURL; owner != "" {
		if f.Schema, err = db.SchemaVersion(ctx, string(owner)); err != nil {
			return err
		}
	}
	f.Latest, err = db.LatestVersion()
	return err
}

// words returns the only column of a query.
func words(ctx context.Context, q db.Querier, sql string) ([]string, error) {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			return nil, err
		}
		out = append(out, word)
	}
	return out, rows.Err()
}

// powersSQL are what the roles of the program may and must not.
const powersSQL = `
SELECT r.rolname || ' ' || p.power FROM pg_roles r, LATERAL (VALUES
  ('es superusuaria', r.rolsuper), ('crea bases', r.rolcreatedb), ('crea cuentas', r.rolcreaterole), ('replica', r.rolreplication), ('ignora políticas', r.rolbypassrls),
  ('pertenece a otras', EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)),
  ('es dueña de tablas', r.rolname <> 'conoceles_duena' AND EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'v', 'm')))
) AS p (power, has) WHERE r.rolname IN ('conoceles_sitio', 'conoceles_escritorio', 'conoceles_duena') AND p.has ORDER BY 1`
