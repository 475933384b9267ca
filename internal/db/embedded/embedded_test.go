package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestDurableKeepsWhatWasCommitted(t *testing.T) {
	dir := filepath.Join(openDir(t), "a", "datos")
	srv := start(t, Options{Dir: dir})
	super := srv.URL(Superuser, "postgres")
	for _, tt := range []struct{ setting, want string }{
		{"fsync", "on"},
		{"synchronous_commit", "on"},
		{"full_page_writes", "on"},
		{"data_checksums", "on"},
		{"listen_addresses", ""},
		{"unix_socket_permissions", "0700"},
		{"server_encoding", "UTF8"},
		{"lc_collate", "C.UTF-8"},
		{"TimeZone", "UTC"},
		{"log_min_error_statement", "panic"},
		{"log_error_verbosity", "terse"},
		{"log_parameter_max_length", "0"},
		{"log_parameter_max_length_on_error", "0"},
		{"log_statement", "none"},
	} {
		sql := "SELECT current_setting('" + tt.setting + "')"
		if tt.setting == "lc_collate" { // no longer a setting since 16
			sql = "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"
		}
		if got := query(t, super, sql); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.setting, got, tt.want)
		}
	}
	run(t, super, "CREATE TABLE kept AS SELECT 'sí' AS said")
	stop(t, srv)

	again := start(t, Options{Dir: dir})
	if got, want := query(t, again.URL(Superuser, "postgres"), "SELECT said FROM kept"), "sí"; got != want {
		t.Errorf("after a restart: got %q, want %q", got, want)
	}
	if got, want := again.Dir(), srv.Dir(); got != want {
		t.Errorf("Dir: got %q, want %q", got, want)
	}
}

func TestDirectoryModes(t *testing.T) {
	base := openDir(t)
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	srv := start(t, Options{Dir: filepath.Join(base, "a", "b")})
	for _, tt := range []struct {
		path string
		want fs.FileMode
	}{
		{filepath.Join(base, "a"), 0o755},
		{filepath.Join(base, "a", "b"), 0o755},
		{srv.Dir(), 0o700},
		{srv.socketDir, 0o700},
		{srv.LogPath(), 0o600},
	} {
		info, err := os.Stat(tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.path, got, tt.want)
		}
	}
}

func TestStopDoesNotWaitForClients(t *testing.T) {
	srv := start(t, Options{Dir: openDir(t)})
	connect(t, srv.URL(Superuser, "postgres"))
	begin := time.Now()
	stop(t, srv)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping with a client took %v", took)
	}
	select {
	case <-srv.Done():
	default:
		t.Error("Done is open after Stop")
	}
	if _, err := os.Stat(srv.socketDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket's directory stayed: %v", err)
	}
}

// A personal answer in a failing statement, row or parameter must not reach
// PostgreSQL's log, while the error itself must.
func TestLogHasNoPersonalData(t *testing.T) {
	const canary = "CNRY-LOG0000000000000"
	srv := start(t, Options{Dir: openDir(t)})
	conn := connect(t, srv.URL(Superuser, "postgres"))
	ctx := t.Context()
	if _, err := conn.Exec(ctx, `CREATE TABLE answers (id int PRIMARY KEY, answer text CONSTRAINT short CHECK (length(answer) < 5), n int)`); err != nil {
		t.Fatal(err)
	}
	for _, failing := range []func() error{
		func() error {
			_, err := conn.Exec(ctx, `INSERT INTO answers VALUES (1, $1, 1)`, canary)
			return err
		},
		func() error { _, err := conn.Exec(ctx, `INSERT INTO answers VALUES (1, '`+canary+`', 1)`); return err },
		func() error { _, err := conn.Exec(ctx, `SELEKT '`+canary+`'`); return err },
		func() error {
			_, err := conn.Exec(ctx, `DO $$ BEGIN RAISE EXCEPTION 'failed' USING DETAIL = '`+canary+`'; END $$`)
			return err
		},
	} {
		if failing() == nil {
			t.Fatal("a statement that must fail did not")
		}
	}
	log, err := os.ReadFile(srv.LogPath())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(log), canary) {
		t.Errorf("the log holds the answer:\n%s", log)
	}
	if !strings.Contains(string(log), `violates check constraint "short"`) {
		t.Errorf("the log lacks the error:\n%s", log)
	}
}

func TestSecondProcessAttaches(t *testing.T) {
	dir := openDir(t)
	first := startProcess(t, dir, nil)
	srv := start(t, Options{Dir: dir})
	if !srv.Attached() {
		t.Fatal("a second server was started")
	}
	stop(t, srv)
	if got, want := query(t, first.url, "SHOW data_directory"), srv.Dir(); got != want {
		t.Errorf("after the second stopped: got %q, want %q", got, want)
	}
}

func TestTwoProcessesAtOnceMakeOneCluster(t *testing.T) {
	dir := openDir(t)
	type result struct {
		srv *Server
		err error
	}
	results := make(chan result)
	for range 2 {
		go func() {
			srv, err := Start(t.Context(), Options{Dir: dir})
			results <- result{srv, err}
		}()
	}
	attached := 0
	for range 2 {
		r := <-results
		if r.err != nil {
			t.Fatal(r.err)
		}
		t.Cleanup(func() { stop(t, r.srv) })
		if r.srv.Attached() {
			attached++
		}
	}
	if attached != 1 {
		t.Errorf("got %d attached, want 1", attached)
	}
}

// The kernel ends the server when we are killed, even if the reaper is too.
func TestServerDiesWithUs(t *testing.T) {
	dir := openDir(t)
	other := startProcess(t, dir, nil)
	run(t, other.url, "CREATE TABLE kept AS SELECT 'sí' AS said")
	t.Cleanup(func() { os.RemoveAll(socketDirOf(t, other.url)) }) // the reaper's task
	if err := syscall.Kill(other.reaper, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := other.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone(t, other.pid)
	srv := start(t, Options{Dir: dir})
	if got, want := query(t, srv.URL(Superuser, "postgres"), "SELECT said FROM kept"), "sí"; got != want {
		t.Errorf("after kill -9: got %q, want %q", got, want)
	}
}

// What the kernel does not remove, the reaper does.
func TestTemporaryFilesDieWithUs(t *testing.T) {
	other := startProcess(t, openDir(t), nil)
	if err := other.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	removed(t, socketDirOf(t, other.url))
}

func TestEphemeralLeavesNothing(t *testing.T) {
	srv := start(t, Options{Ephemeral: true})
	if got, want := query(t, srv.URL(Superuser, "postgres"), "SHOW fsync"), "off"; got != want {
		t.Errorf("fsync: got %q, want %q", got, want)
	}
	stop(t, srv)
	for _, dir := range srv.scratch {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s stayed: %v", dir, err)
		}
	}
}

// A server that nobody refers to any more runs on: only its address was kept.
func TestForgottenServerRuns(t *testing.T) {
	forget := func() string {
		srv, err := Start(t.Context(), Options{Ephemeral: true})
		if err != nil {
			t.Fatal(err)
		}
		return srv.URL(Superuser, "postgres")
	}
	address := forget()
	for range 5 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
	}
	if got := query(t, address, "SELECT 'sí'"); got != "sí" {
		t.Errorf("got %q", got)
	}
}

func TestEphemeralLeavesNothingAfterKill(t *testing.T) {
	other := startProcess(t, "ephemeral", nil)
	if err := other.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone(t, other.pid)
	removed(t, filepath.Dir(other.dir))
}

func TestStalePidOfAnotherProgram(t *testing.T) {
	dir := openDir(t)
	srv := start(t, Options{Dir: dir})
	stop(t, srv)
	// Process 1 is always there and never a PostgreSQL server on this directory.
	writePid(t, srv.Dir(), 1)
	again := start(t, Options{Dir: dir})
	if again.Attached() {
		t.Error("attached to a process that is not PostgreSQL")
	}
}

func TestStalePidOfNobody(t *testing.T) {
	dir := openDir(t)
	srv := start(t, Options{Dir: dir})
	pid := srv.cmd.Process.Pid
	stop(t, srv)
	writePid(t, srv.Dir(), pid)
	start(t, Options{Dir: dir})
}

// writePid leaves a postmaster.pid as a crash would.
func writePid(t *testing.T, data string, pid int) {
	t.Helper()
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(data, "postmaster.pid")
	text := strings.Join([]string{strconv.Itoa(pid), data, "1700000000", port, "/tmp", "", ""}, "\n")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	if err := os.Chown(name, int(owner.Uid), int(owner.Gid)); err != nil {
		t.Fatal(err)
	}
}

func TestInterruptedCreationStartsAgain(t *testing.T) {
	dir := openDir(t)
	found, err := newSearch("").find(t.Context())
	if err != nil || len(found) == 0 {
		t.Fatalf("no binaries: %v", err)
	}
	half := filepath.Join(dir, fmt.Sprintf("pg%d.nuevo", found[0].major))
	if err := os.MkdirAll(filepath.Join(half, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir})
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the half made cluster stayed: %v", err)
	}
}

func TestMajorMismatch(t *testing.T) {
	dir := openDir(t)
	if err := os.Mkdir(filepath.Join(dir, "pg9"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "es de PostgreSQL 9 y aquí sólo está PostgreSQL") {
		t.Errorf("got %v, want the two versions", err)
	}
	if entries, _ := filepath.Glob(filepath.Join(dir, "pg1*")); len(entries) > 0 {
		t.Errorf("created %v beside the old one", entries)
	}
}

func TestLongTemporaryDirectory(t *testing.T) {
	long := filepath.Join(openDir(t), strings.Repeat("x", 100))
	if err := os.Mkdir(long, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	srv := start(t, Options{Dir: openDir(t)})
	if got, want := filepath.Dir(srv.socketDir), "/tmp"; got != want {
		t.Errorf("the socket is in %q, want %q", got, want)
	}
}

func TestStartSaysWhyItFailed(t *testing.T) {
	dir := openDir(t)
	srv := start(t, Options{Dir: dir})
	stop(t, srv)
	if err := os.Remove(filepath.Join(srv.Dir(), "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "PostgreSQL no arrancó") || !strings.Contains(err.Error(), "pg_control") {
		t.Errorf("got %v, want PostgreSQL's own words", err)
	}
}
