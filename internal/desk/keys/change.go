package keys

import (
	"fmt"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// The three changes of a rotation, in order: Add, Promote, Remove. Whoever
// rotates holds a lock of the database among them and against those who wrap;
// see identity.Store.Rotate.

// Add puts a new key in the file, which nothing uses yet, so that every node
// can have it before the first ciphertext needs it. With one already prepared
// it returns that one.
func (r *Ring) Add() (uint32, error) {
	var id uint32
	err := r.change(func(c *contents, m *keyset.Manager) (err error) {
		if c.prepared == 0 {
			c.prepared, err = m.Add(aead.AES256GCMKeyTemplate())
		}
		id = c.prepared
		return err
	})
	return id, err
}

// Promote makes that key the one that wraps; the one before it only unwraps.
func (r *Ring) Promote(id uint32) error {
	return r.change(func(c *contents, m *keyset.Manager) error {
		if c.prepared == id {
			c.prepared = 0
		}
		return m.SetPrimary(id)
	})
}

// Remove takes out of the file every key but the primary and the prepared one.
// What they wrapped is lost: call it when nothing is.
func (r *Ring) Remove() error {
	return r.change(func(c *contents, m *keyset.Manager) error {
		for _, k := range c.handle.KeysetInfo().GetKeyInfo() {
			if id := k.GetKeyId(); id != c.primary && id != c.prepared {
				if err := m.Delete(id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Primary returns the key that wraps, in the file as it is now.
func (r *Ring) Primary() (uint32, error) {
	c, err := r.fresh()
	if err != nil {
		return 0, err
	}
	return c.primary, nil
}

// change edits the file as it is now and replaces it.
func (r *Ring) change(edit func(*contents, *keyset.Manager) error) error {
	read, err := r.fresh()
	if err != nil {
		return err
	}
	c := *read
	m := keyset.NewManagerFromHandle(c.handle)
	if err := edit(&c, m); err != nil {
		return fmt.Errorf("cambiar las llaves: %w", err)
	}
	if c.handle, err = m.Handle(); err != nil {
		return fmt.Errorf("cambiar las llaves: %w", err)
	}
	if err := write(r.path, &c, os.Rename); err != nil {
		return err
	}
	return r.load()
}
