// Package embedded runs a private PostgreSQL as a child process, so that one
// command on a fresh machine is enough to try the whole system.
//
// Start finds PostgreSQL's server binaries (or installs them when it may),
// creates the cluster the first time, starts it and waits until it answers:
//
//	srv, err := embedded.Start(ctx, embedded.Options{Dir: "datos"})
//	if err != nil {
//		return err // already in Spanish, for the person who ran the command
//	}
//	defer srv.Stop(context.WithoutCancel(ctx))
//	err = db.Bootstrap(ctx, srv.URL("postgres", "postgres"), "conoceles")
//
// The server listens on a unix socket only, in a directory that nobody but its
// own account may enter: that directory is the authentication.
//
// Three promises shape the package:
//
//   - Nothing outlives us. PostgreSQL gets a signal from the kernel when this
//     process dies, even by kill -9, and a reaper removes its temporary files.
//     It runs in a process group of its own, so
//     that Ctrl-C lets the program drain its requests before the database goes.
//   - Nothing is lost. A real cluster always runs with fsync and checksums; the
//     options are given on the command line, where no configuration file can
//     undo them. Only an Ephemeral cluster, for tests, trades them for speed.
//   - Nothing personal reaches PostgreSQL's log: no statements, no rows, no
//     parameters.
//
// A second process that asks for the same directory attaches to the running
// server. It works as root too, which PostgreSQL itself refuses: see account.go.
// Linux only.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Superuser is the role that owns the cluster.
const Superuser = "postgres"

// Options say which cluster to start. The zero value of each field but Dir is
// usable.
type Options struct {
	// Dir holds the cluster, in a subdirectory named by its major version
	// (pg15), and its log. It is created when missing. An Ephemeral cluster
	// ignores it.
	Dir string
	// Ephemeral asks for a throw-away cluster: fast, in memory where there is
	// room, and gone when it is stopped or this process ends.
	Ephemeral bool
	// BinDir names the directory with initdb and postgres. When empty, the
	// environment's CONOCELES_PG_BIN does, and without it they are looked for.
	BinDir string
	// Log receives, in Spanish, what takes long enough to be worth telling:
	// installing, creating, attaching. Nil discards it.
	Log *slog.Logger
}

// Server is a running PostgreSQL, started by this process or by another one.
type Server struct {
	dir       string // the data directory
	socketDir string
	logPath   string
	ephemeral bool
	scratch   []string // directories that go away with the server

	cmd    *exec.Cmd     // nil when attached
	done   chan struct{} // closed when cmd has ended
	reaper *reaper       // nil when attached
}

// Start returns a server that answers. Errors are in Spanish and say what to
// do. ctx bounds the start alone, installation included; the server then runs
// until Stop or the end of this process.
func Start(ctx context.Context, opt Options) (*Server, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	found, err := newSearch(opt.BinDir).findOrInstall(ctx, opt.Log)
	if err != nil {
		return nil, err
	}
	if opt.Ephemeral {
		return startEphemeral(ctx, found[0])
	}
	return startDurable(ctx, opt, found)
}

// URL returns the address of a database as a role, for pgx. No password is
// needed: whoever may enter the socket's directory is trusted.
func (s *Server) URL(role, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User(role),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {s.socketDir}, "port": {port}}.Encode(),
	}
	return u.String()
}

// Dir returns the data directory.
func (s *Server) Dir() string { return s.dir }

// LogPath returns the file that PostgreSQL's own log goes to, or "" when this
// process only attached.
func (s *Server) LogPath() string { return s.logPath }

// Attached reports whether another process started the server, which then goes
// on running after Stop.
func (s *Server) Attached() bool { return s.cmd == nil }

// Done is closed when a server that this process started has ended, asked or
// not. It is nil, and so never ready, when attached.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends the server and returns when it has ended. Clients are disconnected
// and what was committed is on disk. If that takes longer than ctx allows, the
// server is cut off: nothing is lost then either, the next start recovers it,
// and Stop says so in its error. Stopping twice, or an attached server, does
// nothing.
func (s *Server) Stop(ctx context.Context) error {
	if s.Attached() {
		return nil
	}
	// SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients.
	signal := syscall.SIGINT
	if s.ephemeral {
		signal = syscall.SIGQUIT
	}
	err := s.signalAndWait(ctx, signal)
	if err != nil {
		err = fmt.Errorf("PostgreSQL tardó demasiado en detenerse y se cortó; se recuperará solo al arrancar: %w", err)
		cut, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = errors.Join(err, s.signalAndWait(cut, syscall.SIGQUIT))
	}
	for _, dir := range s.scratch {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return errors.Join(err, s.reaper.dismiss())
}

// signalAndWait sends a signal to the postmaster, unless it has ended, and
// waits for its end.
func (s *Server) signalAndWait(ctx context.Context, sig syscall.Signal) error {
	select {
	case <-s.done:
		return nil
	default:
	}
	if err := s.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
