package deskhttp_test

import (
	"bytes"
	"net/http"
	"regexp"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/layout"
	"conoceles/web/page/sitepage"
)

// What is previewed is what is published: the same article, but for the address
// of the photograph and the line that dates the version.
func TestThePreviewIsThePublicPage(t *testing.T) {
	s := newCaptureStage(t)
	s.Open()
	partner := s.Candidacy(s.party, "Ofelia", "Supuesta Nava")
	s.Exec(`UPDATE desk.candidacies p SET role = 'suplente', position = c.position FROM desk.candidacies c WHERE p.id = $1 AND c.id = $2`, partner, s.candidacy)
	s.Exec(`UPDATE desk.candidacies SET consecutive = true, affirmative_actions = '{indigena,joven}', siglado_id = nominator_id WHERE id = $1`, s.candidacy)
	s.Exec(`UPDATE desk.persons SET nickname = 'La Mari' WHERE surnames = 'Inventada Tapia'`)
	s.Publish(s.candidacy, partner)
	op, boss := s.operator(), s.validator()
	captureAll(s, op)
	op.get(s.path("curricular", "contacto")).send("Agregar casa de campaña").send("Guardar y continuar",
		"casa_campana.0.calle", "Hidalgo", "casa_campana.0.colonia", "Centro", "casa_campana.0.municipio", "Temixco",
		"otra_red.0.nombre", "Mastodon", "otra_red.0.url", "https://ejemplo.mx/@m", "correo_aclaraciones", "privado@ejemplo.mx").want(http.StatusOK)
	previewed := article(t, op.get(s.path("vista-previa")).want(http.StatusOK).body)
	if bytes.Contains(op.body, []byte("privado@ejemplo.mx")) {
		t.Error("the preview shows what is not published")
	}
	boss.get(s.path("validar")).send("Continuar a confirmar", "declaro", "si").send("Validar y hacer pública").want(http.StatusOK)

	store := site.New(s.Site, questionnaire.Edition)
	all, err := store.Processes(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d processes, error %v", len(all), err)
	}
	catalog, err := store.Catalog(t.Context(), all[0])
	if err != nil {
		t.Fatal(err)
	}
	found, err := store.Lookup(t.Context(), all[0], "marisol-inventada-tapia")
	if err != nil || found.Profile == nil {
		t.Fatalf("no public profile: %v", err)
	}
	frame := sitepage.Frame{Meta: layout.Meta{Base: "/procesos/prueba-2027"}, Process: all[0], Catalog: catalog}
	var b bytes.Buffer
	if err := sitepage.SheetArticle(sitepage.NewSheet(frame, *found.Profile)).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(article(t, b.Bytes()), previewed); diff != "" {
		t.Errorf("public (-) and preview (+) differ:\n%s", diff)
	}
}

var dated = regexp.MustCompile(` Versión \d+, publicada el [^<]*\.`)

// article returns the ficha of a page without what may differ.
func article(t *testing.T, page []byte) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	a := doc.Find("article").First()
	a.Find(".perfil__foto").SetAttr("src", "foto")
	html, err := a.Html()
	if err != nil || html == "" {
		t.Fatalf("no ficha in the page: %v", err)
	}
	return dated.ReplaceAllString(html, "")
}
