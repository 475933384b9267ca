package review_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// stage is a published process with a validated candidacy of each of two
// parties, and everybody who has a say in its review.
type stage struct {
	*desktest.World
	store     *review.Store
	capture   *capture.Store
	party     int64
	rivals    int64
	candidacy int64
	folio     string
	other     string // folio of the rival party's
	analyst   auth.Reviewer
	second    auth.Reviewer
	head      auth.Head
	operator  auth.Operator
	validator auth.Validator
}

func newStage(t testing.TB) *stage {
	t.Helper()
	w := desktest.New(t)
	s := &stage{World: w, store: review.New(w.Desk, w.Publisher), capture: capture.New(w.Desk, w.Publisher)}
	s.party, s.rivals = w.Nominator(election.Party, "HOR"), w.Nominator(election.Party, "RIV")
	who := func(email, role string, nominator int64) auth.Who {
		return auth.Who{Account: w.Account(email, role, nominator, 0), Name: "Persona " + email, Process: w.Process}
	}
	s.analyst, s.second = auth.Reviewer{Who: who("ana@iep.mx", "verificador", 0)}, auth.Reviewer{Who: who("eva@iep.mx", "verificador", 0)}
	s.head = auth.Head{Who: who("hilda@iep.mx", "titular", 0)}
	s.operator = auth.Operator{Who: who("opera@hor.mx", "operador", s.party), Nominator: s.party}
	s.validator = auth.Validator{Who: who("valida@hor.mx", "validador", s.party), Nominator: s.party}
	w.Exec(`INSERT INTO desk.photos (hash, original, large, medium, small, created_at) VALUES ($1, 'a', 'b', 'c', 'd', now())`, photo)
	s.candidacy = s.validated(s.party, "Marisol", "Inventada Tapia", "Agua para todas las colonias.")
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.candidacy)
	s.other = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.validated(s.rivals, "Genaro", "Simulado Rojas", "Parques con luz."))
	w.Open()
	return s
}

const photo = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"

// validated adds a candidacy with everything answered and validated.
func (s *stage) validated(party int64, given, surnames, first string) int64 {
	s.T.Helper()
	id := s.Candidacy(party, given, surnames)
	own := func(text string) string { // with enough words of their own to be nobody's copy
		return long(text + " Lo dice " + given + " con " + strings.Join([]string{"a", "e", "i", "o", "u", "y"}, given+" ") + " y metas por año.")
	}
	for part, answers := range map[string]questionnaire.Answers{
		"identidad_foto":       {questionnaire.Photograph: {Text: photo}},
		"contacto":             {"facebook": {Text: "https://www.facebook.com/" + strings.ToLower(given)}, questionnaire.NotificationsTo: {Text: "avisos@hor.mx"}},
		"formacion":            {questionnaire.Degree: {Text: "licenciatura"}, questionnaire.DegreeStatus: {Text: "titulo"}},
		"historia_profesional": {questionnaire.WorkHistory: {Text: own("Trabajé en el mercado.")}},
		"trayectoria":          {questionnaire.Trajectory: {Text: own("Participé en mi colonia.")}},
		"motivo_cargo_publico": {questionnaire.Motive: {Text: own("Quiero servir.")}},
		"propuesta_1":          {questionnaire.Proposal1: {Text: own(first)}},
		"propuesta_2":          {questionnaire.Proposal2: {Text: own("Transporte seguro de noche.")}},
	} {
		s.Answer(id, part, answers)
	}
	s.Validate(id)
	return id
}

// long repeats a sentence until it is long enough for any question.
func long(sentence string) string {
	return strings.TrimSpace(strings.Repeat(sentence+" ", 400/len(sentence)+1))
}

func (s *stage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func (s *stage) file() review.File {
	s.T.Helper()
	f, err := s.store.File(context.Background(), s.analyst, s.folio)
	if err != nil {
		s.T.Fatal(err)
	}
	return f
}

// proposal says that everything keeps to the rules, but for the rubros observed.
func (s *stage) proposal(observed ...questionnaire.ID) review.Proposal {
	s.T.Helper()
	f := s.file()
	p := review.Proposal{Folio: s.folio, Key: uuid.NewString(), Content: f.Content}
	for _, r := range f.Rubros {
		if !r.Pending {
			continue
		}
		m := review.Remark{Part: r.ID, Outcome: review.Complies}
		for _, o := range observed {
			if o == r.ID {
				m = review.Remark{Part: r.ID, Outcome: review.Observed, Causes: []string{"S5"}, Note: "Quita la mención a otro partido."}
			}
		}
		p.Remarks = append(p.Remarks, m)
	}
	return p
}

func (s *stage) propose(observed ...questionnaire.ID) {
	s.T.Helper()
	if err := s.store.Propose(context.Background(), s.analyst, s.proposal(observed...)); err != nil {
		s.T.Fatal(err)
	}
}

// decision is of the proposal that waits.
func (s *stage) decision() review.Decision {
	s.T.Helper()
	d := review.Decision{Folio: s.folio, Key: uuid.NewString()}
	if p := s.file().Pending; p != nil {
		d.Review = p.ID
	}
	return d
}

func (s *stage) approve() {
	s.T.Helper()
	if err := s.store.Approve(context.Background(), s.head, s.decision()); err != nil {
		s.T.Fatal(err)
	}
}

// judge proposes and approves.
func (s *stage) judge(observed ...questionnaire.ID) {
	s.T.Helper()
	s.propose(observed...)
	s.approve()
}

func (s *stage) record() capture.Record {
	s.T.Helper()
	r, err := s.capture.Record(context.Background(), s.operator, s.folio)
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}

// write saves a page of the correction as a version.
func (s *stage) write(page questionnaire.ID, fields ...string) (capture.Outcome, error) {
	s.T.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.capture.SaveVersion(context.Background(), s.operator, capture.Submission{
		Folio: s.folio, Page: page, Key: uuid.NewString(), Version: s.record().Draft(page).Version, Form: form,
	})
}

func (s *stage) mustWrite(page questionnaire.ID, fields ...string) {
	s.T.Helper()
	if out, err := s.write(page, fields...); err != nil || !out.Kept || len(out.Problems) > 0 {
		s.T.Fatalf("write %s: kept %t, problems %v, error %v", page, out.Kept, out.Problems, err)
	}
}

func (s *stage) request(parts ...questionnaire.ID) error {
	return s.capture.RequestCorrection(context.Background(), s.validator, capture.CorrectionRequest{Folio: s.folio, Key: uuid.NewString(), Parts: parts})
}

func (s *stage) send() error {
	s.T.Helper()
	return s.capture.SendCorrection(context.Background(), s.validator, capture.CorrectionSubmission{
		Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true,
	})
}

// axes says capture and review, and how many validations there are.
func (s *stage) axes() string {
	s.T.Helper()
	return s.text(`
SELECT capture || ' ' || review || ' v' || (SELECT max(number) FROM desk.validations v WHERE v.candidacy_id = c.id) FROM desk.candidacies c WHERE id = $1`, s.candidacy)
}

func (s *stage) wantAxes(want string) {
	s.T.Helper()
	if got := s.axes(); got != want {
		s.T.Errorf("axes: got %q, want %q", got, want)
	}
}

// onSite returns what the public reads of a question: its state, and its text.
func (s *stage) onSite(question questionnaire.ID) (state, text string) {
	s.T.Helper()
	const sql = `SELECT answers -> $2 ->> 'estado', COALESCE(answers -> $2 ->> 'respuesta', '') FROM site.profiles WHERE candidacy_id = $1`
	if err := s.Site.QueryRow(context.Background(), sql, s.candidacy, question).Scan(&state, &text); err != nil {
		s.T.Fatal(err)
	}
	return state, text
}

// intact fails the test if the site is not what the desk says.
func (s *stage) intact() {
	s.T.Helper()
	if d := s.Differences(); len(d) > 0 {
		s.T.Errorf("the site differs from the desk: %v", d)
	}
}

// endCampaigns sets the end of campaigns, as a change of the calendar does.
func (s *stage) endCampaigns(at time.Time) {
	s.T.Helper()
	s.Exec(`UPDATE desk.processes SET campaigns_end_at = $1`, at)
	s.Tx(func(ctx context.Context, tx *db.Tx) error { return s.Publisher.Process(ctx, tx, s.Process) })
}
