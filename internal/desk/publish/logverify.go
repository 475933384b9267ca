package publish

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/db"
	"conoceles/internal/ledger"
)

// Found is what is wrong with the register, in Spanish, for whoever runs
// «conoceles verificar». It never says what was published.
type Found struct{ What string }

// Verify writes the whole register again, from what the desk keeps of each
// publication to the root of every checkpoint, and returns every difference. It
// changes nothing. kept are checkpoints from outside the database.
func (r Register) Verify(ctx context.Context, kept ...string) ([]Found, error) {
	var found []Found
	say := func(format string, args ...any) { found = append(found, Found{fmt.Sprintf(format, args...)}) }
	leaves, err := r.leaves(ctx, say)
	if err != nil {
		return nil, err
	}
	whole, err := ledger.Append(0, leaves, nil)
	if err != nil {
		return nil, err
	}
	for _, check := range []func() error{
		func() error {
			return verifyHashes(ctx, r.Desk, `SELECT index, hash FROM site.log_hashes ORDER BY index`, whole, say)
		},
		func() error { return r.verifyCheckpoints(ctx, whole, kept, say) },
		func() error { return r.verifyPublications(ctx, say) },
		func() error { return r.verifyOrigins(ctx, say) },
		func() error { return r.verifyKeys(ctx, say) },
	} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// leaves reads the leaves in order; a gap is told, and ends the reading.
func (r Register) leaves(ctx context.Context, say func(string, ...any)) ([][]byte, error) {
	rows, err := r.Desk.Query(ctx, `SELECT index, leaf FROM site.log_leaves ORDER BY index`)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	var index int64
	var leaf []byte
	gap := false
	_, err = pgx.ForEachRow(rows, []any{&index, &leaf}, func() error {
		if gap = gap || index != int64(len(out)); !gap {
			out = append(out, clone(leaf))
		}
		return nil
	})
	if gap {
		say("registro: falta la hoja %d", len(out))
	}
	return out, err
}

// verifyHashes compares the hashes that are kept with those of a tree.
func verifyHashes(ctx context.Context, q db.Querier, sql string, whole ledger.Grown, say func(string, ...any)) error {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return err
	}
	n, wrong := 0, 0
	var index int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&index, &hash}, func() error {
		if index != int64(n) || n >= len(whole.Hashes) || !bytes.Equal(hash, whole.Hashes[n][:]) {
			wrong++
		}
		n++
		return nil
	})
	if wrong > 0 || n != len(whole.Hashes) {
		say("registro: %d resúmenes del árbol no son los de sus hojas", wrong+max(0, len(whole.Hashes)-n))
	}
	return err
}

// verifyCheckpoints asks of every checkpoint that it was signed and that the tree
// still has the root that it says.
func (r Register) verifyCheckpoints(ctx context.Context, whole ledger.Grown, kept []string, say func(string, ...any)) error {
	rows, err := r.Desk.Query(ctx, `SELECT size, note FROM site.log_checkpoints ORDER BY size`)
	if err != nil {
		return err
	}
	var size, last int64
	var text string
	_, err = pgx.ForEachRow(rows, []any{&size, &text}, func() error {
		tree, err := ledger.Check(r.Notary.Key(), ledger.Register, text)
		if err != nil || tree.N != size {
			say("registro: el sello de %d hojas no está firmado por esta instalación", size)
		} else {
			compare(whole, tree, "registro: el sello", say)
		}
		last = max(last, size)
		return nil
	})
	if last != whole.Size {
		say("registro: hay %d hojas y el último sello cubre %d", whole.Size, last)
	}
	for _, text := range kept {
		if tree, err := ledger.Check(r.Notary.Key(), ledger.Register, text); err == nil {
			compare(whole, tree, "registro: el sello guardado fuera de la base", say)
		}
	}
	return err
}

func compare(whole ledger.Grown, tree tlog.Tree, what string, say func(string, ...any)) {
	if root, err := whole.RootAt(tree.N); err != nil || root != tree.Hash {
		say("%s de %d hojas no es el del árbol: alguna hoja se alteró, se quitó o se cambió de lugar", what, tree.N)
	}
}

// verifyPublications opens every leaf that can be opened.
func (r Register) verifyPublications(ctx context.Context, say func(string, ...any)) error {
	const sql = `
SELECT d.key AS process, ` + publicationColumns + ` FROM desk.publications p JOIN desk.processes d ON d.id = p.process_id
WHERE p.salt IS NOT NULL ORDER BY p.id`
	rows, err := r.Desk.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		p, err := pgx.RowToStructByName[publication](rows)
		if err != nil {
			return err
		}
		if !bytes.Equal(p.leaf(), p.Commitment) {
			say("registro: lo publicado de la candidatura %d el %s no es lo que se asentó", p.CandidacyID, p.At.UTC().Format(time.RFC3339))
		}
	}
	return rows.Err()
}

// verifyOrigins asks that each leaf be of one publication or seal, in order, and
// that none of those lacks its leaf but the newest, which wait for it.
func (r Register) verifyOrigins(ctx context.Context, say func(string, ...any)) error {
	for _, check := range []struct{ sql, what string }{
		{`SELECT count(*) FROM site.log_leaves l FULL JOIN audit.leaves o ON o.index = l.index
LEFT JOIN desk.publications p ON p.id = o.publication_id LEFT JOIN audit.seals s ON s.id = o.seal_id
WHERE l.leaf IS DISTINCT FROM COALESCE(p.commitment, s.commitment)`, "hojas que no son de ninguna publicación ni de ningún sello de la bitácora"},
		{`SELECT count(*) FROM desk.publications p WHERE id < (SELECT max(publication_id) FROM audit.leaves)
AND NOT EXISTS (SELECT 1 FROM audit.leaves o WHERE o.publication_id = p.id)`, "publicaciones sin hoja"},
		{`SELECT count(*) FROM audit.seals s WHERE id < (SELECT max(seal_id) FROM audit.leaves)
AND NOT EXISTS (SELECT 1 FROM audit.leaves o WHERE o.seal_id = s.id)`, "sellos de la bitácora sin hoja"},
		{`SELECT count(*) FROM (SELECT publication_id < lag(publication_id) OVER (ORDER BY index) AS back FROM audit.leaves WHERE publication_id IS NOT NULL
UNION ALL SELECT seal_id < lag(seal_id) OVER (ORDER BY index) FROM audit.leaves WHERE seal_id IS NOT NULL) o WHERE back`, "hojas fuera de orden"},
	} {
		var n int64
		if err := r.Desk.QueryRow(ctx, check.sql).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			say("registro: %d %s", n, check.what)
		}
	}
	return nil
}

// verifyKeys asks that nobody else signed: a key that is not this installation's
// is of another, or of a keyset that was lost.
func (r Register) verifyKeys(ctx context.Context, say func(string, ...any)) error {
	var n int64
	err := r.Desk.QueryRow(ctx, `SELECT count(*) FROM site.log_keys WHERE key <> $1`, r.Notary.Key()).Scan(&n)
	if n > 0 {
		say("registro: hay %d llaves públicas que no son las de esta instalación", n)
	}
	return err
}
