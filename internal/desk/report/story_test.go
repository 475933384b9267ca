package report_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/report"
	"conoceles/internal/election"
	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
)

// soul is a candidacy of a story, as whoever tells it knows it: apart from what the
// product counts.
type soul struct {
	id                 int64
	folio              string
	gone, captured     bool
	answered, yes      bool // the identity questionnaire, and its first question
	version            int
	decided            *decisions
	verified, withdrew bool
	erased             bool
}

// attended: whole, or closed by saying No to nº 1.
func (s *soul) attended() bool {
	return s.answered || s.decided != nil && !s.decided.processing && !s.withdrew
}

// authorises: nº 3 in force, with its document verified, and something to count.
func (s *soul) authorises() bool {
	return s.answered && !s.erased && s.verified && !s.withdrew && s.decided.processing && s.decided.statistics
}

// story is an election in which things happen to people at random.
type story struct {
	*office
	rand    *rand.Rand
	parties []int64
	souls   []*soul
	subs    int // substitutions
	told    []string
	kept    map[int64]keptCut
	private []int64 // cuts that speak of identity
}

// keptCut is what a cut was when it was made.
type keptCut struct{ hash, public, paper string }

// Whatever happens to people between cuts (they enter, capture, validate, answer,
// authorise, withdraw, leave, are substituted, are erased), each cut says what was
// true at its instant: its tables add up, every report gives the same answer to the
// same question, older cuts are the same bytes, and of identity none keeps a person.
func TestWhateverHappensEveryCutIsTrue(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := begin(t, seed)
			for cut := range 4 {
				for range 12 {
					s.act()
				}
				s.SetNow(s.Now().Add(time.Hour))
				s.check(cut)
				if t.Failed() {
					t.Fatalf("it happened: %s", strings.Join(s.told, ", "))
				}
			}
			if d := s.Differences(); len(d) != 0 {
				t.Errorf("the site is not what the desk says: %v", d)
			}
		})
	}
}

func begin(t *testing.T, seed uint64) *story {
	s := &story{office: newOffice(t), rand: rand.New(rand.NewPCG(seed, 7)), kept: map[int64]keptCut{}}
	s.parties = []int64{s.Nominator(election.Party, "HOR"), s.Nominator(election.Party, "RAI")}
	s.Open()
	for range 6 {
		s.enter()
	}
	return s
}

// act makes one thing happen to somebody.
func (s *story) act() {
	s.SetNow(s.Now().Add(time.Minute))
	p := s.souls[s.rand.IntN(len(s.souls))]
	acts := []struct {
		name string
		can  bool
		do   func()
	}{
		{"entra", true, func() { s.enter() }},
		{"captura", !p.captured && !p.gone, func() { s.capture(p.id, 2, "en_captura", studies("licenciatura", "titulo")); p.captured = true }},
		{"valida", !p.captured && !p.gone, func() { s.capture(p.id, 9, "validada", studies("maestria", "cedula")); p.captured = true }},
		{"publica", true, func() { s.Publish(p.id) }},
		{"contesta", !p.erased && !p.gone, func() { s.answer(p) }},
		{"contesta", !p.erased && !p.gone, func() { s.answer(p) }},
		{"declara", !p.erased && !p.gone, func() { s.declare(p) }},
		{"declara", p.answered && !p.erased && !p.gone, func() { s.declare(p) }},
		{"retira", p.decided != nil && p.decided.processing && !p.withdrew, func() { s.withdraw(p.id); p.withdrew = true }},
		{"cancela", !p.gone && len(s.souls) > 8, func() { s.leave(p, "cancelada") }},
		{"sustituye", !p.gone, func() { s.substitute(p) }},
		{"borra", p.answered && p.withdrew && !p.erased, func() { s.erase(p) }},
	}
	a := acts[s.rand.IntN(len(acts))]
	if a.can {
		a.do()
		s.Publish(p.id)
		s.told = append(s.told, a.name+" "+p.folio)
	}
}

func (s *story) enter() *soul {
	p := &soul{id: s.grow([]person{{nominator: s.parties[s.rand.IntN(2)], sex: []string{"mujer", "hombre"}[s.rand.IntN(2)]}})[0]}
	p.folio = fmt.Sprintf("FIX-%05d", s.serial)
	s.souls = append(s.souls, p)
	s.Publish(p.id)
	return p
}

func (s *story) answer(p *soul) {
	p.answered, p.yes = true, s.rand.IntN(2) == 0
	answers := answered()
	if p.yes {
		answers = answered(questionnaire.Indigenous)
	}
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		entry := identity.Entry{Process: s.Process, Candidacy: p.id, Questionnaire: questionnaire.Identity(), Answers: answers, Base: p.version}
		version, err := s.seal.Save(ctx, tx, entry)
		p.version = version
		return err
	})
}

func (s *story) declare(p *soul) {
	all := []decisions{yesToAll, yesToAll, noPublish, noStatistic, noToAll}
	p.decided, p.verified, p.withdrew = &all[s.rand.IntN(len(all))], s.rand.IntN(4) > 0, false
	s.Tx(func(ctx context.Context, tx *db.Tx) error { return s.decide(ctx, tx, p.id, *p.decided, p.verified) })
}

func (s *story) leave(p *soul, standing string) {
	p.gone = true
	s.Exec(`UPDATE desk.candidacies SET standing = $2, standing_since = $3 WHERE id = $1`, p.id, standing, s.Now())
}

func (s *story) substitute(p *soul) {
	s.leave(p, "sustituida")
	s.Publish(p.id)
	n := s.enter()
	s.subs++
	s.Exec(`UPDATE desk.candidacies SET replaces_id = $2 WHERE id = $1`, n.id, p.id)
	s.Publish(n.id)
}

func (s *story) erase(p *soul) {
	p.erased = true
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := s.seal.Destroy(ctx, tx, s.Process, p.id)
		return err
	})
}

// counted is what the story knows that a cut must say.
func (s *story) counted() (registered, captured, attended, authorised, yes, gone int) {
	for _, p := range s.souls {
		if p.gone {
			gone++
			continue
		}
		registered++
		captured += one(p.captured)
		attended += one(p.attended())
		authorised += one(p.authorises())
		yes += one(p.authorises() && p.yes)
	}
	return registered, captured, attended, authorised, yes, gone
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// check makes a cut of each report and compares it with the story and with the rest.
func (s *story) check(cut int) {
	s.T.Helper()
	registered, captured, attended, authorised, yes, gone := s.counted()
	made := map[report.Kind]report.File{}
	for _, d := range report.Catalogue() {
		f := s.cut(d.Kind, "")
		made[d.Kind] = f
		if err := f.Report.Check(); err != nil {
			s.T.Errorf("cut %d, %s: %v", cut, d.Kind, err)
		}
		if d.Kind == report.Groups || d.Kind == report.Consents {
			s.private = append(s.private, f.ID)
		}
	}
	is := func(kind report.Kind, table string, column, want int) {
		s.T.Helper()
		t, ok := made[kind].Report.Table(table)
		if !ok || t.Total == nil || t.Total[column].N != want {
			s.T.Errorf("cut %d, %s %s, column %d: got %v, want %d", cut, kind, table, column, t.Total, want)
		}
	}
	for kind, first := range map[report.Kind]string{report.Advance: "T-1", report.Final: "T-1"} {
		for _, table := range []string{first, "T-2", "T-3", "T-4", "T-8", "T-9"} {
			is(kind, table, 1, registered)
			is(kind, table, 2, captured)
			is(kind, table, 4, attended)
		}
	}
	is(report.Final, "T-0", 1, registered)
	is(report.Breaches, "I-1", 1, registered)
	is(report.Consents, "C-1", 7, registered)
	for kind, tables := range map[report.Kind]map[string]int{
		report.Lists: {"L-1": registered, "L-2": s.subs, "L-3": gone}, report.Advance: {"T-11": gone}, report.Final: {"T-11": gone},
	} {
		for id, want := range tables {
			if t, _ := made[kind].Report.Table(id); len(t.Rows) != want {
				s.T.Errorf("cut %d, %s %s lists %d, want %d", cut, kind, id, len(t.Rows), want)
			}
		}
	}
	answers, _ := made[report.Groups].Report.Table("G-1")
	first := answers.Rows[0] // Sí, No, PNC, No aplica, Sin captura, No autorizó, Respondieron, Total
	if got := [4]int{first[1].N, registered - first[5].N, first[7].N + first[4].N, first[8].N}; got != [4]int{yes, attended, authorised, registered} {
		s.T.Errorf("cut %d, G-1: got %v, want %v", cut, got, [4]int{yes, attended, authorised, registered})
	}
	s.checkKept(made, cut)
}

// checkKept opens every cut again: it is the same bytes, on the screen and on paper,
// and those of identity name nobody.
func (s *story) checkKept(made map[report.Kind]report.File, cut int) {
	s.T.Helper()
	ctx := context.Background()
	if f := made[report.Groups]; cut == 1 {
		s.release(f.ID)
		made[report.Groups] = s.open(f.ID)
	}
	for _, f := range made {
		s.kept[f.ID] = s.state(ctx, f)
	}
	for id, was := range s.kept {
		if now := s.state(ctx, s.open(id)); now != was {
			s.T.Errorf("cut %d is not what it was", id)
		}
	}
	for _, id := range s.private {
		var whole string
		if err := s.Desk.QueryRow(ctx, `SELECT snapshot || public_snapshot FROM desk.report_cuts WHERE id = $1`, id).Scan(&whole); err != nil {
			s.T.Fatal(err)
		}
		if strings.Contains(whole, "FIX-") || strings.Contains(whole, "Ficticia") {
			s.T.Errorf("cut %d, of identity, names somebody", id)
		}
	}
}

func (s *story) state(ctx context.Context, f report.File) keptCut {
	content, err := f.Report.Encode()
	if err != nil {
		s.T.Fatal(err)
	}
	k := keptCut{hash: f.Hash + figures.Hash(content), public: f.PublicHash}
	if f.Kind == report.Advance || f.Kind == report.Groups {
		paper, err := s.store.Document(ctx, f, f.Report)
		if err != nil {
			s.T.Fatal(err)
		}
		k.paper = figures.Hash(paper)
	}
	return k
}
