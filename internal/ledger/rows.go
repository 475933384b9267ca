package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Rows is what CollectHashes reads: the rows of a query of places and hashes.
type Rows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close()
}

// CollectHashes returns the hashes at those places, from rows of a place and a
// hash in any order. It fails when one is missing.
func CollectHashes(rows Rows, indexes []int64) ([]tlog.Hash, error) {
	defer rows.Close()
	found := make(map[int64]tlog.Hash, len(indexes))
	for rows.Next() {
		var index int64
		var hash []byte
		if err := rows.Scan(&index, &hash); err != nil {
			return nil, err
		}
		if len(hash) != tlog.HashSize {
			return nil, fmt.Errorf("ledger: hash %d has %d bytes", index, len(hash))
		}
		found[index] = tlog.Hash(hash)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		h, ok := found[index]
		if !ok {
			return nil, fmt.Errorf("ledger: hash %d is missing", index)
		}
		out[i] = h
	}
	return out, nil
}
