package sitehttp

import (
	"net/http"

	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/page/sitepage"
)

// compare puts side by side whom the address names. What cannot be compared is
// told, with who can: a mix of contests, somebody against themselves, too many.
// One alone, or nobody, is the beginning of a choice and no mistake.
func (h *Handler) compare(w http.ResponseWriter, r *http.Request, v visit) error {
	values := r.URL.Query()
	slugs := values[sitepage.ParamCompare]
	k, err := h.store.Compare(r.Context(), v.Process, slugs)
	if err != nil {
		return err
	}
	choosing := sitepage.Choosing{Missing: len(k.Missing)}
	switch n := len(k.Profiles); {
	case k.Mixed():
		choosing.Problem = "Elegiste candidaturas que no compiten entre sí. Sólo se comparan las del mismo cargo y del mismo lugar."
		choosing.Groups = k.Contests()
	case n > site.MostCompared || len(slugs) > 2*site.MostCompared:
		choosing.Problem = "Elegiste más de cuatro candidaturas: no caben lado a lado. Deja hasta cuatro."
	case n == 1 && len(k.Repeated) > 0:
		choosing.Problem = "Elegiste dos veces a " + k.Profiles[0].Name + ". Elige al menos otra candidatura para comparar."
	case n >= 2 && !values.Has(sitepage.ParamAdd):
		compared := sitepage.Compared{Comparison: k, Whole: values.Get(sitepage.ParamTexts) == sitepage.TextsWhole}
		return serve.Page(w, r, http.StatusOK, sitepage.Comparison(v.Frame, compared))
	}
	for _, p := range k.Profiles {
		choosing.Chosen = append(choosing.Chosen, p.Card)
	}
	if len(choosing.Groups) == 0 && len(choosing.Chosen) > 0 {
		if choosing.Rivals, err = h.store.Rivals(r.Context(), v.Process, choosing.Chosen[0]); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if choosing.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return serve.Page(w, r, status, sitepage.Choose(v.Frame, choosing))
}
