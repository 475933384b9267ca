package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startDurable starts, or attaches to, the cluster kept in opt.Dir.
func startDurable(ctx context.Context, opt Options, found []binaries) (*Server, error) {
	dir, err := prepareDir(opt.Dir)
	if err != nil {
		return nil, fmt.Errorf("no se pudo preparar la carpeta de datos %s: %w", opt.Dir, err)
	}
	// One process at a time decides: create, start or attach.
	unlock, err := lockFile(ctx, filepath.Join(dir, "postgresql.lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()

	bin, data, err := matchMajor(dir, found)
	if err != nil {
		return nil, err
	}
	var who account
	if _, err := os.Stat(data); errors.Is(err, os.ErrNotExist) {
		opt.Log.Info("Creando la base de datos en " + data)
		who, err = createCluster(ctx, data, bin)
		if err != nil {
			return nil, err
		}
	} else {
		s, err := attach(ctx, data, opt.Log)
		if err != nil || s != nil {
			return s, err
		}
		if who, err = ownerOf(ctx, data, bin); err != nil {
			return nil, err
		}
	}
	socketDir, err := makeSocketDir(ctx, who, bin)
	if err != nil {
		return nil, err
	}
	s := &Server{
		dir: data, socketDir: socketDir, scratch: []string{socketDir},
		logPath: filepath.Join(dir, "postgresql.log"),
	}
	if err := s.launch(ctx, who, bin, durableArgs); err != nil {
		return nil, errors.Join(err, s.abandon(ctx))
	}
	return s, nil
}

// startEphemeral creates and starts a cluster that goes away with us.
func startEphemeral(ctx context.Context, bin binaries) (*Server, error) {
	dir, err := os.MkdirTemp(ephemeralBase(), tempPrefix)
	if err != nil {
		return nil, fmt.Errorf("no se pudo crear una carpeta temporal para PostgreSQL: %w", err)
	}
	s := &Server{dir: filepath.Join(dir, "pg"), ephemeral: true, scratch: []string{dir}}
	fail := func(err error) (*Server, error) { return nil, errors.Join(err, s.abandon(ctx)) }
	// The account only passes through here; the data directory is its own.
	if err := os.Chmod(dir, 0o711); err != nil {
		return fail(err)
	}
	who, err := createCluster(ctx, s.dir, bin, "--no-sync")
	if err != nil {
		return fail(err)
	}
	if s.socketDir, err = makeSocketDir(ctx, who, bin); err != nil {
		return fail(err)
	}
	s.scratch = append(s.scratch, s.socketDir)
	s.logPath = filepath.Join(dir, "postgresql.log")
	if err := s.launch(ctx, who, bin, ephemeralArgs); err != nil {
		return fail(err)
	}
	return s, nil
}

// abandon undoes a start that failed half way.
func (s *Server) abandon(ctx context.Context) error {
	if s.cmd != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return s.Stop(ctx)
	}
	var err error
	for _, dir := range s.scratch {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// createCluster runs initdb beside data and moves the result there, so that a
// data directory that exists is always whole.
func createCluster(ctx context.Context, data string, bin binaries, extra ...string) (account, error) {
	work := data + ".nuevo"
	if err := os.RemoveAll(work); err != nil { // an interrupted attempt
		return account{}, err
	}
	if err := os.Mkdir(work, 0o700); err != nil {
		return account{}, err
	}
	who, err := claim(ctx, work, bin)
	if err != nil {
		return account{}, errors.Join(err, os.Remove(work))
	}
	args := append([]string{
		"-D", work, "-U", Superuser, "-A", "trust",
		"-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
	}, extra...)
	if err := who.run(ctx, bin.initdb(), args...); err != nil {
		return account{}, fmt.Errorf("no se pudo crear la base de datos en %s: %w", data, errors.Join(err, os.RemoveAll(work)))
	}
	return who, os.Rename(work, data)
}

// prepareDir creates the directory that holds clusters, which the account that
// runs PostgreSQL must be able to pass through: the directories made on the way
// are 0755 whatever the umask, and only the data directory is 0700. It returns
// the path as PostgreSQL will see it, without symbolic links.
func prepareDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	var missing []string
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || d == filepath.Dir(d) {
			break
		}
		missing = append(missing, d)
	}
	for _, d := range slices.Backward(missing) {
		if err := os.Mkdir(d, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
			return "", err
		}
		if err := os.Chmod(d, 0o755); err != nil {
			return "", err
		}
	}
	return filepath.EvalSymlinks(dir)
}

// matchMajor chooses the data directory and the binaries that can read it. A
// cluster that exists wins over newer binaries: to create an empty one beside
// it would look like losing everything.
func matchMajor(dir string, found []binaries) (binaries, string, error) {
	existing, _ := filepath.Glob(filepath.Join(dir, "pg[0-9]*")) // only a malformed pattern fails
	var majors []int
	for _, path := range existing {
		if n, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(path), "pg")); err == nil {
			majors = append(majors, n)
		}
	}
	if len(majors) == 0 {
		return found[0], filepath.Join(dir, fmt.Sprintf("pg%d", found[0].major)), nil
	}
	slices.Sort(majors)
	for _, major := range slices.Backward(majors) {
		for _, bin := range found {
			if bin.major == major {
				return bin, filepath.Join(dir, fmt.Sprintf("pg%d", major)), nil
			}
		}
	}
	var have []string
	for _, bin := range found {
		have = append(have, strconv.Itoa(bin.major))
	}
	return binaries{}, "", fmt.Errorf("la base de datos de %s es de PostgreSQL %d y aquí sólo está PostgreSQL %s; instala la versión %d o usa otra carpeta en CONOCELES_DATA_DIR",
		dir, majors[len(majors)-1], strings.Join(have, ", "), majors[len(majors)-1])
}

// attach returns the server that already runs on data, or nil when none does. A
// server that is still starting or stopping is waited for.
func attach(ctx context.Context, data string, log *slog.Logger) (*Server, error) {
	for {
		running, err := readPostmaster(data)
		if err != nil || running.pid == 0 {
			return nil, err
		}
		if !running.on(data) {
			return nil, running.clean(data)
		}
		s := &Server{dir: data, socketDir: running.socketDir}
		failed := s.answers(ctx)
		if failed == nil {
			log.Info("Usando la base de datos que ya estaba en marcha en " + data)
			return s, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("otra base de datos está en marcha en %s (proceso %d) y no responde: %w", data, running.pid, failed)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// lockFile takes an exclusive lock that the kernel lets go when we end.
func lockFile(ctx context.Context, name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("no se pudo abrir %s; ¿la carpeta pertenece a otra cuenta?: %w", name, err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil // closing lets go
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("no se pudo bloquear %s: %w", name, err), f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("otro proceso está preparando la base de datos (%s) y no termina: %w", name, ctx.Err()), f.Close())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
