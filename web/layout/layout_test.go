package layout_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"conoceles/web/layout"
)

var site = layout.Site{Name: "Conóceles", Tagline: "Candidatas y candidatos", Place: "Ejemplo", Institute: "Instituto de Ejemplo", Version: "1.0"}

func render(t *testing.T, c templ.Component, children string) *goquery.Document {
	t.Helper()
	ctx := templ.WithChildren(context.Background(), templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, children)
		return err
	}))
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func meta() layout.Meta {
	return layout.Meta{
		Site: site, Title: "6 candidaturas", Description: "Todas", Canonical: "https://ejemplo.invalid/candidaturas",
		Base: "/procesos/local-2027",
		Nav: append(layout.PublicNav("/procesos/local-2027", layout.NavCandidacies),
			layout.NavItem{Label: "Comparar", Href: "/comparar", Count: 3, Counted: "elegidas"}),
		Crumbs: []layout.Crumb{{"Inicio", "/"}, {"Candidaturas", "/candidaturas"}},
		Footer: layout.PublicFooter("/procesos/local-2027"), Help: layout.PrivateHelp(),
		Notices: []layout.Notice{layout.DemoNotice(), layout.ProcessNotice("Proceso 2027", "simulacro")},
	}
}

func TestPublicPage(t *testing.T) {
	d := render(t, layout.Public(meta()), "<h1>Hola</h1>")
	for _, c := range []struct{ name, selector, want string }{
		{"title", "title", "6 candidaturas — Conóceles Ejemplo"},
		{"heading", "main h1", "Hola"},
		{"skip link", "body > a:first-child[href='#contenido']", "Saltar al contenido"},
		{"current menu", ".nav--ancho [aria-current=page]", "Candidaturas"},
		{"chosen", ".nav--ancho .num", "3 elegidas"},
		{"last crumb", ".migas li:last-child [aria-current=page]", "Candidaturas"},
		{"brand", ".marca b", "Conóceles"},
	} {
		s := d.Find(c.selector)
		if s.Length() != 1 || strings.TrimSpace(s.Text()) != c.want {
			t.Errorf("%s: found %d, text %q, want %q", c.name, s.Length(), s.Text(), c.want)
		}
	}
	if got := d.Find(".nav--ancho a").First().AttrOr("href", ""); got != "/procesos/local-2027/candidaturas" {
		t.Errorf("the menu leaves the process: %q", got)
	}
	if got := d.Find("main#contenido[tabindex='-1']").Length(); got != 1 {
		t.Errorf("%d mains", got)
	}
	if d.Find("script").Length() != 0 {
		t.Error("a public page loads a script")
	}
	if d.Find("link[rel=canonical]").Length() != 1 || d.Find("meta[name=robots]").Length() != 0 {
		t.Error("the page cannot be indexed")
	}
}

func TestPrivatePage(t *testing.T) {
	area := layout.Area{Name: "Captura · Partido Ejemplo", Home: "/captura", Person: "Operadora: R. Demostrada", SignOut: "/salir", IdleSeconds: 1800, KeepAlive: "/cuenta"}
	m := meta()
	m.Invalid = true
	d := render(t, layout.Private(m, area), "<h1>Hola</h1>")
	if got := d.Find("title").Text(); got != "Error: 6 candidaturas — Conóceles Captura · Partido Ejemplo" {
		t.Errorf("title %q", got)
	}
	if got := d.Find("meta[name=robots]").AttrOr("content", ""); got != "noindex" || d.Find("link[rel=canonical]").Length() != 0 {
		t.Error("a private page can be indexed")
	}
	script := d.Find("script")
	if script.Length() != 1 || script.AttrOr("type", "") != "module" || script.Text() != "" {
		t.Error("the script is not one module in a file of its own")
	}
	if got := d.Find("form[method=post][action='/salir'] button").Length(); got != 1 {
		t.Error("signing out is not a POST")
	}
	if got := d.Find("body").AttrOr("data-sesion", ""); got != "1800" {
		t.Errorf("session %q", got)
	}
	if d.Find(".pie--corto").Length() != 1 || d.Find(".cabeza--privada .marca small").Text() != "Captura · Partido Ejemplo" {
		t.Error("the area is not said")
	}
	if d := render(t, layout.Private(m, layout.Area{Home: "/"}), ""); d.Find(".sesion").Length() != 0 {
		t.Error("a session is shown where nobody has entered")
	}
}

// One region for each notice, with a name of its own.
func TestNoticesAreNamedApart(t *testing.T) {
	at := time.Date(2027, 4, 6, 20, 30, 0, 0, time.UTC)
	m := meta()
	m.Notices = []layout.Notice{
		layout.DemoNotice(), layout.ProcessNotice("P", "eleccion"), layout.BeforePublicationNotice(at), layout.CampaignNotice(),
		layout.ReflectionNotice(), layout.ClosedNotice(), layout.PreviewNotice(), layout.CutNotice(at), layout.ReadOnlyNotice(),
	}
	seen := map[string]bool{}
	render(t, layout.Public(m), "").Find("aside").Each(func(_ int, s *goquery.Selection) {
		label := s.AttrOr("aria-label", "")
		if label == "" || seen[label] || strings.Contains(s.Text(), "No pudimos") || strings.Contains(s.Text(), "%!") {
			t.Errorf("notice %q: %q", label, s.Text())
		}
		seen[label] = true
	})
	if len(seen) != len(m.Notices) || !seen["Aviso: La publicación inicia el 6 de abril de 2027"] || !seen["Aviso: Información al corte de las 14:30 h"] {
		t.Errorf("notices %v", seen)
	}
}

func TestWidePagesDrawTheirOwnFrame(t *testing.T) {
	m := meta()
	m.Wide = true
	d := render(t, layout.Public(m), "<section>Portada</section>")
	if got := d.Find("main > section").Length(); got != 1 || d.Find(".migas").Length() != 0 {
		t.Error("the page is wrapped")
	}
}

// Nothing of one state or institute is written in the code.
func TestBareSite(t *testing.T) {
	d := render(t, layout.Public(layout.Meta{Site: layout.Site{Name: "Conóceles"}, Title: "Hola"}), "")
	if got := d.Find("title").Text(); got != "Hola — Conóceles" {
		t.Errorf("title %q", got)
	}
	if strings.Contains(d.Text(), "Morelos") || strings.Contains(d.Text(), "IMPEPAC") {
		t.Error("the frame names a state or an institute")
	}
}

// TestADrillSaysSoOnEveryPage draws each frame on a server where all is a drill.
func TestADrillSaysSoOnEveryPage(t *testing.T) {
	for _, drill := range []bool{true, false} {
		m := layout.Meta{Site: layout.Site{Name: "Conóceles", Drill: drill}}
		for name, page := range map[string]templ.Component{
			"public": layout.Public(m), "private": layout.Private(m, layout.Area{}), "bare": layout.Bare(m, ""),
			"failure": layout.PublicFailure(m, layout.Failure{Title: "No"}),
		} {
			var b strings.Builder
			if err := page.Render(context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), "Todo lo que ves es ficticio"); got != drill {
				t.Errorf("%s of a drill (%t) says so: %t", name, drill, got)
			}
			if indexed := !strings.Contains(b.String(), `content="noindex"`); drill && indexed {
				t.Errorf("%s of a drill is indexed", name)
			}
		}
	}
}
