package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"conoceles/internal/serve"
	"conoceles/web"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// The gallery shows every component in pages like the real ones. Everybody in it
// is made up. It is looked at by the tests of this file, by the browser, and by
// eyes: with CONOCELES_GALLERY=DIR the browser test leaves its screenshots there.

func html(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

// within puts the parts inside c, as a template would with children.
func within(c templ.Component, parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(parts...)), w)
	})
}

var gallerySite = layout.Site{Name: "Conóceles", Tagline: "Candidatas y candidatos", Place: "Ejemplo", Institute: "Instituto Electoral de Ejemplo", Version: "1.0"}

func galleryPages() map[string]templ.Component {
	return map[string]templ.Component{
		"/":             publicHome(),
		"/candidaturas": publicResults(),
		"/captura":      privateBoard(),
		"/tareas":       privateTasks(),
		"/cuestionario": privateForm(),
		"/fallo":        layout.PublicFailure(publicMeta("Fallo", ""), layout.Failure{Title: "No encontramos esta página", Text: "Puede que la dirección tenga un error.", Reference: "R4ND0M", Search: "/candidaturas", Details: []string{"Uno", "Dos"}, Back: layout.Link{Label: "Ir al inicio", Href: "/"}}),
	}
}

func publicMeta(title, current string) layout.Meta {
	return layout.Meta{
		Site: gallerySite, Title: title, Notices: []layout.Notice{layout.DemoNotice()},
		Nav: layout.PublicNav("", current), Footer: layout.PublicFooter(""),
		Crumbs: []layout.Crumb{{Label: "Inicio", Href: "/"}, {Label: title}},
	}
}

func publicHome() templ.Component {
	m := publicMeta("Conoce a quienes piden tu voto", "")
	m.Wide = true
	tiles := []component.Tile{
		{Name: "Norte\u00adlandia", Column: 3, Row: 1, Href: "#a"},
		{Name: "Valle Alto", Column: 2, Row: 2, Href: "#b"},
		{Name: "Río Seco", Column: 7, Row: 6, Href: "#c", Current: true},
	}
	figures := []component.Tile{
		{Name: "Norte\u00adlandia", Abbreviation: "NOR", Column: 3, Row: 1, Figure: "62", Unit: "por ciento", Step: 2},
		{Name: "Valle Alto", Abbreviation: "VAL", Column: 2, Row: 2, Figure: "97", Unit: "por ciento", Step: 4},
		{Name: "Río Seco", Abbreviation: "RIO", Column: 7, Row: 6, Absent: "elige por sistemas normativos"},
	}
	return within(layout.Public(m),
		html(`<section class="portada"><div class="ancho portada__rejilla"><div><h1>Conoce a quienes piden tu voto</h1>`+
			`<p class="entrada">Trayectoria, motivos y propuestas.</p><form class="boleta busca arriba" role="search" aria-labelledby="t2"><h2 id="t2">Encuentra tus candidaturas</h2>`),
		component.Text(component.TextField{Field: component.Field{ID: "seccion", Label: "Sección electoral", Hint: "Cuatro dígitos"}, InputMode: "numeric", Width: component.Short}),
		component.Select(component.SelectField{Field: component.Field{ID: "municipio", Label: "Municipio"}, Empty: "Elige un municipio", Options: []component.Option{{Value: "1", Label: "Nortelandia"}}}),
		html(`<div class="acciones">`), component.Submit(component.Button{Label: "Ver mis candidaturas", Icon: component.IconSearch}),
		component.Submit(component.Button{Label: "Buscar por nombre", Style: component.Secondary, Small: true, Href: "/candidaturas"}),
		html(`</div>`), within(component.More("¿Dónde encuentro mi sección?"), html(`<p>En tu credencial.</p>`)),
		html(`</form></div><div class="solo-ancho"><h2 id="t3">O empieza por tu municipio</h2><nav aria-labelledby="t3">`), component.MosaicLinks(tiles),
		html(`</nav></div></div></section><div class="ancho"><section class="seccion"><h2>Cuánto falta por capturar</h2>`),
		component.Headline([]component.KPI{{Figure: "1,358", Label: "personas candidatas"}, {Figure: "84 %", Label: "publicados"}}),
		html(`<div class="panel graf">`),
		component.BarTable(component.Bars{Caption: "Publicados por cargo", Label: "Cargo", Value: "Publicados", Rows: []component.Bar{{Label: "Gubernatura", Part: 5, Total: 5, Text: "5 de 5"}, {Label: "Diputaciones", Part: 57, Total: 62, Text: "57 de 62"}}}),
		html(`</div><h3>Avance por municipio</h3>`), component.MosaicFigures(figures),
		component.FigureTable(component.Figures{Caption: "Datos", Head: []string{"Cargo", "Mujeres"}, Numeric: []bool{false, true}, Rows: [][]string{{"Gubernatura", "3"}}}),
		html(`</section></div>`))
}

func publicResults() templ.Component {
	card := func(id, name string, n component.Nominator) component.Card {
		return component.Card{ID: id, Name: name, Href: "/candidaturas/" + id, Office: "Diputación local · Distrito 02", Nominator: n, Value: id}
	}
	first := card("ximena", "Ximena Ficticia Olmos", component.Nominator{Name: "Coalición Horizonte", Members: []string{"Partido Horizonte", "Agua y Territorio"}})
	first.Published, first.Selected, first.Excerpt, first.Text = true, true, "Propuesta 1", "En revisión"
	first.Facts = []component.Fact{{Term: "Edad", Value: "41"}, {Term: "Estudios", Value: "Licenciatura"}}
	second := card("tomas", "Tomás Muestra Luna", component.Nominator{Name: "Candidatura independiente", Independent: true})
	second.Strong, second.Text = "El partido no la ha capturado.", "Responder es obligación."
	href := func(n int) string { return "?pagina=" + es.Int(n) }
	return within(layout.Public(publicMeta("6 candidaturas", layout.NavCandidacies)),
		html(`<h1>Diputación local por el distrito 02</h1>`), component.Chips([]component.Chip{{Label: "Distrito 02", Href: "?"}}),
		html(`<div class="dos">`), component.Index("En esta página", []component.Chip{{Label: "Resultados", Href: "#r"}}),
		html(`<form action="/comparar" aria-label="Elegir candidaturas"><h2 id="r" class="vo">Resultados</h2><ul class="fichas"><li>`),
		component.CandidacyCard(first), html(`</li><li>`), component.CandidacyCard(second), html(`</li></ul>`), component.CompareBar(),
		html(`</form></div>`), component.Pagination(component.NewPages(2, 60, 24, href)),
		within(component.Note(), html(`<p>El orden no expresa preferencia.</p>`)))
}

func privateMeta(title string) (layout.Meta, layout.Area) {
	return layout.Meta{
		Site: gallerySite, Title: title, Help: layout.PrivateHelp(), Notices: []layout.Notice{layout.DemoNotice()},
		Nav:    []layout.NavItem{{Label: "Candidaturas", Href: "/captura", Current: true}, {Label: "Avisos", Href: "/avisos", Count: 2, Counted: "sin leer"}},
		Crumbs: []layout.Crumb{{Label: "Candidaturas", Href: "/captura"}, {Label: title}},
	}, layout.Area{
		Name: "Captura · Partido Horizonte", Home: "/captura", Person: "Operadora: R. Demostrada", SignOut: "/salir",
		IdleSeconds: 301, KeepAlive: "/prolongar",
	}
}

func privateBoard() templ.Component {
	row := func(name, state string, done int) component.Row {
		return component.Row{Title: name, Href: "/tareas", Note: "Diputación local · Distrito 02", Marked: state == "en_correccion", Cells: []templ.Component{
			component.StateTag(component.State(es.Capture, state)), component.Progress(component.ProgressBar{Done: done, Total: 9}),
			component.Words("hoy, 11:05"), component.Linked("Continuar", name, "/tareas"),
		}}
	}
	m, a := privateMeta("Candidaturas de Partido Horizonte")
	return within(layout.Private(m, a), html(`<h1>Candidaturas de Partido Horizonte</h1>`),
		component.FlashMessage(component.Flash{Text: "Se guardó la fotografía."}), component.FlashMessage(component.Flash{Outcome: component.Failed, Text: "No se guardó."}),
		within(component.NoticeBox(component.Notice{ID: "a1", Title: "Dos candidaturas tienen observaciones"}), html(`<p>Atiéndelas.</p>`)),
		component.Tabs("Filtrar por estado", []component.Tab{{Label: "Todas", Href: "?", Count: 14, Counted: true, Current: true}, {Label: "Observadas", Href: "?e", Count: 2, Counted: true}}),
		component.WorkTable(component.Table{
			Caption: "Candidaturas", Columns: []component.Column{{Title: "Candidatura"}, {Title: "Estado"}, {Title: "Curricular"}, {Title: "Último cambio"}, {Title: "Siguiente paso", Short: "Siguiente"}},
			Rows: []component.Row{row("Ximena Ficticia Olmos", "en_correccion", 9), row("Marisol Inventada Tapia", "en_captura", 7), row("Ofelia Supuesta Nava", "completa", 9)},
		}))
}

func privateTasks() templ.Component {
	m, a := privateMeta("Marisol Inventada Tapia")
	return within(layout.Private(m, a), html(`<div class="dos dos--der"><div><h1>Marisol Inventada Tapia</h1><h2>1. Cuestionario curricular</h2>`),
		component.TaskList([]component.Task{
			{ID: "foto", Label: "Fotografía", Href: "/cuestionario", Note: "JPG", Tag: component.State(es.Section, "completa")},
			{ID: "prop", Label: "Propuestas", Href: "/cuestionario", Tag: component.State(es.Section, "por_corregir")},
			{ID: "val", Label: "Revisar y validar", Note: "Requiere el cuestionario completo", Tag: component.State(es.Section, "no_disponible")},
		}),
		html(`<h2>Revisa tus respuestas</h2>`),
		component.Summary([]component.SummaryItem{
			{Term: "Trayectoria", Values: []string{"Integrante de la Red Ficticia de Bibliotecas."}, Href: "/t", Hidden: "trayectoria"},
			{Term: "Propuesta de género", Blank: "La candidatura no proporcionó información", Href: "/g", Hidden: "propuesta de género"},
		}),
		component.Facts([]component.Fact{{Term: "Edad", Value: "52 años"}}),
		html(`</div><aside class="fijo" aria-label="Historial"><div class="panel"><h2>Actividad reciente</h2>`),
		component.History([]component.Event{{When: "Hoy, 13:52", Datetime: es.ISODateTime(time.Unix(0, 0)), Text: "R. Demostrada guardó «Propuestas»"}, {When: "4 de abril", Text: "Subió la fotografía"}}),
		html(`</div></aside></div>`))
}

func privateForm() templ.Component {
	m, a := privateMeta("Propuestas")
	m.Invalid = true
	areaField := component.TextAreaField{
		Field: component.Field{ID: "p1", Label: "Propuesta 1", Error: "Agrega al menos 76 caracteres; describe también la meta y el plazo", Above: "Observación previa: menciona otra candidatura."},
		Value: "Instalar medidores.", Count: 19, Min: 280, Max: 1600,
	}
	curso := component.Text(component.TextField{Field: component.Field{ID: "otra.0", Label: "Curso 1"}, Value: "Diplomado"})
	return within(layout.Private(m, a), html(`<div class="dos">`),
		component.SideNav("Secciones", "Cuestionario curricular", []component.Step{
			{Label: "Fotografía", Href: "#", Tag: component.State(es.Section, "completa")},
			{Label: "Propuestas", Href: "#", Tag: component.State(es.Section, "por_corregir"), Current: true},
		}),
		html(`<form method="post" action="/cuestionario" novalidate data-borrador>`),
		component.Keys(component.FormKeys{Key: "clave-del-boton", Version: "7", Enter: component.ActionContinue}),
		component.ErrorSummary([]component.FieldError{{ID: "p1", Message: "Propuesta 1: le faltan 76 caracteres"}}),
		html(`<p class="pasos">Sección 7 de 7</p><h1>Propuestas</h1>`), component.SaveState("Borrador guardado hoy a las 13:52"),
		component.TextArea(areaField),
		component.TextArea(component.TextAreaField{Field: component.Field{ID: "p2", Label: "Propuesta 2", Hint: es.Limits(280, 1600)}, Min: 280, Max: 1600}),
		component.Options(component.OptionsField{Field: component.Field{ID: "grado", Label: "Grado máximo de estudios"}, Options: []component.Option{{Value: "1", Label: "Licenciatura"}, {Value: "2", Label: "Maestría", Hint: "Con título o cédula"}}}),
		component.Repeated(component.RowList{ID: "otra", Legend: "Otra formación", Hint: "Cursos y diplomados", Add: "Agregar otro curso", Rows: []component.RowEntry{{Name: "curso 1", Control: curso}}}),
		component.File(component.FileField{Field: component.Field{ID: "foto", Label: "Fotografía", Hint: "JPG de hasta 700 KB"}, Accept: "image/jpeg", Current: "Ya hay una fotografía."}),
		component.Text(component.TextField{Field: component.Field{ID: "clave", Label: "Contraseña"}, Type: "password", Autocomplete: "current-password", Width: component.Medium}),
		html(`<div class="piebarra">`), component.Submit(component.Button{Label: "Guardar y continuar", Name: component.ActionField, Value: component.ActionContinue}),
		component.Submit(component.Button{Label: "Guardar y volver a la lista", Style: component.Secondary, Name: component.ActionField, Value: component.ActionReturn}),
		html(`</div></form></div>`))
}

// galleryServer serves the gallery under the real headers.
func galleryServer(t *testing.T, extra func(serve.Group)) *httptest.Server {
	t.Helper()
	front := serve.New(serve.Options{})
	r := front.Router()
	g := front.Group(r, serve.Public)
	g.Files("/estatico/*", "assets", web.Static())
	for path, page := range galleryPages() {
		g.Get(path, path, serve.Anyone, func(w http.ResponseWriter, r *http.Request) error {
			return serve.Page(w, r, http.StatusOK, page)
		})
	}
	if extra != nil {
		extra(g)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return server
}

// What a person with a screen reader, and the content policy, ask of every page.
func TestGalleryIsSound(t *testing.T) {
	for path, page := range galleryPages() {
		t.Run(path, func(t *testing.T) {
			var b strings.Builder
			if err := page.Render(context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
			if err != nil {
				t.Fatal(err)
			}
			checkIDs(t, d)
			checkHeadings(t, d)
			d.Find("[style], style, script:not([src]), [onclick], [onload]").Each(func(_ int, s *goquery.Selection) {
				t.Errorf("the content policy forbids <%s>", goquery.NodeName(s))
			})
			d.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
				if id := s.AttrOr("id", ""); d.Find("label[for='"+id+"']").Length() != 1 {
					t.Errorf("control %q has no label", id)
				}
			})
			d.Find("svg").Each(func(_ int, s *goquery.Selection) {
				if s.AttrOr("aria-hidden", "") != "true" && s.AttrOr("role", "") != "img" {
					t.Error("a drawing is neither hidden nor named")
				}
			})
			d.Find("img:not([alt]), img:not([width]), img:not([height])").Each(func(_ int, s *goquery.Selection) {
				t.Errorf("image %s lacks alt or size", s.AttrOr("src", ""))
			})
		})
	}
}

func checkIDs(t *testing.T, d *goquery.Document) {
	t.Helper()
	ids := map[string]int{}
	d.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is there %d times", id, n)
		}
	}
	for _, name := range []string{"aria-describedby", "aria-labelledby", "for"} {
		d.Find("[" + name + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(name, "")) {
				if ids[id] != 1 {
					t.Errorf("%s names %q, which is not there", name, id)
				}
			}
		})
	}
}

func checkHeadings(t *testing.T, d *goquery.Document) {
	t.Helper()
	if got := d.Find("h1").Length(); got != 1 {
		t.Errorf("%d first headings", got)
	}
	level := 1
	d.Find("main h1, main h2, main h3, main h4").Each(func(_ int, s *goquery.Selection) {
		next := int(goquery.NodeName(s)[1] - '0')
		if s.Closest(".errores").Length() > 0 {
			return // the summary comes before the page's own heading
		}
		if next > level+1 {
			t.Errorf("heading %q skips from %d to %d", s.Text(), level, next)
		}
		level = next
	})
}
