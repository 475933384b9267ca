package site

import (
	"time"

	"conoceles/internal/ledger"
)

// SheetPart is the part of an opening that says what the registry says; the others
// are those of the questionnaire.
const SheetPart = "ficha"

// Opening is what the public may know of a leaf of the register: enough to write
// the leaf again, and to read what is not hidden.
type Opening struct {
	Process string     `json:"proceso"`
	Folio   string     `json:"folio"`
	Salt    []byte     `json:"sal"`
	Parts   []OpenPart `json:"partes"`
}

// OpenPart is a part that can be read, with its salt, or the digest of one that
// cannot.
type OpenPart struct {
	Part    string `json:"parte"`
	Salt    []byte `json:"sal,omitempty"`
	Content string `json:"contenido,omitempty"`
	Hidden  []byte `json:"resumen,omitempty"`
}

// digest is that of the part, whichever way it is known.
func (p OpenPart) digest() []byte {
	if p.Hidden != nil {
		return p.Hidden
	}
	return ledger.Digest(p.Salt, p.Content)
}

// Leaf writes the leaf again, from what is public of it.
func (v Version) Leaf() []byte { return v.publication().Leaf(v.Opening.Salt) }

// Text is what the leaf commits to.
func (v Version) Text() string { return v.publication().Text(v.Opening.Salt) }

// Instant is when it happened, as the leaf says it.
func (v Version) Instant() string { return v.At.UTC().Format(time.RFC3339Nano) }

func (v Version) publication() ledger.Publication {
	p := ledger.Publication{Process: v.Opening.Process, Folio: v.Opening.Folio, Kind: string(v.Kind), Number: v.Number, At: v.At}
	for _, part := range v.Opening.Parts {
		p.Parts = append(p.Parts, ledger.PartDigest{Part: part.Part, Digest: part.digest()})
	}
	return p
}
