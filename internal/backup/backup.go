// Package backup takes a whole copy of the database that nobody but its
// custodians can open, and brings it back on an empty machine (security.md 3.7).
//
// A backup is a directory, whole or absent:
//
//	respaldo.json   when, of what version, and the SHA-256 of the other files;
//	                sealed with the key of the keyset file, so that nobody who
//	                lacks it can alter a backup or make one up
//	datos.age       every table at one instant, encrypted to the custodians
//	llaves.age      the wrapped keys of the identity answers, apart: it is
//	                destroyed within a week, so that destroying a key is erasure
//	retiros.age     the marks of withdrawals and erasures up to that instant
//
// The keyset file is not in it and travels by another way; without it the answers
// stay ciphertext even for the custodians. What is published of identity is not
// in it either: it is derived again, from the consents that are in force once the
// marks were obeyed.
//
//	Write ──> dir ──> Open (seal, hashes) ──> Backup.Load (all tables, compared)
//
// The format is of this package: pg_dump is not on every machine, and its output
// depends on its version. It is PostgreSQL's COPY text, which versions 15 to 18
// write alike.
package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Plan says which tables are not as the others.
type Plan struct {
	Apart []string // go in the artefact of the keys
	Left  []string // are not copied: sessions, and what is derived again
}

// Source is what is copied.
type Source struct {
	OwnerURL string
	Schema   uint   // version of the schema
	Program  string // version of the program
	Database string // which database it is, as its marks say
	// Marks writes the marks as they are, and says how far they go. It is asked
	// after the snapshot: no withdrawal of the copy is then without its mark.
	Marks func(io.Writer) (Marks, error)
	// Seal is the keyed digest, with a key that is not in the backup.
	Seal func([]byte) []byte
}

// Summary is what a backup did, for who made it.
type Summary struct {
	At     time.Time
	Tables int
	Rows   int64
	Bytes  int64 // on disk
	Took   time.Duration
}

const (
	envelopeName = "respaldo.json"
	dataName     = "datos.age"
	keysName     = "llaves.age"
	marksName    = "retiros.age"
)

// Write makes a backup in dir, which must not exist or be empty. Until it is
// whole and on the disk it has another name.
func Write(ctx context.Context, dir string, from Source, plan Plan, to []age.Recipient) (Summary, error) {
	if len(to) == 0 {
		return Summary{}, fault.New(fault.Invalid, "Un respaldo se cifra para quien lo custodia y no hay nadie. Haz su llave con «conoceles llaves respaldo ARCHIVO» y pon su parte pública en CONOCELES_BACKUP_RECIPIENTS.")
	}
	start := time.Now()
	work, err := prepare(dir)
	if err != nil {
		return Summary{}, err
	}
	defer os.RemoveAll(work) // after the renaming, nothing
	w := writer{dir: work, to: to, plan: plan}
	summary, err := w.write(ctx, from)
	if err != nil {
		return Summary{}, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Summary{}, fmt.Errorf("guardar el respaldo: %w", err)
	}
	if err := errors.Join(os.Rename(work, dir), syncDir(filepath.Dir(dir))); err != nil {
		return Summary{}, fmt.Errorf("guardar el respaldo: %w", err)
	}
	summary.Took = time.Since(start)
	return summary, nil
}

// prepare makes the directory in which a backup grows.
func prepare(dir string) (string, error) {
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return "", fault.Newf(fault.Invalid, "La carpeta %s ya tiene algo: cada respaldo va en una carpeta nueva.", dir)
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o755); err != nil {
		return "", fmt.Errorf("preparar la carpeta del respaldo: %w", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".respaldo-") // 0700
	if err != nil {
		return "", fmt.Errorf("preparar la carpeta del respaldo: %w", err)
	}
	return work, nil
}

// writer writes the files of a backup.
type writer struct {
	dir      string
	to       []age.Recipient
	plan     Plan
	envelope envelope
	summary  Summary
}

func (w *writer) write(ctx context.Context, from Source) (Summary, error) {
	snapshot, err := db.OpenSnapshot(ctx, from.OwnerURL)
	if err != nil {
		return Summary{}, err
	}
	defer snapshot.Close(ctx)
	w.envelope = envelope{Format: format, At: snapshot.At().UTC(), Program: from.Program, Schema: from.Schema, Database: from.Database}
	all, err := snapshot.Tables(ctx)
	if err != nil {
		return Summary{}, err
	}
	apart := func(t db.Table) bool { return slices.Contains(w.plan.Apart, t.Name) }
	left := func(t db.Table) bool { return slices.Contains(w.plan.Left, t.Name) }
	data := slices.DeleteFunc(slices.Clone(all), func(t db.Table) bool { return apart(t) || left(t) })
	keys := slices.DeleteFunc(slices.Clone(all), func(t db.Table) bool { return !apart(t) })
	if len(keys) != len(w.plan.Apart) {
		return Summary{}, fmt.Errorf("backup: %d of the tables of keys %v are there", len(keys), w.plan.Apart)
	}
	sequences, err := snapshot.Sequences(ctx)
	if err != nil {
		return Summary{}, err
	}
	if err := w.tables(ctx, dataName, snapshot, data, sequences); err != nil {
		return Summary{}, err
	}
	if err := w.tables(ctx, keysName, snapshot, keys, nil); err != nil {
		return Summary{}, err
	}
	err = w.file(marksName, func(out io.Writer) (err error) {
		w.envelope.Marks, err = from.Marks(out)
		return err
	})
	if err != nil {
		return Summary{}, err
	}
	return w.close(from.Seal)
}

// tables writes an encrypted file with tables.
func (w *writer) tables(ctx context.Context, name string, from *db.Snapshot, list []db.Table, sequences []db.Sequence) error {
	return w.file(name, func(out io.Writer) error {
		s, err := newStreamWriter(out)
		if err != nil {
			return err
		}
		m := manifest{Sequences: sequences}
		for _, t := range list {
			d := newDigest()
			if err := s.record(recordTable, mustJSON(t)); err != nil {
				return err
			}
			if err := from.Copy(ctx, t, io.MultiWriter(s, d)); err != nil {
				return err
			}
			m.Tables = append(m.Tables, d.of(t.Name))
			w.summary.Tables++
			w.summary.Rows += d.rows
		}
		return s.close(m)
	})
}

// file writes an encrypted file, to the disk, and its line of the envelope.
func (w *writer) file(name string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("guardar el respaldo: %w", err)
	}
	sum := newSum(f)
	sealed, err := age.Encrypt(sum, w.to...)
	if err == nil {
		err = fill(sealed)
	}
	if err == nil {
		err = sealed.Close()
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("guardar %s: %w", name, err)
	}
	w.envelope.Files = append(w.envelope.Files, sum.of(name))
	w.summary.Bytes += sum.bytes
	return nil
}

// close writes the envelope, last.
func (w *writer) close(seal func([]byte) []byte) (Summary, error) {
	w.envelope.Seal = seal(w.envelope.sealed())
	text, err := json.MarshalIndent(w.envelope, "", "  ")
	if err != nil {
		return Summary{}, err
	}
	f, err := os.OpenFile(filepath.Join(w.dir, envelopeName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Summary{}, fmt.Errorf("guardar el respaldo: %w", err)
	}
	_, err = io.Copy(f, bytes.NewReader(append(text, '\n')))
	if err = errors.Join(err, f.Sync(), f.Close(), syncDir(w.dir)); err != nil {
		return Summary{}, fmt.Errorf("guardar el respaldo: %w", err)
	}
	w.summary.At = w.envelope.At
	return w.summary, nil
}

// syncDir makes the names of a directory survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
