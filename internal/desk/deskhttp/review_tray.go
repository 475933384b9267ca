package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

func (h *Review) showTray(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	p, err := h.tray(r, head)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReviewTrayPage(p))
}

func (h *Review) tray(r *http.Request, head auth.Head) (deskpage.ReviewTray, error) {
	tray, err := h.Store.Tray(r.Context(), head)
	return deskpage.ReviewTray{
		RegistryFrame: h.frameOf(r, head, "Aprobar varias", layout.Crumb{Label: "Revisión", Href: deskpage.ReviewHome}),
		Tray:          tray, Keys: component.FormKeys{Key: newKey()},
	}, err
}

// approveSeveral approves what was chosen. When all of it was, it says how many;
// otherwise the page says what became of each.
func (h *Review) approveSeveral(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	results, err := h.Store.ApproveSeveral(r.Context(), head, form.Get(component.KeyField), chosenOf(form))
	failed := 0
	for _, one := range results {
		if one.Err != nil {
			failed++
		}
	}
	if err == nil && failed == 0 {
		h.Sessions.Flash(r.Context(), es.Plural(len(results), "dictamen quedó aprobado", "dictámenes quedaron aprobados")+" y lo que cambia en el sitio ya cambió.")
		return serve.SeeOther(w, r, deskpage.ReviewTrayPath)
	}
	p, pageErr := h.tray(r, head)
	if pageErr != nil {
		return pageErr
	}
	status := http.StatusConflict
	if err != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, err); !ok {
			return err
		}
	}
	p.Results = results
	return serve.Page(w, r, status, deskpage.ReviewTrayPage(p))
}

// chosenOf reads the proposals chosen; what is no number names none.
func chosenOf(form url.Values) []int64 {
	var out []int64
	for _, text := range form[review.ChosenField] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			out = append(out, id)
		}
	}
	return out
}
