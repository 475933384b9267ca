package app_test

import (
	"strings"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db"
)

// safe is a deployment with nothing to mend.
func safe() app.Facts {
	return app.Facts{
		BaseURL: "https://conoceles.ejemplo.invalid", Addr: "127.0.0.1:8080", MetricsAddr: "127.0.0.1:9090", TrustedProxies: []string{"127.0.0.1/32"},
		Addresses: map[string]app.Address{
			"sitio":      {User: "conoceles_sitio", Host: "base.ejemplo.invalid", TLS: "verify-full", Password: true},
			"escritorio": {User: "conoceles_escritorio", Host: "/run/postgresql"},
		},
		DataDir: "/var/lib/conoceles", Keyset: "/etc/conoceles/llaves.json", KeysetMode: 0o600, Mail: true,
		Settings: map[string]string{
			"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
			"log_statement": "none", "log_min_duration_statement": "-1", "log_min_duration_sample": "-1", "debug_print_parse": "off", "debug_print_rewritten": "off",
			"debug_print_plan": "off", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		},
		Schema: 9, Latest: 9,
	}
}

func TestAnUnsafeDeploymentIsRefusedAndSaysWhy(t *testing.T) {
	if got := app.Judge(safe()); len(got) > 0 {
		t.Fatalf("a safe deployment: %+v", got)
	}
	set := func(name, value string) func(*app.Facts) { return func(f *app.Facts) { f.Settings[name] = value } }
	for _, c := range []struct {
		name  string
		spoil func(*app.Facts)
		want  string
	}{
		{"no encryption", func(f *app.Facts) { f.BaseURL = "http://conoceles.ejemplo.invalid" }, "sin cifrado"},
		{"faces the network", func(f *app.Facts) { f.Addr, f.TrustedProxies = "0.0.0.0:8080", nil }, "no dice de qué intermediario"},
		{"believes everybody", func(f *app.Facts) { f.TrustedProxies = []string{"0.0.0.0/0"} }, "Se cree a cualquiera"},
		{"metrics in public", func(f *app.Facts) { f.MetricsAddr = "0.0.0.0:9090" }, "Las mediciones se sirven"},
		{"one account", func(f *app.Facts) { f.Addresses["escritorio"] = f.Addresses["sitio"] }, "la misma cuenta"},
		{"database without TLS", func(f *app.Facts) {
			f.Addresses["primaria"] = app.Address{User: "x", Host: "10.0.0.9", TLS: "require", Password: true}
		}, "no comprueba con quién habla"},
		{"database without password", func(f *app.Facts) {
			f.Addresses["primaria"] = app.Address{User: "x", Host: "10.0.0.9", TLS: "verify-full"}
		}, "no tiene contraseña"},
		{"keys that others read", func(f *app.Facts) { f.KeysetMode = 0o640 }, "pueden leer las llaves"},
		{"keys beside the data", func(f *app.Facts) { f.Keyset = f.DataDir + "/llaves.json" }, "junto a los datos"},
		{"no mail", func(f *app.Facts) { f.Mail = false }, "No hay servidor de correo"},
		{"root", func(f *app.Facts) { f.Root = true }, "corre como root"},
		{"core dumps", func(f *app.Facts) { f.Cores = 1 << 20 }, "guarda su memoria"},
		{"traceback", func(f *app.Facts) { f.Traceback = "crash" }, "GOTRACEBACK"},
		{"statements logged", set("log_statement", "all"), "log_statement"},
		{"failing rows logged", set("log_error_verbosity", "default"), "log_error_verbosity"},
		{"values logged", set("log_parameter_max_length", "-1"), "log_parameter_max_length"},
		{"slow statements logged", set("log_min_duration_statement", "250"), "log_min_duration_statement"},
		{"fsync off", set("fsync", "off"), "fsync"},
		{"asynchronous commits", set("synchronous_commit", "off"), "synchronous_commit"},
		{"no checksums", set("data_checksums", "off"), "data_checksums"},
		{"powers", func(f *app.Facts) { f.Powers = []string{"conoceles_sitio es superusuaria"} }, "puede más de lo que debe"},
		{"older tables", func(f *app.Facts) { f.Schema = 8 }, "versión 8"},
		{"clocks", func(f *app.Facts) { f.Skew = -time.Minute }, "difieren 1m0s"},
		{"demonstration", func(f *app.Facts) { f.Demos = 1 }, "proceso de demostración"},
		{"no second factor", func(f *app.Facts) { f.Lax = []string{"local-2027"} }, "local-2027"},
		{"statistics of reserved tables", func(f *app.Facts) { f.Reachable = []string{"desk.persons"} }, "desk.persons"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := safe()
			c.spoil(&f)
			got := app.Judge(f)
			if len(got) != 1 || !strings.Contains(got[0].What, c.want) || got[0].Mend == "" {
				t.Errorf("got %+v, want one thing that says %q and how to mend it", got, c.want)
			}
		})
	}
}

// The facts are those of the machine and of the database: the demonstration, on a
// database for tests, is unsafe in ways that are known.
func TestTheFactsOfADeployment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.app.Config.OwnerDatabaseURL = config.Secret(s.pg.OwnerURL)
	f, err := s.app.Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	latest, err := db.LatestVersion()
	if err != nil {
		t.Fatal(err)
	}
	if f.Schema != latest || f.Latest != latest || f.Demos != 1 || len(f.Powers) > 0 || len(f.Lax) > 0 || len(f.Reachable) > 0 || f.Skew.Abs() > time.Second {
		t.Errorf("got %+v", f)
	}
	for _, setting := range []string{"fsync", "log_statement", "data_checksums"} {
		if f.Settings[setting] == "" {
			t.Errorf("%s is not known", setting)
		}
	}
	said := ""
	for _, u := range app.Judge(f) {
		said += u.What
	}
	for _, want := range []string{"sin cifrado", "proceso de demostración", "No hay servidor de correo", "fsync"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q in %s", want, said)
		}
	}
	asUser(t, s.pg.SuperURL, `UPDATE desk.processes SET demo = false, second_factor = 'instituto' WHERE demo`)
	if f, err = s.app.Facts(t.Context()); err != nil || f.Demos != 0 {
		t.Errorf("got %d demonstrations, %v", f.Demos, err)
	}
}
