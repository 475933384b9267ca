package identity_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/fault"
)

// Nodes that share the file read and write while the keys rotate under them,
// and no read fails.
func TestRotationUnderReadersAndWriters(t *testing.T) {
	v := newVault(t)
	const before = 60
	var candidacies [before]int64
	for i := range candidacies {
		candidacies[i] = v.candidacy()
		v.save(candidacies[i], half())
	}
	var fresh []int64 // their keys are made during the rotations
	for range 30 {
		fresh = append(fresh, v.candidacy())
	}
	var reads, failed, rotations atomic.Int64
	var nodes sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		node := identity.New(v.ring())
		nodes.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				a, err := node.Load(context.Background(), v.Desk, v.Process, candidacies[i%before], identity.Last, identity.Publication)
				if err == nil {
					_, err = a.Open(identity.Publication)
				}
				reads.Add(1)
				if err != nil {
					failed.Add(1)
					t.Errorf("read %d, after %d rotations: %v", i, rotations.Load(), err)
					return
				}
			}
		})
	}
	writer := identity.New(v.ring())
	nodes.Go(func() {
		for _, c := range fresh {
			if err := v.seal(writer, c); err != nil {
				t.Errorf("write: %v", err)
			}
		}
	})
	for start := time.Now(); rotations.Load() < 4 || (reads.Load() < 400 && time.Since(start) < 20*time.Second); {
		r, err := v.store.Rotate(t.Context(), v.Desk, db.System{Name: "llaves"}, identity.RetireOld)
		if err != nil || !r.Retired || r.Rewrapped < before {
			t.Errorf("got %+v, %v", r, err)
		}
		rotations.Add(1)
	}
	close(stop)
	nodes.Wait()
	t.Logf("%d reads during %d rotations, %d failed", reads.Load(), rotations.Load(), failed.Load())
	if reads.Load() < 400 {
		t.Error("too few reads to tell anything")
	}
	if err := identity.New(v.ring()).CheckKeys(t.Context(), v.Desk); err != nil {
		t.Error(err)
	}
	for _, c := range append(fresh, candidacies[:]...) {
		if _, err := v.read(c, identity.Last); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	}
}

// seal gives a candidacy its key, through some node.
func (v *vault) seal(node *identity.Store, candidacy int64) error {
	return v.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := node.SealDocument(ctx, tx, v.Process, candidacy, "consentimiento 1", []byte("x"))
		return err
	})
}

// After a rotation the keys before it open nothing of what is in the database.
func TestTheOldKeysOpenNothing(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, no())
	old := v.copyOfKeys()
	r, err := v.store.Rotate(t.Context(), v.Desk, db.System{Name: "llaves"}, identity.KeepOld)
	if err != nil || r.Retired || r.Rewrapped != 1 {
		t.Fatalf("got %+v, %v", r, err)
	}
	var under int64
	if err := v.Desk.QueryRow(t.Context(), `SELECT keyset_key FROM sensitive.candidacy_keys`).Scan(&under); err != nil || under != int64(r.Key) {
		t.Errorf("wrapped under %d, want %d (%v)", under, r.Key, err)
	}
	thief := identity.New(old)
	if _, err := thief.Load(t.Context(), v.Desk, v.Process, c, identity.Last, identity.Verification); err == nil {
		t.Error("the stolen keys open what was re-wrapped")
	}
	if err := thief.CheckKeys(t.Context(), v.Desk); err == nil || !strings.Contains(err.Error(), fmt.Sprint(r.Key)) {
		t.Errorf("with the keys of another time: got %v, want the start refused", err)
	}

	// A node with a copy of its own still wraps under the old key, until it has
	// the new file; Retire gathers what it left.
	late := v.candidacy()
	if err := v.seal(thief, late); err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Load(t.Context(), v.Desk, v.Process, late, identity.Last, identity.Verification); err != nil {
		t.Errorf("what a late node wrapped: %v", err)
	}
	if err := v.store.Retire(t.Context(), v.Desk, db.System{Name: "llaves"}); err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Load(t.Context(), v.Desk, v.Process, late, identity.Last, identity.Verification); err != nil {
		t.Errorf("after retiring: %v", err)
	}
	var acts int
	if err := v.Desk.QueryRow(t.Context(), `SELECT count(*) FROM audit.entries WHERE kind LIKE 'llaves.%'`).Scan(&acts); err != nil || acts != 2 {
		t.Errorf("the bitácora has %d entries of the keys, want 2 (%v)", acts, err)
	}
}

// rotating is a Querier under which the keys rotate, once, between a query and
// the reading of its row.
type rotating struct {
	db.Querier
	rotate func()
}

func (r *rotating) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	row := r.Querier.QueryRow(ctx, sql, args...)
	if r.rotate != nil {
		r.rotate()
		r.rotate = nil
	}
	return row
}

func TestAReadThatARotationOvertakes(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, no())
	q := &rotating{v.Desk, func() {
		if _, err := v.store.Rotate(t.Context(), v.Desk, db.System{Name: "llaves"}, identity.RetireOld); err != nil {
			t.Error(err)
		}
	}}
	if _, err := v.store.Load(t.Context(), q, v.Process, c, identity.Last, identity.Publication); err != nil {
		t.Error(err)
	}
}

// A node that has not the new file yet wraps under the old key at the very end
// of a rotation: the old key stays until that too was re-wrapped.
func TestRetiringWaitsForWhoIsWrapping(t *testing.T) {
	v := newVault(t)
	copied := v.copyOfKeys()
	if _, err := v.store.Rotate(t.Context(), v.Desk, db.System{Name: "llaves"}, identity.KeepOld); err != nil {
		t.Fatal(err)
	}
	c := v.candidacy()
	wrapped, retired := make(chan struct{}), make(chan error)
	go func() {
		<-wrapped
		retired <- v.store.Retire(t.Context(), v.Desk, db.System{Name: "llaves"})
	}()
	v.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := identity.New(copied).SealDocument(ctx, tx, v.Process, c, "consentimiento 1", []byte("x"))
		close(wrapped)
		select {
		case err := <-retired:
			t.Errorf("retired while somebody wrapped (%v)", err)
			go func() { retired <- err }()
		case <-time.After(200 * time.Millisecond):
		}
		return err
	})
	if err := <-retired; err != nil {
		t.Error(err)
	}
	if _, err := v.store.Load(t.Context(), v.Desk, v.Process, c, identity.Last, identity.Verification); err != nil {
		t.Errorf("what the late node wrapped: %v", err)
	}
}

// copyOfKeys opens a copy of the keyset file as it is now.
func (v *vault) copyOfKeys() *keys.Ring {
	v.T.Helper()
	path := filepath.Join(v.T.TempDir(), "copia.json")
	text, err := os.ReadFile(v.path)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		v.T.Fatal(err)
	}
	ring, err := keys.Open(path)
	if err != nil {
		v.T.Fatal(err)
	}
	return ring
}

func (v *vault) destroy(candidacy int64) (versions int, err error) {
	err = v.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		versions, err = v.store.Destroy(ctx, tx, v.Process, candidacy)
		return err
	})
	return versions, err
}

func TestDestroyIsErasure(t *testing.T) {
	v := newVault(t)
	c, other := v.candidacy(), v.candidacy()
	v.save(c, half())
	v.save(c, no())
	v.save(other, no())
	if _, err := v.draft(c, "general", 0, nil); err != nil {
		t.Fatal(err)
	}
	var document []byte
	v.Tx(func(ctx context.Context, tx *db.Tx) (err error) {
		document, err = v.store.SealDocument(ctx, tx, v.Process, c, "consentimiento 1", []byte("x"))
		return err
	})
	if versions, readable, err := v.store.Decryptable(t.Context(), v.Desk, c); err != nil || versions != 2 || readable != 2 {
		t.Fatalf("before: %d of %d, %v: the proof cannot tell", readable, versions, err)
	}
	v.tamper(`CREATE TABLE public.backup AS SELECT * FROM sensitive.candidacy_keys`)

	if versions, err := v.destroy(c); err != nil || versions != 2 {
		t.Fatalf("got %d, %v; want 2 versions", versions, err)
	}
	check := func(when string) {
		t.Helper()
		if _, err := v.read(c, 1); !fault.Is(err, fault.Gone) {
			t.Errorf("%s, a version: got %v, want gone", when, err)
		}
		if _, err := v.read(c, identity.Last); !fault.Is(err, fault.Gone) {
			t.Errorf("%s, the last: got %v, want gone", when, err)
		}
		if _, err := v.store.OpenDocument(t.Context(), v.Desk, v.Process, c, "consentimiento 1", document); !fault.Is(err, fault.Gone) {
			t.Errorf("%s, a document: got %v, want gone", when, err)
		}
		if _, err := v.try(c, 2, no()); !fault.Is(err, fault.Gone) {
			t.Errorf("%s, a new version: got %v, want gone", when, err)
		}
		if _, err := v.read(other, identity.Last); err != nil {
			t.Errorf("%s, somebody else's: %v", when, err)
		}
	}
	check("destroyed")
	if versions, readable, err := v.store.Decryptable(t.Context(), v.Desk, c); err != nil || versions != 2 || readable != 0 {
		t.Errorf("after: %d of %d still open, %v", readable, versions, err)
	}
	var drafts int
	if err := v.Desk.QueryRow(t.Context(), `SELECT count(*) FROM sensitive.identity_drafts WHERE candidacy_id = $1`, c).Scan(&drafts); err != nil || drafts != 0 {
		t.Errorf("%d drafts are left (%v)", drafts, err)
	}
	if state, err := v.store.State(t.Context(), v.Desk, c); err != nil || state.String() != "completo" {
		t.Errorf("state: got %s, %v", state, err)
	}

	// An older backup of the keys is restored over it: still closed, and a
	// second destruction finishes.
	v.tamper(`INSERT INTO sensitive.candidacy_keys SELECT * FROM public.backup WHERE candidacy_id = $1`, c)
	check("restored")
	if _, readable, err := v.store.Decryptable(t.Context(), v.Desk, c); err != nil || readable != 2 {
		t.Errorf("the proof does not see a key that came back: %d, %v", readable, err)
	}
	if versions, err := v.destroy(c); err != nil || versions != 2 {
		t.Errorf("again: got %d, %v", versions, err)
	}
	if _, readable, err := v.store.Decryptable(t.Context(), v.Desk, c); err != nil || readable != 0 {
		t.Errorf("again: %d still open, %v", readable, err)
	}
}

// A save and an erasure at once: whichever is first, nothing opens afterwards.
func TestDestroyWinsOverSave(t *testing.T) {
	v := newVault(t)
	for range 10 {
		c := v.candidacy()
		var both sync.WaitGroup
		both.Go(func() { _, _ = v.try(c, 0, no()) })
		both.Go(func() {
			if _, err := v.destroy(c); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		if _, readable, err := v.store.Decryptable(t.Context(), v.Desk, c); err != nil || readable != 0 {
			t.Errorf("%d versions open, %v", readable, err)
		}
		if _, err := v.read(c, identity.Last); !fault.Is(err, fault.Gone) {
			t.Errorf("got %v, want gone", err)
		}
	}
}

// An erasure that did not erase is an error, not a record.
func TestDestroyProvesIt(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, no())
	v.tamper(`CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
	v.tamper(`CREATE TRIGGER keep BEFORE DELETE ON sensitive.candidacy_keys FOR EACH ROW EXECUTE FUNCTION public.keep()`)
	if _, err := v.destroy(c); err == nil {
		t.Error("an erasure that erased nothing was reported done")
	}
	if _, err := v.read(c, identity.Last); err != nil {
		t.Errorf("half erased: %v", err)
	}
}
