package duty_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/duty"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// stage is a process with a party of three candidacies, a rival and an
// independent, and everybody who requires, answers and receives. The capture term
// of all ends in fifteen days.
type stage struct {
	*desktest.World
	store       *duty.Store
	capture     *capture.Store
	review      *review.Store
	party       int64
	alone       int64 // nominator of the independent
	blank       int64 // never begun
	half        int64 // some answers
	ready       int64 // everything but the validation
	rival       int64
	independent int64
	analyst     auth.Reviewer
	head        auth.Head
	other       auth.Head
	comision    auth.Auditor
	validator   auth.Validator
	operator    auth.Operator
	candidate   auth.Candidate // of blank
	solo        auth.Candidate // the independent
	stranger    auth.Validator // of the rival
}

func newStage(t testing.TB) *stage {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	s := &stage{World: w}
	s.store = duty.New(w.Desk, consent.New(w.Desk, w.Publisher, ring, "https://conoceles.example"), w.Publisher.Curricular)
	s.capture = capture.New(w.Desk, w.Publisher).WithWatcher(s.store)
	s.review = review.New(w.Desk, w.Publisher).WithWatcher(s.store)
	s.party, s.alone = w.Nominator(election.Party, "HOR"), w.Nominator(election.Independent, "IND")
	rivals := w.Nominator(election.Party, "RIV")
	s.blank, s.half = w.Candidacy(s.party, "Blanca", "Inventada Tapia"), w.Candidacy(s.party, "Marisol", "Supuesta Ríos")
	s.ready, s.rival = w.Candidacy(s.party, "Delia", "Ficticia Luna"), w.Candidacy(rivals, "Genaro", "Simulado Rojas")
	s.independent = w.Candidacy(s.alone, "Isaura", "Ejemplo Paz")
	s.answer(s.half, "formacion", "propuesta_1")
	s.Exec(`UPDATE desk.candidacies SET capture = 'en_captura', answered = 3 WHERE id = $1`, s.half)
	s.answer(s.ready, everyPart...)
	s.Exec(`UPDATE desk.candidacies SET capture = 'completa', answered = 9 WHERE id = $1`, s.ready)
	who := func(email, role string, nominator, candidacy int64) auth.Who {
		return auth.Who{Account: w.Account(email, role, nominator, candidacy), Name: "Persona " + email, Process: w.Process}
	}
	s.analyst = auth.Reviewer{Who: who("ana@iep.mx", "verificador", 0, 0)}
	s.head, s.other = auth.Head{Who: who("hilda@iep.mx", "titular", 0, 0)}, auth.Head{Who: who("irene@iep.mx", "titular", 0, 0)}
	s.comision = auth.Auditor{Who: who("comision@iep.mx", "auditoria", 0, 0)}
	s.validator = auth.Validator{Who: who("valida@hor.mx", "validador", s.party, 0), Nominator: s.party}
	s.operator = auth.Operator{Who: who("opera@hor.mx", "operador", s.party, 0), Nominator: s.party}
	s.candidate = auth.Candidate{Who: who("blanca@correo.mx", "candidata", 0, s.blank), Candidacy: s.blank}
	s.solo = auth.Candidate{Who: who("isaura@correo.mx", "candidata", 0, s.independent), Candidacy: s.independent, Nominator: s.alone}
	s.stranger = auth.Validator{Who: who("valida@riv.mx", "validador", rivals, 0), Nominator: rivals}
	return s
}

var everyPart = []string{"identidad_foto", "contacto", "formacion", "historia_profesional", "trayectoria", "motivo_cargo_publico", "propuesta_1", "propuesta_2"}

const photo = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"

// answer answers some parts of a questionnaire well.
func (s *stage) answer(candidacy int64, parts ...string) {
	s.T.Helper()
	s.Exec(`INSERT INTO desk.photos (hash, original, large, medium, small, created_at) VALUES ($1, 'a', 'b', 'c', 'd', now()) ON CONFLICT DO NOTHING`, photo)
	long := strings.Repeat("Palabras de una respuesta de prueba. ", 12)
	all := map[string]questionnaire.Answers{
		"identidad_foto":       {questionnaire.Photograph: {Text: photo}},
		"contacto":             {"facebook": {Text: "https://www.facebook.com/prueba"}, questionnaire.NotificationsTo: {Text: "avisos@hor.mx"}},
		"formacion":            {questionnaire.Degree: {Text: "licenciatura"}, questionnaire.DegreeStatus: {Text: "titulo"}},
		"historia_profesional": {questionnaire.WorkHistory: {Text: long}},
		"trayectoria":          {questionnaire.Trajectory: {Text: long}},
		"motivo_cargo_publico": {questionnaire.Motive: {Text: long}},
		"propuesta_1":          {questionnaire.Proposal1: {Text: long}},
		"propuesta_2":          {questionnaire.Proposal2: {Text: long}},
	}
	for _, p := range parts {
		s.Answer(candidacy, p, all[p])
	}
}

// afterTerm moves the clock to the morning after the capture term.
func (s *stage) afterTerm() { s.SetNow(desktest.Start.AddDate(0, 0, 16)) }

func (s *stage) detect() {
	s.T.Helper()
	if err := s.store.Detect(context.Background(), s.analyst, uuid.NewString()); err != nil {
		s.T.Fatal(err)
	}
}

func (s *stage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func (s *stage) lines(sql string, args ...any) []string {
	s.T.Helper()
	rows, err := s.Desk.Query(context.Background(), sql, args...)
	if err != nil {
		s.T.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.T.Fatal(err)
	}
	return out
}

// drafts says every requirement that is not over: to whom, its state and what it
// asks of whom.
func (s *stage) drafts() []string {
	s.T.Helper()
	return s.lines(`
SELECT n.addressee || ' ' || n.state || ': ' || string_agg(p.given_names || ' ' || i.questionnaire || ' ' || i.kind, ', ' ORDER BY c.id, i.questionnaire)
FROM desk.duty_notices n JOIN desk.duty_items i ON i.notice_id = n.id JOIN desk.candidacies c ON c.id = i.candidacy_id JOIN desk.persons p ON p.id = c.person_id
WHERE n.state <> 'sin_efecto' AND (n.candidacy_id IS NULL OR n.candidacy_id = $1) AND COALESCE(n.nominator_id, 0) <> $2 GROUP BY n.id ORDER BY n.addressee DESC, n.id`,
		s.blank, s.stranger.Nominator)
}

func (s *stage) wantDrafts(want ...string) {
	s.T.Helper()
	if got := s.drafts(); !slices.Equal(got, want) {
		s.T.Errorf("requirements:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// open returns the open draft to an addressee of the party or of blank.
func (s *stage) open(a duty.Addressee) duty.File {
	s.T.Helper()
	const sql = `SELECT id FROM desk.duty_notices WHERE addressee = $1 AND state IN ('borrador', 'propuesto') AND (nominator_id = ANY($2) OR candidacy_id = $3)`
	f, err := s.store.Notice(context.Background(), s.analyst, s.ID(sql, string(a), []int64{s.party, s.alone}, s.blank))
	if err != nil {
		s.T.Fatal(err)
	}
	return f
}

func edition(f duty.File) duty.Edition {
	return duty.Edition{ID: f.ID, Key: uuid.NewString(), Version: f.Version, Subject: f.Subject, Body: f.Body, Days: f.TermDays}
}

// sent proposes and sends the open draft to an addressee.
func (s *stage) sent(a duty.Addressee) duty.File {
	s.T.Helper()
	ctx := context.Background()
	if err := s.store.Propose(ctx, s.analyst, edition(s.open(a))); err != nil {
		s.T.Fatal(err)
	}
	f := s.open(a)
	if err := s.store.Send(ctx, s.head, duty.Picked{ID: f.ID, Version: f.Version}, uuid.NewString()); err != nil {
		s.T.Fatal(err)
	}
	f, err := s.store.Notice(ctx, s.analyst, f.ID)
	if err != nil {
		s.T.Fatal(err)
	}
	return f
}

// endCampaigns ends them at an instant.
func (s *stage) endCampaigns(at time.Time) {
	s.T.Helper()
	s.Exec(`UPDATE desk.processes SET campaigns_end_at = $1`, at)
}

// asOwner runs a statement that the program itself may not run.
func (s *stage) asOwner(sql string) {
	s.T.Helper()
	conn, err := pgx.Connect(context.Background(), s.PG.OwnerURL)
	if err != nil {
		s.T.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		s.T.Fatal(err)
	}
}
