package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/demo"
	"conoceles/internal/desk/canary"
	"conoceles/internal/ledger"
)

// fetch asks as anybody and decodes what is answered, if to is not nil.
func (s *stage) fetch(path string, to any) string {
	s.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	if rec.Code != http.StatusOK {
		s.Fatalf("%s answers %d", path, rec.Code)
	}
	if to != nil {
		if err := json.Unmarshal(rec.Body.Bytes(), to); err != nil {
			s.Fatalf("%s: %v", path, err)
		}
	}
	return rec.Body.String()
}

func (s *stage) sequence() {
	s.Helper()
	if err := s.app.Sequence(context.Background()); err != nil {
		s.Fatal(err)
	}
}

// anybody is the register as who only reads the site knows it.
type anybody struct {
	*stage
	key string
}

func (a anybody) checkpoint() tlog.Tree {
	a.Helper()
	tree, err := ledger.Check(a.key, ledger.Register, a.fetch("/verificacion/sello.txt", nil))
	if err != nil {
		a.Fatal(err)
	}
	return tree
}

// opened is a version as its file tells it.
type opened struct {
	Index   *int64 `json:"hoja"`
	Leaf    []byte `json:"compromiso"`
	Kind    string `json:"clase"`
	Number  int    `json:"version"`
	At      string `json:"instante"`
	Opening struct {
		Process string `json:"proceso"`
		Folio   string `json:"folio"`
		Salt    string `json:"sal"`
		Parts   []struct {
			Part    string `json:"parte"`
			Salt    []byte `json:"sal"`
			Content string `json:"contenido"`
			Hidden  []byte `json:"resumen"`
		} `json:"partes"`
	} `json:"apertura"`
}

// leaf writes the leaf again as the page explains it, with none of our code.
func (o opened) leaf() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "conoceles publicacion v1\nproceso %s\nfolio %s\nclase %s\nversion %d\ninstante %s\nsal %s\n",
		o.Opening.Process, o.Opening.Folio, o.Kind, o.Number, o.At, o.Opening.Salt)
	for _, p := range o.Opening.Parts {
		digest := p.Hidden
		if digest == nil {
			sum := sha256.Sum256(append(slices.Clone(p.Salt), p.Content...))
			digest = sum[:]
		}
		text, _ := json.Marshal(digest)
		fmt.Fprintf(&b, "%s %s\n", p.Part, strings.Trim(string(text), `"`))
	}
	sum := sha256.Sum256([]byte(b.String()))
	return sum[:]
}

// TestAnybodyChecksTheRegister does what a stranger may do with what the site
// serves: writes each leaf of a ficha again, proves it is under a signed checkpoint,
// and proves that a later checkpoint continues the one that was kept.
func TestAnybodyChecksTheRegister(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.sequence()
	a := anybody{s, s.text(`SELECT key FROM site.log_keys`)}
	if !strings.Contains(s.fetch("/verificacion", nil), strings.ReplaceAll(a.key, "+", "&#43;")) && !strings.Contains(s.fetch("/verificacion", nil), a.key) {
		t.Error("the page does not say with which key it is signed")
	}
	kept := a.checkpoint()
	_, slug := s.changedTwice()
	s.sequence()
	now := a.checkpoint()
	if now.N <= kept.N {
		t.Fatalf("the register has %d leaves and had %d", now.N, kept.N)
	}

	var grew struct {
		Proof []tlog.Hash `json:"-"`
		Steps [][]byte    `json:"prueba"`
	}
	s.fetch(fmt.Sprintf("/verificacion/consistencia.json?desde=%d&hasta=%d", kept.N, now.N), &grew)
	if err := tlog.CheckTree(hashesOf(grew.Steps), now.N, now.Hash, kept.N, kept.Hash); err != nil {
		t.Errorf("the register did not only grow: %v", err)
	}

	var versions []opened
	s.fetch("/candidaturas/"+slug+"/versiones.json", &versions)
	if len(versions) < 3 {
		t.Fatalf("the ficha has %d versions", len(versions))
	}
	for i, v := range versions {
		if v.Index == nil || string(v.leaf()) != string(v.Leaf) {
			t.Errorf("version %d does not open its leaf", i+1)
			continue
		}
		var in struct {
			Steps [][]byte `json:"prueba"`
			Note  string   `json:"sello"`
		}
		s.fetch(fmt.Sprintf("/verificacion/inclusion.json?hoja=%d", *v.Index), &in)
		tree, err := ledger.Check(a.key, ledger.Register, in.Note)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(hashesOf(in.Steps), tree.N, tree.Hash, *v.Index, tlog.RecordHash(v.leaf())); err != nil {
			t.Errorf("version %d is not in the register: %v", i+1, err)
		}
	}

	// And from all the leaves, the whole tree.
	var all struct {
		Leaves [][]byte `json:"hojas"`
	}
	s.fetch("/verificacion/hojas.json", &all)
	whole, err := ledger.Append(0, all.Leaves, nil)
	if err != nil || whole.Size != now.N || whole.Root != now.Hash {
		t.Errorf("the leaves make a tree of %d that is not the one that was signed (%v)", whole.Size, err)
	}
	state, err := s.app.VerifyRegister(context.Background(), "")
	if err != nil || len(state.What) > 0 || state.Kept == 0 || state.Pending > 0 {
		t.Errorf("verificar says %+v, %v", state, err)
	}
}

func hashesOf(all [][]byte) []tlog.Hash {
	out := make([]tlog.Hash, len(all))
	for i := range all {
		out[i] = tlog.Hash(all[i])
	}
	return out
}

// TestTheRegisterDoesNotTellOfAConsent grants and withdraws the publication of
// somebody's identity: the register and their history stay as they were.
func TestTheRegisterDoesNotTellOfAConsent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := context.Background()
	acts, err := canary.NewActs(ctx, s.app.Desk, s.app.Keys, s.app.Publisher, demo.Key)
	if err != nil {
		t.Fatal(err)
	}
	folio := s.consented("verifica", 0)
	slug := s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, folio)
	identity := func() string {
		return s.text(`SELECT count(*)::text FROM site.identity_publications i JOIN site.candidacies c ON c.id = i.candidacy_id WHERE c.slug = $1`, slug)
	}
	told := func() string {
		s.sequence()
		return s.fetch("/candidaturas/"+slug+"/versiones.json", nil) + s.fetch("/candidaturas/"+slug+"/versiones", nil) +
			s.text(`SELECT string_agg(encode(l.leaf, 'hex'), ' ' ORDER BY l.index) FROM site.log_leaves l JOIN audit.leaves o ON o.index = l.index WHERE o.publication_id IS NOT NULL`)
	}
	before := told()
	if identity() != "1" {
		t.Fatal("nothing of their identity was public: the test would prove nothing")
	}
	if err := acts.Withdraw(ctx, folio); err != nil {
		t.Fatal(err)
	}
	if identity() != "0" {
		t.Fatal("the withdrawal took nothing away")
	}
	if told() != before {
		t.Error("the register tells of a withdrawal")
	}
}
