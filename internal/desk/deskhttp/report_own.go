package deskhttp

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/report"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// mountOwn lists the routes of the reports of each actor.
func (h *Report) mountOwn(g serve.Group) {
	const home, kind = deskpage.OwnReportsHome, deskpage.OwnReportsHome + "/{informe}"
	get(g, h.Sessions, home, "listOwnReports", h.listOwn)
	get(g, h.Sessions, kind, "showOwnReport", h.showOwn)
	get(g, h.Sessions, kind+"/tablas/{tabla}", "showOwnReportTable", h.showOwnTable)
	get(g, h.Sessions, kind+"/informe.pdf", "downloadOwnReportDocument", h.downloadOwnDocument)
	get(g, h.Sessions, kind+"/informe.xlsx", "downloadOwnReportBook", h.downloadOwnBook)
}

func (h *Report) listOwn(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return serve.Page(w, r, http.StatusOK, deskpage.ReportsPage(deskpage.Reports{
		RegistryFrame: h.frameOf(r, a, deskpage.OwnReportsHome, "Informes"), Definitions: report.OwnCatalogue(), Own: true,
	}))
}

// own computes the report that an address names, of what the actor captures.
func (h *Report) own(r *http.Request, a auth.Capturer) (deskpage.ReportCut, error) {
	f, err := h.Store.Own(r.Context(), a, report.Kind(chi.URLParam(r, "informe")))
	if err != nil {
		return deskpage.ReportCut{}, err
	}
	p := deskpage.NewReportCut(h.frameOf(r, a, deskpage.OwnReportsHome, f.Definition.Number+" · "+f.Report.Title), f, component.FormKeys{}, url.Values{})
	p.Own = true
	return p, nil
}

func (h *Report) showOwn(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.own(r, a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReportCutPage(p))
}

func (h *Report) showOwnTable(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.own(r, a)
	if err != nil {
		return err
	}
	return h.table(w, r, a, p)
}

func (h *Report) downloadOwnDocument(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.own(r, a)
	if err != nil {
		return err
	}
	return h.sendDocument(r.Context(), w, p)
}

func (h *Report) downloadOwnBook(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.own(r, a)
	if err != nil {
		return err
	}
	return sendBook(w, p)
}
