package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
	"conoceles/internal/demo"
	"conoceles/internal/desk/canary"
)

// Site is the demonstration in a database, and what its processes need to serve it.
type Site struct {
	testing.TB
	Postgres *Postgres

	base string // the address people type
	dir  string // of the keyset and the marks, which nodes share
	env  []string
}

// seedOf is the demonstration's seed.
const seedOf = 7

// Seed puts a demonstration about that large in a database.
func Seed(t testing.TB, pg *Postgres, size int) *Site {
	t.Helper()
	s := &Site{TB: t, Postgres: pg, dir: t.TempDir(), base: "http://conoceles.invalid"}
	s.env = []string{
		"CONOCELES_DATABASE_URL=" + pg.URL(db.RoleDesk), "CONOCELES_SITE_DATABASE_URL=" + pg.URL(db.RoleSite),
		"CONOCELES_KEYSET=" + filepath.Join(s.dir, "llaves.json"), "CONOCELES_TOMBSTONES=" + filepath.Join(s.dir, "retiros.jsonl"),
		"CONOCELES_BASE_URL=" + s.base,
	}
	// Nobody was told yet that any of this is on the disk, and publishing a large
	// process at once may take longer than a person waits.
	pg.Exec(`ALTER ROLE ` + db.RoleDesk + ` SET synchronous_commit = off`)
	pg.Exec(`ALTER ROLE ` + db.RoleDesk + ` SET statement_timeout = '10min'`)
	err := s.With(time.Now, func(a *app.App) error { return a.Seeder(seedOf, size).Run(context.Background()) })
	if err != nil {
		t.Fatal(err)
	}
	pg.Exec(`ALTER ROLE ` + db.RoleDesk + ` RESET synchronous_commit`)
	pg.Exec(`ALTER ROLE ` + db.RoleDesk + ` SET statement_timeout = '10s'`) // as db.Bootstrap leaves it
	pg.Exec(`CHECKPOINT`)
	return s
}

// In returns the same site for a part of a test: what is started there ends with it.
func (s *Site) In(t testing.TB) *Site {
	there := *s
	there.TB = t
	return &there
}

// Set adds to the environment of the nodes that start from now on.
func (s *Site) Set(name, value string) { s.env = append(s.env, "CONOCELES_"+name+"="+value) }

// With opens the program in this process, by a clock, for as long as fn lasts.
func (s *Site) With(now func() time.Time, fn func(*app.App) error) error {
	environment := map[string]string{} // of a name said twice the last counts, as in a process
	for _, pair := range s.env {
		name, value, _ := strings.Cut(pair, "=")
		environment[name] = value
	}
	cfg, err := config.Parse(environment)
	if err != nil {
		return err
	}
	ctx := context.Background()
	a, err := app.OpenAt(ctx, cfg, slog.New(slog.DiscardHandler), app.Both, now)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.Close(ctx))
}

// Start starts a node of this program, or of another one if a binary is named, and
// waits until it answers.
func (s *Site) Start(binary ...string) *Node {
	s.Helper()
	n := s.Node()
	n.binary = strings.Join(binary, "")
	n.Restart()
	return n
}

// Node is a node that was not started yet; it ends with the test.
func (s *Site) Node() *Node {
	s.Helper()
	addr := freeAddr(s)
	n := &Node{TB: s.TB, Addr: addr, env: append(s.env[:len(s.env):len(s.env)], "CONOCELES_ADDR="+addr)}
	s.Cleanup(func() {
		if n.ended != nil {
			n.Kill()
		}
	})
	return n
}

// StartOnSocket starts a node that listens where somebody else, systemd in
// production, keeps a socket open whatever becomes of the node.
func (s *Site) StartOnSocket() *Node {
	s.Helper()
	n := s.Node()
	l, err := net.Listen("tcp", n.Addr)
	if err != nil {
		s.Fatal(err)
	}
	defer l.Close()
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		s.Fatalf("a listener is %T", l)
	}
	if n.socket, err = tcp.File(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = n.socket.Close() })
	n.env = append(n.env, "CONOCELES_ADDR="+config.FromSystemd)
	n.start()
	n.WaitReady()
	return n
}

// rows returns the only column of a query, as superuser.
func (s *Site) rows(q string, args ...any) []string {
	s.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.Postgres.URL(embedded.Superuser))
	if err != nil {
		s.Fatal(err)
	}
	defer conn.Close(ctx)
	all, err := conn.Query(ctx, q, args...)
	if err != nil {
		s.Fatal(err)
	}
	out, err := pgx.CollectRows(all, pgx.RowTo[string])
	if err != nil || len(out) == 0 {
		s.Fatalf("%s finds nothing (%v)", q, err)
	}
	return out
}

// Profiles returns the addresses of fichas.
func (s *Site) Profiles() []string {
	s.Helper()
	return s.rows(`SELECT '/candidaturas/' || slug FROM desk.candidacies WHERE capture = 'validada' AND standing = 'aprobada' ORDER BY id`)
}

// Exposed returns the folios and fichas of those whose identity is shown.
func (s *Site) Exposed() (folios, paths []string) {
	s.Helper()
	const q = ` FROM desk.candidacies c WHERE EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id AND e.event = 'verifica')
  AND c.slug IN (SELECT s.slug FROM site.candidacies s JOIN site.identity_publications p ON p.candidacy_id = s.id JOIN site.identity_answers i ON i.publication_id = p.id) ORDER BY c.id`
	return s.rows(`SELECT c.folio` + q), s.rows(`SELECT '/candidaturas/' || c.slug` + q)
}

// Acts returns who grants and withdraws consents in an open program.
func Acts(a *app.App) (*canary.Acts, error) {
	return canary.NewActs(context.Background(), a.Desk, a.Keys, a.Publisher, demo.Key)
}

// Section is a page of a questionnaire that somebody fills.
type Section struct{ Path, Field string }

// Sections returns pages that the account «operador» may fill, each of its own.
func (s *Site) Sections() (all []Section) {
	s.Helper()
	const q = `SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.capture IN ('sin_iniciar', 'en_captura') AND c.standing = 'aprobada' AND n.name = 'Raíz Común' ORDER BY c.id`
	for _, folio := range s.rows(q) {
		all = append(all, Section{"/captura/" + folio + "/curricular/historia", "historia_profesional"},
			Section{"/captura/" + folio + "/curricular/motivo", "motivo_cargo_publico"})
	}
	return all
}

// Person is somebody at a browser without scripts.
type Person struct {
	http *http.Client
	base string
}

// Somebody is a person who goes to an address.
func Somebody(addr string) *Person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // without options it does not fail
	}
	return &Person{base: "http://" + addr, http: &http.Client{
		Jar: jar, Timeout: 15 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Enter enters with an account of the demonstration.
func (p *Person) Enter(who string) error {
	status, _, err := p.Send("/entrar", url.Values{"correo": {who + "@ejemplo.invalid"}, "contrasena": {demo.Password}})
	if err == nil && status != http.StatusSeeOther {
		err = fmt.Errorf("%s does not enter: %d", who, status)
	}
	return err
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Get asks for a page and reads it whole. Like a browser, it asks again where a
// connection that it had opened before it needed it turns out to be closed.
func (p *Person) Get(path string) (Answer, error) {
	got, err := p.get(path)
	if errors.Is(err, io.EOF) {
		return p.get(path)
	}
	return got, err
}

func (p *Person) get(path string) (Answer, error) {
	req, err := http.NewRequest(http.MethodGet, p.base+path, nil)
	if err != nil {
		return Answer{}, err
	}
	return p.do(req)
}

func (p *Person) do(req *http.Request) (Answer, error) {
	res, err := p.http.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, body}, err
}

// Send sends a form.
func (p *Person) Send(path string, form url.Values) (status int, body []byte, err error) {
	req, err := http.NewRequest(http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.base)
	got, err := p.do(req)
	return got.Status, got.Body, err
}

// Writer is a person who goes on writing the same page.
type Writer struct {
	*Person
	Section
	Shared  bool     // somebody else writes there too: the last text may be theirs
	Acked   []string // keys of the drafts that were acknowledged
	Last    string   // the text of the last of them
	Trying  string   // a text whose fate nobody said, sent after Last
	Status  int      // of the last answer
	version string
	key     string
}

// saveReply is what a draft is answered.
type saveReply struct {
	Saved   bool   `json:"guardado"`
	Version string `json:"version"`
}

// Save sends a draft with a text; after an answer that was none, the same one. It
// reports whether it was acknowledged.
func (w *Writer) Save(text string) (bool, error) {
	if w.Trying == "" {
		w.Trying, w.key = text, uuid.NewString()
	}
	if w.version == "" {
		w.version = "0"
	}
	form := url.Values{"guardado_id": {w.key}, "version": {w.version}, "accion": {"borrador"}, w.Field: {w.Trying}}
	status, body, err := w.Send(w.Path, form)
	w.Status = status
	if err != nil || status != http.StatusOK && status != http.StatusConflict {
		return false, err
	}
	var said saveReply
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&said); err != nil {
		return false, fmt.Errorf("a draft is answered %.80q: %w", body, err)
	}
	if w.version = said.Version; !said.Saved { // somebody else's draft: go on from there
		return false, nil
	}
	w.Acked, w.Last, w.Trying = append(w.Acked, w.key), w.Trying, ""
	return true, nil
}

// Lost returns how many of what some writers were acknowledged is not there: each
// key, and as the draft of each the last text acknowledged or the one after it.
func (s *Site) Lost(writers []*Writer) (acked, lost int) {
	s.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.Postgres.URL(embedded.Superuser))
	if err != nil {
		s.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, w := range writers {
		if len(w.Acked) == 0 {
			continue
		}
		acked += len(w.Acked)
		var there int
		var whole bool
		const q = `SELECT (SELECT count(*) FROM desk.submissions WHERE key = ANY ($1::uuid[])),
  EXISTS (SELECT 1 FROM desk.drafts d JOIN desk.candidacies c ON c.id = d.candidacy_id
    WHERE c.folio = split_part($2, '/', 3) AND d.form::text LIKE ANY (ARRAY['%' || $3 || '%', '%' || $4 || '%']))`
		trying := w.Trying
		if trying == "" {
			trying = w.Last
		}
		if err := conn.QueryRow(ctx, q, w.Acked, w.Path, w.Last, trying).Scan(&there, &whole); err != nil {
			s.Fatal(err)
		}
		lost += len(w.Acked) - there
		if !whole && !w.Shared {
			lost++
		}
	}
	return acked, lost
}
