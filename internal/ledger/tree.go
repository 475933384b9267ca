package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// overlay reads hashes that were just made, and the rest from where they are kept.
type overlay struct {
	under tlog.HashReader
	known map[int64]tlog.Hash
}

// ReadHashes returns the hashes at those places.
func (o overlay) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var missing []int64
	for _, i := range indexes {
		if _, ok := o.known[i]; !ok {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		if o.under == nil {
			return nil, fmt.Errorf("ledger: a tree of nothing has no hash %d", missing[0])
		}
		read, err := o.under.ReadHashes(missing)
		if err != nil {
			return nil, err
		}
		for k, i := range missing {
			o.known[i] = read[k]
		}
	}
	out := make([]tlog.Hash, len(indexes))
	for k, i := range indexes {
		out[k] = o.known[i]
	}
	return out, nil
}

// Grown is a tree after some leaves were added to it.
type Grown struct {
	Size   int64
	Root   tlog.Hash
	First  int64       // place of the first of Hashes
	Hashes []tlog.Hash // to keep, in order
	reader overlay
}

// Append adds leaves to a tree of that size, whose hashes stored lends; it may be
// nil for an empty one. It keeps nothing: that is the caller's.
func Append(size int64, leaves [][]byte, stored tlog.HashReader) (Grown, error) {
	g := Grown{Size: size, First: tlog.StoredHashCount(size), reader: overlay{stored, map[int64]tlog.Hash{}}}
	for _, leaf := range leaves {
		hashes, err := tlog.StoredHashes(g.Size, leaf, g.reader)
		if err != nil {
			return g, err
		}
		for _, h := range hashes {
			g.reader.known[g.First+int64(len(g.Hashes))] = h
			g.Hashes = append(g.Hashes, h)
		}
		g.Size++
	}
	var err error
	g.Root, err = g.RootAt(g.Size)
	return g, err
}

// RootAt is the root that the tree had at a size not larger than its own.
func (g Grown) RootAt(size int64) (tlog.Hash, error) {
	if size < 0 || size > g.Size {
		return tlog.Hash{}, fmt.Errorf("ledger: the tree has %d leaves, not %d", g.Size, size)
	}
	return tlog.TreeHash(size, g.reader)
}
