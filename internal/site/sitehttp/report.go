package sitehttp

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/figure"
	"conoceles/web/page/sitepage"
)

// mountReports lists the routes of the official reports that were released.
func (h *Handler) mountReports(g serve.Group) {
	g.Get("/estadisticas/informes/{corte}", "showPublicReport", serve.Anyone, h.page(h.showReport))
	g.Get("/estadisticas/informes/{corte}/informe.pdf", "downloadPublicReport", serve.Anyone, h.file(h.downloadReport))
	g.Get("/estadisticas/informes/{corte}/{tabla}.csv", "downloadPublicReportTable", serve.Anyone, h.file(h.downloadReportTable))
}

func (h *Handler) showReport(w http.ResponseWriter, r *http.Request, v visit) error {
	report, err := h.store.Report(r.Context(), v.Process, chi.URLParam(r, "corte"))
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, sitepage.Report(v.Frame, report))
}

// downloadReport sends the document as it was released, byte by byte.
func (h *Handler) downloadReport(w http.ResponseWriter, r *http.Request, v visit) error {
	slug := chi.URLParam(r, "corte")
	document, err := h.store.ReportDocument(r.Context(), v.Process, slug)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="informe-`+slug+"-"+v.Process.Key+`.pdf"`)
	return sendKept(w, r, "application/pdf", document)
}

func (h *Handler) downloadReportTable(w http.ResponseWriter, r *http.Request, v visit) error {
	report, err := h.store.Report(r.Context(), v.Process, chi.URLParam(r, "corte"))
	if err != nil {
		return err
	}
	t, ok := report.Table(chi.URLParam(r, "tabla"))
	if !ok {
		return fault.New(fault.NotFound, "")
	}
	rows := append([][]string{figure.Header(t)}, figure.Rows(t, figure.Plain)...)
	return sendRows(w, r, report.Slug()+"-"+t.ID+"-"+v.Process.Key, rows)
}
