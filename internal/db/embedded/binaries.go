package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// binaries is one installation of PostgreSQL's server.
type binaries struct {
	dir   string
	major int
}

func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }
func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }

// search is where to look for binaries, in this order. Tests narrow it.
type search struct {
	explicit string // a directory that somebody named: no other will do
	packaged string // a glob whose matches are …/MAJOR/bin
	path     func(file string) (string, error)
	cache    string // where we keep what we install ourselves
}

func newSearch(explicit string) search {
	if explicit == "" {
		explicit = os.Getenv("CONOCELES_PG_BIN")
	}
	return search{
		explicit: explicit,
		packaged: "/usr/lib/postgresql/*/bin",
		path:     exec.LookPath,
		cache:    cacheDir(),
	}
}

// cacheDir is .cache at the root of the module when there is one above the
// current directory, as in tests, and in the current directory otherwise.
func cacheDir() string {
	here, err := os.Getwd()
	if err != nil {
		return ".cache"
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, ".cache")
		}
		if dir == filepath.Dir(dir) {
			return filepath.Join(here, ".cache")
		}
	}
}

// findOrInstall returns at least one installation, best first.
func (s search) findOrInstall(ctx context.Context, log *slog.Logger) ([]binaries, error) {
	found, err := s.find(ctx)
	if err != nil || len(found) > 0 {
		return found, err
	}
	if err := install(ctx, s.cache, log); err != nil {
		return nil, err
	}
	found, err = s.find(ctx)
	if err == nil && len(found) == 0 {
		err = errors.New("se instaló PostgreSQL, pero siguen sin aparecer sus programas initdb y postgres; indica su carpeta en CONOCELES_PG_BIN")
	}
	return found, err
}

// find returns the usable installations, best first, and none if there are
// none. A directory that somebody named and is not usable is an error: to go on
// with another would surprise them.
func (s search) find(ctx context.Context) ([]binaries, error) {
	if s.explicit != "" {
		b, ok := usable(ctx, s.explicit)
		if !ok {
			return nil, fmt.Errorf("CONOCELES_PG_BIN indica %s, pero ahí no se pueden ejecutar initdb y postgres; corrige la ruta o quita la variable", s.explicit)
		}
		return []binaries{b}, nil
	}
	var found []binaries
	for _, dir := range s.candidates() {
		b, ok := usable(ctx, dir)
		if ok && !slices.Contains(found, b) {
			found = append(found, b)
		}
	}
	return found, nil
}

func (s search) candidates() []string {
	dirs, _ := filepath.Glob(s.packaged) // only a malformed pattern fails
	slices.SortFunc(dirs, func(a, b string) int { return majorOf(b) - majorOf(a) })
	if program, err := s.path("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(program); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
		dirs = append(dirs, filepath.Dir(program))
	}
	return append(dirs, npmBinDir(s.cache))
}

// majorOf reads MAJOR in …/MAJOR/bin as a number: as text, 9 comes after 18.
func majorOf(binDir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(binDir)))
	return n
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// usable reports whether dir has initdb and postgres, both executable, and
// their major version.
func usable(ctx context.Context, dir string) (binaries, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, false
	}
	b := binaries{dir: dir}
	if _, err := exec.LookPath(b.initdb()); err != nil {
		return binaries{}, false
	}
	out, err := exec.CommandContext(ctx, b.postgres(), "-V").Output()
	if err != nil {
		return binaries{}, false
	}
	match := versionNumber.FindSubmatch(out)
	if match == nil {
		return binaries{}, false
	}
	b.major, err = strconv.Atoi(string(match[1]))
	return b, err == nil
}
