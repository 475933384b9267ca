package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/fault"
)

// custodyFile is what a custodian keeps: the private half of a block key.
type custodyFile struct {
	Warning string `json:"aviso"`
	Process string `json:"proceso"`
	Private []byte `json:"privada"`
}

const custodyWarning = "Llave de bloqueo de Conóceles. Quien la tenga junto con la base de datos puede leer lo bloqueado: " +
	"entrega una copia a cada custodio, guárdala fuera de los equipos del sistema y borra este archivo de aquí."

// MakeBlockKey makes the block key of a process, by its key: the public half
// stays in the database, the private one goes to a new file that the service
// never reads. Once the process is blocked it is a Conflict.
func (s *Store) MakeBlockKey(ctx context.Context, by db.Actor, process, path string) error {
	pair, err := consent.NewBlockKey()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(custodyFile{custodyWarning, process, pair.Private}, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("guardar la llave de bloqueo: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("guardar la llave de bloqueo: %w", err)
	}
	action := db.Action{Kind: "conservacion.llave", Object: "proceso " + process}
	_, err = s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		var id int64
		var blocked bool
		const read = `SELECT id, blocked_at IS NOT NULL FROM desk.processes WHERE key = $1 FOR UPDATE`
		if err := db.Fault(tx.QueryRow(ctx, read, process).Scan(&id, &blocked)); fault.Is(err, fault.NotFound) {
			return "", fault.Newf(fault.Invalid, "No hay un proceso con la clave %q.", process)
		} else if err != nil {
			return "", err
		}
		if blocked {
			return "", fault.New(fault.Conflict, "El proceso ya está bloqueado: su llave no cambia.")
		}
		return "", tx.Exec(ctx, `UPDATE desk.processes SET block_key = $2 WHERE id = $1`, id, pair.Public)
	})
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// Opened are the identity answers of a blocked candidacy, in words.
type Opened struct {
	Folio string
	Lines []Line
}

// Line is a question with what was answered.
type Line struct {
	Question string
	Answer   []string
}

// Open reads what a confirmed act of opening authorises, with the file of a
// custodian, and leaves an entry in the bitácora. It is a Conflict without such
// an act and Invalid with the file of something else.
func (s *Store) Open(ctx context.Context, by db.Actor, act int64, path string) (Opened, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Opened{}, fmt.Errorf("leer la llave de bloqueo: %w", err)
	}
	var custody custodyFile
	if json.Unmarshal(text, &custody) != nil { // what it says may quote the key
		return Opened{}, fault.New(fault.Invalid, "Ese archivo no es una llave de bloqueo.")
	}
	var out Opened
	var process, candidacy int64
	const read = `
SELECT a.process_id, a.candidacy_id, c.folio FROM desk.retention_acts a JOIN desk.candidacies c ON c.id = a.candidacy_id
WHERE a.id = $1 AND a.kind = 'apertura' AND a.state = 'confirmado'`
	err = db.Fault(s.desk.QueryRow(ctx, read, act).Scan(&process, &candidacy, &out.Folio))
	if fault.Is(err, fault.NotFound) {
		return out, fault.New(fault.Conflict, "No hay un acto de apertura confirmado con ese número.")
	}
	if err != nil {
		return out, err
	}
	action := db.Action{
		Kind: "identidad.abrir", Process: process, Object: fmt.Sprintf("candidatura %d", candidacy),
		Details: map[string]string{"acto": strconv.FormatInt(act, 10)},
	}
	_, err = s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		asked, answers, err := s.vault.OpenBlocked(ctx, tx, custody.Private, process, candidacy)
		if err != nil {
			return "", fault.Wrap(fault.Invalid, "Esa llave no abre los datos de esta candidatura.", err)
		}
		out.Lines = nil
		if asked == nil {
			return "", nil
		}
		for _, q := range asked.Questions() {
			if q.IsAsked(answers) {
				out.Lines = append(out.Lines, Line{q.Label, q.Lines(answers[q.ID])})
			}
		}
		return "", nil
	})
	return out, err
}
