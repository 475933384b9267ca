package settings

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// stage is a world with two parties, a coalition, and whoever decides.
type stage struct {
	*desktest.World
	store         *Store
	admin, other  auth.Admin
	head          auth.Head
	secretary     auth.Secretary
	stranger      auth.Admin // of another process
	azul, naranja int64
	joined        int64
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := desktest.New(t)
	s := &stage{World: w, store: New(w.Desk, w.Publisher)}
	who := func(email, role string) auth.Who {
		return auth.Who{Account: w.Account(email, role, 0, 0), Process: w.Process, StepUpMinutes: 5}
	}
	s.admin, s.other = auth.Admin{Who: who("a@iep.example", "administracion")}, auth.Admin{Who: who("b@iep.example", "administracion")}
	s.head, s.secretary = auth.Head{Who: who("t@iep.example", "titular")}, auth.Secretary{Who: who("s@iep.example", "secretaria")}
	s.stranger = auth.Admin{Who: auth.Who{Account: s.other.Account, Process: w.Process + 1}}
	s.azul, s.naranja = w.Nominator(election.Party, "AZUL"), w.Nominator(election.Party, "NARANJA")
	s.joined = w.Nominator(election.Coalition, "JUNTOS")
	for _, party := range []int64{s.azul, s.naranja} {
		w.Exec(`INSERT INTO desk.nominator_members (nominator_id, party_id) VALUES ($1, $2)`, s.joined, party)
	}
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

func number(n int64) string { return strconv.FormatInt(n, 10) }

// draft is the sheet as it is now, typed again, with these changes.
func (s *stage) draft(p Place, changes url.Values) Draft {
	s.T.Helper()
	_, sub, err := s.store.Read(context.Background(), s.admin, p)
	if err != nil {
		s.T.Fatal(err)
	}
	typed := url.Values{ReasonField: {"Lo pidió el área"}, AcuerdoField: {"IEP/CEE/010/2027"}, AcuerdoOnField: {"01/04/2027"}}
	for _, f := range sub.Fields {
		f.Type(typed, sub.Values[f.ID])
	}
	maps.Copy(typed, changes)
	return Draft{Place: p, Version: sub.Version(), Typed: typed}
}

// save saves a change and fails the test if it is refused.
func (s *stage) save(c auth.Configurer, p Place, changes url.Values) Saved {
	s.T.Helper()
	saved, err := s.store.Save(context.Background(), c, uuid.NewString(), s.draft(p, changes))
	if err != nil {
		s.T.Fatalf("%v: %v %v", p, err, fault.FieldsOf(err))
	}
	return saved
}

func (s *stage) confirm(c auth.Configurer, id int64) {
	s.T.Helper()
	if err := s.store.Confirm(context.Background(), c, uuid.NewString(), id); err != nil {
		s.T.Fatal(err)
	}
}

func TestEverySheetReadsAndWritesBack(t *testing.T) {
	s := newStage(t)
	s.Exec(`INSERT INTO desk.municipalities (process_id, state_id, code, name) VALUES ($1, $2, '001', 'Amaranto')`, s.Process, s.State)
	refs := map[string]string{
		Nominator: number(s.joined), Emblem: number(s.azul), Office: "diputacion_mr", Municipality: "001", District: "5",
	}
	for _, sheet := range all {
		if sheet.Key == NewNominator || sheet.Key == Emblem || sheet.Key == "avisos" || sheet.Group == Releases {
			continue // each has a test of its own
		}
		ctx, place := context.Background(), Place{sheet.Key, refs[sheet.Key]}
		before, sub, err := s.store.Read(ctx, s.admin, place)
		if err != nil {
			t.Fatalf("%s: %v", sheet.Key, err)
		}
		s.Tx(func(ctx context.Context, tx *db.Tx) error {
			return before.source.write(ctx, tx, writing{by: s.admin, process: s.Process, ref: place.Ref, fields: sub.Fields}, sub.Values)
		})
		_, again, err := s.store.Read(ctx, s.admin, place)
		if err != nil || again.Version() != sub.Version() {
			t.Errorf("%s: %v becomes %v (%v)", sheet.Key, sub.Values, again.Values, err)
		}
		if _, err := s.store.Save(ctx, s.admin, "", s.draft(place, nil)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s with nothing changed: %v, want Invalid", sheet.Key, err)
		}
		if _, _, err := s.store.Read(ctx, s.stranger, place); sheet.Key != "instituto" && !fault.Is(err, fault.NotFound) && sheet.source != (rubricSource{}) {
			t.Errorf("%s of another process: %v, want NotFound", sheet.Key, err)
		}
		if _, _, err := s.store.Read(ctx, s.admin, Place{sheet.Key, "nada"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of nothing: %v, want NotFound", sheet.Key, err)
		}
	}
}

func TestOnePersonChangesWhatThePublicDoesNotSee(t *testing.T) {
	s := newStage(t)
	ctx, plazos := context.Background(), Place{Sheet: "plazos"}
	d, key := s.draft(plazos, url.Values{"plazo_captura_dias": {"20"}}), uuid.NewString()
	saved, err := s.store.Save(ctx, s.admin, key, d)
	if err != nil || saved.Waits {
		t.Fatalf("got %+v, %v, want it done", saved, err)
	}
	if again, err := s.store.Save(ctx, s.admin, key, d); err != nil || again != saved {
		t.Errorf("sent twice: %+v, %v, want %+v", again, err, saved)
	}
	if got := s.text(`SELECT capture_days::text FROM desk.processes WHERE id = $1`, s.Process); got != "20" {
		t.Errorf("capture_days = %s, want 20", got)
	}
	if _, err := s.store.Save(ctx, s.other, "", d); !fault.Is(err, fault.Conflict) {
		t.Errorf("over what another changed: %v, want Conflict", err)
	}
	changes, total, err := s.store.Changes(ctx, s.secretary, Filter{Place: plazos, Page: 1, Size: 10})
	if err != nil || total != 1 {
		t.Fatalf("%d changes, %v, want 1", total, err)
	}
	if got, want := changes[0].Pairs(), []Pair{{"Plazo de captura", "15", "20"}}; !slices.Equal(got, want) {
		t.Errorf("history says %v, want %v", got, want)
	}
	if got := changes[0].DueOn; got == nil || got.Format(time.DateOnly) != "2027-04-11" { // five days after desktest.Start
		t.Errorf("INE is told by %v, want 2027-04-11", got)
	}
	if got := s.text(`SELECT details->>'plazo_captura_dias' FROM audit.entries WHERE kind = 'parametro.cambiar'`); got != "15 → 20" {
		t.Errorf("the bitácora says %q", got)
	}
}

func TestTwoPersonsChangeWhatThePublicSees(t *testing.T) {
	s := newStage(t)
	s.Open()
	ctx := context.Background()
	rule := Place{Sheet: "publicacion"}
	d := s.draft(rule, url.Values{"licencia": {"Licencia de prueba"}})
	saved, err := s.store.Save(ctx, s.admin, "", d)
	if err != nil || !saved.Waits {
		t.Fatalf("got %+v, %v, want it to wait", saved, err)
	}
	license := func() string { return s.text(`SELECT data_license FROM site.processes WHERE id = $1`, s.Process) }
	before := license()
	if _, err := s.store.Save(ctx, s.other, "", d); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second proposal: %v, want Conflict", err)
	}
	if err := s.store.Confirm(ctx, s.admin, "", saved.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("its own proposal: %v, want Conflict", err)
	}
	if err := s.store.Confirm(ctx, s.stranger, "", saved.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("of another process: %v, want NotFound", err)
	}
	if got := license(); got != before {
		t.Errorf("the site says %q before anybody confirmed", got)
	}
	s.confirm(s.head, saved.ID)
	if got := license(); got != "Licencia de prueba" {
		t.Errorf("the site says %q", got)
	}
	if err := s.store.Confirm(ctx, s.other, "", saved.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("confirmed twice: %v, want Conflict", err)
	}
	if all := s.Differences(); len(all) > 0 {
		t.Errorf("the site differs: %v", all)
	}
}

func TestTheDatabaseRefusesOnePerson(t *testing.T) {
	s := newStage(t)
	saved := s.save(s.admin, Place{Sheet: "publicacion"}, url.Values{"licencia": {"Otra"}})
	err := s.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.setting_changes SET state = 'confirmado', decided_by = proposed_by, decided_at = now() WHERE id = $1`, saved.ID)
	})
	if got := db.Constraint(err); got != "setting_changes_two_persons" {
		t.Errorf("got %v, want the database to refuse", err)
	}
	for _, sql := range []string{`UPDATE desk.setting_changes SET after = before`, `DELETE FROM desk.setting_changes`, `UPDATE desk.setting_changes SET proposed_by = 0`} {
		err := s.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.Exec(ctx, sql) })
		if err == nil {
			t.Errorf("%s is allowed", sql)
		}
	}
}

func TestAProposalOverWhatChanged(t *testing.T) {
	s := newStage(t)
	ctx := context.Background()
	saved := s.save(s.admin, Place{Sheet: "publicacion"}, url.Values{"licencia": {"Nueva"}})
	s.Exec(`UPDATE desk.processes SET data_license = 'Cambió' WHERE id = $1`, s.Process)
	if _, _, problem, err := s.store.Change(ctx, s.other, saved.ID); problem == nil || err != nil {
		t.Errorf("problem %v, %v: want it told", problem, err)
	}
	if err := s.store.Confirm(ctx, s.other, "", saved.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v, want Conflict", err)
	}
	if err := s.store.Discard(ctx, s.admin, "", saved.ID, "x"); !fault.Is(err, fault.Invalid) {
		t.Errorf("discarded without a reason: %v, want Invalid", err)
	}
	if err := s.store.Discard(ctx, s.admin, "", saved.ID, "Cambió antes"); err != nil {
		t.Error(err)
	}
	s.save(s.admin, Place{Sheet: "publicacion"}, url.Values{"licencia": {"Nueva"}})
}

func TestWhoMayChangeWhat(t *testing.T) {
	s := newStage(t)
	for _, sheet := range all {
		if err := may(s.admin, sheet); err != nil {
			t.Errorf("Admin, %s: %v", sheet.Key, err)
		}
		err := may(s.head, sheet)
		if want := slices.Contains([]string{"avisos", "identidad", "niveles", "rubrica"}, sheet.Key); (err == nil) != want {
			t.Errorf("Head, %s: %v", sheet.Key, err)
		}
		if MayChange(s.secretary, sheet) || MayChange(auth.Auditor{}, sheet) || MayChange(auth.Reviewer{}, sheet) || MayChange(auth.Operator{}, sheet) {
			t.Errorf("%s is changed by others", sheet.Key)
		}
	}
	_, err := s.store.Save(context.Background(), s.head, "", s.draft(Place{Sheet: "fechas"}, url.Values{"jornada": {"13/06/2027"}}))
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("the dates, by Head: %v, want NotFound", err)
	}
}

func TestWhatIsTypedBadly(t *testing.T) {
	s := newStage(t)
	actor := Place{Nominator, number(s.joined)}
	for _, tt := range []struct {
		name   string
		place  Place
		change url.Values
		want   string
	}{
		{"not a number", Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {"quince"}}, "plazo_captura_dias"},
		{"too small", Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {"0"}}, "plazo_captura_dias"},
		{"too big", Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {"99999999999999999999"}}, "plazo_captura_dias"},
		{"blank", Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {" "}}, "plazo_captura_dias"},
		{"no date", Place{Sheet: "fechas"}, url.Values{"jornada": {"31/02/2027"}}, "jornada"},
		{"no hour", Place{Sheet: "fechas"}, url.Values{"fin_campanas": {"02/06/2027"}, "fin_campanas_hora": {""}}, "fin_campanas"},
		{"capture after campaigns", Place{Sheet: "fechas"}, url.Values{"captura_abre": {"05/06/2027"}, "captura_abre_hora": {"9:00"}}, "captura_abre"},
		{"campaigns over election day", Place{Sheet: "fechas"}, url.Values{"fin_campanas": {"06/06/2027"}, "fin_campanas_hora": {"9:00"}}, "fin_campanas"},
		{"unknown option", Place{Sheet: "publicacion"}, url.Values{"publicar_requiere": {"nada"}}, "publicar_requiere"},
		{"a script for a link", Place{Sheet: "publicacion"}, url.Values{"licencia_direccion": {"javascript:alert(1)"}}, "licencia_direccion"},
		{"not an e-mail", Place{Sheet: "correo_formatos"}, url.Values{"correo_consentimientos": {"nadie"}}, "correo_consentimientos"},
		{"below the floor", Place{Sheet: "cifras"}, url.Values{"minimo_residuo": {"1"}}, "minimo_residuo"},
		{"levels crossed", Place{Sheet: "niveles"}, url.Values{"nivel_alto": {"40"}}, "nivel_medio"},
		{"a coalition of one", actor, url.Values{"integrantes": {"AZUL"}}, "integrantes"},
		{"represented by a stranger", actor, url.Values{"integrantes": {"AZUL", "NARANJA"}, "representante": {"JUNTOS"}}, "representante"},
		{"a party with members", Place{Sheet: NewNominator}, url.Values{"tipo": {"partido"}, "siglas": {"X"}, "nombre": {"Equis"}, "orden": {"4"}, "integrantes": {"AZUL"}}, "integrantes"},
		{"a rubric without levels", Place{Sheet: "rubrica"}, url.Values{"trayectoria": {"Dice metas: 3"}}, "trayectoria"},
		{"a rubric twice", Place{Sheet: "rubrica"}, url.Values{"trayectoria": {"Metas\nMetas"}}, "trayectoria"},
		{"no reason", Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {"16"}, ReasonField: {" "}}, ReasonField},
		{"no acuerdo", Place{Sheet: "publicacion"}, url.Values{"licencia": {"L"}, AcuerdoField: {""}}, AcuerdoField},
		{"an acuerdo to come", Place{Sheet: "publicacion"}, url.Values{"licencia": {"L"}, AcuerdoOnField: {"01/05/2027"}}, AcuerdoOnField},
	} {
		_, err := s.store.Save(context.Background(), s.admin, "", s.draft(tt.place, tt.change))
		fields := fault.FieldsOf(err)
		if len(fields) == 0 || fields[0].ID != tt.want {
			t.Errorf("%s: %v %v, want a message for %s", tt.name, err, fields, tt.want)
		}
	}
	if got := s.text(`SELECT count(*)::text FROM desk.setting_changes`); got != "0" {
		t.Errorf("%s changes were kept", got)
	}
}

func TestTheSecondFactorOfARealProcessStays(t *testing.T) {
	s := newStage(t)
	_, err := s.store.Save(context.Background(), s.admin, "", s.draft(Place{Sheet: "accesos"}, url.Values{"segundo_factor": {"ninguna"}}))
	if !strings.Contains(fault.MessageOf(err), "demostración") {
		t.Errorf("got %v, want it refused", err)
	}
}
