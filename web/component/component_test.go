package component_test

import (
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"conoceles/web/component"
	"conoceles/web/es"
)

// render draws the component and reads it back as a browser would.
func render(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func attr(t *testing.T, s *goquery.Selection, name string) string {
	t.Helper()
	if s.Length() != 1 {
		t.Fatalf("found %d elements, want one", s.Length())
	}
	return s.AttrOr(name, "")
}

func TestFieldTiesItsExplanationsToTheControl(t *testing.T) {
	full := component.Field{ID: "p1", Label: "Propuesta 1", Hint: "Describe la meta", Above: "Observación previa", Error: "Agrega texto"}
	bare := component.Field{ID: "p1", Label: "Propuesta 1"}
	for _, c := range []struct {
		name      string
		component templ.Component
		described string
		invalid   string
	}{
		{"bare text", component.Text(component.TextField{Field: bare}), "", ""},
		{"text", component.Text(component.TextField{Field: full}), "p1-ayuda p1-previa p1-error", "true"},
		{"area", component.TextArea(component.TextAreaField{Field: full, Min: 280, Max: 1600}), "p1-ayuda p1-previa p1-error p1-cuenta", "true"},
		{"area without limits", component.TextArea(component.TextAreaField{Field: bare}), "", ""},
		{"select", component.Select(component.SelectField{Field: full}), "p1-ayuda p1-previa p1-error", "true"},
		{"file", component.File(component.FileField{Field: full}), "p1-ayuda p1-previa p1-error", "true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := render(t, c.component)
			control := d.Find("#p1")
			if got := attr(t, control, "aria-describedby"); got != c.described {
				t.Errorf("described by %q, want %q", got, c.described)
			}
			if got := attr(t, control, "aria-invalid"); got != c.invalid {
				t.Errorf("invalid %q, want %q", got, c.invalid)
			}
			for _, id := range strings.Fields(c.described) {
				if d.Find("#"+id).Length() != 1 {
					t.Errorf("nothing has the id %s", id)
				}
			}
			if got := attr(t, d.Find("label"), "for"); got != "p1" {
				t.Errorf("label for %q", got)
			}
			if got := d.Find(".campo--error").Length() == 1; got != (c.invalid == "true") {
				t.Errorf("error frame: %v", got)
			}
		})
	}
}

// Label, hint, remark, error, control, counter: the order is a contract.
func TestFieldOrder(t *testing.T) {
	d := render(t, component.TextArea(component.TextAreaField{
		Field: component.Field{ID: "p1", Label: "L", Hint: "H", Above: "A", Error: "E"}, Max: 10,
	}))
	var got []string
	d.Find(".campo").Children().Each(func(_ int, s *goquery.Selection) {
		got = append(got, goquery.NodeName(s)+"#"+s.AttrOr("id", ""))
	})
	want := "label# span#p1-ayuda span#p1-previa span#p1-error textarea#p1 p#p1-cuenta"
	if strings.Join(got, " ") != want {
		t.Errorf("order %v, want %s", got, want)
	}
	if got := d.Find("#p1-error").Text(); got != "Error: E" {
		t.Errorf("error reads %q", got)
	}
}

// What is typed comes back byte by byte, whatever it begins with.
func TestTextAreaKeepsTheText(t *testing.T) {
	for _, text := range []string{"", "uno", "\nempieza en blanco", "  con espacios ", "</textarea><script>alert(1)</script>", "línea\n\nlínea"} {
		d := render(t, component.TextArea(component.TextAreaField{Field: component.Field{ID: "p1", Label: "L"}, Value: text}))
		if got := d.Find("textarea").Text(); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		if d.Find("script").Length() != 0 {
			t.Error("the text became markup")
		}
	}
}

func TestTextAreaCounter(t *testing.T) {
	for _, c := range []struct {
		name, text string
		field      component.TextAreaField
		bad        bool
	}{
		{"empty and refused", "0 de 280 caracteres mínimos", component.TextAreaField{Field: component.Field{Error: "Escribe"}, Min: 280, Max: 1600}, false},
		{"short, still typing", "204 de 280 caracteres mínimos", component.TextAreaField{Min: 280, Max: 1600, Count: 204}, false},
		{"short and refused", "204 de 280 caracteres mínimos", component.TextAreaField{Field: component.Field{Error: "Agrega"}, Min: 280, Max: 1600, Count: 204}, true},
		{"good", "310 caracteres. Te quedan 1,290", component.TextAreaField{Min: 280, Max: 1600, Count: 310}, false},
		{"long", "Te sobran 49", component.TextAreaField{Min: 280, Max: 1600, Count: 1649}, true},
	} {
		c.field.ID, c.field.Label = "p1", "L"
		s := render(t, component.TextArea(c.field)).Find("#p1-cuenta")
		if s.Text() != c.text || s.HasClass("cuenta--mal") != c.bad {
			t.Errorf("%s: %q, marked %v", c.name, s.Text(), s.HasClass("cuenta--mal"))
		}
	}
}

func TestOptions(t *testing.T) {
	f := component.OptionsField{
		Field:   component.Field{ID: "c1", Label: "Autorización", Hint: "Decide", Error: "Elige una"},
		Options: []component.Option{{Value: "si", Label: "Sí", Hint: "Se abre"}, {Value: "no", Label: "No"}},
	}
	d := render(t, component.Options(f))
	if got := d.Find("input[checked]").Length(); got != 0 {
		t.Errorf("%d options come chosen, want none", got)
	}
	group := d.Find("fieldset")
	if got := attr(t, group, "aria-describedby"); got != "c1-ayuda c1-error" {
		t.Errorf("group described by %q", got)
	}
	if _, has := group.Attr("aria-invalid"); has {
		t.Error("a group is never invalid")
	}
	first := d.Find("#c1")
	if attr(t, first, "type") != "radio" || attr(t, first, "aria-describedby") != "c1-pista" || attr(t, first, "aria-invalid") != "true" {
		t.Errorf("first option: %v", first.Get(0).Attr)
	}
	if got := attr(t, d.Find(`label[for="c1-2"]`), "for"); got != attr(t, d.Find(`input[value=no]`), "id") {
		t.Error("the second label is not of the second option")
	}
	f.Many, f.Values = component.ChooseSeveral, []string{"no"}
	d = render(t, component.Options(f))
	if got := attr(t, d.Find("input[checked]"), "value"); got != "no" || attr(t, d.Find("#c1"), "type") != "checkbox" {
		t.Errorf("chosen %q", got)
	}
}

func TestPasswordNeverComesBack(t *testing.T) {
	d := render(t, component.Text(component.TextField{Field: component.Field{ID: "c", Label: "C"}, Type: "password", Value: "secreta"}))
	if _, has := d.Find("#c").Attr("value"); has {
		t.Error("the page carries a password")
	}
	// It is not shown, and may be pasted from whoever keeps it (ASVS 6.2.6, 6.2.7).
	if got := attr(t, d.Find("#c"), "type"); got != "password" {
		t.Errorf("type %q", got)
	}
	for _, a := range d.Find("#c").Nodes[0].Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "maxlength" || a.Key == "pattern" || a.Key == "readonly" {
			t.Errorf("%s=%q is in the way of a password that is pasted", a.Key, a.Val)
		}
	}
}

func TestErrorSummary(t *testing.T) {
	d := render(t, component.ErrorSummary([]component.FieldError{{ID: "p1", Message: "Uno"}, {Message: "General"}}))
	box := d.Find(".errores[tabindex='-1'][autofocus]")
	if box.Length() != 1 || box.Find("[role=alert]").Length() != 1 {
		t.Error("focus or alert is missing")
	}
	if got := d.Find("h2").Text(); got != "Hay 2 respuestas por corregir" {
		t.Errorf("heading %q", got)
	}
	if got := attr(t, d.Find("a"), "href"); got != "#p1" {
		t.Errorf("leads to %q", got)
	}
	if got := render(t, component.ErrorSummary(nil)).Find("body").Children().Length(); got != 0 {
		t.Error("an empty summary draws something")
	}
	one := render(t, component.ErrorSummary([]component.FieldError{{ID: "a", Message: "x"}})).Find("h2").Text()
	if one != "Hay 1 respuesta por corregir" {
		t.Errorf("heading of one: %q", one)
	}
}

func TestKeys(t *testing.T) {
	d := render(t, component.Keys(component.FormKeys{Key: "k", Version: "3", Enter: component.ActionContinue}))
	if attr(t, d.Find("input[name=guardado_id]"), "value") != "k" || attr(t, d.Find("input[name=version]"), "value") != "3" {
		t.Error("the keys are missing")
	}
	enter := d.Find("button").First()
	if attr(t, enter, "value") != "continuar" || attr(t, enter, "tabindex") != "-1" || attr(t, enter, "aria-hidden") != "true" {
		t.Error("Enter has no button of its own")
	}
}

func TestRepeatedRows(t *testing.T) {
	row := component.Text(component.TextField{Field: component.Field{ID: "otra.0", Label: "Curso 1"}})
	d := render(t, component.Repeated(component.RowList{
		ID: "otra", Legend: "Otra formación", Add: "Agregar otro curso",
		Rows: []component.RowEntry{{Name: "curso 1", Control: row}},
	}))
	remove := d.Find(`button[value="quitar:otra:0"]`)
	if got := strings.Join(strings.Fields(remove.Text()), " "); got != "Quitar curso 1" || attr(t, remove, "name") != "accion" {
		t.Errorf("remove button %q", got)
	}
	if d.Find(`button[value="agregar:otra"]`).Length() != 1 {
		t.Error("no button to add")
	}
	if list, i, ok := component.ParseRemove("quitar:otra:12"); list != "otra" || i != 12 || !ok {
		t.Errorf("parsed %q %d %v", list, i, ok)
	}
	if list, ok := component.ParseAdd("agregar:otra"); list != "otra" || !ok {
		t.Errorf("parsed %q %v", list, ok)
	}
	for _, bad := range []string{"", "continuar", "quitar:otra", "quitar:otra:-1", "quitar:otra:x", "agregar"} {
		if _, _, ok := component.ParseRemove(bad); ok {
			t.Errorf("%q was taken as a removal", bad)
		}
	}
}

// Every value of the states' axes has a word and a drawing of its own.
func TestEveryStateHasWordAndIcon(t *testing.T) {
	for _, axis := range []es.Axis{
		es.Capture, es.Review, es.Standing, es.Publication, es.Identity, es.Section, es.Authorisation, es.Document, es.Rubro,
	} {
		if len(es.Values(axis)) == 0 {
			t.Errorf("%s has no values", axis)
		}
		for value, text := range es.Values(axis) {
			tag := component.State(axis, value)
			if tag.Text != text || tag.Icon == component.NoIcon {
				t.Errorf("%s %s: %+v", axis, value, tag)
			}
			d := render(t, component.StateTag(tag))
			if d.Find("svg[aria-hidden=true]").Length() != 1 || strings.TrimSpace(d.Find(".tag").Text()) != text {
				t.Errorf("%s %s is drawn as %q", axis, value, d.Find(".tag").Text())
			}
		}
	}
	if got := component.State(es.Capture, "En captura"); got.Icon != component.IconHalf {
		t.Errorf("a value with spaces: %+v", got)
	}
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		bar   component.ProgressBar
		width string
		text  string
	}{
		{component.ProgressBar{Done: 7, Total: 9}, "77.8", "7 de 9"},
		{component.ProgressBar{Done: 0, Total: 0}, "0", "0 de 0"},
		{component.ProgressBar{Done: 12, Total: 9}, "100", "12 de 9"},
		{component.ProgressBar{Done: 1, Total: 2, Silent: true}, "50", ""},
	} {
		d := render(t, component.Progress(c.bar))
		if got := attr(t, d.Find("rect"), "width"); got != c.width {
			t.Errorf("%+v: width %s, want %s", c.bar, got, c.width)
		}
		if got := d.Find("span").Text(); got != c.text {
			t.Errorf("%+v: %q, want %q", c.bar, got, c.text)
		}
	}
}

func TestTaskList(t *testing.T) {
	d := render(t, component.TaskList([]component.Task{
		{ID: "foto", Label: "Fotografía", Href: "/foto", Tag: component.State(es.Section, "completa")},
		{ID: "validar", Label: "Validar", Note: "Falta el cuestionario", Tag: component.State(es.Section, "no_disponible")},
	}))
	link := d.Find("a")
	if got := attr(t, link, "aria-describedby"); got != "foto-estado" || d.Find("#foto-estado").Length() != 1 {
		t.Errorf("the link is described by %q", got)
	}
	if !strings.Contains(d.Find("li").Last().Text(), "Falta el cuestionario") {
		t.Error("what cannot be done does not say why")
	}
}

func TestCard(t *testing.T) {
	d := render(t, component.CandidacyCard(component.Card{
		ID: "n1", Name: "Ana Ficticia", Href: "/candidaturas/ana", Office: "Sindicatura",
		Nominator: component.Nominator{Name: "Coalición Ejemplo", Members: []string{"Uno", "Dos"}},
		Value:     "ana", Selected: true, Lazy: true,
	}))
	if got := attr(t, d.Find("article"), "aria-labelledby"); got != "n1" || d.Find("#n1 a").Text() != "Ana Ficticia" {
		t.Errorf("labelled by %q", got)
	}
	photo := d.Find(".ficha__foto")
	if alt, has := photo.Attr("alt"); !has || alt != "" || attr(t, photo, "loading") != "lazy" || !strings.Contains(attr(t, photo, "src"), "retrato.") {
		t.Error("the photograph is not decoration, or does not wait, or has no drawing in its place")
	}
	if got := d.Find(".opcion label").Text(); got != "Comparar a Ana Ficticia" {
		t.Errorf("checkbox reads %q", got)
	}
	if _, has := d.Find("#n1-comparar").Attr("checked"); !has {
		t.Error("the chosen card is not checked")
	}
	if got := d.Find(".partido small").Text(); got != "Uno y Dos" {
		t.Errorf("coalition reads %q", got)
	}
	if got := strings.TrimSpace(d.Find(".est").Text()); got != "sin publicar" {
		t.Errorf("questionnaire reads %q", got)
	}
}

func TestPages(t *testing.T) {
	href := func(n int) string { return "?pagina=" + es.Int(n) }
	for _, c := range []struct {
		page, total int
		want        string
	}{
		{1, 24, ""},
		{1, 25, "[1] 2 Siguiente"},
		{2, 60, "Anterior 1 [2] 3 Siguiente"},
		{5, 240, "Anterior 1 … 4 [5] 6 … 10 Siguiente"},
		{10, 240, "Anterior 1 … 9 [10]"},
	} {
		var got []string
		for _, l := range component.NewPages(c.page, c.total, 24, href).Links {
			text := l.Text
			if l.Current {
				text = "[" + text + "]"
			}
			if (l.Href == "") != (l.Current || l.Text == "…") {
				t.Errorf("page %d: link of %q is %q", c.page, l.Text, l.Href)
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("page %d of %d rows: %v, want %s", c.page, c.total, got, c.want)
		}
	}
	d := render(t, component.Pagination(component.NewPages(2, 60, 24, href)))
	if d.Find("nav[aria-label=Páginas]").Length() != 1 || strings.TrimSpace(d.Find("[aria-current=page]").Text()) != "Página 2" {
		t.Error("the present page is not said")
	}
}

func TestWorkTable(t *testing.T) {
	d := render(t, component.WorkTable(component.Table{
		Caption: "Candidaturas", Columns: []component.Column{{Title: "Candidatura"}, {Title: "Siguiente paso", Short: "Siguiente"}},
		Rows: []component.Row{{Title: "Ana", Href: "/a", Cells: []templ.Component{component.Linked("Corregir", "Ana", "/a")}}},
	}))
	if got := attr(t, d.Find("td"), "data-r"); got != "Siguiente" {
		t.Errorf("stacked cell says %q", got)
	}
	if got := d.Find("td a").Text(); got != "Corregir: Ana" {
		t.Errorf("verb reads %q", got)
	}
	if d.Find("th[scope=row]").Length() != 1 || d.Find("th[scope=col]").Length() != 2 {
		t.Error("headings lack their scope")
	}
	empty := render(t, component.WorkTable(component.Table{Columns: []component.Column{{Title: "A"}, {Title: "B"}}, Empty: "No hay"}))
	if got := attr(t, empty.Find("td"), "colspan"); got != "2" || empty.Find("td").Text() != "No hay" {
		t.Errorf("empty table spans %q", got)
	}
}

func TestBarTable(t *testing.T) {
	d := render(t, component.BarTable(component.Bars{
		Caption: "Avance", Label: "Cargo", Value: "Publicados", Copper: true,
		Rows: []component.Bar{{Label: "Sindicatura", Part: 57, Total: 62, Text: "57 de 62"}},
	}))
	bar := d.Find("td svg[aria-hidden=true] rect")
	if attr(t, bar, "width") != "91.9" || !bar.HasClass("f-c6") || d.Find("td span").Text() != "57 de 62" {
		t.Errorf("bar %v", bar.Get(0).Attr)
	}
}

func TestSummary(t *testing.T) {
	d := render(t, component.Summary([]component.SummaryItem{
		{Term: "Trayectoria", Blank: "La candidatura no proporcionó información", Href: "/t", Hidden: "trayectoria"},
	}))
	if got := d.Find("dd a").Text(); got != "Cambiar trayectoria" {
		t.Errorf("link reads %q", got)
	}
	if got := d.Find("dd .vacio").Text(); got != "La candidatura no proporcionó información" {
		t.Errorf("blank reads %q", got)
	}
}

func TestMosaic(t *testing.T) {
	tiles := []component.Tile{
		{Name: "Uno", Column: 3, Row: 1, Href: "/b/1", Abbreviation: "UNO", Figure: "62", Unit: "por ciento", Step: 2},
		{Name: "Dos", Column: 9, Row: 1, Href: "/b/2", Abbreviation: "DOS", Absent: "elige por sistemas normativos"},
	}
	links := render(t, component.MosaicLinks(tiles))
	if got := links.Find("li").First().AttrOr("class", ""); got != "c3 r1" || links.Find("a").Length() != 2 {
		t.Errorf("first tile is at %q", got)
	}
	if got := links.Find("li").Last().AttrOr("class", ""); got != "" {
		t.Errorf("a tile outside the frame is at %q", got)
	}
	figures := render(t, component.MosaicFigures(tiles))
	if first := figures.Find("li").First(); !first.HasClass("m2") || first.Find("b").Text() != "62 por ciento" {
		t.Errorf("first figure reads %q", first.Text())
	}
	if last := figures.Find("li").Last(); !last.HasClass("m0") || last.Find("b .vo").Text() != " elige por sistemas normativos" {
		t.Errorf("absent figure reads %q", last.Text())
	}
}

func TestFlash(t *testing.T) {
	for _, c := range []struct {
		outcome component.Outcome
		role    string
	}{{component.Done, "status"}, {component.Failed, "alert"}} {
		d := render(t, component.FlashMessage(component.Flash{Outcome: c.outcome, Text: "Listo"}))
		if got := attr(t, d.Find("p"), "role"); got != c.role {
			t.Errorf("role %q, want %q", got, c.role)
		}
	}
	if render(t, component.FlashMessage(component.Flash{})).Find("p").Length() != 0 {
		t.Error("an empty flash draws something")
	}
}

func TestChipsAndTabs(t *testing.T) {
	d := render(t, component.Chips([]component.Chip{{Label: "Distrito 02", Href: "?"}}))
	if got := strings.TrimSpace(d.Find("a span").First().Text()); got != "Quitar filtro: Distrito 02" {
		t.Errorf("chip reads %q", got)
	}
	d = render(t, component.Tabs("Filtrar por estado", []component.Tab{{Label: "Todas", Href: "?", Count: 1400, Counted: true, Current: true}}))
	if got := d.Find("nav[aria-label='Filtrar por estado'] a[aria-current=page]").Text(); got != "Todas (1,400)" {
		t.Errorf("tab reads %q", got)
	}
}
