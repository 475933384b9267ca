package identity

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"conoceles/internal/questionnaire"
)

// Sizes of the blocks that plaintexts are padded to. The longest valid answers
// fit in one block and a draft of an honest form in one of its own (a test says
// so), hence every blob of a kind has the same length.
const (
	answersBlock  = 4 << 10
	draftBlock    = 16 << 10
	documentBlock = 4 << 10
)

// errUnreadable is all that is said of a blob that does not open: its bytes, or
// what a parser quotes of them, may be an answer.
var errUnreadable = errors.New("identity: sealed bytes do not open: altered, moved, or under another key")

// content is what a version holds.
type content struct {
	Edition string                `json:"edicion"`
	Answers questionnaire.Answers `json:"respuestas"`
}

// draft is a form as it was posted, checked by nobody.
type draft struct {
	Version int        `json:"version"`
	Form    url.Values `json:"formulario"`
}

// dataKey encrypts what belongs to one candidacy. The nonce is random, which a
// key of so few messages can afford.
type dataKey struct{ aead cipher.AEAD }

const dataKeySize = 32

func newDataKeyBytes() []byte {
	key := make([]byte, dataKeySize)
	rand.Read(key)
	return key
}

func newDataKey(raw []byte) (dataKey, error) {
	if len(raw) != dataKeySize {
		return dataKey{}, errUnreadable
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return dataKey{}, errUnreadable
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return dataKey{}, errUnreadable
	}
	return dataKey{aead}, nil
}

// seal pads and encrypts. label says what the bytes are and whose; open asks
// for the same.
func (k dataKey) seal(plain []byte, block int, label string) []byte {
	return k.aead.Seal(nil, nil, pad(plain, block), []byte(label))
}

func (k dataKey) open(blob []byte, label string) ([]byte, error) {
	if len(blob) < k.aead.Overhead() {
		return nil, errUnreadable
	}
	padded, err := k.aead.Open(nil, nil, blob, []byte(label))
	if err != nil {
		return nil, errUnreadable
	}
	return unpad(padded)
}

// pad puts the length of plain before it and zeros after it, up to a multiple
// of block.
func pad(plain []byte, block int) []byte {
	const header = 4
	size := (header + len(plain) + block - 1) / block * block
	padded := make([]byte, header, size)
	binary.BigEndian.PutUint32(padded, uint32(len(plain)))
	return append(padded, plain...)[:size]
}

func unpad(padded []byte) ([]byte, error) {
	const header = 4
	if len(padded) < header {
		return nil, errUnreadable
	}
	n := uint64(binary.BigEndian.Uint32(padded))
	if n > uint64(len(padded)-header) {
		return nil, errUnreadable
	}
	return padded[header : header+n], nil
}

// Labels of what is sealed: the AAD. Decimal numbers and a quoted name leave no
// two labels alike.

func answersLabel(process, candidacy int64, version int) string {
	return fmt.Sprintf("conoceles/1 respuestas proceso=%d candidatura=%d version=%d", process, candidacy, version)
}

func draftLabel(process, candidacy int64, version int) string {
	return fmt.Sprintf("conoceles/1 borrador proceso=%d candidatura=%d version=%d", process, candidacy, version)
}

func documentLabel(process, candidacy int64, name string) string {
	return fmt.Sprintf("conoceles/1 documento proceso=%d candidatura=%d nombre=%q", process, candidacy, name)
}

func keyLabel(process, candidacy int64) string {
	return fmt.Sprintf("conoceles/1 llave proceso=%d candidatura=%d", process, candidacy)
}

// encode is for our own types, which always encode.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // six bytes where one will do
	if err := e.Encode(v); err != nil {
		panic("identity: " + err.Error())
	}
	return b.Bytes()
}

func decode[T any](plain []byte) (T, error) {
	var v T
	if err := json.Unmarshal(plain, &v); err != nil {
		var zero T
		return zero, errUnreadable
	}
	return v, nil
}
