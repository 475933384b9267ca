package sitehttp_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/internal/site/sitetest"
	"conoceles/internal/webtest/browser"
	"conoceles/web"
)

// citlali is the candidacy of the world whose identity these tests publish.
const (
	citlali     = 10
	citlaliPage = "/candidaturas/citlali-prueba-montes"
)

// affirmed is what a consent in force shows in these tests. The people carries a
// canary, which nothing else may hold.
const canary = "CNRY-7F3KQ2M5ZB4XW6HT"

func affirmed() questionnaire.Answers {
	return questionnaire.Answers{
		questionnaire.Indigenous:         {Text: questionnaire.Yes},
		questionnaire.IndigenousLanguage: {Text: questionnaire.Yes},
		questionnaire.IndigenousPeople:   {Text: "otro", Other: canary},
		questionnaire.Migrant:            {Text: questionnaire.Yes},
	}
}

// answered is an answer as it left, but its date.
type answered struct {
	Status int
	Header http.Header
	Body   string
}

func (v *visitor) answer(method, target string, headers ...string) answered {
	v.t.Helper()
	res := v.do(method, target, headers...)
	return answered{res.StatusCode, res.Header, unpacked(v.t, res)}
}

func TestTheThreeStatesOfIdentity(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	has(t, v.page(citlaliPage, 200), "#identidad", "Sin responder.", "Qué datos se protegen")

	w.Withdraw(citlali)
	has(t, v.page(citlaliPage, 200), "#identidad", "Respondido. No hay respuestas públicas.")

	w.Consent(citlali, affirmed())
	doc := v.page(citlaliPage, 200)
	has(t, doc, "#identidad", "DistintivosPersona indígena", "Habla o entiende una lengua indígena nacional", "Persona migrante",
		"Pueblo o comunidad indígenaOtro: "+canary)
	has(t, doc, ".indice", "Identidad")
	has(t, doc, "header.perfil", "Postulación por acción afirmativaPersona indígena")
	if blank := doc.Find("#identidad .vacio").Length(); blank != 0 {
		t.Errorf("%d blanks beside the answers", blank)
	}

	// The registry's badge does not depend on any answer.
	w.Withdraw(citlali)
	has(t, v.page(citlaliPage, 200), "header.perfil", "Postulación por acción afirmativaPersona indígena")

	has(t, v.page("/candidaturas/nadia-hipotetica-vera", 200), "main", "El partido no la ha capturado.", "Sin responder.")
	if n := v.page("/procesos/archivo-2022/candidaturas/martha-archivada-lopez", 200).Find("#identidad").Length(); n != 0 {
		t.Error("historical data says something of identity")
	}
}

// What a site should not hold shows nothing if it ever does.
func TestWhatPublishingWouldNotWriteIsNotShown(t *testing.T) {
	tests := []struct {
		name    string
		answers questionnaire.Answers
	}{
		{"a no", questionnaire.Answers{questionnaire.Disability: {Text: questionnaire.No}}},
		{"a preference not to answer", questionnaire.Answers{questionnaire.LGBT: {Text: questionnaire.PreferNot}}},
		{"a not applicable", questionnaire.Answers{questionnaire.IndigenousPeople: {Text: questionnaire.NotApplicable}}},
		{"an option of no question", questionnaire.Answers{questionnaire.Income: {Text: "millones"}}},
		{"a question that is not asked", questionnaire.Answers{"p99_otra": {Text: questionnaire.Yes}}},
		{"nothing", questionnaire.Answers{}},
	}
	w := sitetest.New(t)
	v := visit(t, w)
	w.Withdraw(citlali)
	want := v.answer(http.MethodGet, citlaliPage)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.Consent(citlali, tt.answers)
			if diff := cmp.Diff(want, v.answer(http.MethodGet, citlaliPage)); diff != "" {
				t.Errorf("(-respondido +got)\n%s", diff)
			}
		})
	}
	t.Run("answers without their state", func(t *testing.T) {
		w.Consent(citlali, affirmed())
		w.Exec(`UPDATE site.candidacies SET identity_state = 'respondido'`)
		if diff := cmp.Diff(want, v.answer(http.MethodGet, citlaliPage)); diff != "" {
			t.Errorf("(-respondido +got)\n%s", diff)
		}
	})
}

func TestAPageThatShowsIdentityIsKeptByNobody(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	w.Withdraw(citlali)
	before := v.answer(http.MethodGet, citlaliPage)

	w.Consent(citlali, affirmed())
	for _, coding := range []string{"", "gzip", "br"} {
		res := v.do(http.MethodGet, citlaliPage, "Accept-Encoding", coding, "If-None-Match", before.Header.Get("ETag"))
		for name, want := range map[string]string{"Cache-Control": "private, no-cache", "X-Robots-Tag": "noarchive", "ETag": "", "Last-Modified": ""} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s %q, want %q", name, got, want)
			}
		}
		if res.StatusCode != http.StatusOK {
			t.Errorf("with the tag of the page without answers: status %d, want 200", res.StatusCode)
		}
	}
	// Only the block and what says that it may not be kept differ.
	shown := v.page(citlaliPage, 200)
	shown.Find("#identidad").Remove()
	w.Withdraw(citlali)
	hidden := v.page(citlaliPage, 200)
	hidden.Find("#identidad").Remove()
	if diff := cmp.Diff(outer(t, hidden), outer(t, shown)); diff != "" {
		t.Errorf("identity shows outside its block (-hidden +shown)\n%s", diff)
	}
}

func TestAWithdrawalShowsOnTheVeryNextRequest(t *testing.T) {
	w := sitetest.New(t)
	one, other := visit(t, w), visit(t, w) // two nodes
	for range 3 {
		w.Consent(citlali, affirmed())
		for _, v := range []*visitor{one, other, one} { // memory warm, if there were any
			if got := v.answer(http.MethodGet, citlaliPage, "Accept-Encoding", "br").Body; !strings.Contains(got, canary) {
				t.Fatal("what the person authorised is not shown: this test proves nothing")
			}
		}
		w.Withdraw(citlali)
		for _, v := range []*visitor{one, other} {
			for _, target := range []string{citlaliPage, "/procesos/demostracion-2027" + citlaliPage, "/datos/identidad.csv"} {
				for _, coding := range []string{"br", "gzip", ""} {
					if got := v.answer(http.MethodGet, target, "Accept-Encoding", coding).Body; strings.Contains(got, canary) {
						t.Errorf("%s, %q: shows what was withdrawn", target, coding)
					}
				}
			}
		}
	}
}

// Whoever keeps pages must let go of them when the state changes, though no
// epoch does.
func TestTheTwoStatesWithoutAnswersAreTwoPages(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	untouched := v.do(http.MethodGet, citlaliPage, "Accept-Encoding", "br").Header.Get("ETag")
	w.Withdraw(citlali)
	res := v.do(http.MethodGet, citlaliPage, "Accept-Encoding", "br", "If-None-Match", untouched)
	if res.StatusCode != http.StatusOK || res.Header.Get("ETag") == untouched {
		t.Errorf("with the tag of «Sin responder»: status %d, tag %q", res.StatusCode, res.Header.Get("ETag"))
	}
}

// everywhere are the addresses that say nothing of anybody's identity.
func everywhere() []string {
	var out []string
	for target, status := range routes {
		if status == http.StatusOK && target != citlaliPage && !strings.HasSuffix(target, "/identidad.csv") {
			out = append(out, target)
		}
	}
	return append(out, "/candidaturas?q="+canary, "/candidaturas?accion=indigena", "/candidaturas?identidad=p01_indigena", "/datos/candidaturas.csv?q=citlali")
}

func TestNothingElseMovesWithIdentity(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	before := map[string]answered{}
	for _, target := range everywhere() {
		before[target] = v.answer(http.MethodGet, target)
	}
	w.Consent(citlali, affirmed())
	cold := visit(t, w) // remembers nothing
	for target, want := range before {
		for name, v := range map[string]*visitor{"warm": v, "cold": cold} {
			if diff := cmp.Diff(want, v.answer(http.MethodGet, target)); diff != "" {
				t.Errorf("%s, %s (-before +after)\n%s", target, name, diff)
			}
		}
	}
}

func TestTheKillSwitchHidesIdentityOfEverybodyAlike(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	w.Consent(citlali, affirmed())
	shown := v.answer(http.MethodGet, "/datos/identidad.csv")
	if !strings.Contains(shown.Body, canary) {
		t.Fatal("the file does not hold what was authorised: this test proves nothing")
	}
	w.Exec(`UPDATE site.mode SET identity_hidden = true`)
	has(t, v.page(citlaliPage, 200), "#identidad", "Esta sección no está disponible por el momento.")
	page := v.answer(http.MethodGet, citlaliPage)
	if got := page.Header.Get("Cache-Control"); got != "public, max-age=0" {
		t.Errorf("Cache-Control %q", got)
	}
	file := v.answer(http.MethodGet, "/datos/identidad.csv")
	w.Withdraw(citlali)
	if diff := cmp.Diff(page, v.answer(http.MethodGet, citlaliPage)); diff != "" {
		t.Errorf("the page still tells who had answers (-had +had not)\n%s", diff)
	}
	if diff := cmp.Diff(file, v.answer(http.MethodGet, "/datos/identidad.csv")); diff != "" {
		t.Errorf("the file still tells who had answers (-had +had not)\n%s", diff)
	}
	w.Exec(`UPDATE site.mode SET identity_hidden = false`)
	w.Consent(citlali, affirmed())
	has(t, v.page(citlaliPage, 200), "#identidad", canary)
}

func TestWithoutThePrimaryThePageStaysUpWithoutIdentity(t *testing.T) {
	w, primary := sitetest.New(t), sitetest.New(t)
	w.Consent(citlali, affirmed())
	primary.Consent(citlali, affirmed())
	v := visitWith(t, w, primary.Site)
	has(t, v.page(citlaliPage, 200), "#identidad", canary)

	primary.Down()
	has(t, v.page(citlaliPage, 200), "#identidad", "Esta sección no está disponible por el momento.")
	has(t, v.page(citlaliPage, 200), "#propuestas", "Reabrir por la tarde")
	down := v.answer(http.MethodGet, citlaliPage)
	if strings.Contains(down.Body, canary) {
		t.Error("answers of nowhere")
	}
	w.Withdraw(citlali)
	if diff := cmp.Diff(down, v.answer(http.MethodGet, citlaliPage)); diff != "" {
		t.Errorf("the page tells who had answers (-had +had not)\n%s", diff)
	}
	if res := v.do(http.MethodGet, "/datos/identidad.csv"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the file without the primary: status %d, want 503", res.StatusCode)
	}
	if res := v.do(http.MethodGet, "/candidaturas/nadie"); res.StatusCode != http.StatusNotFound {
		t.Errorf("who does not exist: status %d, want 404", res.StatusCode)
	}
	if !strings.Contains(v.log.String(), "identidad sin leer") {
		t.Error("nobody was told that identity cannot be read")
	}
}

func TestAPrimaryThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	w := sitetest.New(t)
	w.Consent(citlali, affirmed())
	v := visit(t, w)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, w.PG.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, `LOCK TABLE site.identity_answers IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	has(t, v.page(citlaliPage, 200), "#identidad", "Esta sección no está disponible por el momento.")
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the page took %s", took)
	}
	if err := tx.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	has(t, v.page(citlaliPage, 200), "#identidad", canary)
}

func TestTheIdentityFile(t *testing.T) {
	w := sitetest.New(t)
	w.Consent(citlali, affirmed())
	v := visit(t, w)
	rows := func(res *http.Response) [][]string {
		t.Helper()
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\uFEFF")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	res := v.do(http.MethodGet, "/datos/identidad.csv")
	if got := res.Header.Get("Content-Disposition"); got != `attachment; filename="identidad-demostracion-2027.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if etag := res.Header.Get("ETag"); etag != "" {
		t.Errorf("ETag %q: the file is never kept", etag)
	}
	all := rows(res)
	if len(all) != 75 || len(all[0]) != 31 {
		t.Fatalf("%d rows of %d cells, want a header and 74 of 31", len(all), len(all[0]))
	}
	if got := all[0][11]; got != "1. ¿Se identifica como una persona indígena o como parte de algún pueblo o comunidad indígena?" {
		t.Errorf("the first question is %q", got)
	}
	if all[0][3] != "DISTRITOLOCAL" || all[0][30] != "20. Entidad federativa de nacimiento:" {
		t.Errorf("columns %q and %q", all[0][3], all[0][30])
	}
	unavailable := 0
	for _, row := range all[1:] {
		for i, cell := range row[11:] {
			want := "No disponible"
			if row[7] == "CITLALI PRUEBA MONTES" {
				switch i + 1 {
				case 1, 2, 11:
					want = "Sí"
				case 3:
					want = "Otro: " + canary
				}
			}
			if cell != want {
				t.Errorf("%s, question %d: %q, want %q", row[7], i+1, cell, want)
			}
			if cell == "No disponible" {
				unavailable++
			}
		}
	}
	if unavailable != 74*20-4 {
		t.Errorf("%d cells say nothing, want %d", unavailable, 74*20-4)
	}
	searched := rows(v.do(http.MethodGet, "/datos/identidad.csv?cargo=gubernatura&q=ximena"))
	if len(searched) != len(all) {
		t.Errorf("the file was searched: %d rows, want %d", len(searched), len(all))
	}
	has(t, v.page("/datos", 200), "main", "Descargar identidad.csv", "No disponible")
	has(t, v.page("/datos/diccionario", 200), "main", "20. Entidad federativa de nacimiento:")
	if text := text(v.page("/procesos/archivo-2022/datos", 200).Find("main")); strings.Contains(text, "identidad.csv") {
		t.Error("the archive offers a file of identity")
	}
}

func TestPrivacyNotices(t *testing.T) {
	w := sitetest.New(t)
	v := visit(t, w)
	has(t, v.page("/privacidad", 200), "main", "Aviso de privacidad simplificado", "Versión 2, aprobada el 1 de marzo de 2027", "CT/02/2027",
		"No usamos cookies", "No guardamos tu dirección de red", "contacto@ejemplo.invalid")
	doc := v.page("/privacidad/integral", 200)
	has(t, doc, "h1", "Aviso de privacidad integral")
	has(t, doc, "main h2", "Responsable", "Cambios de este aviso")
	has(t, doc, ".historia", "1 de marzo de 2027", "Versión 2, vigente", "20 de febrero de 2027", "Versión 1.")
	if doc.Find("main script").Length() > 0 || strings.Contains(text(doc.Find("main")), "Texto anterior") {
		t.Error("the notice runs a script, or an old version is shown")
	}
	has(t, v.page("/", 200), "footer", "Avisos de privacidad")

	format := v.answer(http.MethodGet, "/consentimiento/formato.pdf")
	if !strings.HasPrefix(format.Body, "%PDF-") || format.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the format is %q, %.8q", format.Header.Get("Content-Type"), format.Body)
	}
	has(t, v.page("/privacidad", 200), "main", "Formato de consentimiento (PDF)")

	w.Exec(`UPDATE site.processes SET published_at = NULL`)
	v.now = time.Date(2027, time.March, 1, 9, 0, 0, 0, time.UTC)
	has(t, v.page("/privacidad/simplificado", 200), "main", "Tus datos son tuyos.")
	w.Exec(`DELETE FROM site.notices`)
	has(t, v.page("/privacidad", 200), "main", "aún no aprueba los avisos")
	v.page("/privacidad/simplificado", 404)
}

func TestIdentityPagesInABrowser(t *testing.T) {
	w := sitetest.New(t)
	w.Consent(citlali, affirmed())
	v := visit(t, w)
	v.front.Group(v.router, serve.System).Files(web.Prefix+"*", "static", web.Static())
	server := httptest.NewServer(v.handler)
	t.Cleanup(server.Close)
	p := browser.New(t).Page()
	for _, target := range []string{citlaliPage, "/candidaturas/nadia-hipotetica-vera", "/privacidad", "/privacidad/integral", "/datos"} {
		p.Open(server.URL + target)
		browser.Check(t, p)
		browser.CheckWeight(t, p, browser.PublicBudget)
	}
}
