package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
)

// tableDigest says which rows a table has, whatever their order.
type tableDigest struct {
	Name   string `json:"tabla"`
	Rows   int64  `json:"filas"`
	Digest string `json:"huella"`
}

// digest adds up the SHA-256 of each row. Order does not count, since none is
// kept; nobody who could make two sets of rows add up to the same gets to choose
// rows here, for what it reads is encrypted and sealed.
type digest struct {
	line []byte // of a row that is not whole yet
	sum  *big.Int
	rows int64
}

func newDigest() *digest { return &digest{sum: new(big.Int)} }

// Write takes rows, cut anywhere: PostgreSQL's text format escapes every line
// break inside of a row.
func (d *digest) Write(b []byte) (int, error) {
	for rest := b; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			d.line = append(d.line, rest...)
			return len(b), nil
		}
		d.line = append(d.line, rest[:i]...)
		one := sha256.Sum256(d.line)
		d.sum.Add(d.sum, new(big.Int).SetBytes(one[:]))
		d.rows++
		d.line, rest = d.line[:0], rest[i+1:]
	}
}

func (d *digest) of(name string) tableDigest {
	text := sha256.Sum256(d.sum.Bytes())
	return tableDigest{Name: name, Rows: d.rows, Digest: hex.EncodeToString(text[:])}
}
