package settings

import (
	"bytes"
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"

	"conoceles/internal/db"
)

func TestAnOfficeLeavesTheSite(t *testing.T) {
	s := newStage(t)
	s.Candidacy(s.azul, "Marisol", "Inventada")
	s.Open()
	shown := func() string { return s.text(`SELECT count(*)::text FROM site.candidacies`) }
	if got := shown(); got != "1" {
		t.Fatalf("%s candidacies are shown, want 1", got)
	}
	place := Place{Office, "diputacion_mr"}
	effects, err := s.store.Preview(context.Background(), s.admin, s.draft(place, url.Values{"en_sistema": {"no"}}))
	if err != nil || !strings.Contains(strings.Join(effects, " "), "1 candidatura deja el sitio") {
		t.Errorf("preview %q, %v", effects, err)
	}
	saved := s.save(s.admin, place, url.Values{"en_sistema": {"no"}})
	s.confirm(s.other, saved.ID)
	if got := shown(); got != "0" {
		t.Errorf("%s candidacies are shown, want none", got)
	}
}

func TestANominatorIsMadeAndRepresented(t *testing.T) {
	s := newStage(t)
	s.Open()
	made := s.save(s.admin, Place{Sheet: NewNominator}, url.Values{
		"tipo": {"candidatura_comun"}, "siglas": {"VALLE"}, "nombre": {"Valle en Común"}, "orden": {"9"}, "integrantes": {"AZUL", "NARANJA"},
	})
	s.confirm(s.other, made.ID)
	if got := s.text(`SELECT array_to_string(members, ',') FROM site.nominators WHERE acronym = 'VALLE'`); got != "AZUL,NARANJA" {
		t.Errorf("the site says its members are %q", got)
	}
	place := Place{Nominator, number(s.joined)}
	saved := s.save(s.admin, place, url.Values{"representante": {"NARANJA"}})
	s.confirm(s.other, saved.ID)
	if got := s.text(`SELECT representative_id::text FROM desk.nominators WHERE id = $1`, s.joined); got != number(s.naranja) {
		t.Errorf("represented by %s, want %d", got, s.naranja)
	}
	if _, err := s.store.Save(context.Background(), s.admin, "", s.draft(Place{Nominator, number(s.azul)}, url.Values{"siglas": {"NARANJA"}})); err != nil {
		t.Fatal(err)
	}
	pending := s.text(`SELECT max(id)::text FROM desk.setting_changes`)
	id, _ := strconv.ParseInt(pending, 10, 64)
	if err := s.store.Confirm(context.Background(), s.other, "", id); !strings.Contains(fault.MessageOf(err), "siglas") {
		t.Errorf("an acronym taken: %v", err)
	}
	if all := s.Differences(); len(all) > 0 {
		t.Errorf("the site differs: %v", all)
	}
}

func TestAnEmblemIsShownWhenConfirmed(t *testing.T) {
	s := newStage(t)
	s.Open()
	image, place := []byte("\x89PNG recoded"), Place{Emblem, number(s.azul)}
	d := s.draft(place, nil)
	if _, err := s.store.Save(context.Background(), s.admin, "", d); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("no image: %v, want a message", err)
	}
	d.Image = image
	saved, err := s.store.Save(context.Background(), s.admin, "", d)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.store.ChangeImage(context.Background(), s.secretary, saved.ID)
	if err != nil || !bytes.Equal(got, image) {
		t.Errorf("the proposal shows %q, %v", got, err)
	}
	s.confirm(s.head, saved.ID)
	if got := s.text(`SELECT encode(emblem, 'escape') FROM site.nominators WHERE id = $1`, s.azul); !strings.Contains(got, "recoded") {
		t.Errorf("the site shows %q", got)
	}
}

func TestNoticesComeIntoForce(t *testing.T) {
	s := newStage(t)
	s.Open()
	place := Place{Sheet: "avisos"}
	saved := s.save(s.admin, place, nil)
	s.confirm(s.other, saved.ID)
	if got := s.text(`SELECT string_agg(kind || version || ' ' || acuerdo || ' ' || approved_on, ', ' ORDER BY kind) FROM site.notices`); got !=
		"integral1 IEP/CEE/010/2027 2027-04-01, simplificado1 IEP/CEE/010/2027 2027-04-01" {
		t.Errorf("the site shows %q", got)
	}
}

func TestAQuestionThatIsAddedAsksAgain(t *testing.T) {
	s := newStage(t)
	s.Open()
	c := s.Candidacy(s.azul, "Marisol", "Inventada")
	s.Tx(func(ctx context.Context, tx *db.Tx) error {
		return consent.ApproveNotices(ctx, tx, db.System{Name: "prueba"}, s.Process, consent.Approval{Acuerdo: "A/1", On: s.Now()})
	})
	s.Exec(`INSERT INTO sensitive.consent_events (candidacy_id, event, medium, at, role, notice_id, processing, publication, statistics, text_version, text_hash)
SELECT $1, 'otorga', 'en_linea', $2, 'candidata', n.id, true, true, true, '1', 'x' FROM desk.notices n WHERE kind = 'integral'`, c, s.Now())
	expired := func() string {
		return s.text(`SELECT count(*)::text FROM sensitive.consent_events WHERE candidacy_id = $1 AND event = 'caduca'`, c)
	}
	place := Place{Sheet: "identidad"}
	fewer := s.save(s.head, place, url.Values{"identidad_publica": {"p01_indigena"}})
	s.confirm(s.admin, fewer.ID)
	if got := expired(); got != "0" {
		t.Errorf("%s decisions expired when questions were taken out, want none", got)
	}
	more := s.save(s.head, place, url.Values{"identidad_publica": {"p01_indigena", "p18_ingresos"}})
	s.confirm(s.admin, more.ID)
	if got := expired(); got != "1" {
		t.Errorf("%s decisions expired when a question was added, want 1", got)
	}
	if got := s.text(`SELECT (report_due_on - decided_at::date)::text FROM desk.setting_changes WHERE id = $1`, more.ID); got != "3" {
		t.Errorf("INE is told in %s days, want 3", got)
	}
}

func TestTheRubricKeepsWhatWasScored(t *testing.T) {
	s := newStage(t)
	s.Tx(func(ctx context.Context, tx *db.Tx) error { return review.AddDefaultRubric(ctx, tx, s.Process) })
	ids := func() string {
		return s.text(`SELECT string_agg(position || ' ' || id || ' ' || name, '; ' ORDER BY position) FROM desk.rubric_variables WHERE part = 'formacion' AND retired_at IS NULL`)
	}
	before := ids()
	s.save(s.head, Place{Sheet: "rubrica"}, url.Values{"formacion": {"Cita la institución: 0 No, 2 En parte, 5 Sí\nDice otra formación\nDice el grado y el estatus"}})
	after := ids()
	for _, line := range strings.Split(before, "; ") { // both stay the same variables, elsewhere
		if _, named, _ := strings.Cut(line, " "); !strings.Contains(after, named) {
			t.Errorf("%q is not in %q", named, after)
		}
	}
	_, sub, err := s.store.Read(context.Background(), s.admin, Place{Sheet: "rubrica"})
	if got, want := sub.Values.Get("formacion"), "Cita la institución: 0 No, 2 En parte, 5 Sí\nDice otra formación\nDice el grado y el estatus"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	s.save(s.admin, Place{Sheet: "rubrica"}, url.Values{"formacion": {""}})
	if got := s.text(`SELECT count(*)::text FROM desk.rubric_variables WHERE part = 'formacion' AND retired_at IS NOT NULL`); got != "3" {
		t.Errorf("%s variables are retired, want 3", got)
	}
}

func TestReleases(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	closed := func() string {
		state, err := s.store.Closed(ctx, s.Process, Access, Capture)
		if err != nil {
			t.Fatal(err)
		}
		if state == nil {
			return ""
		}
		return state.Refusal()
	}
	if got := closed(); got != "" {
		t.Fatalf("nobody released anything and it says %q", got)
	}
	place := Place{Sheet: "liberacion_captura"}
	s.save(s.admin, place, url.Values{"version_liberada": {"1.0"}, "abre": {"10/04/2027"}, "abre_hora": {"9:00"}})
	if got := closed(); !strings.Contains(got, "Disponible a partir del 10 de abril de 2027, 9:00") {
		t.Errorf("closed, it says %q", got)
	}
	s.SetNow(time.Date(2027, 4, 10, 15, 0, 0, 0, time.UTC)) // nine in the morning
	if got := closed(); got != "" {
		t.Errorf("open, it says %q", got)
	}
	s.save(s.admin, place, url.Values{"abre": {""}, "abre_hora": {""}})
	if got := closed(); !strings.Contains(got, "Todavía no tiene fecha") {
		t.Errorf("closed without a date, it says %q", got)
	}
	states, err := s.store.States(ctx, s.Process)
	if err != nil || len(states) != 5 || states[1].Version != "1.0" || states[1].Acuerdo != "IEP/CEE/010/2027" ||
		states[1].AcuerdoOn.Format(time.DateOnly) != "2027-04-01" {
		t.Errorf("states %+v, %v", states, err)
	}
}

func TestINEIsToldOnce(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	saved := s.save(s.admin, Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {"20"}})
	if err := s.store.Tell(ctx, s.secretary, "", saved.ID, "", "mañana"); len(fault.FieldsOf(err)) != 2 {
		t.Errorf("nothing said: %v, want two messages", err)
	}
	if err := s.store.Tell(ctx, s.secretary, "", saved.ID, "IEP/SE/044/2027", "06/04/2027"); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Tell(ctx, s.secretary, "", saved.ID, "IEP/SE/045/2027", "06/04/2027"); !fault.Is(err, fault.Conflict) {
		t.Errorf("told twice: %v, want Conflict", err)
	}
	silent := s.save(s.admin, Place{Sheet: "accesos"}, url.Values{"sesiones_simultaneas": {"3"}})
	if err := s.store.Tell(ctx, s.secretary, "", silent.ID, "IEP/SE/046/2027", "06/04/2027"); !fault.Is(err, fault.NotFound) {
		t.Errorf("of what INE is not told: %v, want NotFound", err)
	}
	if _, owed, err := s.store.Changes(ctx, s.secretary, Filter{Show: Owing, Page: 1, Size: 9}); err != nil || owed != 0 {
		t.Errorf("%d are owed, %v, want none", owed, err)
	}
}
