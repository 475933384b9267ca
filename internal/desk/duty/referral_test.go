package duty_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"conoceles/internal/db"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/duty"
	"conoceles/internal/fault"
)

// overStage is a process whose campaigns ended, with a requirement sent,
// acknowledged and not attended, and a candidacy that complied late.
func overStage(t testing.TB) *stage {
	t.Helper()
	s := newStage(t)
	if err := s.store.Daily(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.daily(morning(20))
	s.afterTerm()
	s.detect()
	f := s.sent(duty.ToParty)
	if err := s.store.Acknowledge(context.Background(), s.validator, f.ID, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	r, err := s.capture.Record(context.Background(), s.validator, s.text(`SELECT folio FROM desk.candidacies WHERE id = $1`, s.ready))
	if err == nil {
		_, err = s.capture.Validate(context.Background(), s.validator, capture.Validation{Folio: r.Folio, Key: uuid.NewString(), Content: r.Content(), Declared: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.endCampaigns(morning(30))
	s.SetNow(morning(30))
	return s
}

func vista(oficio string) duty.NewReferral {
	return duty.NewReferral{Key: uuid.NewString(), Oficio: oficio, Note: "Se adjuntan los requerimientos."}
}

func TestAVistaIsRefusedBeforeCampaignsEnd(t *testing.T) {
	s := newStage(t)
	end := morning(30)
	s.endCampaigns(end)
	for at, want := range map[time.Time]fault.Kind{end.Add(-time.Second): fault.Conflict, end: fault.Internal} {
		s.SetNow(at)
		_, err := s.store.Prepare(t.Context(), s.head, vista("UT/"+at.Format("150405")))
		if got := fault.KindOf(err); got != want || want == fault.Conflict && !strings.Contains(fault.MessageOf(err), "terminan el 30 de abril de 2027, 8:00 h") || want == fault.Internal && err != nil {
			t.Errorf("at %v: %v", at, err)
		}
	}
	s.Exec(`UPDATE desk.processes SET campaigns_end_at = NULL`)
	if _, err := s.store.Prepare(t.Context(), s.head, vista("UT/3")); !fault.Is(err, fault.Conflict) {
		t.Errorf("with no end of campaigns: %v", err)
	}
}

func TestAVistaFromItsPreparationToTheReport(t *testing.T) {
	s := overStage(t)
	ctx := t.Context()
	if _, err := s.store.Prepare(ctx, s.head, duty.NewReferral{Key: uuid.NewString()}); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("with no oficio: %v", err)
	}
	id, err := s.store.Prepare(ctx, s.head, vista("UT/VISTA/1"))
	if err != nil {
		t.Fatal(err)
	}

	t.Log("The Comisión knows of it once it is delivered, and not before.")
	if _, err := s.store.Referral(ctx, s.comision, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("the Comisión reads what was not delivered: %v", err)
	}
	if _, err := s.store.ReferralBytes(ctx, s.comision, id, duty.PackageZIP); !fault.Is(err, fault.NotFound) {
		t.Errorf("the Comisión downloads what was not delivered: %v", err)
	}
	if err := s.store.Receive(ctx, s.comision, id, uuid.NewString()); !fault.Is(err, fault.NotFound) {
		t.Errorf("the Comisión receives what was not delivered: %v", err)
	}
	if err := s.store.Deliver(ctx, s.head, id, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Deliver(ctx, s.head, id, uuid.NewString()); !fault.Is(err, fault.Conflict) {
		t.Errorf("delivered twice: %v", err)
	}
	if got := s.lines(`SELECT recipient FROM desk.outbox WHERE kind = 'vista.entregada'`); !slices.Equal(got, []string{"comision@iep.mx"}) {
		t.Errorf("told to %v", got)
	}

	t.Log("It acknowledges it, and then records its report.")
	report := duty.NewReport{ID: id, Key: uuid.NewString(), On: s.Now(), Acuerdo: "IEP/CEE/200/2027"}
	if err := s.store.Report(ctx, s.comision, report); !fault.Is(err, fault.Conflict) {
		t.Errorf("reported before it was received: %v", err)
	}
	if err := s.store.Receive(ctx, s.comision, id, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Report(ctx, s.comision, duty.NewReport{ID: id, Key: uuid.NewString(), On: s.Now().AddDate(0, 0, 2)}); len(fault.FieldsOf(err)) != 2 {
		t.Errorf("a report of the day after tomorrow, with no acuerdo: %v", err)
	}
	if err := s.store.Report(ctx, s.comision, report); err != nil {
		t.Fatal(err)
	}
	v, err := s.store.Referral(ctx, s.analyst, id)
	if err != nil || v.Version != 1 || v.Candidacies != 5 || v.Nominators != 3 || v.Late != 1 || v.Acuerdo != "IEP/CEE/200/2027" || v.ReceivedByName != "Persona comision@iep.mx" {
		t.Errorf("%+v, %v", v, err)
	}

	t.Log("A second one is another version, and the first does not change.")
	before, _ := s.store.ReferralBytes(ctx, s.head, id, duty.PackageZIP)
	s.Exec(`UPDATE desk.candidacies SET standing = 'renuncia' WHERE id = $1`, s.blank)
	second, err := s.store.Prepare(ctx, s.head, vista("UT/VISTA/2"))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.store.Referral(ctx, s.head, second); err != nil || v.Version != 2 || v.Candidacies != 4 {
		t.Errorf("%+v, %v", v, err)
	}
	if again, err := s.store.ReferralBytes(ctx, s.comision, id, duty.PackageZIP); err != nil || !bytes.Equal(again, before) {
		t.Errorf("the first vista changed: %v", err)
	}
	if got, err := s.store.Referrals(ctx, s.comision); err != nil || len(got.List) != 1 || got.Next.Candidacies() != 0 {
		t.Errorf("the Comisión lists %d vistas and what comes next, %v", len(got.List), err)
	}
}

func TestWhatAVistaSays(t *testing.T) {
	s := overStage(t)
	id, err := s.store.Prepare(t.Context(), s.head, vista("UT/VISTA/1"))
	if err != nil {
		t.Fatal(err)
	}
	read := func(f duty.ReferralFile) []byte {
		b, err := s.store.ReferralBytes(t.Context(), s.head, id, f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	v, err := s.store.Referral(t.Context(), s.head, id)
	if err != nil {
		t.Fatal(err)
	}
	document, annex, pack := read(duty.DocumentPDF), read(duty.AnnexXLSX), read(duty.PackageZIP)
	if hash(document) != v.DocumentHash || hash(annex) != v.AnnexHash || hash(pack) != v.PackageHash {
		t.Error("a file is not the one its hash names")
	}
	keep(t, "vista.pdf", document)
	keep(t, "vista.xlsx", annex)
	keep(t, "vista.zip", pack)
	says := pdfText(t, document)
	for _, want := range []string{
		"Vista de incumplimientos, versión 1", "5 candidaturas de 3 actores", "Se adjuntan los requerimientos.", "33 %", "Recordatorio del plazo de captura, 1 día antes",
		"Requerimiento IEP/UT/REQ/0001/2027 a quien postula", "Acuse de recibo de IEP/UT/REQ/0001/2027 en el sistema, por Persona valida@hor.mx", "extemporánea",
		"Cumplieron fuera de plazo", "Delia Ficticia Luna", "Recepción de los accesos",
	} {
		if !strings.Contains(says, want) {
			t.Errorf("the vista does not say %q", want)
		}
	}
	checkBook(t, annex)
	checkPackage(t, pack, document, annex)
}

func checkBook(t *testing.T, annex []byte) {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(annex))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for sheet, want := range map[string]int{"Resumen": 4, "Incumplimientos": 10, "Extemporáneas": 2} {
		rows, err := book.GetRows(sheet)
		if err != nil || len(rows) != want {
			t.Errorf("%s: %d rows, want %d: %v", sheet, len(rows), want, err)
		}
		for _, r := range rows[1:] {
			if sheet == "Incumplimientos" && r[4] == "Cuestionario de identidad" && (r[5] != "Incompleto" || r[6] != "Incompleto" || r[7] != "") {
				t.Errorf("of identity it says %q", r)
			}
		}
	}
	if rows, err := book.GetRows("Evidencia"); err != nil || len(rows) < 20 {
		t.Errorf("%d facts, %v", len(rows), err)
	}
}

// checkPackage reads a package as whoever receives it would: each file against
// the manifest, nothing more and nothing less.
func checkPackage(t *testing.T, pack, document, annex []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	lines := strings.Split(strings.TrimSpace(string(files["MANIFIESTO.sha256"])), "\n")
	if len(lines) != len(files)-1 || len(lines) != 4 {
		t.Errorf("%d lines for %d files", len(lines), len(files))
	}
	for _, l := range lines {
		sum, name, _ := strings.Cut(l, "  ")
		if b, ok := files[name]; !ok || hash(b) != sum {
			t.Errorf("%s is not what the manifest says", name)
		}
	}
	if !bytes.Equal(files["vista.pdf"], document) || !bytes.Equal(files["anexo.xlsx"], annex) || files["requerimientos/0001-IEP-UT-REQ-0001-2027.pdf"] == nil {
		t.Error("the package does not have the files of the vista")
	}
}

// The same database at the same instant gives the same bytes.
func TestAPackageIsAlwaysTheSame(t *testing.T) {
	s := overStage(t)
	var packs [][]byte
	for range 2 {
		id, err := s.store.Prepare(t.Context(), s.head, vista("UT/VISTA/1"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.store.ReferralBytes(t.Context(), s.head, id, duty.PackageZIP)
		if err != nil {
			t.Fatal(err)
		}
		packs = append(packs, b)
		s.asOwner(`DELETE FROM desk.referrals`)
		time.Sleep(2100 * time.Millisecond) // ZIP counts by two seconds
	}
	if !bytes.Equal(packs[0], packs[1]) {
		t.Error("the same vista gave other bytes")
	}
}

// Whoever may go on capturing by an acuerdo is still in term.
func TestAnExceptionIsNoBreach(t *testing.T) {
	s := overStage(t)
	act := s.ID(`
INSERT INTO desk.acts (process_id, kind, candidacy_id, basis, basis_date, captured_by, captured_at, state, decided_by, decided_at)
VALUES ($1, 'excepcion', $2, 'SENTENCIA/1', '2027-04-29', $3, $5, 'confirmado', $4, $5) RETURNING id`, s.Process, s.blank, s.head.Account, s.other.Account, s.Now())
	s.Exec(`INSERT INTO desk.capture_exceptions (act_id, candidacy_id, until_at) VALUES ($1, $2, $3)`, act, s.blank, morning(30).Add(time.Hour))
	for at, want := range map[time.Time]int{morning(30): 4, morning(30).Add(time.Hour): 5} {
		s.SetNow(at)
		if got, err := s.store.Referrals(t.Context(), s.head); err != nil || got.Next.Candidacies() != want {
			t.Errorf("at %v %d candidacies would be referred, want %d: %v", at, got.Next.Candidacies(), want, err)
		}
	}
}

// Once frozen, not even the program changes a vista or a letter.
func TestWhatWasFrozenStaysSo(t *testing.T) {
	s := overStage(t)
	if _, err := s.store.Prepare(t.Context(), s.head, vista("UT/VISTA/1")); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{
		`UPDATE desk.referrals SET document = 'x'`, `DELETE FROM desk.referrals`, `UPDATE desk.duty_notices SET body = 'x' WHERE state = 'enviado'`,
		`UPDATE desk.duty_notices SET acknowledged_by = 'x' WHERE acknowledged_at IS NOT NULL`, `DELETE FROM desk.duty_notices`, `UPDATE desk.reminders SET days_before = 9`,
	} {
		if err := s.Desk.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.Exec(ctx, change) }); err == nil {
			t.Errorf("%s was done", change)
		}
	}
}
