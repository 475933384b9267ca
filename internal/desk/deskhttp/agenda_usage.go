package deskhttp

import (
	"io"
	"net/http"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/desk/usage"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// Usage serves how much the public site is used, as it is now. Report R-10 keeps it.
type Usage struct {
	*Face
	Store *usage.Store
}

// Mount lists the routes of the report.
func (h *Usage) Mount(g serve.Group) {
	get(g, h.Sessions, deskpage.UsagePath, "showUsage", h.showUsage)
	get(g, h.Sessions, deskpage.UsagePath+".csv", "exportUsage", h.exportUsage)
	get(g, h.Sessions, deskpage.UsagePath+".xlsx", "exportUsageWorkbook", h.exportWorkbook)
}

// usageDays is how many days the report has when nobody says which.
const usageDays = 30

// report reads the report of the days in the address. What is not a day is as if
// it were not there.
func (h *Usage) report(r *http.Request, a auth.AgendaReader) (usage.Report, error) {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return usage.Report{}, err
	}
	from, ok := parseDay(query.Get("desde"))
	until, some := parseDay(query.Get("hasta"))
	if !ok && !some {
		y, m, d := h.Now().In(election.Zone()).Date()
		until = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		from = until.AddDate(0, 0, 1-usageDays)
	}
	return h.Store.Use(r.Context(), a, from, until)
}

func (h *Usage) showUsage(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	report, err := h.report(r, a)
	if err != nil {
		return err
	}
	f := h.page(r, a, "Uso del sitio")
	_, reads := a.(auth.ReportReader)
	return serve.Page(w, r, http.StatusOK, deskpage.UsagePage(deskpage.Usage{
		RegistryFrame: deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}, Report: report, Reads: reads,
	}))
}

func (h *Usage) exportUsage(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	report, err := h.report(r, a)
	if err != nil {
		return err
	}
	return download(w, "uso-del-sitio.csv", csvType, func(out io.Writer) error {
		header, rows := report.ByDay()
		return tabular.WriteCSV(out, header, rows)
	})
}

func (h *Usage) exportWorkbook(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	report, err := h.report(r, a)
	if err != nil {
		return err
	}
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return download(w, "uso-del-sitio.xlsx", kind, func(out io.Writer) error {
		days, classes := tabular.Sheet{Name: "Por día"}, tabular.Sheet{Name: "Por clase"}
		days.Header, days.Rows = report.ByDay()
		classes.Header, classes.Rows = report.ByKind()
		return tabular.WriteBook(out, days, classes)
	})
}
