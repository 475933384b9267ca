package backup

import (
	"context"
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

// Backup is a backup that was checked: its seal and the hash of each file.
type Backup struct {
	At       time.Time
	Schema   uint
	Program  string
	Database string
	Marks    Marks

	dir, keysDir string
	with         []age.Identity
}

// Open checks the backup of a directory without touching any database. seal is
// the keyed digest of the keyset file; with opens it. keysDir is where the
// wrapped keys are: "" for the backup itself, or a newer backup of the same
// database when its own were destroyed.
func Open(dir, keysDir string, seal func([]byte) []byte, with []age.Identity) (*Backup, error) {
	e, err := readEnvelope(dir, seal)
	if err != nil {
		return nil, err
	}
	keys := e
	if keysDir == "" {
		keysDir = dir
	} else if keys, err = readEnvelope(keysDir, seal); err != nil {
		return nil, err
	}
	if keys.Database != e.Database || keys.Schema != e.Schema {
		return nil, fault.Newf(fault.Invalid, "Las llaves de %s son de otra base de datos, o de otra versión de sus tablas.", keysDir)
	}
	err = errors.Join(e.check(dir, dataName), e.check(dir, marksName))
	if err == nil {
		err = keys.check(keysDir, keysName)
	}
	if err != nil {
		return nil, err
	}
	b := &Backup{
		At: e.At, Schema: e.Schema, Program: e.Program, Database: e.Database, Marks: e.Marks,
		dir: dir, keysDir: keysDir, with: with,
	}
	return b, b.opens()
}

// opens reports whether the custodian's key is one of those it was made for.
func (b *Backup) opens() error { return b.read(b.dir, marksName, func(io.Reader) error { return nil }) }

// read decrypts a file.
func (b *Backup) read(dir, name string, fn func(io.Reader) error) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("leer el respaldo: %w", err)
	}
	defer f.Close()
	plain, err := age.Decrypt(f, b.with...)
	if err != nil {
		return fault.Newf(fault.Invalid, "Esa llave no abre el respaldo (%s): se cifró para otra persona.", name)
	}
	return fn(plain)
}

// CopyMarks writes the marks that the backup holds.
func (b *Backup) CopyMarks(w io.Writer) error {
	return b.read(b.dir, marksName, func(r io.Reader) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// Loaded is what Load did.
type Loaded struct {
	Tables      int
	Rows        int64
	Differences []string // tables whose rows are not those of the backup
}

// Load fills an empty database at the backup's version, compares every table with
// what the backup says of it, and keeps the result only if nothing differs.
func (b *Backup) Load(ctx context.Context, ownerURL string, plan Plan) (Loaded, error) {
	var out Loaded
	load, err := db.OpenLoad(ctx, ownerURL)
	if err != nil {
		return out, err
	}
	defer load.Close(ctx)
	filled := map[string]bool{}
	fill := func(t db.Table, r io.Reader) error {
		filled[t.Name] = true
		return load.Copy(ctx, t, r)
	}
	var data, keys manifest
	err = b.read(b.dir, dataName, func(r io.Reader) (err error) { data, err = readStream(r, fill); return err })
	if err != nil {
		return out, err
	}
	if b.keysDir != b.dir {
		fill = func(t db.Table, r io.Reader) error {
			filled[t.Name] = true
			return load.CopyKnown(ctx, t, r)
		}
	}
	err = b.read(b.keysDir, keysName, func(r io.Reader) (err error) { keys, err = readStream(r, fill); return err })
	if err != nil {
		return out, err
	}
	for _, t := range load.Tables() {
		if !filled[t.Name] && !slices.Contains(plan.Left, t.Name) {
			return out, fmt.Errorf("backup: table %s is not in the backup", t.Name)
		}
	}
	if err := load.SetSequences(ctx, data.Sequences); err != nil {
		return out, err
	}
	want := data.Tables
	if b.keysDir == b.dir { // keys of another instant differ on purpose
		want = append(want, keys.Tables...)
	}
	if err := compare(ctx, load, want, &out); err != nil {
		return out, err
	}
	if len(out.Differences) > 0 {
		return out, fault.Newf(fault.Conflict, "Lo restaurado no es lo que se respaldó; difieren: %v. No se guardó nada.", out.Differences)
	}
	return out, load.Commit(ctx)
}

// compare reads every table again.
func compare(ctx context.Context, load *db.Load, want []tableDigest, out *Loaded) error {
	for _, w := range want {
		i := slices.IndexFunc(load.Tables(), func(t db.Table) bool { return t.Name == w.Name })
		if i < 0 {
			return fmt.Errorf("backup: there is no table %s", w.Name)
		}
		d := newDigest()
		if err := load.Read(ctx, load.Tables()[i], d); err != nil {
			return err
		}
		out.Tables++
		out.Rows += d.rows
		if d.of(w.Name) != w {
			out.Differences = append(out.Differences, w.Name)
		}
	}
	return nil
}
