package deskhttp

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/report"
	"conoceles/internal/election"
	"conoceles/internal/figures"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Report serves the reports of the process to the institute (report.go,
// report_decide.go), and to each actor its own (report_own.go).
type Report struct {
	*Face
	Store *report.Store
}

// reportTime is how long a page of a report may take: some are long.
const reportTime = time.Minute

// Mount lists the routes of reports.
func (h *Report) Mount(g serve.Group) {
	const home, kind, cut = deskpage.ReportsHome, deskpage.ReportsHome + "/{informe}", deskpage.ReportsHome + "/cortes/{corte}"
	get(g, h.Sessions, home, "listReports", h.listReports)
	get(g, h.Sessions, kind, "showReport", h.showReport)
	post(g, h.Sessions, kind, "requestReportCut", h.requestCut)
	get(g, h.Sessions, home+"/solicitudes/{peticion}", "showReportJob", h.showJob)
	get(g, h.Sessions, cut, "showReportCut", h.showCut, serve.Timeout(reportTime))
	get(g, h.Sessions, cut+"/comparar", "compareReportCuts", h.compareCuts, serve.Timeout(reportTime))
	get(g, h.Sessions, cut+"/tablas/{tabla}", "showReportTable", h.showTable, serve.Timeout(reportTime))
	get(g, h.Sessions, cut+"/informe.pdf", "downloadReportDocument", h.downloadDocument, serve.Timeout(reportTime))
	get(g, h.Sessions, cut+"/informe.xlsx", "downloadReportBook", h.downloadBook, serve.Timeout(reportTime))
	post(g, h.Sessions, cut+"/textos", "writeReport", h.write)
	post(g, h.Sessions, cut+"/aprobar", "approveReport", h.approve)
	post(g, h.Sessions, cut+"/proponer", "proposeReport", h.propose)
	postProven(g, h.Face, cut+"/liberar", "releaseReport", h.release, serve.Timeout(reportTime))
	h.mountOwn(g)
}

func (h *Report) frameOf(r *http.Request, a auth.Actor, home, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if title != "Informes" {
		crumbs = append([]layout.Crumb{{Label: "Informes", Href: home}}, append(crumbs, layout.Crumb{Label: title})...)
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// numberIn reads the number that an address carries; what is none is not there.
func numberIn(r *http.Request, parameter string) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, parameter), 10, 64)
	if err != nil || id < 1 {
		return 0, notFound()
	}
	return id, nil
}

func (h *Report) listReports(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	cuts, err := h.Store.List(r.Context(), a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReportsPage(deskpage.Reports{
		RegistryFrame: h.frameOf(r, a, deskpage.ReportsHome, "Informes"), Definitions: report.Catalogue(), Cuts: cuts,
	}))
}

// named returns the report that an address names, or NotFound.
func named(r *http.Request) (report.Definition, error) {
	d, ok := report.Define(report.Kind(chi.URLParam(r, "informe")))
	if !ok {
		return d, notFound()
	}
	return d, nil
}

func (h *Report) showReport(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	return h.kindPage(w, r, a, url.Values{}, nil)
}

func (h *Report) kindPage(w http.ResponseWriter, r *http.Request, a auth.ReportReader, values url.Values, cause error) error {
	d, err := named(r)
	if err != nil {
		return err
	}
	cuts, err := h.Store.List(r.Context(), a)
	if err != nil {
		return err
	}
	if cause == nil {
		values = h.firstDays(d)
	}
	p := deskpage.NewReportKind(h.frameOf(r, a, deskpage.ReportsHome, d.Number+" · "+d.Title), d, cuts[d.Kind], component.FormKeys{Key: newKey()}, values)
	_, p.Makes = a.(auth.Transparency)
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.ReportKindPage(p))
}

// firstDays is what the form of a report of some days begins with: this month, or
// the last thirty days.
func (h *Report) firstDays(d report.Definition) url.Values {
	today := h.Now().In(election.Zone())
	switch d.Span {
	case report.OfMonth:
		return url.Values{report.MonthField: {today.Format("01/2006")}}
	case report.OfDays:
		return url.Values{report.FromField: {today.AddDate(0, 0, 1-usageDays).Format(day)}, report.UntilField: {today.Format(day)}}
	}
	return url.Values{}
}

// day is how a person writes a date.
const day = "02/01/2006"

func (h *Report) requestCut(w http.ResponseWriter, r *http.Request, t unitReader) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	d, err := named(r)
	if err != nil {
		return err
	}
	id, err := h.Store.Request(r.Context(), t, asked(d, form))
	if err != nil {
		return h.kindPage(w, r, t, form, err)
	}
	return serve.SeeOther(w, r, deskpage.ReportJobPath(id))
}

// asked reads the cut that a form asks for. Days that are not understood are none.
func asked(d report.Definition, form url.Values) report.Ask {
	a := report.Ask{Key: form.Get(component.KeyField), Kind: d.Kind, Label: form.Get(report.LabelField)}
	a.From, _ = parseDay(strings.TrimSpace(form.Get(report.FromField)))
	a.Until, _ = parseDay(strings.TrimSpace(form.Get(report.UntilField)))
	if d.Span == report.OfMonth {
		a.From, _ = parseMonth(strings.TrimSpace(form.Get(report.MonthField)))
	}
	return a
}

// parseMonth reads a month as a person writes it, or as an address has it.
func parseMonth(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01", "01/2006", "1/2006"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 1900 && t.Year() < 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}

// refreshJob is how often the page of a cut that is being made looks again.
const refreshJob = 2 * time.Second

// showJob tells how far a cut has come, and leads to it when it is done.
func (h *Report) showJob(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	id, err := numberIn(r, "peticion")
	if err != nil {
		return err
	}
	j, err := h.Store.Job(r.Context(), t, id)
	if err != nil {
		return err
	}
	if j.Cut != 0 {
		return serve.SeeOther(w, r, deskpage.ReportCutPath(j.Cut))
	}
	if j.Failed == "" {
		w.Header().Set("Refresh", strconv.Itoa(int(refreshJob/time.Second)))
	}
	d, _ := report.Define(j.Kind)
	return serve.Page(w, r, http.StatusOK, deskpage.ReportJobPage(deskpage.ReportJob{
		RegistryFrame: h.frameOf(r, t, deskpage.ReportsHome, "Corte de "+d.Number, layout.Crumb{Label: d.Number, Href: deskpage.ReportKindPath(d.Kind)}),
		Job:           j, Definition: d,
	}))
}

// cut opens the cut that an address names, as its face.
func (h *Report) cut(r *http.Request, a auth.ReportReader, values url.Values) (deskpage.ReportCut, error) {
	id, err := numberIn(r, "corte")
	if err != nil {
		return deskpage.ReportCut{}, err
	}
	f, err := h.Store.Open(r.Context(), a, id)
	if err != nil {
		return deskpage.ReportCut{}, err
	}
	frame := h.frameOf(r, a, deskpage.ReportsHome, es.Capital(f.Name()), layout.Crumb{Label: f.Definition.Number, Href: deskpage.ReportKindPath(f.Kind)})
	p := deskpage.NewReportCut(frame, f, component.FormKeys{Key: newKey()}, values)
	_, p.Unit = a.(auth.Transparency)
	_, p.Head = a.(auth.Head)
	p.Me = a.AccountID()
	if r.URL.Query().Get(deskpage.ReportFaceParam) == deskpage.ReportPublicFace && f.Public != nil {
		p.Shown, p.Public = *f.Public, true
	}
	return p, nil
}

func (h *Report) showCut(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	p, err := h.cut(r, a, url.Values{})
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReportCutPage(p))
}

// tableOf returns the table that an address names, or NotFound.
func tableOf(r *http.Request, shown figures.Report, name string) (figures.Table, error) {
	t, ok := shown.Table(name)
	if !ok {
		return t, notFound()
	}
	return t, nil
}

// showTable shows a table whole, in parts, or sends it as a file: its address then
// ends in «.csv».
func (h *Report) showTable(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	p, err := h.cut(r, a, url.Values{})
	if err != nil {
		return err
	}
	return h.table(w, r, a, p)
}

func (h *Report) table(w http.ResponseWriter, r *http.Request, a auth.Actor, p deskpage.ReportCut) error {
	name, file := strings.CutSuffix(chi.URLParam(r, "tabla"), ".csv")
	t, err := tableOf(r, p.Shown, name)
	if err != nil {
		return err
	}
	if file {
		return download(w, fileName(p, t.ID)+".csv", csvType, func(out io.Writer) error { return report.WriteCSV(out, t) })
	}
	frame := h.page(r, a, t.ID+". "+t.Title, p.Meta.Crumbs...)
	return serve.Page(w, r, http.StatusOK, deskpage.ReportTablePage(deskpage.ReportTable{
		RegistryFrame: deskpage.RegistryFrame{Meta: frame.Meta, Area: frame.Area}, Table: t, Cut: p, Page: pageOf(r),
	}))
}

// fileName names what is downloaded of a cut, without extension.
func fileName(p deskpage.ReportCut, more ...string) string {
	parts := append([]string{strings.ToLower(p.Definition.Number), string(p.Kind)}, more...)
	parts = append(parts, p.At.Format("20060102-1504"))
	if p.Draft() {
		parts = append(parts, "preliminar")
	}
	return strings.ReplaceAll(strings.Join(parts, "-"), " ", "-")
}

func (h *Report) downloadDocument(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	p, err := h.cut(r, a, url.Values{})
	if err != nil {
		return err
	}
	return h.sendDocument(r.Context(), w, p)
}

func (h *Report) sendDocument(ctx context.Context, w http.ResponseWriter, p deskpage.ReportCut) error {
	paper, err := h.Store.Document(ctx, p.File, p.Shown)
	if err != nil {
		return err
	}
	return download(w, fileName(p)+".pdf", "application/pdf", func(out io.Writer) error {
		_, err := out.Write(paper)
		return err
	})
}

const bookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (h *Report) downloadBook(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	p, err := h.cut(r, a, url.Values{})
	if err != nil {
		return err
	}
	return sendBook(w, p)
}

func sendBook(w http.ResponseWriter, p deskpage.ReportCut) error {
	return download(w, fileName(p)+".xlsx", bookType, func(out io.Writer) error { return report.WriteBook(out, p.File, p.Shown) })
}

// compareCuts puts this cut beside another of the same report: the older first.
func (h *Report) compareCuts(w http.ResponseWriter, r *http.Request, a auth.ReportReader) error {
	one, err := h.cut(r, a, url.Values{})
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(r.URL.Query().Get(deskpage.ReportWithParam), 10, 64)
	if !slices.ContainsFunc(one.Others, func(c report.Cut) bool { return c.ID == id }) {
		return notFound()
	}
	other, err := h.Store.Open(r.Context(), a, id)
	if err != nil {
		return err
	}
	before, after := one.File, other
	if before.Version > after.Version {
		before, after = after, before
	}
	frame := h.frameOf(r, a, deskpage.ReportsHome, "Comparar cortes", layout.Crumb{Label: one.Definition.Number, Href: deskpage.ReportKindPath(one.Kind)})
	return serve.Page(w, r, http.StatusOK, deskpage.ReportComparisonPage(deskpage.ReportComparison{
		RegistryFrame: frame, Before: before.Cut, After: after.Cut, Tables: report.Compare(before.Report, after.Report),
	}))
}
