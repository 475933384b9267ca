package sitehttp

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/opendata"
	"conoceles/web/es"
	"conoceles/web/page/sitepage"
)

// showStatistics counts identity now, on the primary, and only then looks for the
// page. The counts are part of the key under which it is kept, so that a kept page
// is served only while its counts are still the true ones.
func (h *Handler) showStatistics(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.cut.IsZero() {
		return errNotKept // its counts are of now or of nobody
	}
	identity := h.identityCounts(r, v)
	v.variant = fmt.Sprint(identity)
	return h.kept.serve(w, r, v, func(w http.ResponseWriter, r *http.Request, v visit) error {
		s, err := h.store.Statistics(r.Context(), v.Process, v.Catalog)
		if err != nil {
			return err
		}
		reports, err := h.store.Reports(r.Context(), v.Process)
		if err != nil {
			return err
		}
		return serve.Page(w, r, http.StatusOK, sitepage.Statistics(v.Frame, sitepage.Numbers{Statistics: s, Identity: identity, Reports: reports}))
	})
}

// identityCounts are the live counts, or nothing at all: what fails here costs the
// page one figure and nothing more.
func (h *Handler) identityCounts(r *http.Request, v visit) site.IdentityCounts {
	if !v.Process.AsksIdentity() || h.options.WithoutIdentity {
		return site.IdentityCounts{}
	}
	ctx, cancel := context.WithTimeout(r.Context(), identityTime)
	defer cancel()
	counts, err := h.store.IdentityCounts(ctx, v.Process, v.Catalog)
	if err != nil && r.Context().Err() == nil {
		h.options.Log.LogAttrs(r.Context(), slog.LevelError, "identidad sin contar",
			slog.String("peticion", serve.RequestID(r.Context())), slog.String("error", err.Error()))
	}
	return counts
}

// showProgress shows what was published and who owes the rest. An address that
// asks for a breakdown that does not exist gets the first.
func (h *Handler) showProgress(w http.ResponseWriter, r *http.Request, v visit) error {
	s, err := h.store.Statistics(r.Context(), v.Process, v.Catalog)
	if err != nil {
		return err
	}
	by := sitepage.ProgressBy(r.URL.Query().Get(sitepage.ParamBy))
	v.Meta.Canonical = strings.TrimSuffix(v.Meta.Canonical, "/avance") + sitepage.ProgressPath(by)
	return serve.Page(w, r, http.StatusOK, sitepage.Progress(v.Frame, s, by))
}

// downloadFigure sends the table of a figure.
func (h *Handler) downloadFigure(w http.ResponseWriter, r *http.Request, v visit) error {
	name := chi.URLParam(r, "figura")
	if name == sitepage.CSVIdentity {
		return h.downloadIdentityCounts(w, r, v)
	}
	s, err := h.store.Statistics(r.Context(), v.Process, v.Catalog)
	if err != nil {
		return err
	}
	return sendRows(w, r, "estadisticas-"+name+"-"+v.Process.Key, v.Rows(sitepage.Numbers{Statistics: s}, name, asOf(s)))
}

// downloadIdentityCounts sends the live counts, which nobody may keep unasked.
func (h *Handler) downloadIdentityCounts(w http.ResponseWriter, r *http.Request, v visit) error {
	rows := v.Rows(sitepage.Numbers{Identity: h.identityCounts(r, v)}, sitepage.CSVIdentity, es.ISODate(v.now))
	if rows == nil {
		return fault.New(fault.NotFound, "")
	}
	file, err := csvOf(rows)
	if err != nil {
		return err
	}
	serve.Live(w)
	serve.Shareable(w)
	w.Header().Set("Content-Type", csvType)
	w.Header().Set("Content-Disposition", `attachment; filename="estadisticas-`+sitepage.CSVIdentity+"-"+v.Process.Key+`.csv"`)
	_, err = w.Write(file)
	return err
}

// downloadSeries sends every day of the series.
func (h *Handler) downloadSeries(w http.ResponseWriter, r *http.Request, v visit) error {
	s, err := h.store.Statistics(r.Context(), v.Process, v.Catalog)
	if err != nil {
		return err
	}
	return sendRows(w, r, "avance-"+v.Process.Key, v.SeriesRows(s, asOf(s)))
}

// asOf is the cut of the counts, in the form of files.
func asOf(s *site.Statistics) string {
	if s.Cut.IsZero() {
		return ""
	}
	return es.ISODateTime(s.Cut)
}

// sendRows sends a table as the files of open data are. No table is NotFound.
func sendRows(w http.ResponseWriter, r *http.Request, name string, rows [][]string) error {
	if rows == nil {
		return fault.New(fault.NotFound, "")
	}
	file, err := csvOf(rows)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	return sendKept(w, r, csvType, file)
}

const csvType = "text/csv; charset=utf-8"

func csvOf(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = opendata.Neutralise(cell)
		}
		if err := out.Write(cells); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}
