package consent

import (
	"context"
	"strconv"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
)

// Custody is the door through which a command changes the keys that the seal
// holds, for whoever may not see what they seal.
type Custody struct {
	desk *db.Desk
	seal *identity.Store
	by   db.Actor
}

// NewCustody returns the custody of a ring, in the name of by.
func NewCustody(desk *db.Desk, ring *keys.Ring, by db.Actor) Custody {
	return Custody{desk, identity.New(ring), by}
}

// Prepare puts the key of the next rotation in the keyset file, where nothing
// uses it yet, so that nodes with a copy of their own receive it before.
func (c Custody) Prepare(ctx context.Context) (key uint32, err error) {
	return c.seal.Prepare(ctx, c.desk, c.by)
}

// Rotate makes the prepared key, or a new one, the one that wraps, and wraps
// every candidacy's key again while others read and write. It returns that key
// and how many it wrapped, and leaves both in the bitácora. Repeating it after an interruption is safe, and so is
// leaving the old keys in the file until Retire.
func (c Custody) Rotate(ctx context.Context) (key uint32, wrapped int, err error) {
	r, err := c.seal.Rotate(ctx, c.desk, c.by, identity.KeepOld)
	if err != nil {
		return r.Key, r.Rewrapped, err
	}
	action := db.Action{Kind: "llaves.rotar", Object: "llavero", Details: map[string]string{
		"llave": strconv.FormatUint(uint64(r.Key), 10), "candidaturas": strconv.Itoa(r.Rewrapped),
	}}
	_, err = c.desk.Do(ctx, c.by, action, func(context.Context, *db.Tx) (string, error) { return "", nil })
	return r.Key, r.Rewrapped, err
}

// Retire takes the old keys out of the file for ever, once nothing needs them.
func (c Custody) Retire(ctx context.Context) error { return c.seal.Retire(ctx, c.desk, c.by) }
