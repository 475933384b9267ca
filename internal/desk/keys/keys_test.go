package keys

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func newRing(t *testing.T) (*Ring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "datos", "llavero.json")
	return open(t, path), path
}

func open(t *testing.T, path string) *Ring {
	t.Helper()
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wrap(t *testing.T, r *Ring) Wrapped {
	t.Helper()
	w, err := r.Wrap([]byte("llave de una candidatura"), []byte("candidatura=1"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheFirstStartMakesKeysThatLast(t *testing.T) {
	r, path := newRing(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("got %v, %v; want a file of mode 0600", info.Mode(), err)
	}
	again := open(t, path)
	if len(r.DigestKey()) != 32 || !bytes.Equal(r.DigestKey(), again.DigestKey()) {
		t.Error("the digest key changed")
	}
	w := wrap(t, r)
	got, err := again.Unwrap(w.Bytes, []byte("candidatura=1"))
	if err != nil || string(got) != "llave de una candidatura" {
		t.Errorf("got %q, %v", got, err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".llavero-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestProcessesThatStartAtOnceShareTheKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "llavero.json")
	rings := make([]*Ring, 16)
	var wg sync.WaitGroup
	for i := range rings {
		wg.Go(func() { rings[i], _ = Open(path) })
	}
	wg.Wait()
	for i, r := range rings {
		if r == nil || !bytes.Equal(r.DigestKey(), rings[0].DigestKey()) {
			t.Fatalf("process %d has other keys", i)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	_, path := newRing(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text, want string
		mode             os.FileMode
	}{
		{"readable by others", string(whole), "chmod 600", 0o640},
		{"empty", "", "dañadas", 0o600},
		{"half", string(whole[:len(whole)/2]), "dañadas", 0o600},
		{"without keyset", `{"huellas":"` + strings.Repeat("A", 43) + `=","identidad":{}}`, "dañadas", 0o600},
		{"short digest key", strings.Replace(string(whole), `"huellas": "`, `"huellas": "AAAA`, 1), "dañadas", 0o600},
	} {
		if err := errors.Join(os.WriteFile(path, []byte(c.text), 0o600), os.Chmod(path, c.mode)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.want)
		} else if text, _ := os.ReadFile(path); string(text) != c.text {
			t.Errorf("%s: the file was changed", c.name)
		}
	}
}

func TestUnwrapRefusesWhatIsNotIts(t *testing.T) {
	r, _ := newRing(t)
	other, _ := newRing(t)
	w := wrap(t, r)
	altered := bytes.Clone(w.Bytes)
	altered[len(altered)-1] ^= 1
	for _, c := range []struct {
		name    string
		ring    *Ring
		bytes   []byte
		context string
		want    error
	}{
		{"another candidacy's", r, w.Bytes, "candidatura=2", errNotOurs},
		{"altered", r, altered, "candidatura=1", errNotOurs},
		{"cut", r, w.Bytes[:3], "candidatura=1", errNotOurs},
		{"nothing", r, nil, "candidatura=1", errNotOurs},
		{"of another file", other, w.Bytes, "candidatura=1", ErrUnknownKey},
	} {
		if got, err := c.ring.Unwrap(c.bytes, []byte(c.context)); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: got %q, %v; want %v", c.name, got, err, c.want)
		}
	}
}

// A server that was running when the keys changed keeps up without being told.
func TestARotationReachesWhoIsRunning(t *testing.T) {
	r, path := newRing(t)
	server := open(t, path)
	before := wrap(t, server)

	added, err := r.Add()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.Add(); err != nil || again != added {
		t.Errorf("a second Add: got %d, %v; want %d", again, err, added)
	}
	if w := wrap(t, server); w.Key != before.Key {
		t.Error("a key that was only added wraps already")
	}
	if !server.Has(added) {
		t.Error("the server did not learn the prepared key")
	}
	if err := r.Promote(added); err != nil {
		t.Fatal(err)
	}
	after := wrap(t, server)
	if after.Key != added {
		t.Errorf("got wrapped under %d, want the promoted %d", after.Key, added)
	}
	for name, w := range map[string]Wrapped{"old": before, "new": after} {
		if _, err := server.Unwrap(w.Bytes, []byte("candidatura=1")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unwrap(before.Bytes, []byte("candidatura=1")); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("the removed key still opens: %v", err)
	}
	if got := open(t, path); !bytes.Equal(got.DigestKey(), server.DigestKey()) || got.Has(before.Key) || !got.Has(added) {
		t.Error("the file is not the old digest key and the new key")
	}
	if next, err := r.Add(); err != nil || next == added {
		t.Errorf("the next rotation: got %d, %v; want a new key", next, err)
	}
}

func TestARingDoesNotPrint(t *testing.T) {
	r, path := newRing(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	exported, hidden := struct{ Ring *Ring }{r}, struct{ ring *Ring }{r}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{r, exported, hidden} {
			got := fmt.Sprintf(verb, value)
			if strings.Contains(got, hex.EncodeToString(r.DigestKey())) || strings.Contains(got, fmt.Sprint(r.DigestKey())) ||
				strings.Contains(string(text), got) {
				t.Errorf("%s prints %s", verb, got)
			}
		}
	}
}
