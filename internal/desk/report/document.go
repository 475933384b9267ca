package report

import (
	"context"
	"io"
	"strconv"
	"strings"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/figures"
	"conoceles/web/es"
	"conoceles/web/figure"
)

// preliminary is what a cut says until its acuerdo is recorded.
const preliminary = "PRELIMINAR"

// readLetterhead reads who renders the reports of a process.
func readLetterhead(ctx context.Context, q db.Querier, process int64) (letterhead, error) {
	const sql = `
SELECT COALESCE(i.name, ''), COALESCE(i.address, ''), pr.name FROM desk.processes pr LEFT JOIN desk.institution i ON true WHERE pr.id = $1`
	head := letterhead{Unit: "Unidad de Transparencia"}
	err := q.QueryRow(ctx, sql, process).Scan(&head.Institution, &head.Address, &head.Process)
	return head, db.Fault(err)
}

// Document returns a cut as PDF: what whoever opened it may see, or what everybody
// would read of it. A draft says «PRELIMINAR» on every page. Its texts are in it.
func (s *Store) Document(ctx context.Context, f File, report figures.Report) ([]byte, error) {
	return render(ctx, s.desk, f, report)
}

func render(ctx context.Context, q db.Querier, f File, report figures.Report) ([]byte, error) {
	head, err := readLetterhead(ctx, q, f.process)
	if err != nil {
		return nil, err
	}
	content, err := report.Encode()
	if err != nil {
		return nil, err
	}
	hash := hashOf(content)
	p := newPaper(head, f.Definition.Number+" "+report.Title, "Huella de las tablas (SHA-256): "+hash, f.Draft(), f.At)
	p.page(0, 0)
	p.cover(f, report)
	for _, t := range f.Texts {
		if t.Body != "" {
			p.pdf.Ln(2)
			p.text("B", 11, t.Label)
			p.pdf.Ln(1)
			p.paragraphs(t.Body)
		}
	}
	p.pdf.Ln(2)
	p.text("B", 11, "Cómo se cuenta")
	p.pdf.Ln(1)
	for _, d := range report.Definition {
		p.paragraphs("• " + d)
	}
	for _, t := range report.Tables {
		p.table(t)
	}
	return p.pdf.Bytes()
}

// cover says what the report is.
func (p *paper) cover(f File, report figures.Report) {
	p.text("B", 16, f.Definition.Number+" · "+report.Title)
	p.pdf.Ln(2)
	for _, line := range f.Identify(report) {
		p.text("", 9.5, line[0]+": "+line[1])
	}
}

// Identify returns what tells this cut from any other, as terms and values.
func (f File) Identify(report figures.Report) [][2]string {
	out := [][2]string{
		{"Proceso", report.Process}, {"De quiénes habla", report.Scope}, {"Corte", es.FullDateTime(report.At)},
	}
	if f.FromOn != nil {
		out = append(out, [2]string{"Periodo", es.Capital(periodName(f.Definition.Span, *f.FromOn, *f.UntilOn))})
	}
	if f.ID != 0 {
		out = append(out, [2]string{"Versión", f.Name()}, [2]string{"Definiciones", "versión " + es.Int(f.Counted)}, [2]string{"Lo calculó", f.CreatedByName})
	}
	if f.Definition.Basis != "" {
		out = append(out, [2]string{"Fundamento", f.Definition.Basis})
	}
	if f.Draft() {
		return append(out, [2]string{"Estado", preliminary + ". Ningún acuerdo lo ha aprobado."})
	}
	return append(out, [2]string{"Acuerdo", f.Acuerdo + ", " + es.Date(*f.AcuerdoOn)})
}

// WriteCSV writes a table of a report as a file that spreadsheets open.
func WriteCSV(w io.Writer, t figures.Table) error {
	return tabular.WriteCSV(w, figure.Header(t), figure.Rows(t, figure.Plain))
}

// WriteBook writes a report as a workbook: what it is, and a sheet for each table.
func WriteBook(w io.Writer, f File, report figures.Report) error {
	first := tabular.Sheet{Name: "Informe", Header: []string{"Dato", "Valor"}, Rows: [][]string{{"Informe", f.Definition.Number + " " + report.Title}}}
	for _, line := range f.Identify(report) {
		first.Rows = append(first.Rows, []string{line[0], line[1]})
	}
	content, err := report.Encode()
	if err != nil {
		return err
	}
	first.Rows = append(first.Rows, []string{"Huella de las tablas (SHA-256)", hashOf(content)})
	for i, d := range report.Definition {
		first.Rows = append(first.Rows, []string{"Cómo se cuenta, " + strconv.Itoa(i+1), d})
	}
	for _, t := range f.Texts {
		if t.Body != "" {
			first.Rows = append(first.Rows, []string{t.Label, t.Body})
		}
	}
	sheets := []tabular.Sheet{first}
	for _, t := range report.Tables {
		first.Rows = append(first.Rows, []string{t.ID + ". " + t.Title, strings.TrimSpace(t.Population + " " + t.Note)})
		s := tabular.Sheet{Name: t.ID, Header: figure.Header(t), Rows: figure.Rows(t, figure.Plain), Numeric: make([]bool, len(t.Columns))}
		for i, c := range t.Columns {
			s.Numeric[i] = c.Kind != figures.Text
		}
		sheets = append(sheets, s)
	}
	sheets[0] = first
	return tabular.WriteBook(w, sheets...)
}
