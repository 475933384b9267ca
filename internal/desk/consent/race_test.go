package consent_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// ground is a world with a candidacy that declared and delivered its document,
// and everybody who may act on its consent.
type ground struct {
	*desktest.World
	store     *consent.Store
	candidacy int64
	folio     string
	candidate auth.Candidate
	operator  auth.Operator
	head      auth.Head
}

func newGround(t testing.TB) *ground {
	t.Helper()
	g := newGroundWithoutNotices(t)
	g.Tx(func(ctx context.Context, tx *db.Tx) error {
		return consent.ApproveNotices(ctx, tx, db.System{Name: "prueba"}, g.Process, consent.Approval{Acuerdo: "CT/01/2027", On: desktest.Start})
	})
	g.accept(g.operator)
	g.Open()
	return g
}

func newGroundWithoutNotices(t testing.TB) *ground {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	g := &ground{World: w, store: consent.New(w.Desk, w.Publisher, ring, "https://conoceles.example")}
	party := w.Nominator(election.Party, "HOR")
	g.candidacy = w.Candidacy(party, "Marisol", "Inventada Tapia")
	if err := w.Desk.QueryRow(context.Background(), `SELECT folio FROM desk.candidacies WHERE id = $1`, g.candidacy).Scan(&g.folio); err != nil {
		t.Fatal(err)
	}
	who := func(email, role string, nominator, candidacy int64) auth.Who {
		return auth.Who{Account: w.Account(email, role, nominator, candidacy), Process: w.Process}
	}
	g.candidate = auth.Candidate{Who: who("marisol@ejemplo.mx", "candidata", 0, g.candidacy), Candidacy: g.candidacy}
	g.operator = auth.Operator{Who: who("opera@hor.mx", "operador", party, 0), Nominator: party}
	g.head = auth.Head{Who: who("titular@iep.example", "titular", 0, 0)}
	return g
}

func (g *ground) accept(a auth.Capturer) {
	g.T.Helper()
	status := g.status(a)
	if err := g.store.AcceptNotice(context.Background(), a, g.folio, "", status.Notice.ID); err != nil {
		g.T.Fatal(err)
	}
}

func (g *ground) status(a auth.Capturer) consent.Status {
	g.T.Helper()
	s, err := g.store.Status(context.Background(), a, g.folio)
	if err != nil {
		g.T.Fatal(err)
	}
	return s
}

// declare says Sí three times, having seen everything until now.
func (g *ground) declare(after int64) error {
	yes := true
	return g.store.Declare(context.Background(), g.operator, consent.Declaration{
		Folio: g.folio, After: after, Processing: &yes, Publication: &yes, Statistics: &yes,
	})
}

func (g *ground) attach(after int64) error {
	return g.store.Attach(context.Background(), g.operator, consent.Attachment{
		Folio: g.folio, After: after, File: consent.Document{Bytes: []byte("%PDF-1.7\n1 0 obj << /Type /Page >> endobj\n%%EOF\n")},
	})
}

func (g *ground) verify(s consent.Status) error {
	yes := true
	v, err := g.store.ToVerify(context.Background(), g.head, g.folio)
	if err != nil {
		return err
	}
	v.Declaration, v.Document = s.Declaration.ID, s.Document // what was seen then
	v.Processing, v.Publication, v.Statistics, v.SamePerson, v.Signed = &yes, &yes, &yes, true, true
	return g.store.Verify(context.Background(), g.head, v)
}

// Two sessions act at once on one consent, of which one withdraws. Whoever comes
// second sees the first: a grant that had not seen the withdrawal is refused, and
// a withdrawal takes back the grant that came before it.
func TestWithdrawingAndGrantingAtOnce(t *testing.T) {
	acts := map[string]func(*ground, consent.Status) error{
		"declare": func(g *ground, s consent.Status) error { return g.declare(s.Last) },
		"attach":  func(g *ground, s consent.Status) error { return g.attach(s.Last) },
		"verify":  func(g *ground, s consent.Status) error { return g.verify(s) },
	}
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			for _, first := range []string{"withdrawal", "grant"} {
				t.Run(first+" first", func(t *testing.T) { race(t, first == "withdrawal", act) })
			}
		})
	}
}

// The form of an earlier withdrawal, sent again after granting anew.
func TestAWithdrawalSentAgainWithdrawsAgain(t *testing.T) {
	const key = "0190b5f0-0000-7000-8000-000000000001"
	received := desktest.Start
	for name, withdraw := range map[string]func(*ground) error{
		"candidate": func(g *ground) error { return g.store.Withdraw(t.Context(), g.candidate, g.folio, key) },
		"paper": func(g *ground) error {
			return g.store.WithdrawOnPaper(t.Context(), g.head, g.folio, key, received, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			for round := range 2 {
				if err := g.declare(g.status(g.operator).Last); err != nil {
					t.Fatal(err)
				}
				for range 2 { // a double click leaves one event
					if err := withdraw(g); err != nil {
						t.Fatal(err)
					}
				}
				if s := g.status(g.candidate); s.Stage != consent.Gone {
					t.Errorf("round %d: acknowledged, and the consent is %s", round, s.Stage)
				}
			}
			if n := g.ID(`SELECT count(*) FROM sensitive.consent_events WHERE event = 'retira'`); n != 2 {
				t.Errorf("%d withdrawals in the history, want 2", n)
			}
			if n := g.ID(`SELECT count(*) FROM audit.entries WHERE kind = 'consentimiento.retirar'`); n != 2 {
				t.Errorf("%d entries in the bitácora, want 2", n)
			}
		})
	}
}

func race(t *testing.T, withdrawalFirst bool, act func(*ground, consent.Status) error) {
	g := newGround(t)
	if err := g.declare(0); err != nil {
		t.Fatal(err)
	}
	if err := g.attach(g.status(g.operator).Last); err != nil {
		t.Fatal(err)
	}
	seen := g.status(g.operator)

	grants, withdrawals := make(chan error, 1), make(chan error, 1)
	starts := []func(){
		func() {
			go func() { withdrawals <- g.store.Withdraw(context.Background(), g.candidate, g.folio, "") }()
		},
		func() { go func() { grants <- act(g, seen) }() },
	}
	if !withdrawalFirst {
		starts[0], starts[1] = starts[1], starts[0]
	}
	// A third session holds the candidacy, so that both wait in a known order.
	release := g.holdCandidacy()
	for i, start := range starts {
		start()
		g.waiting(i + 1)
	}
	release()

	if err := <-withdrawals; err != nil {
		t.Errorf("withdrawing failed: %v", err)
	}
	if err := <-grants; withdrawalFirst && !fault.Is(err, fault.Conflict) {
		t.Errorf("granting without having seen the withdrawal: %v, want a conflict", err)
	}
	if s := g.status(g.candidate); s.Stage != consent.Gone || s.Publishes() {
		t.Errorf("the consent is %s, want it withdrawn", s.Stage)
	}
}

// holdCandidacy locks the candidacy's row until the function returned is called.
func (g *ground) holdCandidacy() func() {
	g.T.Helper()
	conn, err := pgx.Connect(context.Background(), g.PG.DeskURL)
	if err != nil {
		g.T.Fatal(err)
	}
	tx, err := conn.Begin(context.Background())
	if err != nil {
		g.T.Fatal(err)
	}
	if _, err := tx.Exec(context.Background(), `SELECT 1 FROM desk.candidacies WHERE id = $1 FOR UPDATE`, g.candidacy); err != nil {
		g.T.Fatal(err)
	}
	return func() {
		defer conn.Close(context.Background())
		if err := tx.Commit(context.Background()); err != nil {
			g.T.Error(err)
		}
	}
}

// waiting returns once n sessions of the database wait for a lock.
func (g *ground) waiting(n int) {
	g.T.Helper()
	conn, err := pgx.Connect(context.Background(), g.PG.SuperURL)
	if err != nil {
		g.T.Fatal(err)
	}
	defer conn.Close(context.Background())
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var got int
		const sql = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
		if err := conn.QueryRow(context.Background(), sql).Scan(&got); err != nil {
			g.T.Fatal(err)
		}
		if got >= n {
			return
		}
		if time.Now().After(deadline) {
			g.T.Fatalf("%d sessions wait, want %d", got, n)
		}
	}
}
