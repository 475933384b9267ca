package audit

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"conoceles/internal/db"
)

// Witness is a file of checkpoints outside the database, beside the keys and apart
// from its backups: who can rewrite the whole database cannot rewrite it too.
type Witness struct{ Path string }

// line is a checkpoint as the file keeps it.
type line struct {
	At   time.Time `json:"fecha"`
	Note string    `json:"sello"`
}

// Keep adds the last checkpoints of both trees that it does not have yet of this
// hour, and returns once they are on the disk.
func (w Witness) Keep(ctx context.Context, desk *db.Desk) error {
	hour := desk.Now().Truncate(time.Hour)
	lines, err := w.read()
	if err != nil {
		return err
	}
	if n := len(lines); n > 0 && !lines[n-1].At.Before(hour) {
		return nil
	}
	for _, sql := range []string{
		`SELECT COALESCE((SELECT note FROM audit.chain_checkpoints ORDER BY size DESC LIMIT 1), '')`,
		`SELECT COALESCE((SELECT note FROM site.log_checkpoints ORDER BY size DESC LIMIT 1), '')`,
	} {
		var note string
		if err := desk.QueryRow(ctx, sql).Scan(&note); err != nil {
			return db.Fault(err)
		}
		if note == "" {
			continue
		}
		if err := w.add(line{hour, note}); err != nil {
			return err
		}
	}
	return nil
}

func (w Witness) add(l line) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(w.Path), 0o755); err != nil {
		return fmt.Errorf("guardar los sellos: %w", err)
	}
	f, err := os.OpenFile(w.Path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("guardar los sellos: %w", err)
	}
	// The line feed before parts it from what a power cut may have left torn.
	_, err = f.Write(append(append([]byte("\n"), text...), '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("guardar los sellos: %w", err)
	}
	return nil
}

// read returns the lines of the file; one that is torn says nothing.
func (w Witness) read() ([]line, error) {
	f, err := os.Open(w.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("leer los sellos: %w", err)
	}
	defer f.Close()
	var out []line
	in := bufio.NewScanner(f)
	for in.Scan() {
		var l line
		if json.Unmarshal(in.Bytes(), &l) == nil {
			out = append(out, l)
		}
	}
	return out, in.Err()
}

// Checkpoints returns the checkpoints of the file, of both trees, in order.
func (w Witness) Checkpoints() ([]string, error) {
	lines, err := w.read()
	var out []string
	for _, l := range lines {
		out = append(out, l.Note)
	}
	return out, err
}
