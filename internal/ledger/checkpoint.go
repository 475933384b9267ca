package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Origin names a tree in its checkpoints.
type Origin string

// The two trees.
const (
	Register Origin = "conoceles/registro" // public
	Bitacora Origin = "conoceles/bitacora"
)

// keyName is who signs.
const keyName = "conoceles"

// Notary signs checkpoints and checks what it signed.
type Notary struct {
	signer note.Signer
	public string
}

// NewNotary makes the notary of a seed of 32 bytes, which is secret. The same
// seed makes the same one.
func NewNotary(seed []byte) (Notary, error) {
	if len(seed) != ed25519.SeedSize {
		return Notary{}, fmt.Errorf("ledger: a seed has %d bytes, not %d", ed25519.SeedSize, len(seed))
	}
	key := ed25519.NewKeyFromSeed(seed)
	public, err := note.NewEd25519VerifierKey(keyName, key.Public().(ed25519.PublicKey))
	if err != nil {
		return Notary{}, err
	}
	const algorithm = 1 // Ed25519, as package note numbers it
	_, rest, _ := strings.Cut(public, "+")
	hash, _, _ := strings.Cut(rest, "+")
	secret := base64.StdEncoding.EncodeToString(append([]byte{algorithm}, seed...))
	signer, err := note.NewSigner("PRIVATE+KEY+" + keyName + "+" + hash + "+" + secret)
	return Notary{signer, public}, err
}

// Key is the public key, in the text by which package note knows it.
func (n Notary) Key() string { return n.public }

// Format prints the public key only, whatever the verb.
func (n Notary) Format(s fmt.State, _ rune) { fmt.Fprint(s, n.public) }

// Sign makes the checkpoint of a tree.
func (n Notary) Sign(o Origin, size int64, root tlog.Hash) (string, error) {
	if n.signer == nil {
		return "", errors.New("ledger: nobody signs")
	}
	text, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", o, size, root)}, n.signer)
	return string(text), err
}

// errNotSigned says nothing of what a wrong checkpoint says.
var errNotSigned = errors.New("ledger: not a checkpoint that this key signed")

// Check opens a checkpoint that key, a public one, signed of that tree.
func Check(key string, o Origin, text string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, errNotSigned
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != string(o) || lines[3] != "" {
		return tlog.Tree{}, errNotSigned
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return tlog.Tree{}, errNotSigned
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, errNotSigned
	}
	return tlog.Tree{N: size, Hash: root}, nil
}
