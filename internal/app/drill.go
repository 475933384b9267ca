package app

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"conoceles/internal/backup"
	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
	"conoceles/internal/demo"
	"conoceles/internal/desk/dossier"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/script"
	"conoceles/web/es"
)

// drillScript is what the roles of a drill do, and what must be seen.
//
//go:embed simulacro.txt
var drillScript string

// drillMark is the file that says that a directory is of a drill.
const drillMark = "simulacro.json"

// DrillStep is something that was tried in a drill.
type DrillStep struct {
	Stage    string
	Tried    string
	At       time.Time // by the clock of the drill
	Expected []string
	Obtained []string // what differed; none when all was as expected
}

// Met reports whether everything was as expected.
func (s DrillStep) Met() bool { return len(s.Obtained) == 0 && len(s.Expected) > 0 }

// drill is a fictitious process with its own database, in its own directory.
type drill struct {
	dir    string
	cfg    config.Config
	log    *slog.Logger
	server *embedded.Server // nil while it is down
	link   string           // directory in which «base» leads to the socket of the server of now
	clock  clock
	app    *App
	base   string
	steps  []DrillStep
}

// clock is that of a drill: it goes on like any other, from where it was put.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) set(to time.Time) { c.ahead.Store(int64(time.Until(to))) }

// DrillReport is what a drill leaves.
type DrillReport struct {
	Head       dossier.Head
	Start, End time.Time
	Steps      []DrillStep
}

// Failed counts the steps that were not as expected.
func (r DrillReport) Failed() (n int) {
	for _, s := range r.Steps {
		if !s.Met() {
			n++
		}
	}
	return n
}

// Drill rehearses a process in a new directory, which holds its database and
// nothing of anybody's: roles that act, a calendar that jumps, incidents. It
// returns what was tried, in order, with what was expected and obtained. The
// configuration of a deployment has no part in it: a drill never touches its data.
func Drill(ctx context.Context, log *slog.Logger, dir string, size int) (r DrillReport, err error) {
	if err := os.Mkdir(dir, 0o755); errors.Is(err, fs.ErrExist) {
		return r, fault.New(fault.Invalid, "La carpeta "+dir+" ya existe. Un simulacro empieza en una nueva; el anterior se borra con: conoceles simulacro borrar "+dir)
	} else if err != nil {
		return r, err
	}
	d := &drill{dir: dir, log: log}
	mark, err := json.Marshal(map[string]string{"simulacro": time.Now().UTC().Format(time.RFC3339)})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, drillMark), append(mark, '\n'), 0o644)
	}
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, d.close(ctx)) }()
	r.Start = time.Now()
	if err := d.open(ctx, size); err != nil {
		return r, err
	}
	const who = `
SELECT i.name, i.address, i.it_area, p.name FROM desk.processes p CROSS JOIN desk.institution i WHERE p.kind = 'simulacro'`
	if err := d.app.Desk.QueryRow(ctx, who).Scan(&r.Head.Institution, &r.Head.Address, &r.Head.Unit, &r.Head.Process); err != nil {
		return r, db.Fault(err)
	}
	if err := d.play(ctx); err != nil {
		return r, err
	}
	if err := d.settle(ctx); err != nil {
		return r, err
	}
	r.Steps, r.End = d.steps, time.Now()
	return r, nil
}

// open starts the database of the drill and invents its process.
func (d *drill) open(ctx context.Context, size int) (err error) {
	data := d.data()
	if d.link, err = os.MkdirTemp("", "simulacro-"); err != nil {
		return err
	}
	if err := d.start(ctx); err != nil {
		return err
	}
	if err := db.Bootstrap(ctx, d.server.URL(embedded.Superuser, "postgres"), database); err != nil {
		return err
	}
	if err := db.Migrate(ctx, d.server.URL(db.RoleOwner, database)); err != nil {
		return err
	}
	custodian, err := backup.NewCustodian(filepath.Join(d.dir, "custodia.txt"))
	if err != nil {
		return err
	}
	d.cfg = config.Config{
		Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1", DataDir: data, BackupRecipients: []string{custodian},
		Keyset: filepath.Join(data, "llaves.json"), Tombstones: filepath.Join(data, "retiros.jsonl"),
		DatabaseURL:      config.Secret(d.url(db.RoleDesk)),
		SiteDatabaseURL:  config.Secret(d.url(db.RoleSite)),
		OwnerDatabaseURL: config.Secret(d.url(db.RoleOwner)),
	}
	if d.app, err = OpenAt(ctx, d.cfg, d.log, Both, d.clock.now); err != nil {
		return err
	}
	seeder := d.app.Seeder(uint64(time.Now().Unix()), size)
	seeder.Drill = true
	if err := seeder.Run(ctx); err != nil {
		return err
	}
	const validated = `
UPDATE desk.grants SET candidacy_id = (
  SELECT c.id FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
  WHERE n.kind = 'independiente' AND c.capture = 'validada' AND c.standing = 'aprobada' ORDER BY c.id LIMIT 1)
WHERE account_id = (SELECT id FROM desk.accounts WHERE email = 'independiente@ejemplo.invalid')`
	action := db.Action{Kind: "demostracion.cuentas", Object: "simulacro"}
	_, err = d.app.Desk.Do(ctx, db.System{Name: "simulacro"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		return "", tx.Exec(ctx, validated)
	})
	return err
}

func (d *drill) data() string { return filepath.Join(d.dir, "datos") }

func (d *drill) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	if d.app != nil {
		errs = append(errs, d.app.Close(ctx))
	}
	if d.server != nil {
		errs = append(errs, d.server.Stop(ctx))
	}
	if d.link != "" {
		errs = append(errs, os.RemoveAll(d.link))
	}
	return errors.Join(errs...)
}

// play serves the process and plays the script against it.
func (d *drill) play(ctx context.Context) error {
	_, handler, err := d.app.Handler(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	work, stop := context.WithCancel(ctx)
	done := d.app.background(work)
	d.base = "http://" + listener.Addr().String()
	stage := script.Stage{
		Base: d.base, Files: drillFiles{}, Fixture: func(name string) (map[string]string, error) { return d.fixture(ctx, name) },
		Enter: enterDrill, Act: func(verb, rest string) error { return d.act(ctx, verb, rest) },
	}
	played := script.Play(strings.NewReader(drillScript), stage, d.told)
	stop()
	<-done
	err = errors.Join(played, server.Shutdown(context.WithoutCancel(ctx)))
	if got := <-served; !errors.Is(got, http.ErrServerClosed) {
		err = errors.Join(err, got)
	}
	return err
}

// told keeps a line of the script: «etapa» begins a stage, a comment what is tried.
func (d *drill) told(l script.Line) {
	stage := ""
	if n := len(d.steps); n > 0 {
		stage = d.steps[n-1].Stage
	}
	if title, ok := strings.CutPrefix(l.Text, "etapa "); ok {
		d.steps = append(d.steps, DrillStep{Stage: title})
		return
	}
	if l.Comment {
		if n := len(d.steps); n > 0 && d.steps[n-1].Tried == "" {
			d.steps = d.steps[:n-1] // the stage just begun
		}
		d.steps = append(d.steps, DrillStep{Stage: stage, Tried: l.Text, At: d.clock.now()})
		return
	}
	step := &d.steps[len(d.steps)-1]
	if l.Check {
		step.Expected = append(step.Expected, inWords(l.Text))
	}
	if l.Err != nil {
		step.Obtained = append(step.Obtained, fmt.Sprintf("renglón %d, «%s»: %.300s", l.N, l.Text, l.Err))
	}
}

// inWords says a check to people.
func inWords(check string) string {
	for _, w := range []struct{ from, to string }{
		{"code == ", "responde "}, {"body contains ", "dice: "}, {"body !contains ", "no dice: "}, {"location == ", "lleva a "}, {"header ", "encabezado "},
	} {
		if rest, ok := strings.CutPrefix(check, w.from); ok {
			return w.to + rest
		}
	}
	return check
}

// also keeps a step that the script cannot do.
func (d *drill) also(stage, tried, expected string, obtained ...string) {
	d.steps = append(d.steps, DrillStep{Stage: stage, Tried: tried, At: d.clock.now(), Expected: []string{expected}, Obtained: obtained})
}

// settle does at the end what needs no server: it compares everything with what it
// should be, loses the machine, and restores it elsewhere.
func (d *drill) settle(ctx context.Context) error {
	const stage = "Comprobación y pérdida de la máquina"
	if err := d.app.Sequence(ctx); err != nil {
		return err
	}
	differ, err := d.app.Publisher.Verify(ctx, d.app.Desk)
	if err != nil {
		return err
	}
	var wrong []string
	for _, x := range differ {
		wrong = append(wrong, x.What)
	}
	d.also(stage, "Volver a derivar el sitio entero desde lo que se capturó", "cero diferencias", wrong...)
	register, err := d.app.VerifyRegister(ctx, "")
	if err != nil {
		return err
	}
	d.also(stage, "Recorrer la bitácora y el registro público, eslabón por eslabón", "cero diferencias", register.What...)
	return d.restore(ctx, stage)
}

func (d *drill) restore(ctx context.Context, stage string) error {
	copied := filepath.Join(d.dir, "respaldo")
	done, err := d.app.Backup(ctx, copied)
	if err != nil {
		return err
	}
	elsewhere := d.cfg
	elsewhere.DatabaseURL, elsewhere.SiteDatabaseURL, elsewhere.OwnerDatabaseURL = "", "", ""
	elsewhere.DataDir = filepath.Join(d.dir, "otra-maquina")
	start := time.Now()
	back, err := Restore(ctx, elsewhere, d.log, RestoreOptions{Dir: copied, Key: filepath.Join(d.dir, "custodia.txt")})
	var wrong []string
	switch {
	case err != nil:
		wrong = append(wrong, "no se restauró: "+err.Error())
	case back.Rows != done.Rows:
		wrong = append(wrong, fmt.Sprintf("volvieron %d renglones de %d", back.Rows, done.Rows))
	case back.Took > 15*time.Minute:
		wrong = append(wrong, "tardó "+back.Took.String())
	}
	d.also(stage, fmt.Sprintf("Respaldar, y restaurar en otra máquina, vacía, %s (tardó %s)", es.Plural(int(done.Rows), "renglón", "renglones"), time.Since(start).Round(100*time.Millisecond)),
		"todo vuelve, en menos de 15 minutos", wrong...)
	return nil
}

// today is the date of the drill, as forms take it.
func (d *drill) today() string { return d.clock.now().In(election.Zone()).Format("02/01/2006") }

// enterDrill enters as one of the accounts of the process.
func enterDrill(c *http.Client, base, who string) error {
	body := strings.NewReader("correo=" + who + "%40ejemplo.invalid&contrasena=" + demo.Password)
	req, err := http.NewRequest(http.MethodPost, base+"/entrar", body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", base)
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	if res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s no pudo entrar: %d", who, res.StatusCode)
	}
	return nil
}
