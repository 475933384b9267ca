// Package config reads the environment, once, and reports every mistake in it at
// the same time. Nothing else in the program reads the environment.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is what a deployment decides. Its zero value is not useful: use Load.
type Config struct {
	// DatabaseURL is the desk's address. Empty: a private PostgreSQL in DataDir.
	DatabaseURL Secret `env:"DATABASE_URL" help:"Dirección de la base para el escritorio, con el usuario conoceles_escritorio. Vacía: un PostgreSQL privado en la carpeta de datos"`
	// SiteDatabaseURL is the public half's address, perhaps of a replica.
	SiteDatabaseURL Secret `env:"SITE_DATABASE_URL" help:"Dirección de la base para el sitio, con el usuario conoceles_sitio; puede ser de una réplica"`
	// PrimaryDatabaseURL is where the public half reads identity. Use Primary.
	PrimaryDatabaseURL Secret `env:"PRIMARY_DATABASE_URL" help:"La base primaria con el usuario del sitio: ahí lee la identidad, cada vez. Vacía: el servidor del escritorio"`
	// OwnerDatabaseURL is the owner's address, for migrar, respaldar and restaurar.
	OwnerDatabaseURL Secret `env:"OWNER_DATABASE_URL" help:"Dirección con el usuario conoceles_duena; sólo para migrar, respaldar y restaurar"`
	// Addr is where the server listens. FromSystemd: where systemd already does.
	Addr string `env:"ADDR" envDefault:"127.0.0.1:8080" help:"Dirección y puerto en que escucha; systemd, para usar el socket que systemd abrió"`
	// Drain is how long a server that was told to stop goes on answering while its
	// health says that it leaves, so that a proxy sends people to other nodes.
	Drain time.Duration `env:"DRAIN" help:"Cuánto sigue respondiendo, al pedirle que se detenga, mientras su salud dice que se va; como 5s. Vacía: se detiene en cuanto termina lo que atiende"`
	// MetricsAddr is where what is counted is read, apart from people. Empty:
	// nowhere.
	MetricsAddr string `env:"METRICS_ADDR" help:"Dónde se leen las mediciones, aparte de las personas. Vacía: en ningún lado"`
	// DataDir holds the private PostgreSQL and the keys made at first start.
	DataDir string `env:"DATA_DIR" envDefault:"datos" help:"Carpeta del PostgreSQL privado y de las llaves que se hacen en el primer arranque"`
	// Keyset is the file of keys that live outside the database. Empty: in DataDir.
	Keyset string `env:"KEYSET" help:"Archivo de las llaves que viven fuera de la base. Vacío: llaves.json en la carpeta de datos"`
	// Tombstones is the file that remembers withdrawals and erasures outside the
	// database. Empty: beside the keyset.
	Tombstones string `env:"TOMBSTONES" help:"Archivo que recuerda retiros y supresiones fuera de la base y de sus respaldos. Vacío: retiros.jsonl junto a las llaves"`
	// BackupRecipients are the public halves of the keys of those who keep the
	// backups: each of them can open one.
	BackupRecipients []string `env:"BACKUP_RECIPIENTS" envSeparator:"," help:"Partes públicas de las llaves de quienes custodian los respaldos, separadas por comas. Vacía: no se respalda"`
	// BaseURL is the address people type. Empty: http:// and Addr.
	BaseURL string `env:"BASE_URL" help:"La dirección que escriben las personas; con https, las cookies la exigen. Vacía: http:// y la dirección en que escucha"`
	// SMTPURL is the mail server that sends what people are told. Empty: nothing
	// is sent, and what waits is seen in the outbox.
	SMTPURL Secret `env:"SMTP_URL" help:"Servidor de correo, como smtp://usuario:clave@servidor:587?de=direccion. Vacía: nada se envía"`
	// TrustedProxies are the prefixes whose X-Forwarded-For is believed.
	TrustedProxies []string `env:"TRUSTED_PROXIES" envSeparator:"," help:"Prefijos de red de los intermediarios cuyo X-Forwarded-For se cree. Vacía: ninguno"`
	// Evidence is the directory where runs of tests and drills left their figures
	// (internal/evidence), which the file of the system prints. Empty: none.
	Evidence string `env:"EVIDENCE" help:"Carpeta con las cifras de las corridas de prueba y los simulacros, para el expediente. Vacía: el expediente dice que no las hay"`
}

// Secret is an address that may hold a password: it does not print.
type Secret string

// String returns a fixed word.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[reservado]"
}

// GoString returns a fixed word, for %#v.
func (s Secret) GoString() string { return s.String() }

const prefix = "CONOCELES_"

// FromSystemd, as Addr, takes the socket that systemd opened for this service: it
// stays open while the program is replaced, and who arrives meanwhile waits.
const FromSystemd = "systemd"

// longestDrain leaves systemd time to wait for the requests under way.
const longestDrain = time.Minute

// Load reads the process's environment. Its error, in Spanish, lists everything
// that is wrong and repeats no value that may be secret.
func Load() (Config, error) { return Parse(env.ToMap(os.Environ())) }

// Parse reads a given environment.
func Parse(environment map[string]string) (Config, error) {
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Prefix: prefix, Environment: environment}); err != nil {
		return c, fmt.Errorf("configuración: %w", err)
	}
	if c.BaseURL == "" && c.Addr != FromSystemd {
		c.BaseURL = "http://" + c.Addr
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Keyset == "" {
		c.Keyset = filepath.Join(c.DataDir, "llaves.json")
	}
	if c.Tombstones == "" {
		c.Tombstones = filepath.Join(filepath.Dir(c.Keyset), "retiros.jsonl")
	}
	return c, c.check()
}

// check returns every mistake joined.
func (c Config) check() error {
	var problems []error
	bad := func(name, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s%s: %s", prefix, name, fmt.Sprintf(format, args...)))
	}
	for _, u := range []struct {
		name  string
		value Secret
	}{
		{"DATABASE_URL", c.DatabaseURL},
		{"SITE_DATABASE_URL", c.SiteDatabaseURL},
		{"PRIMARY_DATABASE_URL", c.PrimaryDatabaseURL},
		{"OWNER_DATABASE_URL", c.OwnerDatabaseURL},
	} {
		if u.value != "" && !strings.HasPrefix(string(u.value), "postgres://") && !strings.HasPrefix(string(u.value), "postgresql://") {
			bad(u.name, "debe empezar con postgres://")
		}
	}
	const half = "falta: las dos mitades necesitan cada una su dirección, con su propio usuario"
	switch {
	case c.DatabaseURL == "" && c.SiteDatabaseURL != "":
		bad("DATABASE_URL", half)
	case c.DatabaseURL != "" && c.SiteDatabaseURL == "":
		bad("SITE_DATABASE_URL", half)
	}
	if _, err := c.Primary(); err != nil {
		bad("DATABASE_URL", "%s", err)
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		bad("BASE_URL", "debe ser una dirección completa, como https://conoceles.ejemplo.mx")
	}
	if _, err := netip.ParseAddrPort(c.Addr); err != nil && !strings.Contains(c.Addr, ":") && c.Addr != FromSystemd {
		bad("ADDR", "debe ser dirección y puerto, como 127.0.0.1:8080")
	}
	if c.Drain < 0 || c.Drain > longestDrain {
		bad("DRAIN", "debe ser un tiempo entre 0s y %s, como 5s", longestDrain)
	}
	switch _, _, err := net.SplitHostPort(c.MetricsAddr); {
	case c.MetricsAddr == "":
	case err != nil:
		bad("METRICS_ADDR", "debe ser dirección y puerto, como 127.0.0.1:9090")
	case c.MetricsAddr == c.Addr:
		bad("METRICS_ADDR", "debe ser otra que la del sitio: las mediciones no son públicas")
	}
	if _, _, err := c.Mail(); err != nil {
		bad("SMTP_URL", "%s", err)
	}
	for _, p := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			bad("TRUSTED_PROXIES", "%q no es un prefijo de red, como 10.0.0.0/8", p)
		}
	}
	return errors.Join(problems...)
}

// HTTPS reports whether people arrive by https, so that cookies can demand it.
func (c Config) HTTPS() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// Embedded reports whether the program runs its own PostgreSQL.
func (c Config) Embedded() bool { return c.DatabaseURL == "" }
