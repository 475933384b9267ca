package snapshot

import (
	"io/fs"
	"slices"
	"testing"
)

func TestWhereAnAddressIsInTheCopy(t *testing.T) {
	t.Parallel()
	root, other := Rules{}, Rules{Base: "/procesos/archivo-2022"}
	for _, c := range []struct {
		rules         Rules
		address, want string // "" is not copied
	}{
		{root, "/", "index.html"},
		{root, "/candidaturas", "candidaturas/index.html"},
		{root, "/candidaturas/ana-ruiz", "candidaturas/ana-ruiz/index.html"},
		{root, "/candidaturas?pagina=2", "candidaturas/lista/pagina/2/index.html"},
		{root, "/candidaturas?actor=horizonte", "candidaturas/lista/actor/horizonte/index.html"},
		{root, "/candidaturas?distrito=5&cargo=diputacion_mr&pagina=3", "candidaturas/lista/cargo/diputacion_mr/distrito/5/pagina/3/index.html"},
		{root, "/candidaturas?municipio=99001", "candidaturas/lista/municipio/99001/index.html"},
		{root, "/boleta/0148", "boleta/0148/index.html"},
		{root, "/boleta/municipio/99001?distrito=2", "boleta/municipio/99001/distrito/2/index.html"},
		{root, "/datos/candidaturas.csv", "datos/candidaturas.csv"},
		{root, "/estadisticas/sexo.csv", "estadisticas/sexo.csv"},
		{root, "/estatico/conoceles.abc.css", "estatico/conoceles.abc.css"},
		{root, "/consentimiento/formato.pdf", "consentimiento/formato.pdf"},
		{other, "/procesos/archivo-2022", "index.html"},
		{other, "/procesos/archivo-2022/candidaturas", "candidaturas/index.html"},
		{other, "/accesibilidad", "accesibilidad/index.html"},
		{other, "/fotos/aa.jpg", "fotos/aa.jpg"},

		{root, "/candidaturas?q=ana", ""},
		{root, "/candidaturas?sexo=mujer", ""},
		{root, "/candidaturas?cargo=a&cargo=b", ""},
		{root, "/candidaturas?actor=..", ""},
		{root, "/candidaturas?actor=a%2Fb", ""},
		{root, "/candidaturas?actor=horizonte&vista=tabla", ""},
		{root, "/candidaturas/ana-ruiz/imprimir", ""},
		{root, "/candidaturas/ana-ruiz/tarjeta.jpg", ""},
		{root, "/boleta?seccion=148", ""},
		{root, "/boleta/municipio/99001?distrito=", ""},
		{root, "/avance?por=municipio", ""},
		{root, "/comparar", ""},
		{root, "/datos/identidad.csv", ""},
		{root, "/datos/api", ""},
		{root, "/candidaturas/ana-ruiz/versiones", ""},
		{root, "/candidaturas/ana-ruiz/versiones.json", ""},
		{root, "/datos/candidaturas.csv?cargo=x", ""},
		{root, "/procesos/archivo-2022", ""},
		{root, "/entrar", ""},
		{root, "https://otro.invalid/candidaturas", ""},
		{root, "//otro.invalid/candidaturas", ""},
		{root, "mailto:a@ejemplo.invalid", ""},
		{root, "/fotos/../../etc/passwd", ""},
		{other, "/candidaturas", ""},
		{other, "/procesos/archivo-2022-bis/candidaturas", ""},
	} {
		if got, ok := c.rules.File(c.address); got != c.want && (ok || c.want != "") || ok != (c.want != "") {
			t.Errorf("%s (base %q): %q, %t; want %q", c.address, c.rules.Base, got, ok, c.want)
		}
	}
}

func TestLinksOfAPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, page, want string
		found            []string
	}{
		{"kept", `<a class="x" href="/ayuda#reglas">Ayuda</a>`, `<a class="x" href="../../ayuda/index.html#reglas">Ayuda</a>`, []string{"/ayuda"}},
		{"a search", `Ver <a href="/candidaturas?q=a&amp;sexo=mujer"><b>12</b> mujeres</a>.`, `Ver <b>12</b> mujeres.`, nil},
		{"a contest", `<a href="/candidaturas?cargo=a&amp;distrito=2">x</a>`, `<a href="../../candidaturas/lista/cargo/a/distrito/2/index.html">x</a>`, []string{"/candidaturas?cargo=a&distrito=2"}},
		{"elsewhere", `<a href="https://otro.invalid/?a=1&amp;b=2">x</a><a href="#aqui">y</a>`, `<a href="https://otro.invalid/?a=1&amp;b=2">x</a><a href="#aqui">y</a>`, nil},
		{"a form", `a<form action="/comparar"><p>b<a href="/ayuda">c</a></p></form>d`, `ad`, nil},
		{"a feed that is not there", `<link rel="x" href="/api/v1/x"><p>`, `<p>`, nil},
		{"an image", `<img src="/fotos/aa.jpg" alt="">`, `<img src="../../fotos/aa.jpg" alt="">`, []string{"/fotos/aa.jpg"}},
		{"data in the page", `<script type="application/ld+json">{"a":"</a href=\"/x\">"}</script>`, `<script type="application/ld+json">{"a":"</a href=\"/x\">"}</script>`, nil},
		{"a drawing", `<svg viewBox="0 0 1 1"><a href="/boleta/7"><path d="M0"/></a></svg>`, `<svg viewBox="0 0 1 1"><a href="../../boleta/7/index.html"><path d="M0"/></a></svg>`, []string{"/boleta/7"}},
	} {
		got, found, err := Rules{}.rewrite("candidaturas/ana/index.html", []byte(c.page))
		if err != nil || string(got) != c.want || !slices.Equal(found, c.found) {
			t.Errorf("%s: %s, %v, %v; want %s, %v", c.what, got, found, err, c.want, c.found)
		}
	}
}

// FuzzRewrite looks for a page that makes the copy write outside of itself.
func FuzzRewrite(f *testing.F) {
	f.Add("/candidaturas?actor=..%2f..")
	f.Add("/fotos/%2e%2e/%2e%2e/x")
	f.Fuzz(func(t *testing.T, address string) {
		file, ok := Rules{}.File(address)
		if ok && !fs.ValidPath(file) {
			t.Errorf("%q is written at %q", address, file)
		}
	})
}
