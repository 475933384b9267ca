package backup

import (
	"bytes"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/db"
)

func TestAStreamComesBackAsItWent(t *testing.T) {
	tables := []db.Table{{Name: "desk.uno", Columns: []string{"id", "texto"}}, {Name: "desk.vacia", Columns: []string{"id"}}, {Name: "site.tres", Columns: []string{"a"}}}
	want := map[string]string{"desk.uno": "1\tÑandú\\n\n2\t\\N\n", "desk.vacia": "", "site.tres": string(bytes.Repeat([]byte("x\n"), 300_000))}
	var file bytes.Buffer
	w, err := newStreamWriter(&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if err := w.record(recordTable, mustJSON(table)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, want[table.Name]); err != nil {
			t.Fatal(err)
		}
	}
	said := manifest{Tables: []tableDigest{{"desk.uno", 2, "ab"}}, Sequences: []db.Sequence{{Name: "desk.uno_id_seq", Value: 3, Called: true}}}
	if err := w.close(said); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	m, err := readStream(bytes.NewReader(file.Bytes()), func(table db.Table, r io.Reader) error {
		if table.Name == "desk.vacia" {
			got[table.Name] = "" // whoever reads nothing misses nothing
			return nil
		}
		text, err := io.ReadAll(r)
		got[table.Name] = string(text)
		return err
	})
	if err != nil || !cmp.Equal(m, said) || !cmp.Equal(got, want) {
		t.Errorf("%v: %s %s", err, cmp.Diff(said, m), cmp.Diff(want, got))
	}
	for _, size := range []int{0, 1, 40, file.Len() / 2, file.Len() - 9} { // nine: the last bytes are the sum of gzip
		if _, err := readStream(bytes.NewReader(file.Bytes()[:size]), func(db.Table, io.Reader) error { return nil }); err == nil {
			t.Errorf("a file cut at %d of %d bytes is taken for a whole one", size, file.Len())
		}
	}
}

func TestADigestFollowsTheRowsAndNotTheirOrder(t *testing.T) {
	of := func(pieces ...string) tableDigest {
		d := newDigest()
		for _, p := range pieces {
			if _, err := d.Write([]byte(p)); err != nil {
				t.Fatal(err)
			}
		}
		return d.of("desk.uno")
	}
	one := of("1\ta\n2\tb\n")
	for name, same := range map[string]tableDigest{"another order": of("2\tb\n1\ta\n"), "cut anywhere": of("1", "\ta\n2\t", "b\n")} {
		if same != one {
			t.Errorf("%s: %v, want %v", name, same, one)
		}
	}
	for name, other := range map[string]tableDigest{
		"a letter": of("1\ta\n2\tc\n"), "a row less": of("1\ta\n"), "a row twice": of("1\ta\n2\tb\n2\tb\n"), "columns that move": of("1\t\ta\n2\tb\n"), "none": of(),
	} {
		if other == one {
			t.Errorf("%s goes unseen", name)
		}
	}
}

// FuzzReadStream reads files that somebody broke on purpose: an error, never a
// panic nor a table that was not there.
func FuzzReadStream(f *testing.F) {
	var file bytes.Buffer
	w, err := newStreamWriter(&file)
	if err == nil {
		err = w.record(recordTable, mustJSON(db.Table{Name: "desk.uno"}))
	}
	if err == nil {
		err = w.close(manifest{})
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = readStream(bytes.NewReader(b), func(_ db.Table, r io.Reader) error {
			_, err := io.Copy(io.Discard, io.LimitReader(r, 1<<20))
			return err
		})
	})
}

func TestAKeyIsNeverReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "custodia.txt")
	public, err := NewCustodian(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewCustodian(path); err == nil {
		t.Error("another key was written over it")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, err := Identities(path); err != nil {
		t.Error(err)
	}
	if to, err := Recipients([]string{public}); err != nil || len(to) != 1 {
		t.Error(to, err)
	}
	if _, err := Recipients([]string{hex.EncodeToString([]byte{byte(rand.IntN(256))})}); err == nil {
		t.Error("anything is taken for a key")
	}
}
