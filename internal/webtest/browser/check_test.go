package browser

import (
	"slices"
	"strings"
	"testing"
)

func TestASoundPagePasses(t *testing.T) {
	p := opened(t, fixture{})
	w := &witness{TB: t}
	Check(w, p)
	CheckWeight(w, p, PublicBudget)
	wants(t, w.said, "")
}

func TestAxeFindsEachLevel(t *testing.T) {
	for _, c := range []struct {
		name string
		page fixture
		want string
	}{
		{"A: a picture without text", fixture{body: soundBody + `<img src="/nada.svg">`}, "image-alt"},
		{"AA: grey text", fixture{style: `p { color: #999 }`}, "color-contrast"},
		{"AAA: less grey text", fixture{style: `p { color: #666 }`}, "color-contrast-enhanced"},
		{"2.2 AA: small targets", fixture{
			body:  soundBody + `<p class="m"><button type="button">a</button><button type="button">b</button></p>`,
			style: `.m button { min-height: 0; min-width: 0; width: 12px; height: 12px; padding: 0; border: 0; font-size: 10px; line-height: 1 }`,
		}, "target-size"},
		{"good practice: a level skipped", fixture{body: soundBody + `<h4>Abajo</h4>`}, "heading-order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := opened(t, c.page)
			p.Console() // the picture of the first case does not exist
			found := Axe(p)
			if !slices.ContainsFunc(found, func(v Violation) bool { return v.ID == c.want }) {
				t.Fatalf("got %v, want %s", found, c.want)
			}
			v := found[slices.IndexFunc(found, func(v Violation) bool { return v.ID == c.want })]
			if v.Impact == "" || v.Help == "" || len(v.Nodes) == 0 || v.Nodes[0].Selector == "" || v.Nodes[0].HTML == "" {
				t.Errorf("it does not say enough: %+v", v)
			}
		})
	}
}

// With scripts off the page can still be judged.
func TestAxeWorksWithoutScripts(t *testing.T) {
	p := New(t).Page()
	p.WithoutScripts()
	p.Open(serve(t, fixture{style: `p { color: #999 }`, script: `document.body.textContent = ""`}))
	if found := Axe(p); len(found) == 0 || !strings.HasPrefix(found[0].ID, "color-contrast") {
		t.Errorf("got %v", found)
	}
}

func TestReflowFindsWhatSticksOut(t *testing.T) {
	for _, c := range []struct {
		name  string
		style string
		width int
		want  string
	}{
		{"nothing", ``, 320, ""},
		{"nothing, wide", ``, 1920, ""},
		{"a wide element", `p { width: 500px }`, 360, "at 360 pixels"},
		{"a wide element with room", `p { width: 500px }`, 1280, ""},
		{"only with text spacing", `h1 { white-space: nowrap; font-size: 20px } h1::after { content: " de ancho justo" }`, 320, "with text spacing"},
		{"inside its own scroll", `main { overflow-x: auto } p { width: 500px }`, 360, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			wants(t, Reflow(opened(t, fixture{style: c.style}), c.width), c.want)
		})
	}
}

func TestTabStopsFindsWhatTheKeyboardSuffers(t *testing.T) {
	long := strings.Repeat(`<p>Relleno.</p>`, 60)
	for _, c := range []struct {
		name string
		page fixture
		want string
	}{
		{"nothing", fixture{}, ""},
		{"below the fold", fixture{body: soundBody + long + `<a href="/x">Abajo</a>`}, ""},
		{"radio buttons are one stop", fixture{body: soundBody + `<fieldset><legend>¿Sí?</legend><label><input type="radio" name="r"> Sí</label><label><input type="radio" name="r"> No</label></fieldset>`}, ""},
		{"closed details", fixture{body: soundBody + `<details><summary>Más</summary><a href="/d">Dentro</a></details>`}, ""},
		{"no outline", fixture{style: `a:focus-visible { outline: none }`}, "no focus outline"},
		{"a hair of an outline", fixture{style: `a:focus-visible { outline-width: 1px }`}, "outline of 1 pixels"},
		{"an outline like its ground", fixture{style: `a:focus-visible { outline-color: #eee }`}, "contrast of 1.2"},
		{"under a bar", fixture{
			body:  soundBody + long + `<a href="/x">Abajo</a><div class="barra">Encima</div>`,
			style: `.barra { position: fixed; inset: auto 0 0 0; height: 120px; background: #fff; border-top: 1px solid }`,
		}, "«Abajo», is covered by div.barra"},
		{"off the screen", fixture{style: `a { position: fixed; left: -900px }`}, "outside the screen"},
		{"a trap", fixture{script: `document.querySelector("button").addEventListener("keydown", (e) => e.preventDefault())`}, "trapped"},
		{"a ring that leaves some out", fixture{
			body:   soundBody + `<a href="/x">Nunca</a>`,
			script: `document.querySelector("button").addEventListener("keydown", (e) => { e.preventDefault(); document.querySelector("a").focus() })`,
		}, "does not reach a «Nunca»"},
	} {
		t.Run(c.name, func(t *testing.T) { wants(t, TabStops(opened(t, c.page), 40), c.want) })
	}
}

func TestTabStopsStopsWhereItIsTold(t *testing.T) {
	p := opened(t, fixture{body: soundBody + strings.Repeat(` <a href="/x">Uno más</a>`, 20) + ` <a href="/y">Último</a>`, style: `[href="/y"]:focus-visible { outline: none }`})
	wants(t, TabStops(p, 5), "")
	wants(t, TabStops(p, 40), "no focus outline")
}

func TestTheConsoleIsHeard(t *testing.T) {
	for _, c := range []struct {
		name string
		page fixture
		want string
	}{
		{"silence", fixture{script: `console.log("hola"); console.warn("cuidado")`}, ""},
		{"console.error", fixture{script: `console.error("se rompió", 7)`}, "se rompió 7"},
		{"an exception", fixture{script: `throw new Error("se cayó")`}, "se cayó"},
		{"a promise", fixture{script: `Promise.reject(new Error("no cumplió"))`}, "no cumplió"},
		{"an inline style", fixture{body: soundBody + `<p style="color:red">Rojo</p>`}, "Content Security Policy"},
		{"an inline script", fixture{body: soundBody + `<script>1</script>`}, "Content Security Policy"},
		{"somebody else's picture", fixture{body: soundBody + `<img alt="" src="http://127.0.0.2:9/x.png">`}, "Content Security Policy"},
		{"the page's own status", fixture{status: 404}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			wants(t, opened(t, c.page).Console(), c.want)
		})
	}
}

func TestWhatNobodyTookFailsTheTest(t *testing.T) {
	w := &witness{TB: t}
	url := serve(t, fixture{script: `console.error("nadie me vio")`})
	t.Run("it", func(t *testing.T) {
		w.TB = t
		b := New(t)
		(&Browser{t: w, ctx: b.ctx}).Page().Open(url)
	})
	wants(t, w.said, "nadie me vio")
}

func TestWeightIsWhatTravels(t *testing.T) {
	p := opened(t, fixture{
		body:   soundBody + strings.Repeat(`<p>Lo mismo y lo mismo.</p>`, 3000) + `<img alt="" src="/estilo.css">`,
		script: `fetch("/estilo.css")`, cookie: "c",
	})
	l := Weight(p)
	for _, c := range []struct {
		kind        string
		least, most int64
	}{{"Document", 400, 3000}, {"Stylesheet", 200, 800}, {"Script", 100, 600}} {
		if got := l.Of(c.kind); got < c.least || got > c.most {
			t.Errorf("%s: %d bytes, want between %d and %d", c.kind, got, c.least, c.most)
		}
	}
	if l.Scripts() != 1 || len(l.Cookies) != 1 {
		t.Errorf("%d scripts and cookies %q", l.Scripts(), l.Cookies)
	}
	p.Open(p.URL())
	if again := Weight(p); again.Of("Stylesheet") != l.Of("Stylesheet") {
		t.Errorf("the second visit brings %d bytes of style, the first %d", again.Of("Stylesheet"), l.Of("Stylesheet"))
	}
}

func TestBudget(t *testing.T) {
	kb := func(kind, mime string, n int64) Resource { return Resource{Type: kind, MIME: mime, Bytes: n << 10} }
	for _, c := range []struct {
		name string
		load Load
		want string
	}{
		{"within", Load{Resources: []Resource{kb("Document", "", 14), kb("Stylesheet", "", 9), kb("Font", "", 27)}}, ""},
		{"a photograph", Load{Resources: []Resource{kb("Document", "", 14), kb("Image", "image/jpeg", 45)}}, ""},
		{"much HTML", Load{Resources: []Resource{kb("Document", "", 15)}}, "HTML: 15360 bytes, more than 14336"},
		{"much CSS", Load{Resources: []Resource{kb("Stylesheet", "", 10)}}, "CSS"},
		{"a script", Load{Resources: []Resource{kb("Script", "", 1)}}, "scripts"},
		{"many drawings", Load{Resources: []Resource{kb("Image", "image/svg+xml", 51)}}, "without photographs"},
		{"a cookie", Load{Cookies: []string{"c"}}, "1 cookies, more than 0: c"},
	} {
		t.Run(c.name, func(t *testing.T) { wants(t, PublicBudget.exceeded(c.load), c.want) })
	}
}

// Check says everything, and of which page.
func TestCheckNamesThePage(t *testing.T) {
	p := New(t).Page()
	p.Open(serve(t, fixture{
		body:  soundBody + `<p class="ancho" style="color:red">Ancho</p>`,
		style: `.ancho { width: 700px; color: #999 } a:focus-visible { outline: none }`, cookie: "c",
	}) + "/con/defectos?n=1")
	w := &witness{TB: t}
	Check(w, p)
	CheckWeight(w, p, PublicBudget)
	all := strings.Join(w.said, "\n")
	for _, want := range []string{"color-contrast", "at 320 pixels the page scrolls", "no focus outline", "Content Security Policy", "1 cookies"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing about %q in:\n%s", want, all)
		}
	}
	for _, s := range w.said {
		if !strings.HasPrefix(s, "/con/defectos?n=1: ") {
			t.Errorf("%q does not name the page", s)
		}
	}
}
