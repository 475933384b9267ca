package duty_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/duty"
	"conoceles/internal/fault"
)

var longText = strings.Repeat("Palabras de una respuesta corregida. ", 12)

func TestARequirementFromItsDraftToItsAcknowledgement(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	ctx := t.Context()
	f := s.open(duty.ToParty)
	if !strings.Contains(f.Text, "informa a Partido HOR que en el Proceso de prueba 2027 hay cuestionarios de 3 candidaturas") || strings.ContainsAny(f.Text, "{}") {
		t.Errorf("the draft says %q", f.Text)
	}

	t.Log("An analyst proposes; nobody but another Head sends.")
	e := edition(f)
	e.Body += "\n\nAtendemos dudas de {destinatario} en la Unidad."
	if err := s.store.Save(ctx, s.analyst, e); err != nil {
		t.Fatal(err)
	}
	e = edition(s.open(duty.ToParty))
	if err := s.store.Propose(ctx, s.head, e); err != nil {
		t.Fatal(err)
	}
	f = s.open(duty.ToParty)
	if f.Oficio != "IEP/UT/REQ/0001/2027" || f.State != duty.Proposed {
		t.Errorf("proposed as %s, %s", f.Oficio, f.State)
	}
	picked := duty.Picked{ID: f.ID, Version: f.Version}
	if err := s.store.Send(ctx, s.head, picked, uuid.NewString()); !fault.Is(err, fault.Forbidden) {
		t.Errorf("who proposed it sent it: %v", err)
	}
	if err := s.store.Send(ctx, s.other, duty.Picked{ID: f.ID, Version: f.Version - 1}, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("sent what nobody read: %v", err)
	}
	if got, err := s.store.Received(ctx, s.validator); err != nil || len(got) > 0 {
		t.Errorf("the party reads a proposal: %v %v", got, err)
	}
	key := uuid.NewString()
	for range 2 { // the second time is the same act
		if err := s.store.Send(ctx, s.other, picked, key); err != nil {
			t.Fatal(err)
		}
	}

	t.Log("Frozen, told to whoever captures, and theirs alone.")
	if got := s.lines(`SELECT recipient FROM desk.outbox WHERE kind = 'requerimiento.enviado' ORDER BY 1`); strings.Join(got, " ") != "opera@hor.mx valida@hor.mx" {
		t.Errorf("told to %v", got)
	}
	list, err := s.store.Received(ctx, s.operator)
	if err != nil || len(list) != 1 || list[0].Owing != 3 {
		t.Fatalf("the party received %+v, %v", list, err)
	}
	sent, err := s.store.ReceivedNotice(ctx, s.operator, f.ID)
	if err != nil || !strings.HasSuffix(sent.Text, "Atendemos dudas de Partido HOR en la Unidad.") || len(sent.Items) != 6 {
		t.Errorf("the party reads %q with %d items, %v", sent.Text, len(sent.Items), err)
	}
	if want := time.Date(2027, 4, 26, 0, 0, 0, 0, s.Now().Location()); !sent.DueAt.Equal(want) {
		t.Errorf("due %v, want %v", sent.DueAt, want)
	}
	for name, a := range map[string]auth.Capturer{"another party": s.stranger, "the candidate, of the party's": s.candidate, "an independent": s.solo, "nobody": auth.Validator{}} {
		if _, err := s.store.ReceivedNotice(ctx, a, f.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s reads it: %v", name, err)
		}
		if _, err := s.store.ReceivedFile(ctx, a, f.ID, duty.LetterFile); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s downloads it: %v", name, err)
		}
		if err := s.store.Acknowledge(ctx, a, f.ID, uuid.NewString()); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s acknowledges it: %v", name, err)
		}
	}
	if err := s.store.Acknowledge(ctx, s.operator, f.ID, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	first := s.Now()
	s.SetNow(first.Add(time.Hour))
	if err := s.store.Acknowledge(ctx, s.validator, f.ID, uuid.NewString()); err != nil {
		t.Errorf("acknowledging again: %v", err)
	}
	file, err := s.store.Notice(ctx, s.analyst, f.ID)
	if err != nil || file.AcknowledgedBy != "Persona opera@hor.mx" || !file.AcknowledgedAt.Equal(first) || file.AckMedium != duty.Inside {
		t.Errorf("acknowledged by %q at %v, %v", file.AcknowledgedBy, file.AcknowledgedAt, err)
	}
	err = s.store.RegisterReceipt(ctx, s.analyst, duty.PaperReceipt{ID: f.ID, Key: uuid.NewString(), ReceivedBy: "Otra persona", ReceivedAt: s.Now()})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a second acknowledgement: %v", err)
	}
}

func TestTheFilesOfARequirementAreThoseSent(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	f := s.sent(duty.ToParty)
	letter, err := s.store.File(t.Context(), s.analyst, f.ID, duty.LetterFile)
	if err != nil {
		t.Fatal(err)
	}
	annex, err := s.store.ReceivedFile(t.Context(), s.operator, f.ID, duty.AnnexFile)
	if err != nil {
		t.Fatal(err)
	}
	if hash(letter) != f.LetterHash || hash(annex) != f.AnnexHash {
		t.Error("a file is not the one its hash names")
	}
	keep(t, "requerimiento.pdf", letter)
	says := pdfText(t, letter)
	for _, want := range []string{
		"Instituto Electoral de Prueba", "Oficio IEP/UT/REQ/0001/2027", "Prueba, a 22 de abril de 2027", "Partido HOR", "Requerimiento sobre los cuestionarios de 3 candidaturas",
		"domingo 25 de abril, 23:59 h", "Blanca Inventada Tapia", "De identidad", "Incompleto", "Falta validarlo", "Persona hilda@iep.mx", "Página 1 de",
	} {
		if !strings.Contains(says, want) {
			t.Errorf("the letter does not say %q", want)
		}
	}
	if strings.Contains(says, "PRELIMINAR") || strings.Contains(says, "Genaro") {
		t.Errorf("the letter is not the one sent to this party: %s", says)
	}
	book, err := excelize.OpenReader(bytes.NewReader(annex))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Requerimiento")
	if err != nil || len(rows) != 7 || rows[2][4] != "Cuestionario de identidad" || rows[2][5] != "Incompleto" || rows[2][6] != "" {
		t.Errorf("annex: %v %q", err, rows)
	}
	s.SetNow(s.Now().Add(48 * time.Hour))
	s.Exec(`UPDATE desk.institution SET name = 'Otro nombre'`)
	if again, err := s.store.File(t.Context(), s.analyst, f.ID, duty.LetterFile); err != nil || !bytes.Equal(again, letter) {
		t.Errorf("the letter changed after it was sent: %v", err)
	}
}

func TestADraftIsPrintedAsSuch(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	letter, err := s.store.File(t.Context(), s.analyst, s.open(duty.ToCandidate).ID, duty.LetterFile)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "borrador.pdf", letter)
	if says := pdfText(t, letter); !strings.Contains(says, "PRELIMINAR") || strings.Contains(says, "Marisol") {
		t.Errorf("the draft to a candidate says %s", says)
	}
}

func TestWhatIsRequiredIsNotRequiredTwiceInTerm(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	f := s.sent(duty.ToParty)
	s.sent(duty.ToCandidate)
	s.detect()
	open := func() string {
		return s.text(`SELECT COALESCE(string_agg(addressee, ' ' ORDER BY addressee), '') FROM desk.duty_notices WHERE state = 'borrador' AND (nominator_id = $1 OR candidacy_id = $2)`, s.party, s.blank)
	}
	if got := open(); got != "" {
		t.Errorf("drafts of what is required already: %s", got)
	}
	s.SetNow(f.DueAt.Add(-time.Second))
	s.detect()
	if got := open(); got != "" {
		t.Errorf("drafts one second before the term: %s", got)
	}
	s.SetNow(*f.DueAt)
	s.detect()
	if got := open(); got != "candidata partido" {
		t.Errorf("drafts when the term is over: %q", got)
	}
}

func TestSendingLeavesOutWhatWasAttendedAndStopsWhenAllWas(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	if err := s.store.Propose(t.Context(), s.analyst, edition(s.open(duty.ToParty))); err != nil {
		t.Fatal(err)
	}
	f := s.open(duty.ToParty)
	s.Exec(`UPDATE desk.candidacies SET standing = 'cancelada' WHERE id = $1`, s.half)
	if err := s.store.Send(t.Context(), s.head, duty.Picked{ID: f.ID, Version: f.Version}, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	sent, err := s.store.Notice(t.Context(), s.head, f.ID)
	if err != nil || len(sent.Items) != 4 || !strings.Contains(sent.Text, "2 candidaturas") {
		t.Errorf("sent with %d items: %q, %v", len(sent.Items), sent.Text, err)
	}
	if err := s.store.Propose(t.Context(), s.analyst, edition(s.open(duty.ToCandidate))); err != nil {
		t.Fatal(err)
	}
	f = s.open(duty.ToCandidate)
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, s.blank)
	if err := s.store.Send(t.Context(), s.head, duty.Picked{ID: f.ID, Version: f.Version}, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("sent with nothing to require: %v", err)
	}
}

func TestATermNeverPassesTheEndOfCampaigns(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	end := s.Now().Add(30 * time.Hour)
	s.endCampaigns(end)
	s.detect()
	if f := s.sent(duty.ToParty); !f.DueAt.Equal(end) {
		t.Errorf("due %v, want the end of campaigns, %v", f.DueAt, end)
	}
	if err := s.store.Propose(t.Context(), s.analyst, edition(s.open(duty.ToCandidate))); err != nil {
		t.Fatal(err)
	}
	f := s.open(duty.ToCandidate)
	s.SetNow(end)
	err := s.store.Send(t.Context(), s.head, duty.Picked{ID: f.ID, Version: f.Version}, uuid.NewString())
	if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "vista") {
		t.Errorf("sent after campaigns: %v", err)
	}
	s.detect()
	if got := s.text(`SELECT count(*)::text FROM desk.duty_notices WHERE created_at >= $1`, end); got != "0" {
		t.Errorf("%s drafts were made after campaigns", got)
	}
}

func TestSeveralAreProposedAndSentOneByOne(t *testing.T) {
	s := newStage(t)
	s.afterTerm()
	s.detect()
	pick := func(state duty.State) []duty.Picked {
		tray, err := s.store.Tray(t.Context(), s.analyst, duty.Filter{State: state, Page: 1, Size: 50})
		if err != nil {
			t.Fatal(err)
		}
		var out []duty.Picked
		for _, n := range tray.Notices {
			out = append(out, duty.Picked{ID: n.ID, Version: n.Version})
		}
		return out
	}
	drafts := pick(duty.Draft)
	drafts[0].Version--
	key := uuid.NewString()
	for range 2 { // the same form twice
		results, err := s.store.ProposeSeveral(t.Context(), s.analyst, key, drafts)
		if err != nil || len(results) != len(drafts) || results[0].Err == nil || results[1].Err != nil {
			t.Fatalf("%+v, %v", results, err)
		}
	}
	results, err := s.store.SendSeveral(t.Context(), s.head, uuid.NewString(), pick(duty.Proposed))
	if err != nil || len(results) != len(drafts)-1 {
		t.Fatalf("%+v, %v", results, err)
	}
	for _, r := range results {
		if r.Err != nil {
			t.Error(r.Err)
		}
	}
	if got := s.text(`SELECT count(DISTINCT oficio)::text FROM desk.duty_notices WHERE state = 'enviado'`); got != s.text(`SELECT count(*)::text FROM desk.duty_notices WHERE state = 'enviado'`) {
		t.Error("two letters have one number")
	}
	if _, err := s.store.SendSeveral(t.Context(), s.head, uuid.NewString(), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("nothing was chosen: %v", err)
	}
}

// Who has no account is told at the address of the register or, when it is not
// theirs alone, by a letter to print.
func TestWhoHasNoAccountIsToldToo(t *testing.T) {
	s := newStage(t)
	s.Exec(`UPDATE desk.accounts SET active = false WHERE email = 'blanca@correo.mx'`)
	for name, c := range map[string]struct{ email, want string }{
		"own":    {"propio@correo.mx", "correo propio@correo.mx"},
		"shared": {"GENARO@riv.mx", "carta Blanca Inventada Tapia"},
		"none":   {"", "carta Blanca Inventada Tapia"},
	} {
		t.Run(name, func(t *testing.T) {
			s.SetNow(s.Now().AddDate(0, 0, 16))
			s.Exec(`UPDATE desk.persons SET email = 'genaro@riv.mx' WHERE given_names = 'Genaro'`)
			s.Exec(`UPDATE desk.persons SET email = $1 WHERE given_names = 'Blanca'`, c.email)
			s.detect()
			s.sent(duty.ToCandidate)
			if got := s.text(`SELECT channel || ' ' || recipient FROM desk.outbox WHERE kind = 'requerimiento.enviado' ORDER BY id DESC LIMIT 1`); got != c.want {
				t.Errorf("told by %s, want %s", got, c.want)
			}
		})
	}
	f, err := s.store.Received(t.Context(), s.candidate)
	if err != nil || len(f) != 3 {
		t.Fatalf("%d received, %v", len(f), err)
	}
	r := duty.PaperReceipt{ID: f[0].ID, Key: uuid.NewString(), ReceivedBy: "", ReceivedAt: s.Now().Add(time.Hour)}
	if err := s.store.RegisterReceipt(t.Context(), s.analyst, r); len(fault.FieldsOf(err)) != 2 {
		t.Errorf("a receipt of nobody, tomorrow: %v", err)
	}
	r = duty.PaperReceipt{ID: f[0].ID, Key: uuid.NewString(), ReceivedBy: "Blanca Inventada Tapia", ReceivedAt: s.Now()}
	if err := s.store.RegisterReceipt(t.Context(), s.analyst, r); err != nil {
		t.Fatal(err)
	}
	if got, err := s.store.Notice(t.Context(), s.head, f[0].ID); err != nil || got.AckMedium != duty.OnPaper {
		t.Errorf("acknowledged by %q, %v", got.AckMedium, err)
	}
}

func TestTheTextsAreOfTheInstitute(t *testing.T) {
	s := newStage(t)
	ctx := t.Context()
	set, err := s.store.Settings(ctx, s.analyst)
	if err != nil || len(set.Templates) != 3 || set.Templates[0].Version != 0 {
		t.Fatalf("%+v, %v", set, err)
	}
	values := map[string]string{
		duty.DaysField: "4", duty.EarlyField: "0", duty.RemindersField: "7, 3 y 1", duty.OficioField: "UT-{numero}-{anio}",
	}
	for _, tmpl := range set.Templates {
		values[duty.FieldOf(duty.SubjectField, tmpl.Addressee)], values[duty.FieldOf(duty.BodyField, tmpl.Addressee)] = tmpl.Subject, tmpl.Body
	}
	values["texto_partido"] = "Estimado {destinatario}: atiende el anexo."
	get := func(id string) string { return values[id] }
	changed, err := duty.ParseSettings(get)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.SetSettings(ctx, s.head, uuid.NewString(), set.Version(), changed); err != nil {
		t.Fatal(err)
	}
	if err := s.store.SetSettings(ctx, s.other, uuid.NewString(), set.Version(), changed); !fault.Is(err, fault.Conflict) {
		t.Errorf("two persons changed them at once: %v", err)
	}
	s.afterTerm()
	s.detect()
	if f := s.sent(duty.ToParty); f.TemplateVersion != 1 || f.Text != "Estimado Partido HOR: atiende el anexo." || f.Oficio != "UT-0001-2027" || f.TermDays != 4 {
		t.Errorf("version %d, %s, %d days: %q", f.TemplateVersion, f.Oficio, f.TermDays, f.Text)
	}
	if f := s.open(duty.ToIndependent); f.TemplateVersion != 0 {
		t.Errorf("a text that did not change is version %d", f.TemplateVersion)
	}
	for field, wrong := range map[string]string{
		"texto_partido": "Faltan {folios}", "texto_candidata": "", duty.RemindersField: "5, 5", duty.OficioField: "UT-1", duty.DaysField: "cero", "asunto_partido": "Con {",
	} {
		before := values[field]
		values[field] = wrong
		if _, err := duty.ParseSettings(get); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].ID != field {
			t.Errorf("%s = %q: %v", field, wrong, err)
		}
		values[field] = before
	}
}
