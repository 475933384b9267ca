// Package rig puts the program, as processes and over a PostgreSQL that keeps what
// it is told, where a machine goes wrong: killed, unplugged, full, replaced by
// another version, or one of several behind a proxy.
//
//	disk := rig.NewDisk(t, 512)          // a disk whose power can be cut
//	pg := rig.NewPostgres(t, disk.Dir)   // migrated, durable
//	site := rig.Seed(t, pg, 600)         // the demonstration, and how to serve it
//	node := site.Start(t)                // a process that answers
//	node.Kill()
//
// Two rules hold for every fault (security.md 3.4). It has a probe of its effect:
// where nothing broke, the test fails, for it proved nothing. And it has a control:
// the same fault over a setting that loses things, which the same count must catch.
//
// A process is this same test binary, which TestMain turns into the program by
// Main; the flag -binario names a built one instead.
package rig

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db"
)

// role says, in the environment, what Main does instead of testing.
const role = "CONOCELES_RIG"

// The roles.
const (
	roleServe   = "servir"
	roleMigrate = "migrar"
)

var binary = flag.String("binario", "", "programa compilado que se prueba; sin él, el de estas fuentes")

// Main runs the tests, or is the program for whoever started this binary as one.
func Main(m *testing.M) {
	var err error
	switch os.Getenv(role) {
	case roleServe:
		err = serve()
	case roleMigrate:
		fmt.Println("migra") // whoever kills it waits for this
		err = db.Migrate(context.Background(), os.Getenv("CONOCELES_OWNER_DATABASE_URL"))
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve is what «conoceles servir» does.
func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	return app.Run(ctx, cfg, slog.New(slog.NewJSONHandler(os.Stderr, nil)), app.Both, nil, nil)
}

// Node is a process of the program.
type Node struct {
	testing.TB
	Addr string // where it listens

	cmd    *exec.Cmd
	ended  chan struct{}
	said   *tail
	binary string
	env    []string
	socket *os.File // that systemd would pass
}

// start starts the node's process, as it was made.
func (n *Node) start() {
	n.Helper()
	args := []string{"servir"}
	path := n.binary
	if path == "" {
		path = *binary
	}
	env := append(os.Environ(), n.env...)
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			n.Fatal(err)
		}
		path, args, env = self, nil, append(env, role+"="+roleServe)
	}
	n.cmd = exec.Command(path, args...)
	n.said = &tail{}
	n.cmd.Env, n.cmd.Stdout, n.cmd.Stderr = env, n.said, n.said
	if n.socket != nil {
		n.cmd.ExtraFiles = []*os.File{n.socket}
	}
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := n.cmd.Start(); err != nil {
		n.Fatal(err)
	}
	n.ended = make(chan struct{})
	go func() {
		_ = n.cmd.Wait() // how it ended is asked of ProcessState
		close(n.ended)
	}()
}

// KillMigration starts a process that migrates a database and kills it some time
// after it began to, unless it has ended.
func KillMigration(t testing.TB, ownerURL string, after time.Duration) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), role+"="+roleMigrate, "CONOCELES_OWNER_DATABASE_URL="+ownerURL)
	begins, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _ = begins.Read(make([]byte, 1)) // it says so, or has ended
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
}

// Restart starts again a node that ended, and returns how long it took to answer.
func (n *Node) Restart() time.Duration {
	n.Helper()
	began := time.Now()
	n.start()
	n.WaitReady()
	return time.Since(began)
}

// Replace starts, where a node was, one of another binary, "" for this program.
func (n *Node) Replace(binary string) {
	n.Helper()
	n.binary = binary
	n.Restart()
}

// Pid returns the number of the node's process.
func (n *Node) Pid() int { return n.cmd.Process.Pid }

// Kill ends the process without a word, and waits for its end.
func (n *Node) Kill() {
	_ = n.cmd.Process.Kill()
	<-n.ended
}

// Stop asks the process to end and waits until it did, without an error.
func (n *Node) Stop() {
	n.Helper()
	_ = n.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-n.ended:
	case <-time.After(40 * time.Second):
		n.Fatalf("%s does not stop:\n%s", n.Addr, n.said)
	}
	if code := n.cmd.ProcessState.ExitCode(); code != 0 {
		n.Fatalf("%s ended with %d:\n%s", n.Addr, code, n.said)
	}
}

// quick asks without keeping connections, for a node may be another one next time.
var quick = &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// Health returns the first word that the node says of itself, "" if nothing.
func (n *Node) Health() string { return health(n.Addr) }

func health(addr string) string {
	res, err := quick.Get("http://" + addr + "/salud/listo")
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(res.Body); err != nil {
		return ""
	}
	word, _, _ := strings.Cut(text.String(), ",")
	return word
}

// WaitReady returns when the node says «listo».
func (n *Node) WaitReady() {
	n.Helper()
	for deadline := time.Now().Add(30 * time.Second); n.Health() != "listo"; time.Sleep(5 * time.Millisecond) {
		select {
		case <-n.ended:
			n.Fatalf("%s ended before it answered:\n%s", n.Addr, n.said)
		default:
		}
		if time.Now().After(deadline) {
			n.Fatalf("%s is not ready in time:\n%s", n.Addr, n.said)
		}
	}
}

// freeAddr returns an address where nobody listens.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// open returns a directory that PostgreSQL's own account may pass through.
func open(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tail keeps the end of what a process says.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps the last of it.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 16 << 10
	t.text = append(t.text, b...)
	if len(t.text) > 2*most {
		t.text = bytes.Clone(t.text[len(t.text)-most:])
	}
	return len(b), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
