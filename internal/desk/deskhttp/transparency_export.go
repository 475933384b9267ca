package deskhttp

import (
	"io"
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry/tabular"
)

// exportConsentsCSV sends report R-9. It leaves an entry in the bitácora.
func (h *Transparency) exportConsentsCSV(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	header, rows, err := h.Consents.Export(r.Context(), t)
	if err != nil {
		return err
	}
	return download(w, "consentimientos.csv", csvType, func(out io.Writer) error { return tabular.WriteCSV(out, header, rows) })
}

// exportConsentsXLSX is exportConsentsCSV as a workbook.
func (h *Transparency) exportConsentsXLSX(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	header, rows, err := h.Consents.Export(r.Context(), t)
	if err != nil {
		return err
	}
	return download(w, "consentimientos.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(out io.Writer) error {
		return tabular.WriteXLSX(out, "Consentimientos", header, rows)
	})
}
