package deskhttp

import (
	"io"
	"net/http"
	"strings"
	"time"

	"conoceles/internal/desk/audit"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// Audit serves the bitácora.
type Audit struct {
	*Face
	Store *audit.Store
}

// Mount lists the routes of the bitácora.
func (h *Audit) Mount(g serve.Group) {
	get(g, h.Sessions, deskpage.AuditHome, "searchAudit", h.search)
	get(g, h.Sessions, deskpage.AuditHome+"/exportar.csv", "exportAudit", h.export, serve.Timeout(time.Minute))
}

// auditFilter reads the filter from an address. What is not understood is no filter.
func auditFilter(r *http.Request) (audit.Filter, error) {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return audit.Filter{}, err
	}
	text := func(name string) string { return strings.TrimSpace(firstRunes(query.Get(name), 100)) }
	f := audit.Filter{Who: text("quien"), What: text("que"), Object: text("objeto"), Page: pageOf(r), Size: pageSize}
	if day, ok := parseDay(query.Get("desde")); ok {
		f.From = startOf(day)
	}
	if day, ok := parseDay(query.Get("hasta")); ok {
		f.Until = startOf(day.AddDate(0, 0, 1))
	}
	return f, nil
}

// startOf is when a day begins where people are.
func startOf(day time.Time) time.Time {
	if day.IsZero() || day.Year() < 2000 {
		return time.Time{}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, election.Zone())
}

func (h *Audit) search(w http.ResponseWriter, r *http.Request, a auth.AuditReader) error {
	f, err := auditFilter(r)
	if err != nil {
		return err
	}
	entries, total, err := h.Store.Search(r.Context(), a, f)
	if err != nil {
		return err
	}
	state, err := h.Store.State(r.Context())
	if err != nil {
		return err
	}
	frame := h.page(r, a, "Bitácora")
	_, all := a.(auth.Head)
	return serve.Page(w, r, http.StatusOK, deskpage.AuditPage(deskpage.Audit{
		RegistryFrame: deskpage.RegistryFrame{Meta: frame.Meta, Area: frame.Area, Flash: frame.Flash},
		Filter:        f, Entries: entries, Total: total, State: state, All: all, Values: r.URL.Query(),
	}))
}

// export sends what the filter lets through as a file.
func (h *Audit) export(w http.ResponseWriter, r *http.Request, a auth.AuditReader) error {
	f, err := auditFilter(r)
	if err != nil {
		return err
	}
	header, rows, err := h.Store.Export(r.Context(), a, f)
	if err != nil {
		return err
	}
	return download(w, "bitacora.csv", csvType, func(out io.Writer) error { return tabular.WriteCSV(out, header, rows) })
}
