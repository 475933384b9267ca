package retention

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// word is in an answer of every candidacy: wherever it is found in the clear,
// something leaks.
const word = "CNRY-SUPRESION"

// stage is a published process where two people consented, and who may end it.
type stage struct {
	*desktest.World
	ring     *keys.Ring
	file     string
	log      *Log
	consents *consent.Store
	store    *Store
	people   []int64
	folios   []string
	head     auth.Head
	second   auth.Secretary
	other    auth.Head
	operator auth.Operator
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	s := &stage{World: w, ring: ring, file: filepath.Join(t.TempDir(), "retiros.jsonl")}
	who := func(email, role string, nominator int64) auth.Who {
		id := w.Account(email, role, nominator, 0)
		return auth.Who{Account: id, Name: "Persona " + role, Process: w.Process}
	}
	party := w.Nominator(election.Party, "HOR")
	s.head = auth.Head{Who: who("titular@iep.example", "titular", 0)}
	s.other = auth.Head{Who: who("titular2@iep.example", "titular", 0)}
	s.second = auth.Secretary{Who: who("secretaria@iep.example", "secretaria", 0)}
	s.operator = auth.Operator{Who: who("opera@hor.mx", "operador", party), Nominator: party}
	s.wire()
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		return consent.ApproveNotices(ctx, tx, db.System{Name: "prueba"}, w.Process, consent.Approval{Acuerdo: "CT/01/2027", On: desktest.Start})
	})
	for _, name := range []string{"Marisol", "Rodrigo"} {
		id := w.Candidacy(party, name, "Inventada Tapia")
		s.people, s.folios = append(s.people, id), append(s.folios, s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, id))
		w.Exec(`UPDATE desk.persons SET email = $2, phone = '7770000000' WHERE id = (SELECT person_id FROM desk.candidacies WHERE id = $1)`,
			id, strings.ToLower(name)+"@ejemplo.invalid")
		w.Validate(id)
		s.answer(id)
	}
	w.Open()
	for _, folio := range s.folios {
		s.grant(folio)
	}
	return s
}

// wire makes the services over the pools there are.
func (s *stage) wire() {
	s.T.Helper()
	var err error
	if s.log, err = OpenLog(s.file); err != nil {
		s.T.Fatal(err)
	}
	s.consents = consent.New(s.Desk, s.Publisher, s.ring, "https://conoceles.example").WithMarks(s.log)
	s.store = New(s.Desk, s.Publisher, s.consents.Vault(), arco.New(s.Desk), s.log)
}

func (s *stage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func (s *stage) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// answer saves a whole questionnaire with the word in it.
func (s *stage) answer(candidacy int64) {
	s.T.Helper()
	a := questionnaire.Answers{}
	for _, q := range questionnaire.Identity().Questions() {
		a[q.ID] = questionnaire.Answer{Text: questionnaire.PreferNot}
	}
	a[questionnaire.Indigenous] = questionnaire.Answer{Text: questionnaire.Yes}
	a[questionnaire.IndigenousPeople] = questionnaire.Answer{Text: "otro", Other: word}
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := identity.New(s.ring).Save(ctx, tx, identity.Entry{
			Process: s.Process, Candidacy: candidacy, Questionnaire: questionnaire.Identity(), Answers: questionnaire.Identity().Settle(a),
		})
		return err
	})
}

// grant makes the party declare, deliver the document, and the Head verify it.
func (s *stage) grant(folio string) {
	s.T.Helper()
	ctx, yes := context.Background(), true
	status, err := s.consents.Status(ctx, s.operator, folio)
	s.must(err)
	s.must(s.consents.AcceptNotice(ctx, s.operator, folio, "", status.Notice.ID))
	s.must(s.consents.Declare(ctx, s.operator, consent.Declaration{
		Folio: folio, After: status.Last, Processing: &yes, Publication: &yes, Statistics: &yes,
	}))
	status, err = s.consents.Status(ctx, s.operator, folio)
	s.must(err)
	pdf := []byte("%PDF-1.4\n1 0 obj << /Type /Page >> endobj\n" + word + "\n%%EOF\n")
	s.must(s.consents.Attach(ctx, s.operator, consent.Attachment{Folio: folio, After: status.Last, File: consent.Document{Bytes: pdf}}))
	r, err := s.consents.Record(ctx, s.head, folio)
	s.must(err)
	s.must(s.consents.Verify(ctx, s.head, consent.Verification{
		Folio: folio, Declaration: r.Declaration.ID, Document: r.Document, Answers: r.Answers,
		Processing: &yes, Publication: &yes, Statistics: &yes, SamePerson: true, Signed: true,
	}))
}

// public counts how many answers the site shows of a candidacy.
func (s *stage) public(candidacy int64) string {
	s.T.Helper()
	return s.text(`
SELECT count(*)::text FROM site.identity_publications p JOIN site.identity_answers a ON a.publication_id = p.id WHERE p.candidacy_id = $1`, candidacy)
}

// clean fails unless the site is what the desk says.
func (s *stage) clean() {
	s.T.Helper()
	if d := s.Differences(); len(d) != 0 {
		s.T.Errorf("verificar finds %+v", d)
	}
}

// act proposes and confirms.
func (s *stage) act(n NewAct) int64 {
	s.T.Helper()
	id, err := s.store.Propose(context.Background(), s.head, "", n)
	s.must(err)
	s.must(s.store.Confirm(context.Background(), s.second, "", id))
	return id
}

// later moves the clock to a day after the election.
func (s *stage) later(years, months, days int) {
	s.SetNow(time.Date(2027, time.June, 7, 12, 0, 0, 0, election.Zone()).AddDate(years, months, days))
}

// copyDatabase replaces a database by a copy of another, with nobody inside.
func (s *stage) copyDatabase(from, to string) {
	s.T.Helper()
	ctx := context.Background()
	s.Desk.Close()
	s.Site.Close()
	address, err := url.Parse(s.PG.SuperURL)
	s.must(err)
	address.Path = "/postgres"
	c, err := pgx.Connect(ctx, address.String())
	s.must(err)
	defer func() { _ = c.Close(ctx) }()
	for _, sql := range []string{
		`DROP DATABASE IF EXISTS ` + to + ` WITH (FORCE)`, `CREATE DATABASE ` + to + ` OWNER conoceles_duena TEMPLATE ` + from,
	} {
		if _, err := c.Exec(ctx, sql); err != nil {
			s.T.Fatal(err)
		}
	}
	s.must(db.GrantDatabase(ctx, c, to))
	s.Desk, err = db.OpenDesk(ctx, s.PG.DeskURL, s.Now, []byte(strings.Repeat("k", 32)))
	s.must(err)
	s.T.Cleanup(s.Desk.Close)
	s.Site, err = db.OpenSite(ctx, s.PG.SiteURL)
	s.must(err)
	s.T.Cleanup(s.Site.Close)
	s.wire()
}

// backUp keeps a copy of the database, and returns what restores it.
func (s *stage) backUp() (restore func()) {
	s.T.Helper()
	name := s.PG.Name + "_respaldo"
	s.copyDatabase(s.PG.Name, name)
	s.T.Cleanup(func() {
		c, err := pgx.Connect(context.Background(), s.PG.SuperURL)
		if err == nil {
			_, _ = c.Exec(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`)
			_ = c.Close(context.Background())
		}
	})
	return func() { s.copyDatabase(name, s.PG.Name) }
}
