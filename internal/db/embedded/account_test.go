package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ordinary is the account of an ordinary user: ours, or nobody's when we are
// root.
func ordinary(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	all := droppable()
	if len(all) == 0 {
		t.Fatal("this machine has neither a user postgres nor nobody")
	}
	last := all[len(all)-1]
	return &syscall.Credential{Uid: uint32(last.uid), Gid: uint32(last.gid)}
}

func uidOf(t *testing.T, name string) int {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

// realUID reads who a process runs as, as the machine sees it.
func realUID(t *testing.T, pid int) int {
	t.Helper()
	return uidOf(t, fmt.Sprintf("/proc/%d", pid))
}

func TestOrdinaryAccount(t *testing.T) {
	as := ordinary(t)
	dir := openDir(t)
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	for _, where := range []string{dir, "ephemeral"} {
		other := startProcess(t, where, as)
		want := os.Geteuid()
		if as != nil {
			want = int(as.Uid)
		}
		if got := uidOf(t, other.dir); got != want {
			t.Errorf("%s: the data belongs to %d, want %d", where, got, want)
		}
		if got := query(t, other.url, "SELECT 'sí'"); got != "sí" {
			t.Errorf("%s: got %q", where, got)
		}
		other.stop()
		if got := other.cmd.ProcessState.ExitCode(); got != 0 {
			t.Errorf("%s: exit code %d, want 0", where, got)
		}
	}
}

// What only root can do: change accounts, twice over.
func TestRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("root's ways are not tried: these tests run as an ordinary user")
		return
	}
	closed := t.TempDir()
	if err := os.Chmod(filepath.Dir(closed), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dir string
		inside    bool // of a namespace, where the data stays root's
	}{
		{"drops to another user", openDir(t), false},
		{"stays root in a namespace where that user cannot enter", closed, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // created, and opened again
				srv := start(t, Options{Dir: tt.dir})
				owner := uidOf(t, srv.Dir())
				if got := owner == 0; got != tt.inside {
					t.Errorf("the data is root's: got %v, want %v", got, tt.inside)
				}
				if got := realUID(t, srv.cmd.Process.Pid); got != owner {
					t.Errorf("the server runs as %d, want %d", got, owner)
				}
				if got := query(t, srv.URL(Superuser, "postgres"), "SELECT 'sí'"); got != "sí" {
					t.Errorf("got %q", got)
				}
				stop(t, srv)
			}
		})
	}
}

func TestDirectoryOfAnotherAccount(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("not tried: an ordinary user cannot make another's directory")
		return
	}
	found, err := newSearch("").find(t.Context())
	if err != nil || len(found) == 0 {
		t.Fatalf("no binaries: %v", err)
	}
	dir := openDir(t)
	if err := os.Chown(dir, 4242, 4242); err != nil {
		t.Fatal(err)
	}
	// As root we may open it, as its owner.
	got, err := ownerOf(t.Context(), dir, found[0])
	if want := (account{uid: 4242, gid: 4242, drop: true}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	// Its owner must be able to enter.
	closed := filepath.Join(t.TempDir(), "pg15")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(closed), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(closed, 4242, 4242); err != nil {
		t.Fatal(err)
	}
	_, err = ownerOf(t.Context(), closed, found[0])
	if err == nil || !strings.Contains(err.Error(), "ya no alcanza") {
		t.Errorf("got %v, want that the account cannot enter", err)
	}
}
