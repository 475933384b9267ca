package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// port only names the socket: nothing listens on the network.
const port = "5432"

// commonArgs hold for every cluster. On the command line they win over
// postgresql.conf and ALTER SYSTEM.
//
// PostgreSQL's default log prints the statement that failed, the row that broke
// a constraint and the values bound to a query: personal data. These settings
// leave the message and its place in the source (security.md 2.2).
func commonArgs(dataDir, socketDir string) []string {
	return []string{
		"-D", dataDir,
		"-k", socketDir,
		"-p", port,
		"-c", "listen_addresses=",
		"-c", "unix_socket_permissions=0700",
		"-c", "timezone=UTC",
		"-c", "logging_collector=off",
		"-c", "log_destination=stderr",
		"-c", "log_timezone=UTC",
		"-c", "log_min_error_statement=panic",
		"-c", "log_error_verbosity=terse",
		"-c", "log_parameter_max_length=0",
		"-c", "log_parameter_max_length_on_error=0",
		"-c", "log_statement=none",
		"-c", "log_checkpoints=off",
		"-c", "log_min_duration_statement=-1",
	}
}

// durableArgs say that a commit that was answered is on disk.
var durableArgs = []string{
	"-c", "fsync=on",
	"-c", "synchronous_commit=on",
	"-c", "full_page_writes=on",
}

// ephemeralArgs trade everything for speed: the cluster dies with its tests.
var ephemeralArgs = []string{
	"-F",
	"-c", "synchronous_commit=off",
	"-c", "full_page_writes=off",
	"-c", "wal_level=minimal",
	"-c", "max_wal_senders=0",
	"-c", "max_wal_size=256MB",
	"-c", "max_connections=300",
}

// launch starts the server and waits until it answers.
func (s *Server) launch(ctx context.Context, who account, bin binaries, args []string) error {
	log, err := os.OpenFile(s.logPath, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("no se pudo abrir la bitácora de PostgreSQL: %w", err)
	}
	defer log.Close()
	start, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	args = append(commonArgs(s.dir, s.socketDir), args...)
	// The server outlives ctx, which bounds the start alone.
	cmd := who.command(context.WithoutCancel(ctx), bin.postgres(), args...)
	cmd.Stdout, cmd.Stderr = log, log
	// The kernel sends it when we die, however we die.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	if err := s.startOnOwnThread(cmd); err != nil {
		return fmt.Errorf("no se pudo ejecutar %s: %w", bin.postgres(), err)
	}
	s.cmd = cmd
	if err := s.waitReady(ctx); err != nil {
		said, _ := io.ReadAll(io.NewSectionReader(log, start, 1<<20))
		return fmt.Errorf("PostgreSQL no arrancó en %s: %w\n%s", s.dir, err, lastLines(string(said), 8))
	}
	return s.startReaper()
}

// startOnOwnThread starts a command from a goroutine that keeps its thread for
// as long as the command lives: Pdeathsig fires when the thread that started
// the child ends, and Go ends idle threads. Done closes with the command.
func (s *Server) startOnOwnThread(cmd *exec.Cmd) error {
	started := make(chan error, 1)
	s.done = make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
		}
		close(s.done)
		// Somebody who drops the Server without stopping it wants it to run:
		// were it collected, its reaper's pipe would close.
		runtime.KeepAlive(s)
	}()
	return <-started
}

// waitReady returns when the server answers, or why it will not.
func (s *Server) waitReady(ctx context.Context) error {
	for {
		err := s.answers(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return errors.New("el proceso terminó")
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// answers reports whether a server for this very data directory answers at the
// socket.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL(Superuser, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var dir string
	if err := conn.QueryRow(ctx, `SHOW data_directory`).Scan(&dir); err != nil {
		return err
	}
	if dir != s.dir {
		return fmt.Errorf("en %s responde otra base de datos, la de %s", s.socketDir, dir)
	}
	return nil
}

// reaper is a shell that cleans up after us when we end without stopping the
// server, as a test process does and any killed one: it ends the server, if the
// kernel's signal did not, and removes its temporary directories. It waits on a
// pipe that the kernel closes when we end.
type reaper struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// A line on the pipe is the orderly dismissal; its end, our death.
const reaperScript = `read -r _ && exit 0
signal=$1 pid=$2; shift 2
kill -"$signal" "$pid" 2>/dev/null
while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
rm -rf -- "$@"`

// startReaper leaves a reaper behind a server that has started.
func (s *Server) startReaper() error {
	signal := "INT"
	if s.ephemeral {
		signal = "QUIT"
	}
	args := append([]string{"-c", reaperScript, "sh", signal, strconv.Itoa(s.cmd.Process.Pid)}, s.scratch...)
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir = "/"
	// Out of our process group, or Ctrl-C would end it with us.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.reaper = &reaper{cmd: cmd, pipe: pipe}
	return nil
}

func (r *reaper) dismiss() error {
	if r == nil || r.cmd.ProcessState != nil {
		return nil
	}
	_, err := io.WriteString(r.pipe, "\n")
	return errors.Join(err, r.pipe.Close(), r.cmd.Wait())
}

// cmdline returns the arguments of a running process, nil if there is none.
func cmdline(pid int) []string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || len(raw) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00")
}
