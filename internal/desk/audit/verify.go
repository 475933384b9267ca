package audit

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/ledger"
)

// Found is what is wrong with the bitácora, in Spanish, for whoever runs
// «conoceles verificar».
type Found struct{ What string }

// told collects what is found.
type told []Found

func (t *told) say(format string, args ...any) { *t = append(*t, Found{fmt.Sprintf(format, args...)}) }

// Verify writes the whole chain again and returns every difference: entries that
// are missing, were altered, changed places or came in by another door. It changes
// nothing. kept are checkpoints from outside the database.
func (c Chain) Verify(ctx context.Context, kept ...string) ([]Found, error) {
	var found told
	leaves, err := c.entries(ctx, &found)
	if err != nil {
		return nil, err
	}
	whole, err := ledger.Append(0, leaves, nil)
	if err != nil {
		return nil, err
	}
	for _, check := range []func(context.Context, ledger.Grown, *told) error{c.verifyHashes, c.verifyCheckpoints, c.verifySeals, c.verifyStrays} {
		if err := check(ctx, whole, &found); err != nil {
			return nil, err
		}
	}
	for _, text := range kept {
		if tree, err := ledger.Check(c.Notary.Key(), ledger.Bitacora, text); err == nil {
			compare(whole, tree, "el sello guardado fuera de la base", &found)
		}
	}
	return found, nil
}

// chainedRow is a place of the chain beside the entry that it has, if it is there.
type chainedRow struct {
	Position int64
	EntryID  int64
	Digest   []byte
	There    bool
	row
}

// entries reads the chain in order and compares each entry with what was chained
// of it. It returns the digests that were chained.
func (c Chain) entries(ctx context.Context, found *told) ([][]byte, error) {
	const sql = `
SELECT k.position, k.entry_id, k.digest, e.id IS NOT NULL AS there, k.entry_id AS id, COALESCE(e.at, 'epoch') AS at, e.process_id, e.account_id,
  COALESCE(e.role, '') AS role, COALESCE(e.kind, '') AS kind, COALESCE(e.object, '') AS object,
  COALESCE((SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(e.details)), '{}') AS details
FROM audit.chain k LEFT JOIN audit.entries e ON e.id = k.entry_id ORDER BY k.position`
	rows, err := c.Desk.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var leaves [][]byte
	for rows.Next() {
		r, err := pgx.RowToStructByName[chainedRow](rows)
		if err != nil {
			return nil, err
		}
		if r.Position != int64(len(leaves)) {
			found.say("bitácora: falta lo encadenado en el lugar %d", len(leaves))
			break
		}
		leaves = append(leaves, bytes.Clone(r.Digest))
		digest, err := r.digest()
		switch {
		case err != nil:
			return nil, err
		case !r.There:
			found.say("bitácora: falta el asiento %d", r.EntryID)
		case !bytes.Equal(digest, r.Digest):
			found.say("bitácora: el asiento %d se alteró", r.EntryID)
		}
	}
	return leaves, rows.Err()
}

// verifyHashes compares the tree that is kept with that of the chain: what changed
// places is named by its place.
func (c Chain) verifyHashes(ctx context.Context, whole ledger.Grown, found *told) error {
	rows, err := c.Desk.Query(ctx, `SELECT index, hash FROM audit.chain_hashes ORDER BY index`)
	if err != nil {
		return err
	}
	n, wrong := 0, false
	var index int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&index, &hash}, func() error {
		same := index == int64(n) && n < len(whole.Hashes) && bytes.Equal(hash, whole.Hashes[n][:])
		if level, place := tlog.SplitStoredHashIndex(index); !same && !wrong {
			wrong = true
			found.say("bitácora: el árbol no es el de los asientos desde el lugar %d: alguno se cambió de lugar, se quitó o se alteró", place<<level)
		}
		n++
		return nil
	})
	if !wrong && n != len(whole.Hashes) {
		found.say("bitácora: el árbol tiene %d resúmenes y los asientos dan %d", n, len(whole.Hashes))
	}
	return err
}

// verifyCheckpoints asks of every checkpoint that it was signed and that the tree
// still has its root.
func (c Chain) verifyCheckpoints(ctx context.Context, whole ledger.Grown, found *told) error {
	rows, err := c.Desk.Query(ctx, `SELECT size, note FROM audit.chain_checkpoints ORDER BY size`)
	if err != nil {
		return err
	}
	var size, last int64
	var text string
	_, err = pgx.ForEachRow(rows, []any{&size, &text}, func() error {
		last = size
		tree, err := ledger.Check(c.Notary.Key(), ledger.Bitacora, text)
		if err != nil || tree.N != size {
			found.say("bitácora: el sello de %d asientos no está firmado por esta instalación", size)
			return nil
		}
		compare(whole, tree, "el sello", found)
		return nil
	})
	if last != whole.Size {
		found.say("bitácora: hay %d asientos encadenados y el último sello cubre %d", whole.Size, last)
	}
	return err
}

func compare(whole ledger.Grown, tree tlog.Tree, what string, found *told) {
	if root, err := whole.RootAt(tree.N); err != nil || root != tree.Hash {
		found.say("bitácora: %s de %d asientos no es el del árbol", what, tree.N)
	}
}

// verifySeals opens what the public register has of the bitácora.
func (c Chain) verifySeals(ctx context.Context, whole ledger.Grown, found *told) error {
	rows, err := c.Desk.Query(ctx, `SELECT at, size, root, salt, commitment FROM audit.seals ORDER BY id`)
	if err != nil {
		return err
	}
	var s ledger.Seal
	var salt, commitment []byte
	_, err = pgx.ForEachRow(rows, []any{&s.At, &s.Size, &s.Root, &salt, &commitment}, func() error {
		root, err := whole.RootAt(s.Size)
		if err != nil || !bytes.Equal(root[:], s.Root) || !bytes.Equal(s.Leaf(salt), commitment) {
			found.say("bitácora: lo asentado en el registro público a las %s no es lo que hay", s.At.UTC().Format(time.RFC3339))
		}
		return nil
	})
	return err
}

// verifyStrays looks for entries that the sequencer did not chain: those that are
// older than what it chained last came in after it, with a number of before.
func (c Chain) verifyStrays(ctx context.Context, _ ledger.Grown, found *told) error {
	const sql = `
SELECT e.id FROM audit.entries e LEFT JOIN audit.chain k ON k.entry_id = e.id
WHERE k.entry_id IS NULL AND e.id <= (SELECT max(entry_id) - $1 FROM audit.chain) ORDER BY e.id`
	rows, err := c.Desk.Query(ctx, sql, late)
	if err != nil {
		return err
	}
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		found.say("bitácora: el asiento %d no está en la cadena", id)
		return nil
	})
	return err
}
