package browser

import "testing"

func TestCrowdedFindsTextThatIsCutOrCovered(t *testing.T) {
	for _, c := range []struct{ name, style, want string }{
		{"nothing", ``, ""},
		{"a box that cuts", `h1 { height: 20px; overflow: hidden; font-size: 40px }`, "«Una página» is cut"},
		{"a box that cuts once spaced", `h1 { width: 12ch; white-space: nowrap; overflow: hidden }`, "with text spacing"},
		{"text over text", `h1 { margin-bottom: -70px; font-size: 40px }`, "one over the other"},
		{"what only a reader of the screen is told, with padding", `h1 { position: absolute; clip-path: inset(50%); padding: 9px; overflow: hidden; width: 1px }`, ""},
		{"what only a reader of the screen is told", `h1 { position: absolute; width: 1px; height: 1px; overflow: hidden }`, ""},
		{"a box that scrolls", `main { overflow: auto; height: 40px }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) { wants(t, Crowded(opened(t, fixture{style: c.style})), c.want) })
	}
}

func TestReadingFindsWhatTires(t *testing.T) {
	for _, c := range []struct {
		name string
		page fixture
		want string
	}{
		{"nothing", fixture{}, ""},
		{"a small button", fixture{style: `button { min-height: 0; height: 30px; padding: 0 }`}, "less than 44"},
		{"a small box with a large label", fixture{body: soundBody + `<p><label class="g"><input type="checkbox"> Sí</label></p>`, style: `.g { display: inline-block; padding: 12px; min-width: 44px }`}, ""},
		{"justified text", fixture{style: `main p { text-align: justify }`}, "is justified"},
		{"nowhere", fixture{body: `<header><a class="marca" href="/otra">Sitio</a> <nav><a href="/x">Menú</a></nav></header>` + soundBody}, "does not say where"},
		{"outside of every menu", fixture{body: `<header><a class="marca" href="/otra">Sitio</a></header>` + soundBody}, ""},
		{"the first page", fixture{body: `<header><a class="marca" href="/">Sitio</a> <nav><a href="/x">Menú</a></nav></header>` + soundBody}, ""},
		{"in its menu", fixture{body: `<header><a class="marca" href="/otra">Sitio</a> <a href="/x" aria-current="page">Aquí</a></header>` + soundBody}, ""},
		{"movement", fixture{style: `@keyframes m { to { left: 9px } } h1 { position: relative; animation: m 2s infinite }`}, "h1 «Una página» moves"},
	} {
		t.Run(c.name, func(t *testing.T) { wants(t, Reading(opened(t, c.page)), c.want) })
	}
}

func TestForcedColorsFindsWhatTheyTake(t *testing.T) {
	for _, c := range []struct {
		name  string
		style string
		want  string
	}{
		{"nothing", ``, ""},
		{"text that keeps its colour", `p { forced-color-adjust: none; color: #222 }`, "has a contrast of"},
		{"a button that was only a ground", `button { border: 0; background: #353156; color: #fff }`, "has no edge"},
		{"a button like a link", `button { border: 0; background: none; text-decoration: underline }`, ""},
		{"a button that gains its edge", `button { border: 2px solid transparent; background: #353156; color: #fff }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) { wants(t, ForcedColors(opened(t, fixture{style: c.style})), c.want) })
	}
}

// At 400 % a bar that stays leaves little of the screen, and may hide the focus.
func TestTheKeyboardIsWalkedAtFourHundredPercent(t *testing.T) {
	p := opened(t, fixture{
		body:  soundBody + `<p><a href="/x">Abajo</a></p><div class="barra">Encima</div>`,
		style: `p:has([href="/x"]) { margin-top: 900px } .barra { position: fixed; inset: auto 0 0 0; height: 140px; background: #fff; border-top: 1px solid }`,
	})
	p.Console()
	wants(t, walk(p, zoomed.width, zoomed.height), "at 320 by 256 pixels: tab stop")
}
