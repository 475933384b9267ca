package capture_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

func TestAnotherPartysCandidacyIsNotThere(t *testing.T) {
	s := newStage(t)
	s.complete()
	content := s.record().Content()
	ctx := t.Context()
	rivalBoss := auth.Validator{Who: s.rival.Who, Nominator: s.rival.Nominator}
	nobody := auth.Candidate{}

	for _, folio := range []string{s.folio, "PRU-99999", ""} {
		for name, act := range map[string]func(auth.Capturer) error{
			"record": func(a auth.Capturer) error { _, err := s.store.Record(ctx, a, folio); return err },
			"draft": func(a auth.Capturer) error {
				_, err := s.store.SaveDraft(ctx, a, capture.Submission{Folio: folio, Page: "motivo", Key: uuid.NewString(), Form: formOf("motivo_cargo_publico", "ajeno")})
				return err
			},
			"photo": func(a auth.Capturer) error {
				_, err := s.store.SavePhoto(ctx, a, capture.PhotoUpload{Folio: folio, Key: uuid.NewString(), File: photograph(t, 300, 300)})
				return err
			},
			"see the photo": func(a auth.Capturer) error {
				_, err := s.store.Photo(ctx, a, folio, s.record().Answers.Text("fotografia"))
				return err
			},
			"validate": func(a auth.Capturer) error {
				_, err := s.store.Validate(ctx, a, capture.Validation{Folio: folio, Key: uuid.NewString(), Content: content, Declared: true})
				return err
			},
			"receipt": func(a auth.Capturer) error { _, err := s.store.Receipt(ctx, a, folio); return err },
		} {
			for _, actor := range []auth.Capturer{rivalBoss, nobody} {
				err := act(actor)
				if !fault.Is(err, fault.NotFound) || fault.MessageOf(err) != "" {
					t.Errorf("%s %q as %s: %v, want a bare not found", name, folio, actor.Role(), err)
				}
			}
		}
	}
	if got := s.record().Draft("motivo").Version; got != 1 {
		t.Errorf("the page moved to version %d", got)
	}
}

func TestTheCalendarDecides(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	opens, ends := desktest.Start.AddDate(0, 0, -20), desktest.Start.AddDate(0, 2, -4)
	for _, c := range []struct {
		name string
		at   time.Time
		want capture.Closure
	}{
		{"a second before it opens", opens.Add(-time.Second), capture.NotYet},
		{"as it opens", opens, capture.Open},
		{"past the deadline", desktest.Start.AddDate(0, 0, 20), capture.Open},
		{"the last second of campaigns", ends.Add(-time.Second), capture.Open},
		{"as campaigns end", ends, capture.CampaignsOver},
	} {
		s.SetNow(c.at)
		before := s.record().Draft("motivo").Version
		out, err := s.store.SaveDraft(ctx, s.operator, s.submission("motivo", "motivo_cargo_publico", c.name))
		if c.want == capture.Open {
			if err != nil || !out.Kept {
				t.Errorf("%s: kept %t, error %v", c.name, out.Kept, err)
			}
			continue
		}
		closed, ok := errors.AsType[*capture.Closed](err)
		if !ok || closed.Why != c.want || !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v, want closed: %s", c.name, err, c.want)
		}
		if got := s.record().Draft("motivo").Version; got != before {
			t.Errorf("%s: something was kept", c.name)
		}
		if c.want == capture.CampaignsOver && !strings.Contains(fault.MessageOf(err), "reloj del servidor") {
			t.Errorf("%s: %q does not show the clock", c.name, fault.MessageOf(err))
		}
	}
}

func TestLateIsOpenAndSaid(t *testing.T) {
	s := newStage(t)
	r := s.record()
	deadline := time.Date(2027, time.April, 22, 0, 0, 0, 0, election.Zone()) // 15 days after the 6th, to the end of the day
	if !r.Deadline().Equal(deadline) {
		t.Errorf("deadline = %v, want %v", r.Deadline(), deadline)
	}
	if r.Late(deadline.Add(-time.Second)) || !r.Late(deadline) {
		t.Error("lateness does not begin at the deadline")
	}
	s.SetNow(deadline)
	d, err := s.store.Dashboard(t.Context(), s.operator, capture.Filter{})
	if err != nil || d.Late != 1 || !d.Deadline.IsZero() {
		t.Errorf("the dashboard counts %d late, next deadline %v, error %v", d.Late, d.Deadline, err)
	}
}

func TestBadTextIsRefusedWhole(t *testing.T) {
	s := newStage(t)
	s.version("motivo", "motivo_cargo_publico", long("Quiero servir."))
	for name, fields := range map[string][]string{
		"invalid UTF-8":     {"motivo_cargo_publico", "Quiero \xff servir"},
		"NUL":               {"motivo_cargo_publico", "Quiero \x00 servir"},
		"a name twice":      {"motivo_cargo_publico", "uno", "motivo_cargo_publico", "dos"},
		"another page":      {"propuesta_1", "Aquí no va"},
		"mass assignment":   {"motivo_cargo_publico", "uno", "partido_id", "7"},
		"a state":           {"capture", "validada"},
		"somebody's photo":  {"fotografia", strings.Repeat("a", 64)},
		"a row of a scalar": {"motivo_cargo_publico.0", "uno"},
	} {
		for _, save := range []func(context.Context, auth.Capturer, capture.Submission) (capture.Outcome, error){s.store.SaveDraft, s.store.SaveVersion} {
			out, err := save(t.Context(), s.operator, s.submission("motivo", fields...))
			if err != nil || out.Kept || len(out.Problems) == 0 {
				t.Errorf("%s: kept %t, %d problems, error %v", name, out.Kept, len(out.Problems), err)
			}
		}
	}
	if got := s.record().Draft("motivo").Version; got != 1 {
		t.Errorf("something was kept: the page is at version %d", got)
	}
}

func TestInvalidAnswersMakeNoVersion(t *testing.T) {
	s := newStage(t)
	for name, c := range map[string]struct {
		page   string
		fields []string
	}{
		"short":              {"motivo", []string{"motivo_cargo_publico", "Corto"}},
		"long":               {"motivo", []string{"motivo_cargo_publico", strings.Repeat("a", 2501)}},
		"script link":        {"contacto", []string{"pagina_web", "javascript:alert(1)"}},
		"other network":      {"contacto", []string{"facebook", "https://ejemplo.mx/marisol"}},
		"telephone":          {"contacto", []string{"telefono_publico.0", "123"}},
		"four e-mails":       {"contacto", []string{"correo_publico.0", "a@b.mx", "correo_publico.1", "b@b.mx", "correo_publico.2", "c@b.mx", "correo_publico.3", "d@b.mx"}},
		"half an address":    {"contacto", []string{"casa_campana.0.calle", "Hidalgo"}},
		"no such option":     {"formacion", []string{"grado_estudios", "premio_nobel"}},
		"an option of other": {"formacion", []string{"grado_estudios", "titulo"}},
		"a course too long":  {"formacion", []string{"otra_formacion.0", strings.Repeat("a", 251)}},
	} {
		sub := s.submission("", c.fields...)
		sub.Page, sub.Version = questionID(c.page), s.record().Draft(questionID(c.page)).Version
		out, err := s.store.SaveVersion(t.Context(), s.operator, sub)
		if err != nil || !out.Kept || len(out.Problems) == 0 {
			t.Errorf("%s: kept %t, %d problems, error %v", name, out.Kept, len(out.Problems), err)
			continue
		}
		if got := s.record().Draft(sub.Page).Form.Encode(); got != sub.Form.Encode() {
			t.Errorf("%s: the text was not kept as typed", name)
		}
	}
	if n := s.count(`SELECT count(*) FROM desk.answer_versions`); n != 0 {
		t.Errorf("%d versions of invalid answers", n)
	}
}

func TestWhatIsNotAskedIsNotKept(t *testing.T) {
	s := newStage(t)
	s.version("formacion", "grado_estudios", "sin_estudios", "estatus_estudios", "titulo")
	if s.record().Answers.Has("estatus_estudios") {
		t.Error("a status of studies that do not exist was kept")
	}
}

func TestValidationIsRefused(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	validate := func(actor auth.Capturer, content string, declared bool) error {
		_, err := s.store.Validate(ctx, actor, capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: content, Declared: declared})
		return err
	}
	check := func(name string, err error, want fault.Kind) {
		t.Helper()
		if got := fault.KindOf(err); err == nil || got != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	check("nothing answered", validate(s.validator, s.record().Content(), true), fault.Conflict)
	s.complete()
	content := s.record().Content()
	check("an operator", validate(s.operator, content, true), fault.Forbidden)
	check("a candidate with a party", validate(auth.Candidate{Who: s.operator.Who, Candidacy: s.candidacy}, content, true), fault.Forbidden)
	check("without declaring", validate(s.validator, content, false), fault.Invalid)
	s.version("motivo", "motivo_cargo_publico", long("Cambié de motivo."))
	check("what was not read", validate(s.validator, content, true), fault.Conflict)
	if _, err := s.store.SaveDraft(ctx, s.operator, s.submission("historia", "historia_profesional", "A medias")); err != nil {
		t.Fatal(err)
	}
	check("with a text half written", validate(s.validator, s.record().Content(), true), fault.Conflict)
	if n := s.count(`SELECT count(*) FROM desk.validations`); n != 0 {
		t.Errorf("%d validations", n)
	}
}

func TestAnIndependentValidatesAlone(t *testing.T) {
	s := newStage(t)
	s.Exec(`UPDATE desk.nominators SET kind = 'independiente' WHERE id = $1`, s.party)
	s.complete()
	alone := auth.Candidate{Who: s.operator.Who, Candidacy: s.candidacy, Nominator: s.party}
	v := capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}
	if _, err := s.store.Validate(t.Context(), alone, v); err != nil {
		t.Error(err)
	}
}

func TestAfterValidationNothingChanges(t *testing.T) {
	s := newStage(t)
	s.complete()
	ctx := t.Context()
	v := capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: s.record().Content(), Declared: true}
	if _, err := s.store.Validate(ctx, s.validator, v); err != nil {
		t.Fatal(err)
	}
	rows := func() int {
		return s.count(`SELECT (SELECT count(*) FROM desk.answer_versions) + (SELECT sum(version) FROM desk.drafts) + (SELECT count(*) FROM desk.photos)`)
	}
	before := rows()
	_, draft := s.store.SaveDraft(ctx, s.operator, s.submission("motivo", "motivo_cargo_publico", "tarde"))
	_, version := s.store.SaveVersion(ctx, s.operator, s.submission("motivo", "motivo_cargo_publico", long("Tarde.")))
	_, photo := s.store.SavePhoto(ctx, s.operator, capture.PhotoUpload{Folio: s.folio, Key: uuid.NewString(), Version: 1, File: photograph(t, 300, 400)})
	_, again := s.store.Validate(ctx, s.validator, capture.Validation{Folio: s.folio, Key: uuid.NewString(), Content: v.Content, Declared: true})
	for name, err := range map[string]error{"draft": draft, "version": version, "photo": photo, "validating again": again} {
		if c, ok := errors.AsType[*capture.Closed](err); !ok || c.Why != capture.AlreadySent {
			t.Errorf("%s: %v, want closed", name, err)
		}
	}
	if got := rows(); got != before {
		t.Errorf("something was written: %d rows, want %d", got, before)
	}
	// The same confirmation sent twice is answered alike.
	folio, err := s.store.Validate(ctx, s.validator, v)
	if err != nil || folio != s.folio+"-V1" {
		t.Errorf("sent twice: %q, error %v", folio, err)
	}
	if n := s.count(`SELECT count(*) FROM desk.validations`); n != 1 {
		t.Errorf("%d validations, want 1", n)
	}
}

func TestWhoNoLongerStandsIsClosed(t *testing.T) {
	s := newStage(t)
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, s.candidacy)
	_, err := s.store.SaveDraft(t.Context(), s.operator, s.submission("motivo", "motivo_cargo_publico", "tarde"))
	if c, ok := errors.AsType[*capture.Closed](err); !ok || c.Why != capture.NoLongerStands {
		t.Errorf("%v, want closed", err)
	}
}
