// Command withpg runs another command with a throw-away PostgreSQL server,
// whose address it leaves in CONOCELES_TEST_PG, and ends with that command's
// exit code:
//
//	go run ./internal/db/dbtest/withpg go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"conoceles/internal/db/dbtest"
	"conoceles/internal/db/embedded"
)

func main() {
	code, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, args []string) (code int, err error) {
	if len(args) == 0 {
		return 2, errors.New("indica el comando que se ejecutará, por ejemplo «withpg go test ./...»")
	}
	// Ctrl-C reaches the command by itself; a SIGTERM to us alone does not.
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)

	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	srv, err := embedded.Start(ctx, embedded.Options{Ephemeral: true, Log: log})
	if err != nil {
		return 1, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		err = errors.Join(err, srv.Stop(ctx))
	}()

	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), dbtest.EnvServer+"="+srv.URL(embedded.Superuser, "postgres"))
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	go func() {
		for s := range interrupted {
			if s == syscall.SIGTERM {
				_ = cmd.Process.Signal(s) // it may just have ended
			}
		}
	}()
	var exit *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil // -1 when a signal ended it
	} else if err != nil {
		return 1, err
	}
	return 0, nil
}
