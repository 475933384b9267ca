package consent_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/fault"
)

// The contents that the law asks of each notice (domain.md 5.2).
func TestTheNoticesSayWhatTheLawAsks(t *testing.T) {
	g := newGround(t)
	both := []string{
		"Instituto Electoral de Prueba", "Calle de la Prueba 1, Prueba", "transparencia@iep.example", "no necesitan", "Instituto Nacional Electoral",
		"publicar", "estadística", "en cualquier momento", "«No» es una respuesta válida",
	}
	want := map[string][]string{
		"simplificado": append([]string{"/privacidad/integral", "consentimiento**, expreso"}, both...),
		"integral": append([]string{
			"Sensibles", "discapacidad", "orientación sexual", "ingresos", "Fundamento", "artículos 3, 15, 18 y 22 a 25",
			"acceso, rectificación, cancelación, oposición y portabilidad", "20 días hábiles", "Domicilio de la Unidad de Transparencia",
			"Cambios a este aviso", "no constituye propaganda", "Conservación",
		}, both...),
	}
	for kind, phrases := range want {
		var text string
		const read = `SELECT markdown FROM desk.notices WHERE process_id = $1 AND kind = $2`
		if err := g.Desk.QueryRow(t.Context(), read, g.Process, kind).Scan(&text); err != nil {
			t.Fatal(err)
		}
		for _, phrase := range phrases {
			if !strings.Contains(text, phrase) {
				t.Errorf("%s does not say %q", kind, phrase)
			}
		}
		if i := strings.IndexAny(text, "{}"); i >= 0 {
			t.Errorf("%s has a field not filled in: %q", kind, text[i:min(len(text), i+20)])
		}
		if strings.HasPrefix(text, "# ") || strings.Contains(text, "\n# ") {
			t.Errorf("%s has a heading of the page's own level", kind)
		}
	}
}

func (g *ground) approve(on time.Time, again ...bool) error {
	return g.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		a := consent.Approval{Acuerdo: "CT/02/2027", On: on, AsksAgain: len(again) > 0}
		return consent.ApproveNotices(ctx, tx, db.System{Name: "prueba"}, g.Process, a)
	})
}

func TestANewNoticeIsReadAgain(t *testing.T) {
	g := newGround(t)
	if err := g.declare(0); err != nil {
		t.Fatal(err)
	}
	if !g.status(g.operator).Opens() {
		t.Fatal("with the notice read and nº 1 = Sí it does not open")
	}
	if g.status(g.candidate).Opens() {
		t.Error("it opens to somebody who has not read the notice")
	}

	if err := g.approve(desktest.Start); err != nil { // the same texts
		t.Fatal(err)
	}
	if n := g.ID(`SELECT count(*) FROM desk.notices`); n != 2 {
		t.Errorf("%d notices after approving the same texts, want 2", n)
	}

	old := g.status(g.operator).Notice
	g.Exec(`UPDATE desk.institution SET address = 'Avenida Nueva 2, Prueba'`)
	if err := g.approve(desktest.Start); err != nil {
		t.Fatal(err)
	}
	s := g.status(g.operator)
	if s.Notice.Version != 2 || s.Opens() {
		t.Errorf("version %d, opens %t; want the second, closed until it is read", s.Notice.Version, s.Opens())
	}
	if err := g.store.AcceptNotice(t.Context(), g.operator, g.folio, "", old.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("accepting the old one: %v, want a conflict", err)
	}
	g.accept(g.operator)
	if s := g.status(g.operator); !s.Opens() || s.Stage != consent.NoDocument {
		t.Errorf("once read: opens %t, stage %s; the declaration stands", s.Opens(), s.Stage)
	}
}

func TestANoticeNeedsAnAddress(t *testing.T) {
	g := newGround(t)
	g.Exec(`UPDATE desk.institution SET address = ''`)
	if err := g.approve(desktest.Start); !fault.Is(err, fault.Invalid) {
		t.Errorf("a notice without an address: %v, want invalid", err)
	}
}

func TestBeforeAnyNoticeNothingOpens(t *testing.T) {
	g := newGroundWithoutNotices(t)
	if s := g.status(g.operator); s.Opens() || s.Notice.Accepted() {
		t.Error("it opens without a notice")
	}
	if err := g.declare(0); !fault.Is(err, fault.Unavailable) {
		t.Errorf("declaring without a notice: %v, want unavailable", err)
	}
}
