package capture_test

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// stage is a world with two parties, a candidacy of each, and who captures them.
type stage struct {
	*desktest.World
	store     *capture.Store
	party     int64
	candidacy int64
	folio     string
	operator  auth.Operator
	validator auth.Validator
	rival     auth.Operator
}

func newStage(t testing.TB) *stage {
	t.Helper()
	w := desktest.New(t)
	s := &stage{World: w, store: capture.New(w.Desk, w.Publisher)}
	s.party = w.Nominator(election.Party, "HOR")
	other := w.Nominator(election.Party, "RIV")
	s.candidacy = w.Candidacy(s.party, "Marisol", "Inventada Tapia")
	w.Candidacy(other, "Genaro", "Simulado Rojas")
	s.folio = s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.candidacy)
	who := func(email, role string, nominator int64) auth.Who {
		return auth.Who{Account: w.Account(email, role, nominator, 0), Name: "Persona " + email, Process: w.Process}
	}
	s.operator = auth.Operator{Who: who("opera@hor.mx", "operador", s.party), Nominator: s.party}
	s.validator = auth.Validator{Who: who("valida@hor.mx", "validador", s.party), Nominator: s.party}
	s.rival = auth.Operator{Who: who("opera@riv.mx", "operador", other), Nominator: other}
	return s
}

func (s *stage) text(sql string, args ...any) string {
	s.T.Helper()
	var out string
	if err := s.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func (s *stage) count(sql string, args ...any) int {
	s.T.Helper()
	n, err := strconv.Atoi(s.text("SELECT ("+sql+")::text", args...))
	if err != nil {
		s.T.Fatal(err)
	}
	return n
}

func (s *stage) record() capture.Record {
	s.T.Helper()
	r, err := s.store.Record(context.Background(), s.operator, s.folio)
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}

func (s *stage) submission(page questionnaire.ID, fields ...string) capture.Submission {
	s.T.Helper()
	return capture.Submission{Folio: s.folio, Page: page, Key: uuid.NewString(), Version: s.record().Draft(page).Version, Form: formOf(fields...)}
}

// version saves a page that must be accepted.
func (s *stage) version(page questionnaire.ID, fields ...string) capture.Outcome {
	s.T.Helper()
	out, err := s.store.SaveVersion(context.Background(), s.operator, s.submission(page, fields...))
	if err != nil || !out.Kept || len(out.Problems) > 0 {
		s.T.Fatalf("save %s: kept %t, problems %v, error %v", page, out.Kept, out.Problems, err)
	}
	return out
}

// complete answers everything but leaves it unvalidated.
func (s *stage) complete() {
	s.T.Helper()
	up := capture.PhotoUpload{Folio: s.folio, Key: uuid.NewString(), File: photograph(s.T, 600, 800)}
	if _, err := s.store.SavePhoto(context.Background(), s.operator, up); err != nil {
		s.T.Fatal(err)
	}
	s.version("contacto", "facebook", "https://www.facebook.com/marisol", "correo_aclaraciones", "avisos@hor.mx")
	s.version("formacion", "grado_estudios", "licenciatura", "estatus_estudios", "titulo")
	s.version("historia", "historia_profesional", long("Trabajé en el mercado."))
	s.version("trayectoria", "trayectoria_politica", long("Participé en mi colonia."))
	s.version("motivo", "motivo_cargo_publico", long("Quiero servir."))
	s.version("propuestas", "propuesta_1", long("Agua para todas las colonias."), "propuesta_2", long("Transporte seguro de noche."))
}

// formOf makes a form of names and values.
func formOf(fields ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return form
}

// long repeats a sentence until it is long enough for any question.
func long(sentence string) string {
	return strings.TrimSpace(strings.Repeat(sentence+" ", 400/len(sentence)+1))
}

func TestADayOfCapture(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()

	d, err := s.store.Dashboard(ctx, s.operator, capture.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Total != 1 || len(d.Candidacies) != 1 || d.Candidacies[0].Folio != s.folio {
		t.Fatalf("the dashboard has %d candidacies, want the party's one", d.Total)
	}
	if got, want := d.Candidacies[0].Place(), "Diputación de mayoría relativa · "+es.District(5); got != want {
		t.Errorf("place = %q, want %q", got, want)
	}

	// Half a sentence is a draft: kept, not counted, not a version.
	out, err := s.store.SaveDraft(ctx, s.operator, s.submission("motivo", "motivo_cargo_publico", "Quiero serv"))
	if err != nil || !out.Kept || out.Version != 1 {
		t.Fatalf("draft: %+v, error %v", out, err)
	}
	r := s.record()
	page, _ := r.Page("motivo")
	if got := r.Form(page).Get("motivo_cargo_publico"); got != "Quiero serv" {
		t.Errorf("the draft reads %q", got)
	}
	if r.Capture != capture.InProgress || r.Answered != 0 {
		t.Errorf("after a draft: %s, %d answered", r.Capture, r.Answered)
	}
	if got := s.store.PageState(r, page); got != questionnaire.ToCorrect {
		t.Errorf("page state = %s, want por corregir: 11 characters are not 280", got)
	}

	// Too short is not a version, and is not lost either.
	out, err = s.store.SaveVersion(ctx, s.operator, s.submission("motivo", "motivo_cargo_publico", "Quiero servir."))
	if err != nil || !out.Kept || len(out.Problems) != 1 || out.Problems[0].Code != questionnaire.TooShort {
		t.Fatalf("short: %+v, error %v", out, err)
	}
	if got := s.record().Draft("motivo").Form.Get("motivo_cargo_publico"); got != "Quiero servir." {
		t.Errorf("the short text reads %q", got)
	}

	s.complete()
	r = s.record()
	if r.Capture != capture.Complete || r.Answered != 9 || !r.Ready() {
		t.Fatalf("complete: %s, %d of 9, ready %t", r.Capture, r.Answered, r.Ready())
	}

	// Validated: public at once, closed for good.
	s.Open()
	folio, err := s.store.Validate(ctx, s.validator, capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: r.Content(), Declared: true})
	if err != nil || folio != s.folio+"-V1" {
		t.Fatalf("validate: %q, error %v", folio, err)
	}
	var state string
	if err := s.Site.QueryRow(ctx, `SELECT state FROM site.candidacies WHERE id = $1`, s.candidacy).Scan(&state); err != nil || state != "publicada" {
		t.Errorf("on the site: %q, error %v", state, err)
	}
	if diff := s.Differences(); len(diff) > 0 {
		t.Errorf("the site differs from the desk: %v", diff)
	}
	if why := s.record().ClosureAt(s.Now()); why != capture.AlreadySent {
		t.Errorf("closure = %q, want sent", why)
	}
	receipt, err := s.store.Receipt(ctx, s.operator, s.folio)
	if err != nil || receipt.AcuseFolio != folio || receipt.Hash != r.Content() || len(receipt.Parts) != 8 {
		t.Errorf("receipt %q of %d parts, error %v", receipt.AcuseFolio, len(receipt.Parts), err)
	}
	pdf, err := receipt.PDF()
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("the acuse is not a PDF: error %v", err)
	}
	again, _ := receipt.PDF()
	if !cmp.Equal(pdf, again) {
		t.Error("the same receipt gave two different files")
	}
}

func TestOnlyWhatChangedIsAVersion(t *testing.T) {
	s := newStage(t)
	one, two := long("Agua para todas las colonias."), long("Transporte seguro de noche.")
	s.version("propuestas", "propuesta_1", one, "propuesta_2", two)
	s.version("propuestas", "propuesta_1", one, "propuesta_2", two+" Mejor.")
	s.version("propuestas", "propuesta_1", one+"\r\n ", "propuesta_2", two+" Mejor.")

	const sql = `SELECT string_agg(part || ' ' || version, ', ' ORDER BY part, version) FROM desk.answer_versions WHERE candidacy_id = $1`
	if got, want := s.text(sql, s.candidacy), "propuesta_1 1, propuesta_2 1, propuesta_2 2"; got != want {
		t.Errorf("versions: %s; want %s", got, want)
	}
	if got := s.record().Draft("propuestas"); got.Version != 3 || got.Pending {
		t.Errorf("page version %d, pending %t", got.Version, got.Pending)
	}
}

func TestABlankedAnswerIsAVersionToo(t *testing.T) {
	s := newStage(t)
	s.version("motivo", "motivo_cargo_publico", long("Quiero servir."))
	s.version("motivo", "motivo_cargo_publico", "")
	if r := s.record(); r.Answers.Has("motivo_cargo_publico") || r.Answered != 0 {
		t.Errorf("the answer that was erased is still there; %d answered", r.Answered)
	}
}
