package app

import (
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Facts are what is known of a deployment: what `conoceles revisar` judges.
type Facts struct {
	BaseURL, Addr, MetricsAddr string
	TrustedProxies             []string
	Embedded                   bool
	Addresses                  map[string]Address // of the databases, by the half that uses them
	DataDir, Keyset            string
	KeysetMode                 fs.FileMode
	Mail                       bool
	Root                       bool   // the program runs as the superuser
	Cores                      uint64 // bytes that a core dump may have
	Traceback                  string // GOTRACEBACK

	Settings       map[string]string // of the desk's PostgreSQL
	Powers         []string          // of its roles that the design does not give
	Schema, Latest uint              // Schema is 0 where the owner's address is not given
	Skew           time.Duration     // between our clock and the database's
	Demos          int               // demonstrations in the database
	Lax            []string          // elections that ask nobody for a second factor
	Reachable      []string          // statistics of reserved tables that the site's role sees
}

// Address is how a half reaches its database.
type Address struct {
	User, Host string
	TLS        string // sslmode
	Password   bool
}

// Unsafe is something that a deployment must not have, and how to mend it.
type Unsafe struct{ What, Mend string }

// rules are what a deployment must comply with (security.md 1.2, 2.2, 3.2 and 5).
// Each returns what is wrong, or nothing.
var rules = []func(Facts) []Unsafe{
	httpsRule, proxyRule, metricsRule, userRule, transportRule, keysetRule, mailRule, processRule,
	logRule, durabilityRule, powerRule, schemaRule, clockRule, demoRule, factorRule, privateRule,
}

// Judge returns everything that makes a deployment unsafe.
func Judge(f Facts) []Unsafe {
	var out []Unsafe
	for _, rule := range rules {
		out = append(out, rule(f)...)
	}
	return out
}

// when returns a finding if something is so.
func when(so bool, what, mend string) []Unsafe {
	if !so {
		return nil
	}
	return []Unsafe{{what, mend}}
}

func httpsRule(f Facts) []Unsafe {
	return when(!strings.HasPrefix(f.BaseURL, "https://"), "Las personas llegan sin cifrado ("+f.BaseURL+").",
		"Pon delante un servidor con TLS y define CONOCELES_BASE_URL con https://.")
}

// loopback reports whether an address can only be reached from this machine.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func proxyRule(f Facts) []Unsafe {
	out := when(!loopback(f.Addr) && len(f.TrustedProxies) == 0, "El programa escucha en "+f.Addr+" y no dice de qué intermediario cree las direcciones.",
		"Define CONOCELES_ADDR en 127.0.0.1, o CONOCELES_TRUSTED_PROXIES con la red del intermediario.")
	for _, p := range f.TrustedProxies {
		out = append(out, when(strings.HasSuffix(p, "/0"), "Se cree a cualquiera la dirección que diga tener (CONOCELES_TRUSTED_PROXIES "+p+").",
			"Nombra sólo la red de tus intermediarios.")...)
	}
	return out
}

func metricsRule(f Facts) []Unsafe {
	if f.MetricsAddr == "" || loopback(f.MetricsAddr) {
		return nil
	}
	host, _, _ := net.SplitHostPort(f.MetricsAddr)
	ip := net.ParseIP(host)
	return when(ip == nil || !ip.IsPrivate(), "Las mediciones se sirven en "+f.MetricsAddr+", que otros alcanzan.",
		"Define CONOCELES_METRICS_ADDR en 127.0.0.1 o en una red privada.")
}

func userRule(f Facts) []Unsafe {
	site, desk := f.Addresses["sitio"], f.Addresses["escritorio"]
	return when(site.User != "" && site.User == desk.User, "El sitio y el escritorio usan la misma cuenta de la base de datos ("+site.User+").",
		"Da a cada mitad la suya: conoceles_sitio y conoceles_escritorio.")
}

// transportRule asks for encryption and a password where the database is elsewhere.
func transportRule(f Facts) []Unsafe {
	var out []Unsafe
	for name, a := range f.Addresses {
		if a.Host == "" || strings.HasPrefix(a.Host, "/") || loopback(net.JoinHostPort(a.Host, "1")) {
			continue
		}
		out = append(out, when(a.TLS != "verify-full", "La conexión de «"+name+"» con la base de datos no comprueba con quién habla (sslmode="+a.TLS+").",
			"Agrega sslmode=verify-full a su dirección.")...)
		out = append(out, when(!a.Password, "La conexión de «"+name+"» con la base de datos no tiene contraseña.", "Pon una contraseña a su cuenta.")...)
	}
	slices.SortFunc(out, func(a, b Unsafe) int { return strings.Compare(a.What, b.What) })
	return out
}

func keysetRule(f Facts) []Unsafe {
	out := when(f.KeysetMode.Perm()&0o077 != 0, fmt.Sprintf("Otras cuentas de la máquina pueden leer las llaves (%s, %04o).", f.Keyset, f.KeysetMode.Perm()),
		"chmod 600 "+f.Keyset)
	rel, err := filepath.Rel(f.DataDir, f.Keyset)
	beside := err == nil && !strings.HasPrefix(rel, "..")
	return append(out, when(beside, "Las llaves están junto a los datos: quien copie el directorio tiene las dos cosas.",
		"Muévelas a otro lugar, con dos custodios, y nómbralo en CONOCELES_KEYSET.")...)
}

func mailRule(f Facts) []Unsafe {
	return when(!f.Mail, "No hay servidor de correo: a nadie se le avisa que se usó su cuenta ni que se publicó su consentimiento.",
		"Define CONOCELES_SMTP_URL.")
}

func processRule(f Facts) []Unsafe {
	out := when(f.Root, "El programa corre como root.", "Ejecútalo con una cuenta propia, sin privilegios.")
	out = append(out, when(f.Cores > 0, "Si el programa falla, el sistema guarda su memoria en disco.", "Ejecútalo con «ulimit -c 0» (LimitCORE=0).")...)
	return append(out, when(f.Traceback == "crash" || f.Traceback == "system" || f.Traceback == "all", "GOTRACEBACK="+f.Traceback+" escribe la memoria del programa cuando falla.",
		"Quita GOTRACEBACK del ambiente.")...)
}

// logSettings keep what people answer out of PostgreSQL's log.
var logSettings = map[string][]string{
	"log_min_error_statement": {"panic"}, "log_error_verbosity": {"terse"}, "log_parameter_max_length": {"0"}, "log_parameter_max_length_on_error": {"0"},
	"log_statement": {"none", "ddl"}, "log_min_duration_statement": {"-1"}, "log_min_duration_sample": {"-1"},
	"debug_print_parse": {"off"}, "debug_print_rewritten": {"off"}, "debug_print_plan": {"off"},
}

func logRule(f Facts) []Unsafe {
	return settingRule(f, logSettings, "PostgreSQL puede escribir en su registro lo que las personas responden")
}

// durable settings lose nothing that was acknowledged.
var durableSettings = map[string][]string{
	"fsync": {"on"}, "synchronous_commit": {"on", "remote_write", "remote_apply"}, "full_page_writes": {"on"}, "data_checksums": {"on"},
}

func durabilityRule(f Facts) []Unsafe {
	return settingRule(f, durableSettings, "PostgreSQL puede perder lo que ya se dijo guardado")
}

func settingRule(f Facts, want map[string][]string, why string) []Unsafe {
	var out []Unsafe
	for name, values := range want {
		if got := f.Settings[name]; !slices.Contains(values, got) {
			out = append(out, Unsafe{fmt.Sprintf("%s: %s = «%s».", why, name, got), fmt.Sprintf("ALTER SYSTEM SET %s = '%s'", name, values[0])})
		}
	}
	slices.SortFunc(out, func(a, b Unsafe) int { return strings.Compare(a.What, b.What) })
	return out
}

func powerRule(f Facts) []Unsafe {
	return when(len(f.Powers) > 0, "Una cuenta de la base de datos puede más de lo que debe: "+strings.Join(f.Powers, ", ")+".", "Ejecuta conoceles migrar, que se lo quita.")
}

func schemaRule(f Facts) []Unsafe {
	return when(f.Schema != 0 && f.Schema != f.Latest, fmt.Sprintf("Las tablas son de la versión %d y el programa de la %d.", f.Schema, f.Latest), "Ejecuta conoceles migrar.")
}

func clockRule(f Facts) []Unsafe {
	return when(f.Skew.Abs() > 2*time.Second, fmt.Sprintf("El reloj del programa y el de la base de datos difieren %s.", f.Skew.Abs().Round(time.Second)),
		"Sincroniza los relojes: los plazos, las sesiones y los códigos dependen de ellos.")
}

func demoRule(f Facts) []Unsafe {
	return when(f.Demos > 0, "La base de datos tiene el proceso de demostración, cuyas cuentas tienen una contraseña que todos conocen.", "Usa una base de datos sin demostración.")
}

func factorRule(f Facts) []Unsafe {
	return when(len(f.Lax) > 0, "No se pide segundo factor en: "+strings.Join(f.Lax, ", ")+".", "Cambia segundo_factor a «instituto» o «todas».")
}

func privateRule(f Facts) []Unsafe {
	return when(len(f.Reachable) > 0, "La cuenta del sitio ve estadísticas internas de tablas reservadas: "+strings.Join(f.Reachable, ", ")+".",
		"Ejecuta conoceles migrar, y quita pg_read_all_stats a esa cuenta.")
}
