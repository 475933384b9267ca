// Package ledger is the arithmetic of the public register and of the bitácora's
// chain: salted commitments, a Merkle tree of them, and signed checkpoints.
//
// A leaf is a commitment of 32 bytes and says nothing by itself: not even of
// which kind it is. What opens it is a short text that anybody can write again,
// with a salt and, of what was published, one digest per rubro, each with its own
// salt, so that a rubro can be hidden and the leaf still opened:
//
//	master salt ──> Salt(master, rubro) ──> Digest(salt, content) ──┐
//	            └─> Salt(master, "")  ──────────────────────────────┴─> Publication.Leaf
//
// Whoever forgets the master salt leaves the tree as it was and nobody able to say
// what its leaf said. The tree is that of RFC 6962 (golang.org/x/mod/sumdb/tlog),
// its checkpoints are notes (…/note). The package does no I/O: whoever keeps the
// hashes lends them as a tlog.HashReader.
package ledger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// SaltSize is the size of every salt, in bytes.
const SaltSize = 32

// NewSalt draws a master salt.
func NewSalt() []byte {
	s := make([]byte, SaltSize)
	rand.Read(s)
	return s
}

// Salt derives the salt of a part from the master salt. Knowing it tells nothing
// of the master salt nor of another part's.
func Salt(master []byte, part string) []byte {
	h := hmac.New(sha256.New, master)
	h.Write([]byte(part))
	return h.Sum(nil)
}

// Digest is the salted digest of what a part says.
func Digest(salt []byte, content string) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(content))
	return h.Sum(nil)
}

// PartDigest is the digest of one part of a publication.
type PartDigest struct {
	Part   string
	Digest []byte
}

// Publication is something that was published, changed or withdrawn.
type Publication struct {
	Process string
	Folio   string
	Kind    string
	Number  int
	At      time.Time
	Parts   []PartDigest // in order
}

// Text is what the leaf commits to, as anybody writes it again: a line per fact,
// each ended by a line feed. salt is Salt(master, "").
func (p Publication) Text(salt []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "conoceles publicacion v1\nproceso %s\nfolio %s\nclase %s\nversion %d\ninstante %s\nsal %s\n",
		p.Process, p.Folio, p.Kind, p.Number, instant(p.At), encode(salt))
	for _, d := range p.Parts {
		fmt.Fprintf(&b, "%s %s\n", d.Part, encode(d.Digest))
	}
	return b.String()
}

// Leaf is the SHA-256 of Text.
func (p Publication) Leaf(salt []byte) []byte { return sum(p.Text(salt)) }

// Seal is what the bitácora's tree was at an hour.
type Seal struct {
	At   time.Time
	Size int64
	Root []byte
}

// Leaf commits to a seal. The salt is never public, so the leaf says nothing.
func (s Seal) Leaf(salt []byte) []byte {
	return sum(fmt.Sprintf("conoceles bitacora v1\ninstante %s\nasientos %d\nraiz %s\nsal %s\n", instant(s.At), s.Size, encode(s.Root), encode(salt)))
}

func sum(text string) []byte {
	h := sha256.Sum256([]byte(text))
	return h[:]
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
