package keys

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// digestSize is the size of the digest key.
const digestSize = 32

const warning = "Llaves de Conóceles. Quien tenga este archivo y la base de datos puede leer los cuestionarios de identidad: " +
	"guárdalo con dos custodios y nunca junto a un respaldo de la base."

// file is the JSON in the keyset file. The keyset is in the clear: what guards
// it is who may read the file (0600) and where its copies are.
type file struct {
	Warning  string          `json:"aviso"`
	Digest   []byte          `json:"huellas"`
	Prepared uint32          `json:"preparada,omitempty"`
	Keyset   json.RawMessage `json:"identidad"`
}

// load reads the file into r.
func (r *Ring) load() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loadLocked()
}

func (r *Ring) loadLocked() error {
	info, err := os.Stat(r.path)
	if err != nil {
		return fmt.Errorf("leer las llaves: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("las llaves de %s las puede leer alguien más: chmod 600 %[1]s", r.path)
	}
	text, err := os.ReadFile(r.path)
	if err != nil {
		return fmt.Errorf("leer las llaves: %w", err)
	}
	c, err := decode(text)
	if err != nil { // what it says may quote the keys
		return fmt.Errorf("las llaves de %s están dañadas: recupéralas de quien las custodia", r.path)
	}
	r.current, r.seen = c, info
	return nil
}

// decode reads the text of a keyset file.
func decode(text []byte) (*contents, error) {
	var f file
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	if len(f.Digest) != digestSize {
		return nil, errors.New("digest key of another size")
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Keyset)))
	if err != nil {
		return nil, err
	}
	a, err := aead.New(handle)
	if err != nil {
		return nil, err
	}
	return &contents{
		digest: f.Digest, prepared: f.Prepared, handle: handle, aead: a,
		primary: handle.KeysetInfo().GetPrimaryKeyId(),
	}, nil
}

func encode(c *contents) ([]byte, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(c.handle, keyset.NewJSONWriter(&b)); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(file{Warning: warning, Digest: c.digest, Prepared: c.prepared, Keyset: b.Bytes()}, "", "  ")
	return append(text, '\n'), err
}

// create makes new keys. Of two processes that start at once, one is first and
// the other's keys are forgotten before anybody used them.
func create(path string) error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("hacer las llaves: %w", err)
	}
	digest := make([]byte, digestSize)
	rand.Read(digest)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	err = write(path, &contents{digest: digest, handle: handle}, os.Link)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// write puts the keys whole under another name and then gives them theirs with
// name (os.Link, which replaces nothing, or os.Rename): a power cut leaves what
// there was or what there is.
func write(path string, c *contents, name func(from, to string) error) error {
	text, err := encode(c)
	if err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".llavero-") // 0600
	if err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	if err := name(f.Name(), path); err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes the new name survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("guardar las llaves: %w", err)
	}
	return nil
}
