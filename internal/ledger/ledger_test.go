package ledger_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/ledger"
)

var at = time.Date(2027, 4, 6, 15, 0, 0, 123000, time.UTC)

func publication(master []byte, motive string) ledger.Publication {
	return ledger.Publication{Process: "prueba-2027", Folio: "PRU-1", Kind: "publica", Number: 1, At: at, Parts: []ledger.PartDigest{
		{Part: "ficha", Digest: ledger.Digest(ledger.Salt(master, "ficha"), `{"nombre":"Ana"}`)},
		{Part: "motivo", Digest: ledger.Digest(ledger.Salt(master, "motivo"), motive)},
	}}
}

func TestALeafIsWhatItsTextSaysAndChangesWithEveryFact(t *testing.T) {
	master := bytes.Repeat([]byte{7}, ledger.SaltSize)
	base := publication(master, "Para servir")
	salt := ledger.Salt(master, "")
	text := base.Text(salt)
	if !strings.HasPrefix(text, "conoceles publicacion v1\nproceso prueba-2027\nfolio PRU-1\nclase publica\nversion 1\ninstante 2027-04-06T15:00:00.000123Z\nsal ") {
		t.Errorf("the text of a leaf is not the one that is explained:\n%s", text)
	}
	leaf := base.Leaf(salt)
	for name, other := range map[string][]byte{
		"content": publication(master, "Para mandar").Leaf(salt),
		"salt":    base.Leaf(ledger.Salt(master, "x")),
		"folio":   ledger.Publication{Process: base.Process, Folio: "PRU-2", Kind: base.Kind, Number: 1, At: at, Parts: base.Parts}.Leaf(salt),
		"kind":    ledger.Publication{Process: base.Process, Folio: base.Folio, Kind: "retira", Number: 1, At: at, Parts: base.Parts}.Leaf(salt),
		"instant": ledger.Publication{Process: base.Process, Folio: base.Folio, Kind: base.Kind, Number: 1, At: at.Add(time.Microsecond), Parts: base.Parts}.Leaf(salt),
		"parts":   ledger.Publication{Process: base.Process, Folio: base.Folio, Kind: base.Kind, Number: 1, At: at, Parts: base.Parts[:1]}.Leaf(salt),
	} {
		if bytes.Equal(leaf, other) {
			t.Errorf("a leaf does not change with its %s", name)
		}
	}
	// Short answers are guessed in a few tries; without the salt there is nothing to try.
	if bytes.Equal(publication(ledger.NewSalt(), "Para servir").Leaf(salt), publication(ledger.NewSalt(), "Para servir").Leaf(salt)) {
		t.Error("two salts give the same digest")
	}
}

// stored is a tree in memory.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		out[i] = s[index]
	}
	return out, nil
}

func TestATreeGrownBitByBitIsTheTreeGrownAtOnce(t *testing.T) {
	var leaves [][]byte
	for i := range 37 {
		leaves = append(leaves, []byte(fmt.Sprint("hoja ", i)))
	}
	whole, err := ledger.Append(0, leaves, nil)
	if err != nil {
		t.Fatal(err)
	}
	var kept stored
	for size := 0; size < len(leaves); {
		n := min(1+size%5, len(leaves)-size)
		g, err := ledger.Append(int64(size), leaves[size:size+n], kept)
		if err != nil {
			t.Fatal(err)
		}
		if g.First != int64(len(kept)) {
			t.Fatalf("hashes begin at %d, want %d", g.First, len(kept))
		}
		kept, size = append(kept, g.Hashes...), size+n
		if want, err := whole.RootAt(int64(size)); err != nil || g.Root != want {
			t.Errorf("at %d leaves the roots differ (%v)", size, err)
		}
	}
	proof, err := tlog.ProveRecord(37, 12, kept)
	if err != nil {
		t.Fatal(err)
	}
	if err := tlog.CheckRecord(proof, 37, whole.Root, 12, tlog.RecordHash(leaves[12])); err != nil {
		t.Error(err)
	}
}

func TestACheckpointIsReadOnlyAsItWasSigned(t *testing.T) {
	n, err := ledger.NewNotary(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := ledger.NewNotary(bytes.Repeat([]byte{2}, 32))
	root := tlog.RecordHash([]byte("x"))
	text, err := n.Sign(ledger.Register, 41, root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ledger.Check(n.Key(), ledger.Register, text)
	if err != nil || got.N != 41 || got.Hash != root {
		t.Fatalf("got %v, %v", got, err)
	}
	for name, check := range map[string]func() (tlog.Tree, error){
		"another key":  func() (tlog.Tree, error) { return ledger.Check(other.Key(), ledger.Register, text) },
		"another tree": func() (tlog.Tree, error) { return ledger.Check(n.Key(), ledger.Bitacora, text) },
		"another size": func() (tlog.Tree, error) {
			return ledger.Check(n.Key(), ledger.Register, strings.Replace(text, "\n41\n", "\n42\n", 1))
		},
		"nothing": func() (tlog.Tree, error) { return ledger.Check(n.Key(), ledger.Register, "") },
	} {
		if _, err := check(); err == nil {
			t.Errorf("a checkpoint is taken with %s", name)
		}
	}
	if printed := fmt.Sprintf("%v %+v %#v", n, n, n); strings.Contains(printed, "PRIVATE") || !strings.Contains(printed, n.Key()) {
		t.Error("a notary prints more than its public key")
	}
}
