package app_test

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/config"
)

// alone is the configuration of a program with a database of its own.
func alone(t *testing.T, addr string) config.Config {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // PostgreSQL's own account passes through it
		t.Fatal(err)
	}
	return config.Config{Addr: addr, DataDir: dir, Keyset: filepath.Join(dir, "llaves.json"), Tombstones: filepath.Join(dir, "retiros.jsonl"), BaseURL: "http://" + addr}
}

func TestTheProgramEndsWithItsDatabase(t *testing.T) {
	cfg := alone(t, "127.0.0.1:0")
	ready, ended := make(chan string, 1), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		ended <- app.Run(ctx, cfg, slog.New(slog.DiscardHandler), app.Both, nil, func(addr string) { ready <- addr })
	}()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(cfg.DataDir, "pg*", "postmaster.pid"))
	if err != nil || len(found) != 1 {
		t.Fatalf("postmaster.pid: %v, %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "la base de datos privada se detuvo") {
			t.Errorf("ended with %v, want why", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it goes on answering without a database")
	}
}

func TestAPortThatIsTakenIsSaidInWords(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := alone(t, taken.Addr().String())
	err = app.Run(t.Context(), cfg, slog.New(slog.DiscardHandler), app.Both, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "ya escucha otro programa") || strings.Contains(err.Error(), "address already in use") {
		t.Errorf("got %v", err)
	}
}
