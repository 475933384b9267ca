package arco

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"

	"conoceles/internal/fault"
)

// saltSize is the size of the part of a key that is in the row.
const saltSize = 32

// errForgotten says that who asked was erased.
var errForgotten = fault.New(fault.Gone, "Los datos personales de esta solicitud se suprimieron.")

// box seals what belongs to one request. Its key is made of the salt of the row
// and of the digest key, which is outside the database and no rotation changes.
type box struct {
	aead  cipher.AEAD
	folio string
}

// boxOf returns the box of a request; Gone when its salt was forgotten.
func (s *Store) boxOf(folio string, salt []byte) (box, error) {
	if len(salt) != saltSize {
		return box{}, errForgotten
	}
	block, err := aes.NewCipher(s.desk.MAC(append([]byte("arco: lo cifrado de una solicitud\x00"), salt...)))
	if err != nil {
		return box{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return box{aead, folio}, err
}

func newSalt() []byte {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return salt
}

// label says what is sealed, so that one does not pass for another.
func (b box) label(what string) []byte { return []byte("conoceles/1 arco " + b.folio + " " + what) }

func (b box) seal(plain []byte, what string) []byte {
	return b.aead.Seal(nil, nil, plain, b.label(what))
}

func (b box) open(sealed []byte, what string) ([]byte, error) {
	plain, err := b.aead.Open(nil, nil, sealed, b.label(what))
	if err != nil {
		return nil, errors.New("arco: what is sealed does not open: altered, or of another request")
	}
	return plain, nil
}

// What is sealed.
const (
	sealedRequester = "solicitante"
	sealedText      = "texto"
	sealedDocument  = "documento"
)

// Requester is who asks and what for. It is theirs: it leaves the package only
// for the unit and for who wrote it.
type Requester struct {
	Name           string `json:"nombre"`
	Representative string `json:"representante,omitempty"` // who acts for them
	Contact        string `json:"contacto"`                // where to answer
	About          string `json:"candidatura,omitempty"`   // folio or name of a candidacy, as they wrote it
	Description    string `json:"descripcion"`
}

// String returns a fixed word: nobody prints who asks.
func (Requester) String() string { return "solicitante(oculto)" }

// GoString is String, for %#v.
func (r Requester) GoString() string { return r.String() }

func (r Requester) encode() []byte {
	text, err := json.Marshal(r)
	if err != nil {
		panic("arco: " + err.Error()) // strings always encode
	}
	return text
}
