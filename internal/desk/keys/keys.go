// Package keys holds the keys that live outside the database, in one file that
// only the desk half opens (CONOCELES_KEYSET).
//
// The file has two things. The *keyset* is a set of AEAD keys of Tink: its
// primary one wraps the key of each candidacy, the others only unwrap what they
// once wrapped. The *digest key* makes the digests of what people submit.
// Whoever has the file and the database can read the identity answers; whoever
// has one of them cannot. It is copied to two custodians and never travels with
// a backup.
//
//	Open ──> Ring.Wrap, Ring.Unwrap   a candidacy's key (desk/internal/identity)
//	     ├─> Ring.DigestKey           db.OpenDesk
//	     └─> Ring.LogSeed             what signs the register (ledger.NewNotary)
//
// A rotation changes the file under servers that run (Add, Promote, Remove), so
// a Ring follows it: it reads the file again before it wraps, and when it meets
// a key that it does not know.
package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrUnknownKey says that a wrapped key needs a key that the file does not
// have: it was removed by a rotation, or the file is not that of the database.
var ErrUnknownKey = errors.New("keys: wrapped under a key that the keyset file does not have")

// errNotOurs says nothing of what failed to open, which may be half right.
var errNotOurs = errors.New("keys: does not open: altered, or of another candidacy")

// Ring is an open keyset file. It is safe for concurrent use and follows the
// file as it changes. It does not print its keys.
type Ring struct {
	path string

	mu      sync.Mutex
	current *contents   // a pointer: not even a copied Ring prints it
	seen    os.FileInfo // of the file that current was read from
}

// contents are the keys as read from one version of the file.
type contents struct {
	digest   []byte
	prepared uint32 // added and not yet primary; 0 is none
	handle   *keyset.Handle
	aead     tink.AEAD
	primary  uint32
}

// Open reads the keyset file, or makes it, whole or not at all, where there is
// none. It refuses a file that others may read. Its errors are in Spanish, for
// whoever starts the program.
func Open(path string) (*Ring, error) {
	r := &Ring{path: path}
	err := r.load()
	if errors.Is(err, os.ErrNotExist) {
		if err = create(path); err == nil {
			err = r.load()
		}
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Format prints a fixed word, whatever the verb.
func (r *Ring) Format(s fmt.State, _ rune) { fmt.Fprint(s, "llavero(oculto)") }

// DigestKey returns the key of the digests, of 32 bytes. No rotation changes it.
func (r *Ring) DigestKey() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]byte(nil), r.current.digest...)
}

// LogSeed returns the seed of the key that signs the register's checkpoints, of
// 32 bytes. It comes from the digest key, so every node with the file signs alike
// and no rotation changes who signs.
func (r *Ring) LogSeed() []byte {
	h := hmac.New(sha256.New, r.DigestKey())
	h.Write([]byte("conoceles: firma del registro"))
	return h.Sum(nil)
}

// Wrapped is a key as it may be stored, and which key of the file it needs.
type Wrapped struct {
	Bytes []byte
	Key   uint32
}

// Wrap encrypts a key under the primary one of the file as it is now, not as it
// was when it was opened. context is who the key belongs to: Unwrap asks for
// the same.
func (r *Ring) Wrap(key, context []byte) (Wrapped, error) {
	c, err := r.fresh()
	if err != nil {
		return Wrapped{}, err
	}
	bytes, err := c.aead.Encrypt(key, context)
	if err != nil {
		return Wrapped{}, fmt.Errorf("keys: wrap: %w", err)
	}
	return Wrapped{Bytes: bytes, Key: c.primary}, nil
}

// Unwrap returns a key that Wrap wrapped for the same context. The error is
// ErrUnknownKey when even the file as it is now lacks what it needs: read the
// wrapped key again, a rotation may have changed it, before giving up.
func (r *Ring) Unwrap(wrapped, context []byte) ([]byte, error) {
	id, ok := keyID(wrapped)
	if !ok {
		return nil, errNotOurs
	}
	c := r.now()
	if !c.has(id) {
		var err error
		if c, err = r.fresh(); err != nil {
			return nil, err
		}
		if !c.has(id) {
			return nil, ErrUnknownKey
		}
	}
	key, err := c.aead.Decrypt(wrapped, context)
	if err != nil {
		return nil, errNotOurs
	}
	return key, nil
}

// Has reports whether the file has that key.
func (r *Ring) Has(id uint32) bool {
	if r.now().has(id) {
		return true
	}
	c, err := r.fresh()
	return err == nil && c.has(id)
}

func (r *Ring) now() *contents {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current
}

// fresh returns the contents of the file, read again if it changed.
func (r *Ring) fresh() (*contents, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	info, err := os.Stat(r.path)
	if err != nil {
		return nil, fmt.Errorf("leer las llaves: %w", err)
	}
	if os.SameFile(info, r.seen) && info.ModTime().Equal(r.seen.ModTime()) && info.Size() == r.seen.Size() {
		return r.current, nil
	}
	if err := r.loadLocked(); err != nil {
		return nil, err
	}
	return r.current, nil
}

func (c *contents) has(id uint32) bool {
	for _, k := range c.handle.KeysetInfo().GetKeyInfo() {
		if k.GetKeyId() == id {
			return true
		}
	}
	return false
}

// keyID reads, from Tink's prefix, which key a ciphertext needs.
func keyID(ciphertext []byte) (uint32, bool) {
	const version, prefix = 1, 5
	if len(ciphertext) < prefix || ciphertext[0] != version {
		return 0, false
	}
	return binary.BigEndian.Uint32(ciphertext[1:prefix]), true
}
