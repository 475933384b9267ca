package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// tempPrefix begins the name of every temporary directory of ours.
const tempPrefix = "conoceles-"

// postmaster is what postmaster.pid says of the server that wrote it.
type postmaster struct {
	pid       int
	socketDir string
}

// readPostmaster reads the file, of which we need the lines 1 (process) and 5
// (directory of the socket). Without a file, or with half of one, the process
// is 0.
func readPostmaster(data string) (postmaster, error) {
	f, err := os.Open(filepath.Join(data, "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return postmaster{}, nil
	}
	if err != nil {
		return postmaster{}, fmt.Errorf("no se pudo leer qué base de datos está en marcha en %s: %w", data, err)
	}
	defer f.Close()
	var lines []string
	for scan := bufio.NewScanner(f); scan.Scan(); {
		lines = append(lines, strings.TrimSpace(scan.Text()))
	}
	var p postmaster
	if len(lines) > 0 {
		p.pid, _ = strconv.Atoi(lines[0])
	}
	if len(lines) > 4 {
		p.socketDir = lines[4]
	}
	return p, nil
}

// on reports whether the process is a PostgreSQL server on data, and not
// another one that got its number after a crash or a restart of the machine.
func (p postmaster) on(data string) bool {
	args := cmdline(p.pid)
	if len(args) == 0 || filepath.Base(args[0]) != "postgres" {
		return false
	}
	i := slices.Index(args, "-D")
	return i >= 0 && i+1 < len(args) && args[i+1] == data
}

// clean removes the file of a server that no longer runs, but only when its
// process number now belongs to somebody else, which is what stops PostgreSQL
// from starting. When nobody has it, PostgreSQL removes the file by itself after
// making sure that no orphan still writes.
func (p postmaster) clean(data string) error {
	if cmdline(p.pid) == nil {
		return nil
	}
	err := os.Remove(filepath.Join(data, "postmaster.pid"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no se pudo quitar la marca de una base de datos que ya no está en marcha: %w", err)
	}
	return nil
}

// makeSocketDir makes the directory for the socket, which only the account may
// enter. The path of a socket has room for 107 bytes, so it never lies with
// the data.
func makeSocketDir(ctx context.Context, who account, bin binaries) (string, error) {
	const longest = 107
	var failed error
	for _, base := range []string{os.TempDir(), "/tmp"} {
		dir, err := os.MkdirTemp(base, tempPrefix)
		if err == nil {
			err = who.give(dir)
		}
		if err == nil {
			err = who.reaches(ctx, dir, bin)
		}
		if err == nil && len(filepath.Join(dir, ".s.PGSQL."+port+".lock")) > longest {
			err = fmt.Errorf("la ruta %s es demasiado larga para un socket", dir)
		}
		if err == nil {
			return dir, nil
		}
		failed = errors.Join(failed, err)
		if dir != "" {
			failed = errors.Join(failed, os.Remove(dir))
		}
	}
	return "", fmt.Errorf("no se pudo crear la carpeta del socket de PostgreSQL: %w", failed)
}

// ephemeralBase is where throw-away clusters go: memory, when it has room.
func ephemeralBase() string {
	const memory, room = "/dev/shm", 1 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < room {
		return os.TempDir()
	}
	if syscall.Access(memory, 0o3) != nil { // write and enter
		return os.TempDir()
	}
	return memory
}
