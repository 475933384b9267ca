package identity_test

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// vault is a world with keys and candidacies.
type vault struct {
	*desktest.World
	store *identity.Store
	path  string
	party int64
	super *pgx.Conn // for what only a test does
}

func newVault(t *testing.T) *vault {
	t.Helper()
	w := desktest.New(t)
	v := &vault{World: w, path: filepath.Join(t.TempDir(), "llavero.json"), party: w.Nominator("partido", "PPR")}
	v.store = identity.New(v.ring())
	super, err := pgx.Connect(t.Context(), w.PG.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close(context.WithoutCancel(t.Context())) })
	v.super = super
	return v
}

// ring opens the keyset as another node would.
func (v *vault) ring() *keys.Ring {
	v.T.Helper()
	ring, err := keys.Open(v.path)
	if err != nil {
		v.T.Fatal(err)
	}
	return ring
}

func (v *vault) candidacy() int64 {
	v.T.Helper()
	return v.Candidacy(v.party, "Persona", "De Prueba "+v.unique())
}

func (v *vault) unique() string {
	v.T.Helper()
	var n string
	if err := v.Desk.QueryRow(v.T.Context(), `SELECT (count(*) + 1)::text FROM desk.candidacies`).Scan(&n); err != nil {
		v.T.Fatal(err)
	}
	return n
}

// try saves a version and returns what Save says.
func (v *vault) try(candidacy int64, base int, a questionnaire.Answers) (version int, err error) {
	err = v.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		version, err = v.store.Save(ctx, tx, identity.Entry{
			Process: v.Process, Candidacy: candidacy, Questionnaire: questionnaire.Identity(), Answers: a, Base: base,
		})
		return err
	})
	return version, err
}

// save saves the next version.
func (v *vault) save(candidacy int64, a questionnaire.Answers) int {
	v.T.Helper()
	state, err := v.store.State(v.T.Context(), v.Desk, candidacy)
	if err != nil {
		v.T.Fatal(err)
	}
	version, err := v.try(candidacy, state.Version, a)
	if err != nil {
		v.T.Fatal(err)
	}
	return version
}

func (v *vault) draft(candidacy int64, page questionnaire.ID, base int, form url.Values) (version int, err error) {
	err = v.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		version, err = v.store.SaveDraft(ctx, tx, identity.DraftEntry{
			Process: v.Process, Candidacy: candidacy, Page: page, Form: form, Base: base,
		})
		return err
	})
	return version, err
}

// read loads and opens a version.
func (v *vault) read(candidacy int64, version int) (questionnaire.Answers, error) {
	a, err := v.store.Load(v.T.Context(), v.Desk, v.Process, candidacy, version, identity.Verification)
	if err != nil {
		return nil, err
	}
	return a.Open(identity.Verification)
}

// tamper runs a statement as somebody with the whole database in their hands.
func (v *vault) tamper(sql string, args ...any) {
	v.T.Helper()
	_, err := v.super.Exec(v.T.Context(), `SET session_replication_role = replica`)
	if err == nil {
		_, err = v.super.Exec(v.T.Context(), sql, args...)
	}
	if err != nil {
		v.T.Fatal(err)
	}
}

func canary(candidacy int64, what string) string {
	return "CNRY-" + strings.ToUpper(what) + strings.Repeat("Q", int(candidacy%5)+8)
}

// yes, half and no are three ways of answering, from the longest to the
// shortest.
func yes(words string) questionnaire.Answers {
	a := questionnaire.Answers{}
	for _, q := range questionnaire.Identity().Questions() {
		switch {
		case q.ID == questionnaire.Elder:
		case q.Kind == questionnaire.YesNoPrefer:
			a[q.ID] = questionnaire.Answer{Text: questionnaire.Yes}
		case q.Kind == questionnaire.Choices:
			a[q.ID] = questionnaire.Answer{Texts: []string{"ver", "otra"}, Other: words}
		case q.TakesOther():
			a[q.ID] = questionnaire.Answer{Text: free(q), Other: words}
		default:
			a[q.ID] = questionnaire.Answer{Text: q.Options[0].Value}
		}
	}
	return a
}

func free(q questionnaire.Question) string {
	for _, o := range q.Options {
		if o.Free {
			return o.Value
		}
	}
	return ""
}

func no() questionnaire.Answers {
	a := questionnaire.Answers{}
	for _, q := range questionnaire.Identity().Questions() {
		switch {
		case q.Kind == questionnaire.YesNoPrefer && q.ID != questionnaire.RegularAbroad:
			a[q.ID] = questionnaire.Answer{Text: questionnaire.No}
		case q.Asked == nil:
			a[q.ID] = questionnaire.Answer{Text: questionnaire.PreferNot}
		}
	}
	return a
}

func half() questionnaire.Answers {
	return questionnaire.Answers{questionnaire.Indigenous: {Text: questionnaire.No}}
}

func TestSaveAndLoad(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	if got, err := v.read(c, identity.Last); err != nil || len(got) > 0 {
		t.Fatalf("before anything: %d answers, %v", len(got), err)
	}
	if _, err := v.read(c, 1); !fault.Is(err, fault.NotFound) {
		t.Errorf("a version that is not there: got %v", err)
	}
	versions := []questionnaire.Answers{half(), no(), yes("algo")}
	for i, a := range versions {
		if got := v.save(c, a); got != i+1 {
			t.Fatalf("got version %d, want %d", got, i+1)
		}
	}
	for i, a := range versions {
		if got, err := v.read(c, i+1); err != nil || got.Hash() != a.Hash() {
			t.Errorf("version %d: got other answers, or %v", i+1, err)
		}
	}
	last, err := v.store.Load(t.Context(), v.Desk, v.Process, c, identity.Last, identity.Publication)
	if err != nil || last.Version() != 3 || last.Edition() != "1" {
		t.Errorf("last: got version %d, edition %q, %v", last.Version(), last.Edition(), err)
	}
	for what, load := range map[string]func() error{
		"of another process": func() error {
			_, err := v.store.Load(t.Context(), v.Desk, v.Process+1, c, identity.Last, identity.Publication)
			return err
		},
		"of nobody": func() error {
			_, err := v.store.Load(t.Context(), v.Desk, v.Process, c+1000, identity.Last, identity.Publication)
			return err
		},
	} {
		if err := load(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: got %v, want not found", what, err)
		}
	}
}

func TestWhatIsNotAVersion(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	notOffered := half()
	notOffered[questionnaire.Income] = questionnaire.Answer{Text: "maya"}
	if _, err := v.try(c, 0, notOffered); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "maya") {
		t.Errorf("an option of another question: got %v", err)
	}
	if _, err := v.try(c, 1, half()); !fault.Is(err, fault.Conflict) {
		t.Errorf("merged into a version that is not there: got %v", err)
	}
	v.save(c, half())
	if _, err := v.try(c, 0, no()); !fault.Is(err, fault.Conflict) {
		t.Errorf("merged into an older version: got %v", err)
	}
	hidden := no()
	hidden[questionnaire.IndigenousPeople] = questionnaire.Answer{Text: "maya"} // a hidden field, posted
	v.save(c, hidden)
	if got, err := v.read(c, identity.Last); err != nil || got.Has(questionnaire.IndigenousPeople) {
		t.Errorf("an answer that was not asked for was kept (%v)", err)
	}
}

func TestStateSaysCompleteOrNot(t *testing.T) {
	v := newVault(t)
	never, begun, done := v.candidacy(), v.candidacy(), v.candidacy()
	v.save(begun, half())
	v.save(done, half())
	v.save(done, no())
	states, err := v.store.States(t.Context(), v.Desk, never, begun, done)
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[int64]string{never: "incompleto", begun: "incompleto", done: "completo"} {
		if got := states[c].String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	open := no()
	open[questionnaire.Indigenous] = questionnaire.Answer{Text: questionnaire.Yes} // and the people unsaid
	v.save(done, open)
	if got, err := v.store.State(t.Context(), v.Desk, done); err != nil || got.String() != "incompleto" {
		t.Errorf("with a detail to answer: got %s, %v", got, err)
	}
}

func TestDrafts(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	form := url.Values{"p03_pueblo.otro": {strings.Repeat("ñ", 4000)}, "p01_indigena": {"tal vez"}}
	for _, step := range []struct {
		page      questionnaire.ID
		base, got int
	}{{"indigena", 0, 1}, {"migrante", 0, 1}, {"indigena", 1, 2}} {
		if got, err := v.draft(c, step.page, step.base, form); err != nil || got != step.got {
			t.Fatalf("%s on %d: got %d, %v", step.page, step.base, got, err)
		}
	}
	if _, err := v.draft(c, "indigena", 1, form); !fault.Is(err, fault.Conflict) {
		t.Errorf("over somebody else's: got %v", err)
	}
	read := func(page questionnaire.ID) (url.Values, int) {
		t.Helper()
		a, err := v.store.Load(t.Context(), v.Desk, v.Process, c, identity.Last, identity.Merging)
		if err != nil {
			t.Fatal(err)
		}
		got, version, err := a.Draft(identity.Merging, page)
		if err != nil {
			t.Fatal(err)
		}
		return got, version
	}
	if got, version := read("indigena"); version != 2 || got.Get("p03_pueblo.otro") != form.Get("p03_pueblo.otro") {
		t.Errorf("got version %d, or another text", version)
	}
	if got, version := read("general"); got != nil || version != 0 {
		t.Errorf("a page never typed in: got version %d", version)
	}
	if _, err := v.draft(c, "indigena", 2, nil); err != nil {
		t.Fatal(err)
	}
	if got, version := read("indigena"); got != nil || version != 3 {
		t.Errorf("a draft thrown away: got version %d, %d fields", version, len(got))
	}
	published, err := v.store.Load(t.Context(), v.Desk, v.Process, c, identity.Last, identity.Publication)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _ := published.Draft(identity.Publication, "migrante"); got != nil {
		t.Error("a draft travels with what is read to publish")
	}
}

func TestReadLeavesAnEntry(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, yes(canary(c, "dato")))
	account := v.Account("revisora@ejemplo.mx", "verificador", 0, 0)
	reviewer := actor(account)
	entries := func() (n int) {
		t.Helper()
		const count = `SELECT count(*) FROM audit.entries WHERE kind = 'identidad.leer' AND account_id = $1 AND process_id = $2`
		if err := v.Desk.QueryRow(t.Context(), count, account, v.Process).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	reading := identity.Reading{Process: v.Process, Candidacy: c, Purpose: identity.Review}
	for reason, field := range map[string]string{"": "motivo", "  ": "motivo", strings.Repeat("x", 501): "motivo"} {
		reading.Reason = reason
		_, err := v.store.Read(t.Context(), v.Desk, reviewer, reading)
		if fields := fault.FieldsOf(err); !fault.Is(err, fault.Invalid) || len(fields) != 1 || fields[0].ID != field {
			t.Errorf("reason of %d bytes: got %v", len(reason), err)
		}
	}
	for _, p := range []identity.Purpose{"", identity.Publication, identity.Merging, "otro"} {
		if _, err := v.store.Read(t.Context(), v.Desk, reviewer, identity.Reading{Process: v.Process, Candidacy: c, Purpose: p, Reason: "x"}); err == nil {
			t.Errorf("a person read for %q", p)
		}
	}
	for _, p := range []identity.Purpose{"", identity.Review, identity.Capture, identity.Access, "otro"} {
		if _, err := v.store.Load(t.Context(), v.Desk, v.Process, c, identity.Last, p); err == nil {
			t.Errorf("read for %q without an entry", p)
		}
	}
	if n := entries(); n != 0 {
		t.Errorf("refusals left %d entries of reading", n)
	}
	reading.Reason = "Solicitud ARCO-7"
	a, err := v.store.Read(t.Context(), v.Desk, reviewer, reading)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Open(identity.Review); err != nil || got.Hash() != yes(canary(c, "dato")).Hash() {
		t.Errorf("got other answers, or %v", err)
	}
	if n := entries(); n != 1 {
		t.Errorf("got %d entries, want 1", n)
	}
	var object, details string
	const last = `SELECT object, details::text FROM audit.entries WHERE kind = 'identidad.leer' ORDER BY id DESC LIMIT 1`
	if err := v.Desk.QueryRow(t.Context(), last).Scan(&object, &details); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(object, "candidatura ") || !strings.Contains(details, "ARCO-7") || strings.Contains(details, "CNRY") {
		t.Errorf("the entry says %s, %s", object, details)
	}
}

// Without the entry nobody reads: the bitácora is closed, and so is the answer.
func TestNoEntryNoReading(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, no())
	v.tamper(`REVOKE INSERT ON audit.entries FROM conoceles_escritorio`)
	a, err := v.store.Read(t.Context(), v.Desk, actor(0), identity.Reading{Process: v.Process, Candidacy: c, Purpose: identity.Capture})
	if err == nil {
		t.Fatal("read without an entry")
	}
	if _, err := a.Open(identity.Capture); err == nil {
		t.Error("the answers came with the error")
	}
}

func TestDocuments(t *testing.T) {
	v := newVault(t)
	one, other := v.candidacy(), v.candidacy()
	document := []byte("%PDF-1.7 " + canary(one, "firma"))
	var sealed []byte
	seal := func(candidacy int64, name string) []byte {
		t.Helper()
		var sealed []byte
		v.Tx(func(ctx context.Context, tx *db.Tx) (err error) {
			sealed, err = v.store.SealDocument(ctx, tx, v.Process, candidacy, name, document)
			return err
		})
		return sealed
	}
	sealed = seal(one, "consentimiento 1")
	seal(other, "consentimiento 1")
	if strings.Contains(string(sealed), "CNRY") || (len(sealed)-28)%4096 != 0 {
		t.Errorf("sealed in the clear, or in %d bytes", len(sealed))
	}
	got, err := v.store.OpenDocument(t.Context(), v.Desk, v.Process, one, "consentimiento 1", sealed)
	if err != nil || string(got) != string(document) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if _, err := v.store.OpenDocument(t.Context(), v.Desk, v.Process, one, "consentimiento 2", sealed); err == nil {
		t.Error("opened as another document")
	}
	if _, err := v.store.OpenDocument(t.Context(), v.Desk, v.Process, other, "consentimiento 1", sealed); err == nil {
		t.Error("opened as another candidacy's")
	}
}

// actor is an account for the bitácora.
type actor int64

func (a actor) AccountID() int64 { return int64(a) }
func (a actor) Role() string     { return "prueba" }
