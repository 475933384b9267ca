package registry_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/fault"
)

// ticket is an open process with the fórmula of Ayala, whose propietaria has
// validated answers.
func ticket(t *testing.T) *office {
	o := newOffice(t)
	o.mustLoad(list(t, shortHeader, ayala...))
	o.Open()
	id := o.ID(`SELECT id FROM desk.candidacies WHERE folio = 'EP27-00001'`)
	o.Answer(id, "motivo_cargo_publico", answersOf("Para servir"))
	o.Validate(id)
	o.Publish(id)
	return o
}

func (o *office) act(kind registry.ActKind, folio string) registry.NewAct {
	return registry.NewAct{Kind: kind, Folio: folio, Basis: "IEP/CEE/201/2027", BasisDate: time.Date(2027, 4, 5, 0, 0, 0, 0, time.UTC)}
}

// captured captures an act as the first secretary.
func (o *office) captured(a registry.NewAct) int64 {
	o.T.Helper()
	id, err := o.Capture(context.Background(), o.One, "", a)
	if err != nil {
		o.T.Fatalf("capture %s: %v", a.Kind, err)
	}
	return id
}

// done captures an act and has the other secretary confirm it.
func (o *office) done(a registry.NewAct) int64 {
	o.T.Helper()
	id := o.captured(a)
	if err := o.Confirm(context.Background(), o.Two, "", id); err != nil {
		o.T.Fatalf("confirm %s: %v", a.Kind, err)
	}
	o.intact()
	return id
}

var newcomer = registry.Registration{GivenNames: "Olga", Surnames: "Distinta Mar", Sex: "mujer", Position: 1, Actions: []string{"joven"}}

// public is what the site shows of Ayala: addresses and tombstones.
func (o *office) public() string {
	o.T.Helper()
	return o.text(`
SELECT COALESCE((SELECT string_agg(slug || ':' || state, ' ' ORDER BY slug) FROM site.candidacies), '') || ' / ' ||
  COALESCE((SELECT string_agg(slug || ':' || standing || '>' || successor_slug, ' ' ORDER BY slug) FROM site.tombstones), '')`)
}

func TestWhoeverCapturedAnActNeverConfirmsIt(t *testing.T) {
	o := ticket(t)
	ctx := context.Background()
	id := o.captured(o.act(registry.Resignation, "EP27-00001"))
	if err := o.Confirm(ctx, o.One, "", id); !fault.Is(err, fault.Forbidden) {
		t.Errorf("confirmed by whoever captured it: %v", err)
	}
	// The database refuses it too, whatever the program does.
	err := o.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.acts SET state = 'confirmado', decided_by = captured_by, decided_at = now() WHERE id = $1`, id)
	})
	if db.Constraint(err) != "acts_two_persons" {
		t.Errorf("the database let it: %v", err)
	}
	if got, want := o.public(), "ana-prueba-rios:publicada eva-muestra-paz:no_capturada / "; got != want {
		t.Errorf("before it is confirmed the site says %q, want %q", got, want)
	}
	if err := o.Confirm(ctx, o.Two, "", id); err != nil {
		t.Fatal(err)
	}
	if err := o.Confirm(ctx, o.Two, "", id); !fault.Is(err, fault.Conflict) {
		t.Errorf("confirmed twice: %v", err)
	}
}

func TestEachActPublishesOrUnpublishesAtOnce(t *testing.T) {
	const both = "ana-prueba-rios:publicada eva-muestra-paz:no_capturada / "
	tests := []struct {
		name string
		acts []registry.ActKind
		want string
	}{
		{"substitution", []registry.ActKind{registry.Substitution}, "eva-muestra-paz:no_capturada olga-distinta-mar:no_capturada / ana-prueba-rios:sustituida>olga-distinta-mar"},
		{"resignation", []registry.ActKind{registry.Resignation}, "eva-muestra-paz:no_capturada / ana-prueba-rios:renuncia>"},
		{"death", []registry.ActKind{registry.Death}, "eva-muestra-paz:no_capturada / ana-prueba-rios:fallecimiento>"},
		{"cancellation", []registry.ActKind{registry.Cancellation}, "eva-muestra-paz:no_capturada / ana-prueba-rios:cancelada>"},
		{"substitution of who resigned", []registry.ActKind{registry.Resignation, registry.Substitution}, "eva-muestra-paz:no_capturada olga-distinta-mar:no_capturada / ana-prueba-rios:renuncia>olga-distinta-mar"},
		{"reinstatement", []registry.ActKind{registry.Cancellation, registry.Reinstatement}, both},
		{"elected", []registry.ActKind{registry.Elected}, both},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ticket(t)
			for _, kind := range tt.acts {
				a := o.act(kind, "EP27-00001")
				a.Person = newcomer
				o.done(a)
			}
			if got := o.public(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestASubstituteIsNewAndLinked(t *testing.T) {
	o := ticket(t)
	o.SetNow(o.Now().Add(72 * time.Hour))
	a := o.act(registry.Substitution, "EP27-00001")
	a.Person = newcomer
	o.done(a)
	got := o.text(`
SELECT concat_ws('|', n.folio, n.slug, n.role, n.position, n.acuerdo, n.approved_on, n.capture, n.answered, n.affirmative_actions::text,
  n.clock_started_at = $1, n.office_id = c.office_id, n.municipality_id = c.municipality_id, n.nominator_id = c.nominator_id, c.standing,
  (SELECT count(*) FROM desk.answer_versions v WHERE v.candidacy_id = n.id))
FROM desk.candidacies n JOIN desk.candidacies c ON c.id = n.replaces_id`, o.Now())
	want := "EP27-00003|olga-distinta-mar|propietaria|1|IEP/CEE/201/2027|2027-04-05|sin_iniciar|0|{joven}|t|t|t|t|sustituida|0"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n := o.count(`SELECT count(*) FROM desk.acts a JOIN desk.candidacies c ON c.id = a.new_candidacy_id WHERE c.folio = 'EP27-00003'`); n != 1 {
		t.Error("the act does not name who entered")
	}
}

func TestWhoLeavesLosesTheAccountsLimitedToThem(t *testing.T) {
	o := ticket(t)
	id := o.ID(`SELECT id FROM desk.candidacies WHERE folio = 'EP27-00001'`)
	o.Account("ana@ejemplo.mx", "candidata", 0, id)
	o.done(o.act(registry.Resignation, "EP27-00001"))
	if n := o.count(`SELECT count(*) FROM desk.grants WHERE candidacy_id = $1`, id); n != 0 {
		t.Errorf("%d accounts still reach a retired candidacy", n)
	}
}

func TestReinstatementNeedsTheSeat(t *testing.T) {
	o := ticket(t)
	a := o.act(registry.Substitution, "EP27-00001")
	a.Person = newcomer
	o.done(a)
	_, err := o.Capture(t.Context(), o.One, "", o.act(registry.Reinstatement, "EP27-00001"))
	if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "Olga Distinta Mar") {
		t.Errorf("got %v, want a conflict that names who is there", err)
	}
}

func TestACorrectionMovesTheAddressAndOnlyTheData(t *testing.T) {
	o := ticket(t)
	c, err := o.Registry.Candidacy(t.Context(), o.One, "EP27-00001")
	if err != nil {
		t.Fatal(err)
	}
	a := o.act(registry.Correction, "EP27-00001")
	a.Person = c.Registration
	if _, err := o.Capture(t.Context(), o.One, "", a); !fault.Is(err, fault.Invalid) {
		t.Errorf("a correction of nothing: %v", err)
	}
	a.Person.GivenNames, a.Person.Nickname = "Ana María", "La Maestra"
	effect, err := o.Preview(t.Context(), o.One, a)
	want := []string{
		"Cambia nombre: de «Ana Prueba Ríos» a «Ana María Prueba Ríos».",
		"La dirección pública cambia con el nombre; la anterior lleva a la nueva.",
		"Cambia sobrenombre: de «sin dato» a «La Maestra».",
		"Entra en la lista para el INE del 6 de abril de 2027.",
	}
	if diff := cmp.Diff(want, effect); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	o.done(a)
	if got := o.public(); got != "ana-maria-prueba-rios:publicada eva-muestra-paz:no_capturada / " {
		t.Errorf("the site says %q", got)
	}
	if got := o.text(`SELECT slug FROM site.moved`); got != "ana-prueba-rios" {
		t.Errorf("moved %q", got)
	}
	// The list that was approved before the correction does not undo it.
	r := o.mustLoad(list(t, shortHeader, ayala[0]))
	if r.Changed != 0 || r.Unchanged != 1 {
		t.Errorf("the old list changed %d: %v", r.Changed, r.Changes)
	}
}

func TestACorrectionIntoATakenPositionIsAConflict(t *testing.T) {
	o := newOffice(t)
	o.mustLoad(list(t, shortHeader,
		"REGIDURÍA||Ayala|1|PROPIETARIA|Ana|Prueba|M|MC|", "REGIDURÍA||Ayala|2|PROPIETARIA|Eva|Muestra|M|MC|"))
	c, err := o.Registry.Candidacy(t.Context(), o.One, "EP27-00001")
	if err != nil {
		t.Fatal(err)
	}
	a := o.act(registry.Correction, "EP27-00001")
	a.Person = c.Registration
	a.Person.Position = 2
	if err := o.Confirm(t.Context(), o.Two, "", o.captured(a)); !fault.Is(err, fault.Conflict) || fault.MessageOf(err) == "" {
		t.Errorf("got %v, want a conflict in words", err)
	}
}

func TestSigladoChangesWithinTheCoalition(t *testing.T) {
	o := newOffice(t)
	o.mustLoad(list(t, shortHeader, "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Sol|Ficticia|M|PT|SHHM"))
	a := o.act(registry.SigladoChange, "EP27-00001")
	for _, bad := range []string{"PAN", "PT", "", "XYZ"} {
		a.Siglado = bad
		if _, err := o.Capture(t.Context(), o.One, "", a); !fault.Is(err, fault.Invalid) {
			t.Errorf("siglado to %q: %v", bad, err)
		}
	}
	a.Siglado = "PVEM"
	o.done(a)
	if got := o.text(`SELECT n.acronym FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.siglado_id`); got != "PVEM" {
		t.Errorf("siglado to %q", got)
	}
}

func TestAnActThatIsNotRightSaysWhichField(t *testing.T) {
	o := ticket(t)
	tests := []struct {
		name   string
		change func(*registry.NewAct)
		want   string
	}{
		{"no basis", func(a *registry.NewAct) { a.Basis = "" }, "acuerdo"},
		{"no date", func(a *registry.NewAct) { a.BasisDate = time.Time{} }, "fecha"},
		{"tomorrow's date", func(a *registry.NewAct) { a.BasisDate = o.Now().AddDate(0, 0, 1) }, "fecha"},
		{"no name", func(a *registry.NewAct) { a.Person.GivenNames = "" }, "nombres"},
		{"no surnames", func(a *registry.NewAct) { a.Person.Surnames = "" }, "apellidos"},
		{"sex", func(a *registry.NewAct) { a.Person.Sex = "otro" }, "sexo"},
		{"a minor", func(a *registry.NewAct) { d := o.Now().AddDate(-10, 0, 0); a.Person.BirthDate = &d }, "fecha_nacimiento"},
		{"e-mail", func(a *registry.NewAct) { a.Person.Email = "x" }, "correo"},
		{"telephone", func(a *registry.NewAct) { a.Person.Phone = "1" }, "telefono"},
		{"unknown action", func(a *registry.NewAct) { a.Person.Actions = []string{"x"} }, "accion_afirmativa"},
		{"the same person", func(a *registry.NewAct) { a.Person.GivenNames, a.Person.Surnames = "Ana", "Prueba Rios" }, "nombres"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := o.act(registry.Substitution, "EP27-00001")
			a.Person = newcomer
			tt.change(&a)
			_, err := o.Capture(t.Context(), o.One, "", a)
			if f := fault.FieldsOf(err); !fault.Is(err, fault.Invalid) || len(f) != 1 || f[0].ID != tt.want {
				t.Errorf("got %v, want one field %s", err, tt.want)
			}
		})
	}
}

func TestOnePendingActPerCandidacyAndTheSameFormOnce(t *testing.T) {
	o := ticket(t)
	const key = "018f0000-0000-7000-8000-000000000001"
	a := o.act(registry.Resignation, "EP27-00001")
	first, err := o.Capture(t.Context(), o.One, key, a)
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.Capture(t.Context(), o.One, key, a)
	if err != nil || again != first {
		t.Errorf("the same form twice: act %d then %d, %v", first, again, err)
	}
	if _, err := o.Capture(t.Context(), o.Two, "", o.act(registry.Death, "EP27-00001")); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second pending act: %v", err)
	}
	if err := o.Discard(t.Context(), o.One, "", first, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("discarded without a reason: %v", err)
	}
	if err := o.Discard(t.Context(), o.One, "", first, "Se capturó por error"); err != nil {
		t.Fatal(err)
	}
	if err := o.Confirm(t.Context(), o.Two, "", first); !fault.Is(err, fault.Conflict) {
		t.Errorf("confirmed after it was discarded: %v", err)
	}
}

func TestActsOfAnotherProcessAreNotFound(t *testing.T) {
	o := ticket(t)
	id := o.captured(o.act(registry.Resignation, "EP27-00001"))
	stranger := o.Two
	stranger.Process = 1
	for name, err := range map[string]error{
		"capture": second(o.Capture(t.Context(), stranger, "", o.act(registry.Death, "EP27-00001"))),
		"confirm": o.Confirm(t.Context(), stranger, "", id),
		"discard": o.Discard(t.Context(), stranger, "", id, "porque sí"),
		"read":    second(o.Registry.Candidacy(t.Context(), stranger, "EP27-00001")),
		"start":   o.ConfirmStart(t.Context(), auth.Admin{Who: o.Two.Who}, "", id),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestThePublicationStartsByTwoPersons(t *testing.T) {
	o := newOffice(t)
	o.mustLoad(list(t, shortHeader, ayala...))
	admin := auth.Admin{Who: auth.Who{Account: o.Account("admin@instituto.mx", "administracion", 0, 0), Process: o.Election}}
	start := registry.NewStart{StartsAt: o.Now().Add(time.Hour), Basis: "IEP/CEE/150/2027", BasisDate: o.Now().AddDate(0, 0, -1)}
	if _, err := o.ProposeStart(t.Context(), admin, "", registry.NewStart{}); len(fault.FieldsOf(err)) != 3 {
		t.Errorf("an empty proposal: %v", err)
	}
	id, err := o.ProposeStart(t.Context(), admin, "", start)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.ProposeStart(t.Context(), o.One, "", start); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second proposal: %v", err)
	}
	if err := o.ConfirmStart(t.Context(), admin, "", id); !fault.Is(err, fault.Forbidden) {
		t.Errorf("confirmed by whoever proposed it: %v", err)
	}
	if err := o.ConfirmStart(t.Context(), o.One, "", id); err != nil {
		t.Fatal(err)
	}
	if got := o.public(); got != " / " {
		t.Errorf("before the hour the site says %q", got)
	}
	o.SetNow(o.Now().Add(2 * time.Hour))
	if n, err := o.Publisher.OpenDue(t.Context(), o.Desk); n != 1 || err != nil {
		t.Fatalf("opened %d: %v", n, err)
	}
	if got := o.public(); got != "ana-prueba-rios:no_capturada eva-muestra-paz:no_capturada / " {
		t.Errorf("after the hour the site says %q", got)
	}
	if _, err := o.ProposeStart(t.Context(), o.One, "", start); !fault.Is(err, fault.Conflict) {
		t.Errorf("proposed once open: %v", err)
	}
}

func TestDocumentsAreRecognisedByTheirContent(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"../../Acuerdo 201.pdf", []byte("%PDF-1.7\n"), "Acuerdo-201.pdf"},
		{"C:\\Users\\x\\foto.exe", picture.Bytes(), "foto.png"},
		{"acuerdo.jpg", []byte("<html><script>"), ""},
		{"acuerdo.pdf", []byte("PK\x03\x04"), ""},
		{"acuerdo.png", picture.Bytes()[:10], ""},
		{"vacío.pdf", nil, ""},
		{"grande.pdf", append([]byte("%PDF-"), make([]byte, registry.MaxDocument)...), ""},
	}
	for _, tt := range tests {
		d, err := registry.NewDocument(tt.name, tt.data)
		switch {
		case tt.want == "" && !fault.Is(err, fault.Invalid):
			t.Errorf("%s: got %v, want a refusal", tt.name, err)
		case tt.want != "" && (err != nil || d.Name != tt.want):
			t.Errorf("%s: got %v, %v; want %s", tt.name, d, err, tt.want)
		}
	}
}

func TestTheListForINEHasTheMovementsOfTheDay(t *testing.T) {
	o := ticket(t)
	o.SetNow(o.Now().AddDate(0, 0, 1))
	a := o.act(registry.Substitution, "EP27-00001")
	a.Person = newcomer
	o.done(a)
	lines := func(day time.Time) []string {
		all, err := o.Movements(t.Context(), o.One, day)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range all {
			out = append(out, strings.TrimSpace(m.What+" "+m.Name+" "+m.NewName))
		}
		return out
	}
	if diff := cmp.Diff([]string{"Alta Ana Prueba Ríos", "Alta Eva Muestra Paz"}, lines(o.Now().AddDate(0, 0, -1))); diff != "" {
		t.Errorf("the first day (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Sustitución Ana Prueba Ríos Olga Distinta Mar"}, lines(o.Now())); diff != "" {
		t.Errorf("the second day (-want +got)\n%s", diff)
	}
	if got := lines(o.Now().AddDate(0, 0, 1)); got != nil {
		t.Errorf("tomorrow has %v", got)
	}
}
