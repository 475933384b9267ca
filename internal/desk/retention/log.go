package retention

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"conoceles/internal/db"
)

// markKind is what a mark remembers.
type markKind string

const (
	markWithdrawal markKind = "retiro"
	markErasure    markKind = "supresion" // of a candidacy or, without one, of a process
	markBlock      markKind = "bloqueo"   // of a process
)

// mark is a line of the file. It names no person.
type mark struct {
	Origin    string    `json:"base"` // the database whose mark it is
	At        time.Time `json:"fecha"`
	Kind      markKind  `json:"clase"`
	Process   int64     `json:"proceso"`
	Candidacy int64     `json:"candidatura,omitempty"`
	Key       []byte    `json:"llave,omitempty"`   // public half, of a block
	Report    string    `json:"informe,omitempty"` // date of the final report, of a block
	Previous  string    `json:"anterior"`          // SHA-256 of the line before
}

// Log is the file of marks: it only grows, each line says the hash of the one
// before, and several processes may share it. It lives outside the database and
// apart from its backups.
//
// A mark is written in the transaction of its act and before its commit. Where
// the commit then fails the mark remains, and Reapply carries out what somebody
// asked for and was not done: of the two mistakes, the one that hides.
type Log struct {
	path string
	mu   sync.Mutex
}

// OpenLog returns the log of a file, which it makes if it is not there. It fails
// where the file cannot be written, was altered or others may read it: it is
// better to know at the start.
func OpenLog(path string) (*Log, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("abrir el archivo de retiros: %w", err)
	}
	l := &Log{path: path}
	err := l.locked(func(f *os.File) error {
		info, err := f.Stat()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = fmt.Errorf("el archivo de retiros %s lo puede leer alguien más: chmod 600 %[1]s", path)
		}
		if err == nil {
			_, _, err = readMarks(f)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Withdrawn marks a withdrawal.
func (l *Log) Withdrawn(ctx context.Context, tx *db.Tx, process, candidacy int64) error {
	return l.add(ctx, tx, mark{Kind: markWithdrawal, Process: process, Candidacy: candidacy})
}

// add writes a mark of the transaction's database and instant, and returns once
// it is on the disk.
func (l *Log) add(ctx context.Context, tx *db.Tx, m mark) error {
	if l == nil {
		return errNoLog
	}
	var err error
	if m.Origin, err = origin(ctx, tx); err != nil {
		return err
	}
	m.At = tx.Now()
	return l.locked(func(f *os.File) error {
		_, last, err := readMarks(f)
		if err != nil {
			return err
		}
		m.Previous = last
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		// What a power cut left of a line that was never acknowledged stays on a
		// line of its own, which no other follows.
		if torn, err := endsTorn(f); err != nil {
			return err
		} else if torn {
			line = append([]byte("\n"), line...)
		}
		if _, err := f.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("anotar en el archivo de retiros: %w", err)
		}
		return f.Sync()
	})
}

// marks returns the marks of a database, in order.
func (l *Log) marks(origin string) (out []mark, err error) {
	if l == nil {
		return nil, errNoLog
	}
	err = l.locked(func(f *os.File) error {
		all, _, err := readMarks(f)
		for _, m := range all {
			if m.Origin == origin {
				out = append(out, m)
			}
		}
		return err
	})
	return out, err
}

// locked opens the file for one process at a time.
func (l *Log) locked(fn func(*os.File) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("abrir el archivo de retiros: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	if err == nil {
		err = fn(f)
	}
	return errors.Join(err, f.Close())
}

// errAltered says that a line was changed or taken out.
var errAltered = errors.New("el archivo de retiros está alterado o incompleto: recupera la copia íntegra antes de seguir")

// readMarks reads the whole file and returns its marks with the hash of the last
// line. A line that is no mark is what a power cut left, and counts for nothing
// unless the chain says otherwise.
func readMarks(f *os.File) (out []mark, last string, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, "", fmt.Errorf("leer el archivo de retiros: %w", err)
	}
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		var m mark
		if json.Unmarshal(line, &m) != nil {
			continue
		}
		if m.Previous != last {
			return nil, "", errAltered
		}
		sum := sha256.Sum256(line)
		last = hex.EncodeToString(sum[:])
		out = append(out, m)
	}
	return out, last, nil
}

// endsTorn reports whether the last line has no end.
func endsTorn(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return last[0] != '\n', err
}

// Origin returns which database this is, as its marks say.
func (s *Store) Origin(ctx context.Context) (string, error) { return origin(ctx, s.desk) }

// origin returns which database this is. A backup keeps it.
func origin(ctx context.Context, q db.Querier) (string, error) {
	var id string
	return id, db.Fault(q.QueryRow(ctx, `SELECT id::text FROM sensitive.marks_origin`).Scan(&id))
}

// Head says how far a file of marks goes: how many it has and the hash of the
// last one. A backup holds it.
type Head struct {
	Count int
	Last  string
}

// Copy writes the file as it is and says how far it goes.
func (l *Log) Copy(w io.Writer) (h Head, err error) {
	err = l.locked(func(f *os.File) error {
		all, last, err := readMarks(f)
		if err != nil {
			return err
		}
		h = Head{len(all), last}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err = io.Copy(w, f)
		return err
	})
	return h, err
}

// Extends reports whether the file has everything that it had when it went as far
// as h: an older copy of it would forget withdrawals.
func (l *Log) Extends(h Head) (bool, error) {
	extends := h.Count == 0
	err := l.locked(func(f *os.File) error {
		all, last, err := readMarks(f)
		switch {
		case err != nil || h.Count == 0 || len(all) < h.Count:
		case len(all) == h.Count:
			extends = last == h.Last
		default:
			extends = all[h.Count].Previous == h.Last
		}
		return err
	})
	return extends, err
}
