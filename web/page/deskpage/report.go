package deskpage

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"conoceles/internal/desk/report"
	"conoceles/internal/figures"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/figure"
)

// The addresses of reports: those of the process, and those of each actor.
const (
	ReportsHome    = "/transparencia/informes"
	OwnReportsHome = "/captura/informes"
)

// The parameters of an address that opens a cut.
const (
	ReportFaceParam = "vista" // ReportPublicFace shows what everybody would read
	ReportWithParam = "con"   // the cut to compare with

	ReportPublicFace = "publica"
)

// ReportKindPath is the address of a report, whatever its cut.
func ReportKindPath(k report.Kind) string { return ReportsHome + "/" + string(k) }

// ReportJobPath is the address of a cut that is being made.
func ReportJobPath(id int64) string { return numbered(ReportsHome+"/solicitudes", id, nil) }

// ReportCutPath is the address of a cut, or of something in it.
func ReportCutPath(id int64, more ...string) string {
	return numbered(ReportsHome+"/cortes", id, more)
}

// OwnReportPath is the address of an actor's own report, or of something in it.
func OwnReportPath(k report.Kind, more ...string) string {
	path := OwnReportsHome + "/" + string(k)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// Reports is the catalogue, with the cuts of each.
type Reports struct {
	RegistryFrame
	Definitions []report.Definition
	Cuts        map[report.Kind][]report.Cut
	Own         bool // those of an actor: they have no cuts
}

func (r Reports) table() component.Table {
	t := component.Table{Caption: "Informes", Columns: []component.Column{{Title: "Informe"}, {Title: "Cuándo"}}}
	if !r.Own {
		t.Columns = append(t.Columns, component.Column{Title: "Último corte"}, component.Column{Title: "Estado"})
	}
	for _, d := range r.Definitions {
		row := component.Row{Title: d.Number + " · " + d.Title, Note: d.Basis, Href: ReportKindPath(d.Kind), Cells: []templ.Component{component.Words(d.When)}}
		if r.Own {
			row.Href = OwnReportPath(d.Kind)
			t.Rows = append(t.Rows, row)
			continue
		}
		last, state := "Sin cortes", component.Tag{Text: "Por hacer", Tone: component.Absent, Icon: component.IconEmpty}
		if cuts := r.Cuts[d.Kind]; len(cuts) > 0 {
			last, state = cuts[0].Name()+" · "+es.DateTime(cuts[0].At), reportTag(cuts[0])
		}
		row.Cells = append(row.Cells, component.Words(last), component.StateTag(state))
		t.Rows = append(t.Rows, row)
	}
	return t
}

func reportTag(c report.Cut) component.Tag {
	switch {
	case c.ReleasedAt != nil:
		return component.Tag{Text: "Público", Tone: component.Solid, Icon: component.IconCheck}
	case c.ProposedAt != nil:
		return component.Tag{Text: "Propuesto para publicarse", Tone: component.Attention, Icon: component.IconHalf}
	case c.ApprovedAt != nil:
		return component.Tag{Text: "Aprobado", Tone: component.Good, Icon: component.IconCheck}
	}
	return component.Tag{Text: "Preliminar", Tone: component.Attention, Icon: component.IconHalf}
}

// ReportKind is a report with its cuts and, for whoever makes them, the form of the
// next one.
type ReportKind struct {
	sheet
	report.Definition
	Cuts  []report.Cut
	Makes bool
}

// NewReportKind returns the page of a report with what was typed in its form.
func NewReportKind(f RegistryFrame, d report.Definition, cuts []report.Cut, keys component.FormKeys, values url.Values) ReportKind {
	return ReportKind{sheet: sheet{f, keys, values}, Definition: d, Cuts: cuts}
}

func (k ReportKind) month() component.TextField {
	f := k.line(report.MonthField, "Mes", "Mes y año, como 03/2027.")
	f.Width = component.Short
	return f
}

func (k ReportKind) facts() []component.Fact {
	return []component.Fact{{Term: "Cuándo", Value: k.When}, {Term: "Fundamento", Value: k.Basis}}
}

func (k ReportKind) table() component.Table {
	t := component.Table{
		Caption: "Cortes", Empty: "Todavía no hay cortes.",
		Columns: []component.Column{{Title: "Corte"}, {Title: "Fecha y hora"}, {Title: "Estado"}, {Title: "Lo calculó"}},
	}
	for _, c := range k.Cuts {
		t.Rows = append(t.Rows, component.Row{Title: es.Capital(c.Name()), Href: ReportCutPath(c.ID), Cells: []templ.Component{
			component.Words(es.FullDateTime(c.At)), component.StateTag(reportTag(c)), component.Words(c.CreatedByName),
		}})
	}
	return t
}

// ReportJob is a cut that is being made.
type ReportJob struct {
	RegistryFrame
	report.Job
	Definition report.Definition
}

// ReportCut is a cut with what it says.
type ReportCut struct {
	sheet
	report.File
	Shown  figures.Report // what is drawn: the whole, or what would be public
	Public bool           // Shown is what would be public
	Unit   bool           // whoever looks makes reports
	Head   bool
	Me     int64
	Own    bool // of an actor, not kept
}

// NewReportCut returns the page of a cut with what was typed in its forms.
func NewReportCut(frame RegistryFrame, f report.File, keys component.FormKeys, values url.Values) ReportCut {
	return ReportCut{sheet: sheet{frame, keys, values}, File: f, Shown: f.Report}
}

// path is the address of the cut, or of something in it, as it is shown.
func (c ReportCut) path(more ...string) string {
	if c.Own {
		return OwnReportPath(c.Kind, more...)
	}
	path := ReportCutPath(c.ID, more...)
	if c.Public {
		path += "?" + ReportFaceParam + "=" + ReportPublicFace
	}
	return path
}

func (c ReportCut) facts() []component.Fact {
	var out []component.Fact
	for _, line := range c.Identify(c.Shown) {
		out = append(out, component.Fact{Term: line[0], Value: line[1]})
	}
	if c.ReleasedAt != nil {
		out = append(out, component.Fact{Term: "Lo hizo público", Value: c.ReleasedByName + ", " + es.FullDateTime(*c.ReleasedAt) + ". Lo propuso " + c.ProposedByName})
	}
	if c.ID != 0 {
		hash := c.Hash
		if c.Public {
			hash = c.PublicHash
		}
		out = append(out, component.Fact{Term: "Huella de las tablas (SHA-256)", Value: hash})
	}
	return out
}

func (c ReportCut) tag() component.Tag { return reportTag(c.Cut) }

// split reports whether what is public is not the whole.
func (c ReportCut) split() bool { return c.File.Public != nil && c.Hash != c.PublicHash && c.Internal }

func (c ReportCut) faces() []component.Tab {
	return []component.Tab{
		{Label: "Uso interno", Href: ReportCutPath(c.ID), Current: !c.Public},
		{Label: "Lo que será público", Href: ReportCutPath(c.ID) + "?" + ReportFaceParam + "=" + ReportPublicFace, Current: c.Public},
	}
}

func (c ReportCut) index() []component.Chip {
	var out []component.Chip
	for _, t := range c.Shown.Tables {
		out = append(out, component.Chip{Label: t.ID + ". " + t.Title, Href: "#" + anchor(t)})
	}
	return out
}

// anchor is the id of the heading of a table.
func anchor(t figures.Table) string { return "tabla-" + t.ID }

func (c ReportCut) view(t figures.Table) figure.View {
	return figure.View{Table: t, Anchor: anchor(t), CSV: c.path("tablas", t.ID+".csv"), Whole: c.path("tablas", t.ID)}
}

// writes reports whether the narrative may be written now.
func (c ReportCut) writes() bool { return c.Unit && c.Draft() && !c.Public && len(c.Texts) > 0 }

func (c ReportCut) writing(t report.Text) component.TextAreaField {
	f := c.area(t.ID, t.Label, t.Hint)
	f.Max = report.MaxText
	if c.Values == nil || !c.Values.Has(t.ID) {
		f.Value = t.Body
	}
	f.Count = len([]rune(f.Value))
	return f
}

// written are the texts of a cut that are not written any more.
func (c ReportCut) written() []component.SummaryItem {
	var out []component.SummaryItem
	for _, t := range c.Texts {
		if t.Body != "" {
			out = append(out, component.SummaryItem{Term: t.Label, Values: strings.Split(t.Body, "\n\n")})
		}
	}
	return out
}

// base is the version of a text that the form started from.
func (c ReportCut) base(t report.Text) string {
	if name := report.BaseField(t.ID); c.Values.Has(name) {
		return c.Values.Get(name)
	}
	return strconv.Itoa(t.Version)
}

func (c ReportCut) approves() bool { return c.Head && c.Draft() }

func (c ReportCut) proposes() bool {
	return c.Unit && !c.Draft() && c.ProposedAt == nil && c.File.Public != nil
}

func (c ReportCut) releases() bool { return c.Head && c.ProposedAt != nil && c.ReleasedAt == nil }

func (c ReportCut) others() component.SelectField {
	f := component.SelectField{Field: component.Field{ID: ReportWithParam, Label: "Comparar con"}}
	for _, o := range c.Others {
		f.Options = append(f.Options, component.Option{Value: strconv.FormatInt(o.ID, 10), Label: o.Name() + ", " + es.FullDateTime(o.At)})
	}
	return f
}

// ReportTable is a table of a cut, whole, in parts.
type ReportTable struct {
	RegistryFrame
	figures.Table
	Cut  ReportCut
	Page int
}

// ReportTableSize is how many rows a part has.
const ReportTableSize = 100

func (t ReportTable) pages() component.Pages {
	return component.NewPages(t.Page, len(t.Rows), ReportTableSize, func(n int) string {
		u, _ := url.Parse(t.Cut.path("tablas", t.ID))
		q := u.Query()
		if n > 1 {
			q.Set("pagina", strconv.Itoa(n))
		}
		u.RawQuery = q.Encode()
		return u.String()
	})
}

func (t ReportTable) part() figure.View {
	part := t.Table
	from := min((t.Page-1)*ReportTableSize, len(part.Rows))
	part.Rows, part.Chart = part.Rows[from:min(from+ReportTableSize, len(part.Rows))], 0
	return figure.View{Table: part, Anchor: anchor(part), CSV: t.Cut.path("tablas", t.ID+".csv")}
}

// ReportComparison is two cuts of a report, side by side.
type ReportComparison struct {
	RegistryFrame
	Before, After report.Cut
	Tables        []report.Comparison
}

// changed are the figures that are not the same in some row.
func (c ReportComparison) changed() []report.Comparison {
	return slices.DeleteFunc(slices.Clone(c.Tables), func(t report.Comparison) bool { return !t.Changed() })
}

// same is how many figures are the same in every row.
func (c ReportComparison) same() int { return len(c.Tables) - len(c.changed()) }

func (c ReportComparison) table(of report.Comparison) component.Table {
	var rows [][]string
	for _, r := range of.Rows {
		before, after, change := es.Int(r.Before), es.Int(r.After), signed(r.After-r.Before)
		switch {
		case r.Withheld:
			before, after, change = figure.Withheld, figure.Withheld, "—"
		case r.New:
			before, change = "No estaba", "—"
		case r.Gone:
			after, change = "Ya no está", "—"
		}
		rows = append(rows, []string{r.Label, before, after, change})
	}
	return component.WordTable(of.Title(), []string{of.Table.Columns[0].Title, c.Before.Name(), c.After.Name(), "Cambio"}, rows)
}

func signed(n int) string {
	if n > 0 {
		return "+" + es.Int(n)
	}
	return es.Int(n)
}
