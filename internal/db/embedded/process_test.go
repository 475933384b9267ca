package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestMain doubles as a program that starts a server and waits, for the tests
// that need another process: one to attach from, or to kill.
func TestMain(m *testing.M) {
	if dir := os.Getenv("EMBEDDED_TEST_DIR"); dir != "" {
		os.Exit(serveForTest(dir))
	}
	os.Exit(m.Run())
}

// serveForTest prints the server's address and postmaster, and stops it when
// its input ends.
func serveForTest(dir string) int {
	ctx := context.Background()
	srv, err := Start(ctx, Options{Dir: dir, Ephemeral: dir == "ephemeral"})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	p, err := readPostmaster(srv.Dir())
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println(srv.URL(Superuser, "postgres"), p.pid, srv.reaperPid(), srv.Dir())
	bufio.NewReader(os.Stdin).ReadString('\n')
	if err := srv.Stop(ctx); err != nil {
		fmt.Println("error", err)
		return 1
	}
	return 0
}

func (s *Server) reaperPid() int {
	if s.reaper == nil {
		return 0
	}
	return s.reaper.cmd.Process.Pid
}

// process is a copy of this test binary that runs serveForTest.
type process struct {
	cmd    *exec.Cmd
	url    string
	pid    int // of the postmaster
	reaper int
	dir    string
	stop   func()
}

// startProcess runs serveForTest, as an ordinary account if asked.
func startProcess(t *testing.T, dir string, as *syscall.Credential) process {
	t.Helper()
	cmd := exec.Command(copyOfSelf(t))
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "EMBEDDED_TEST_DIR="+dir, "HOME=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := process{cmd: cmd, stop: func() { in.Close(); cmd.Wait() }}
	t.Cleanup(p.stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.HasPrefix(line, "error") {
		t.Fatalf("the other process said %q (%v)", line, err)
	}
	if _, err := fmt.Sscan(line, &p.url, &p.pid, &p.reaper, &p.dir); err != nil {
		t.Fatalf("reading %q: %v", line, err)
	}
	return p
}

// copyOfSelf puts the test binary where any account can run it: go test builds
// it in a directory of its own account.
func copyOfSelf(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(openDirIn(t, "/tmp"), "embedded.test") // memory may be mounted noexec
	if err := os.WriteFile(name, content, 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

// openDir is a temporary directory that every account can enter, as t.TempDir
// is not, in memory if possible.
func openDir(t *testing.T) string {
	t.Helper()
	return openDirIn(t, ephemeralBase())
}

func openDirIn(t *testing.T, base string) string {
	t.Helper()
	dir, err := os.MkdirTemp(base, "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// start starts a server that the test stops, if it did not before.
func start(t *testing.T, opt Options) *Server {
	t.Helper()
	opt.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	srv, err := Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, srv) })
	return srv
}

func stop(t *testing.T, srv *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := srv.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	var got string
	if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

func run(t *testing.T, url, sql string) {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// gone waits for a process to end.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 200 {
		if cmdline(pid) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("process %d is still there", pid)
}

// removed waits for a directory to go.
func removed(t *testing.T, dir string) {
	t.Helper()
	for range 200 {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s stayed", dir)
}

func socketDirOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}
