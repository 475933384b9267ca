package rig

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
)

// database is the name of the program's.
const database = "conoceles"

// Postgres is a durable PostgreSQL in the hands of a test. Its addresses stay the
// same however often it starts again.
type Postgres struct {
	testing.TB
	Back time.Duration // that the last start took, recovery included

	dir    string // holds the cluster and its log
	bin    string // directory of PostgreSQL's programs, or "" for those of the machine
	socket string // a link to where the server listens
	server *embedded.Server
	pid    int // of its first process
}

// NewPostgres starts a PostgreSQL in a directory, with the roles and the schema,
// until the test ends.
func NewPostgres(t testing.TB, dir string) *Postgres {
	t.Helper()
	return NewPostgresWith(t, dir, "")
}

// NewPostgresWith is NewPostgres with the programs of a directory: see Wrapped.
func NewPostgresWith(t testing.TB, dir, bin string) *Postgres {
	t.Helper()
	p := newPostgres(t, dir, bin)
	ctx := context.Background()
	if err := db.Bootstrap(ctx, p.url(embedded.Superuser, "postgres"), database); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(ctx, p.URL(db.RoleOwner)); err != nil {
		t.Fatal(err)
	}
	return p
}

func newPostgres(t testing.TB, dir, bin string) *Postgres {
	t.Helper()
	links, err := os.MkdirTemp("", "rig-") // a short path: sockets have room for 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(links, 0o755); err != nil {
		t.Fatal(err)
	}
	p := &Postgres{TB: t, dir: dir, bin: bin, socket: filepath.Join(links, "pg")}
	t.Cleanup(func() { _ = os.RemoveAll(links) })
	p.Start()
	t.Cleanup(func() {
		if err := p.server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Start starts the server and waits until it answers, whatever it must recover.
func (p *Postgres) Start() {
	p.Helper()
	if err := p.TryStart(); err != nil {
		p.Fatal(err)
	}
}

// TryStart is Start where it may fail.
func (p *Postgres) TryStart() error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	server, err := embedded.Start(ctx, embedded.Options{Dir: p.dir, BinDir: p.bin})
	if err != nil {
		return err
	}
	p.server, p.Back = server, time.Since(began)
	if p.pid, err = postmaster(server.Dir()); err != nil {
		return err
	}
	u, err := url.Parse(server.URL(embedded.Superuser, "postgres"))
	if err != nil {
		return err
	}
	next := p.socket + ".nuevo"
	return errors.Join(os.Symlink(u.Query().Get("host"), next), os.Rename(next, p.socket))
}

// StartWith stops the server and starts it with the programs of a directory (see
// Wrapped), or with those of the machine if it is "".
func (p *Postgres) StartWith(bin string) {
	p.Helper()
	p.Stop()
	p.bin = bin
	p.Start()
}

// Stop is the orderly end: clients are cut off and what was committed is on disk.
func (p *Postgres) Stop() {
	p.Helper()
	if err := p.server.Stop(context.Background()); err != nil {
		p.Fatal(err)
	}
}

// Kill ends every process of the server without a word, and waits for its end.
func (p *Postgres) Kill() {
	p.Helper()
	for _, victim := range append([]int{p.pid}, children(p.pid)...) {
		_ = syscall.Kill(victim, syscall.SIGKILL)
	}
	p.waitEnd(10 * time.Second)
}

func (p *Postgres) waitEnd(most time.Duration) {
	p.Helper()
	select {
	case <-p.server.Done():
	case <-time.After(most):
		p.Fatal("PostgreSQL does not end")
	}
	_ = p.server.Stop(context.Background()) // lets go of its directory and its reaper
}

// Recover returns when the server takes saves again, started anew if it had ended.
func (p *Postgres) Recover() {
	p.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		select {
		case <-p.server.Done():
			_ = p.server.Stop(context.Background())
			p.Start()
		default:
		}
		if p.TryExec(`CHECKPOINT`) == nil {
			return
		}
		if time.Now().After(deadline) {
			p.Fatal("PostgreSQL does not recover")
		}
	}
}

// postmaster returns the number of the first process of a cluster.
func postmaster(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil || pid < 2 {
		return 0, fmt.Errorf("postmaster.pid says %q: %w", line, err)
	}
	return pid, nil
}

// children returns the processes that a process started.
func children(parent int) (all []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // only a malformed pattern fails
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ") // PID (name) STATE PPID …
		fields := strings.Fields(rest)
		if child, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(parent) && child > 1 {
			all = append(all, child)
		}
	}
	return all
}

// URL returns the address of the program's database as a role.
func (p *Postgres) URL(role string) string { return p.url(role, database) }

func (p *Postgres) url(role, name string) string { return address(role, name, p.socket) }

// address returns an address that tries several sockets in turn.
func address(role, name string, sockets ...string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User(role), Path: "/" + name,
		RawQuery: url.Values{"host": {strings.Join(sockets, ",")}, "port": {strings.TrimSuffix(strings.Repeat("5432,", len(sockets)), ",")}}.Encode(),
	}
	return u.String()
}

// Desk opens the desk's door, until the test ends.
func (p *Postgres) Desk() *db.Desk {
	p.Helper()
	desk, err := db.OpenDesk(context.Background(), p.URL(db.RoleDesk), time.Now, []byte(strings.Repeat("k", 32)))
	if err != nil {
		p.Fatal(err)
	}
	return desk
}

// Exec runs a statement as superuser.
func (p *Postgres) Exec(sql string, args ...any) {
	p.Helper()
	if err := p.TryExec(sql, args...); err != nil {
		p.Fatal(err)
	}
}

// TryExec is Exec where it may fail.
func (p *Postgres) TryExec(sql string, args ...any) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, p.URL(embedded.Superuser))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql, args...)
	return err
}

// Text returns the single value of a query, as superuser.
func (p *Postgres) Text(sql string, args ...any) string {
	p.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, p.URL(embedded.Superuser))
	if err != nil {
		p.Fatal(err)
	}
	defer conn.Close(ctx)
	var out string
	if err := conn.QueryRow(ctx, sql, args...).Scan(&out); err != nil {
		p.Fatalf("%s: %v", sql, err)
	}
	return out
}

// program returns the path of a program of PostgreSQL's.
func (p *Postgres) program(name string) string {
	p.Helper()
	exe, err := os.Readlink("/proc/" + strconv.Itoa(p.pid) + "/exe")
	if err != nil {
		p.Fatal(err)
	}
	return filepath.Join(filepath.Dir(exe), name)
}

// Follow makes a streaming replica of the server, with a cluster of its own.
func (p *Postgres) Follow() *Postgres {
	p.Helper()
	dir := open(p)
	data := filepath.Join(dir, filepath.Base(p.server.Dir()))
	out, err := exec.Command(p.program("pg_basebackup"), "-h", p.socket, "-U", embedded.Superuser, "-D", data, "-R", "-X", "stream", "-c", "fast").CombinedOutput()
	if err != nil {
		p.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	if err := own(data, p.server.Dir()); err != nil {
		p.Fatal(err)
	}
	return newPostgres(p, dir, p.bin)
}

// own gives a tree to whoever owns another directory.
func own(tree, as string) error {
	info, err := os.Stat(as)
	if err != nil {
		return err
	}
	who, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Errorf("the owner of %s is not known", as)
	}
	return filepath.WalkDir(tree, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(who.Uid), int(who.Gid))
	})
}

// Wrapped makes a directory of PostgreSQL's programs where the server starts by a
// line of shell, which may set its environment and add to its arguments: it ends in
// «exec "$real" "$@"» or more.
func Wrapped(t testing.TB, line string) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // only a malformed pattern fails
	if len(found) == 0 {
		t.Fatal("PostgreSQL's programs are not where Debian puts them")
	}
	real := found[len(found)-1]
	dir := filepath.Join(open(t), "bin")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\nreal=" + real + "\ncase \"$1\" in -V|--version) exec \"$real\" \"$@\";; esac\n" + line + "\n"
	if err := os.WriteFile(filepath.Join(dir, "postgres"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(filepath.Dir(real), "initdb"), filepath.Join(dir, "initdb")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Either returns the address of whichever of two servers answers, the first if it
// does. primary asks for the one that takes writes.
func Either(first, second *Postgres, role string, primary bool) string {
	where := address(role, database, first.socket, second.socket)
	if primary {
		where += "&target_session_attrs=primary"
	}
	return where
}

// Promote makes a replica the primary.
func (p *Postgres) Promote() { p.Exec(`SELECT pg_promote()`) }

// CatchUp waits until a replica has what its primary wrote so far.
func (p *Postgres) CatchUp(replica *Postgres) {
	p.Helper()
	at := p.Text(`SELECT pg_current_wal_flush_lsn()::text`)
	for deadline := time.Now().Add(30 * time.Second); replica.Text(`SELECT (pg_last_wal_replay_lsn() >= $1::pg_lsn)::text`, at) != "true"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.Fatal("the replica does not catch up")
		}
	}
}
