package deskhttp_test

import (
	"net/http"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Capture ends with campaigns; the right to withdraw does not.
func TestAfterCampaignsOneMayOnlyWithdraw(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "si", "si")
	s.answerAll(c, "Palabra")
	s.attach(c, signedPage)
	s.verify()
	if s.onSite() == 0 {
		t.Fatal("nothing was published")
	}
	form := c.get(s.identityPath("afromexicana")).form()
	s.SetNow(s.Now().AddDate(0, 3, 0))
	c = s.enter("marisol2@ejemplo.mx", "candidata", 0, s.candidacy) // the session ended long ago
	s.Exec(`INSERT INTO desk.notice_acceptances (candidacy_id, notice_id, account_id, at) SELECT candidacy_id, notice_id, $1, at FROM desk.notice_acceptances`,
		s.ID(`SELECT id FROM desk.accounts WHERE email = 'marisol2@ejemplo.mx'`))

	c.get(s.identityPath("afromexicana")).want(http.StatusOK, "está cerrado", "La captura cerró")
	c.post(s.identityPath("afromexicana"), withFields(form, "p08_afromexicana", "si", "accion", "continuar")).
		want(http.StatusConflict, "Lo que enviaste no se guardó")
	if s.onSite() == 0 {
		t.Error("a refused save took the answers off the site")
	}
	c.get(s.identityPath("retirar")).send("Retirar mi consentimiento ahora").want(http.StatusOK, "Retiraste tu consentimiento")
	if s.onSite() != 0 {
		t.Error("published after the withdrawal")
	}
	c.get(s.identityPath("retirar")).want(http.StatusOK, "No hay ninguna autorización vigente")
}

func TestTheAgeGroupsComeFromTheBirthDate(t *testing.T) {
	tests := []struct {
		born          string
		young, elder  string // chosen beforehand; "-" when it is not asked
		youngOptions  int
		afterPreferNo string
	}{
		{"2005-01-01", "si", "-", 2, "prefiero_no_contestar"},
		{"1985-03-14", "no", "no", 2, "prefiero_no_contestar"},
		{"1950-01-01", "-", "si", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.born, func(t *testing.T) {
			s := newIdentityStage(t)
			s.Exec(`UPDATE desk.persons SET birth_date = $1::text::date`, tt.born)
			c := s.candidate()
			s.decide(c, "si", "no", "no")
			c.get(s.identityPath("general")).want(http.StatusOK)
			if got := c.head.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			if got := chosen(c.doc, "p16_joven"); got != tt.young {
				t.Errorf("joven comes as %q, want %q", got, tt.young)
			}
			if got := chosen(c.doc, "p17_mayor"); got != tt.elder {
				t.Errorf("mayor comes as %q, want %q", got, tt.elder)
			}
			if got := c.doc.Find("[name=p16_joven]").Length(); got != tt.youngOptions {
				t.Errorf("joven offers %d options, want %d", got, tt.youngOptions)
			}
			if tt.afterPreferNo == "" {
				return
			}
			c.send("Guardar y continuar", "p16_joven", "prefiero_no_contestar").want(http.StatusOK)
			if got := chosen(c.get(s.identityPath("general")).doc, "p16_joven"); got != tt.afterPreferNo {
				t.Errorf("joven was saved as %q, want %q", got, tt.afterPreferNo)
			}
		})
	}
}

// chosen is the option chosen of a question, or "-" when it is not asked.
func chosen(doc *goquery.Document, name string) string {
	if doc.Find("[name="+name+"]").Length() == 0 {
		return "-"
	}
	return doc.Find("[name="+name+"][checked]").AttrOr("value", "")
}

// The same form sent twice has one effect.
func TestADoubleClickSavesOnce(t *testing.T) {
	s := newIdentityStage(t)
	c := s.candidate()
	s.decide(c, "si", "no", "no")
	form := withFields(c.get(s.identityPath("afromexicana")).form(), "p08_afromexicana", "si", "accion", "continuar")
	for range 2 {
		c.post(s.identityPath("afromexicana"), form).want(http.StatusOK, "Diversidad sexual")
	}
	if n := s.ID(`SELECT count(*) FROM sensitive.identity_answers`); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
}
