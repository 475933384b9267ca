package backup

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"conoceles/internal/fault"
)

// format is the version of the files that this package writes and reads.
const format = 1

// Marks says how far the file of marks went: how many, and the hash of the last.
type Marks struct {
	Count int    `json:"cuantas"`
	Last  string `json:"ultima"`
}

// envelope is respaldo.json, the only file that anybody may read. It says nothing
// about the rows: not even how many there are.
type envelope struct {
	Format   int       `json:"formato"`
	At       time.Time `json:"instante"`
	Program  string    `json:"programa"`
	Schema   uint      `json:"esquema"`
	Database string    `json:"base"`
	Marks    Marks     `json:"retiros"`
	Files    []file    `json:"archivos"`
	Seal     []byte    `json:"sello"`
}

// file is a file of the backup as it is on the disk.
type file struct {
	Name   string `json:"nombre"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// sealed is what the seal is of.
func (e envelope) sealed() []byte {
	e.Seal = nil
	return append([]byte("respaldo\x00"), mustJSON(e)...)
}

// readEnvelope reads the envelope of a directory, and believes it if its seal is
// that of the keyset file.
func readEnvelope(dir string, seal func([]byte) []byte) (envelope, error) {
	var e envelope
	text, err := os.ReadFile(filepath.Join(dir, envelopeName))
	if errors.Is(err, os.ErrNotExist) {
		return e, fault.Newf(fault.Invalid, "En %s no hay un respaldo completo: falta %s.", dir, envelopeName)
	}
	if err != nil {
		return e, fmt.Errorf("leer el respaldo: %w", err)
	}
	if err := json.Unmarshal(text, &e); err != nil {
		return e, fault.Newf(fault.Invalid, "El archivo %s del respaldo está dañado.", envelopeName)
	}
	if e.Format != format {
		return e, fault.Newf(fault.Invalid, "El respaldo es del formato %d y este programa lee el %d: usa la versión %s.", e.Format, format, e.Program)
	}
	if !hmac.Equal(e.Seal, seal(e.sealed())) {
		return e, fault.New(fault.Invalid, "El sello del respaldo no corresponde a este llavero: el respaldo está alterado, o el llavero no es el de esa base de datos.")
	}
	return e, nil
}

// check reads a file whole and compares it with the envelope.
func (e envelope) check(dir, name string) error {
	for _, want := range e.Files {
		if want.Name != name {
			continue
		}
		f, err := os.Open(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) {
			return missing(dir, name)
		}
		if err != nil {
			return fmt.Errorf("leer el respaldo: %w", err)
		}
		defer f.Close()
		sum := newSum(io.Discard)
		if _, err := io.Copy(sum, f); err != nil {
			return fmt.Errorf("leer el respaldo: %w", err)
		}
		if sum.of(name) != want {
			return fault.Newf(fault.Invalid, "El archivo %s del respaldo está dañado: su huella no es la que se guardó. Usa otra copia.", name)
		}
		return nil
	}
	return fault.Newf(fault.Invalid, "El respaldo no dice nada de %s.", name)
}

func missing(dir, name string) error {
	if name == keysName {
		return fault.Newf(fault.Invalid, "A %s le falta %s, que se destruye a los siete días. Indica con --llaves la carpeta de un respaldo más nuevo de la misma base.", dir, name)
	}
	return fault.Newf(fault.Invalid, "Al respaldo de %s le falta %s.", dir, name)
}

// sum hashes and counts what passes to a file.
type sum struct {
	to    io.Writer
	hash  hash.Hash
	bytes int64
}

func newSum(to io.Writer) *sum {
	return &sum{to: to, hash: sha256.New()}
}

// Write passes b on.
func (s *sum) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	s.bytes += int64(n)
	s.hash.Write(b[:n])
	return n, err
}

func (s *sum) of(name string) file {
	return file{Name: name, Bytes: s.bytes, SHA256: hex.EncodeToString(s.hash.Sum(nil))}
}

// mustJSON encodes a value of ours, which cannot fail.
func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
