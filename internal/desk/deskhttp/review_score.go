package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

func (h *Review) score(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	err = h.Store.Score(r.Context(), t, review.Scoring{
		Folio: folioOf(r), Key: form.Get(component.KeyField), Content: form.Get(component.VersionField), Marks: marksOf(form),
	})
	return h.done(w, r, t, err, "Tu valoración quedó registrada. No cambia el dictamen ni el sitio.")
}

// marksOf reads the points of every variable that the form has some for.
func marksOf(form url.Values) map[int64]int {
	marks := map[int64]int{}
	for name := range form {
		id, is := strings.CutPrefix(name, review.MarkPrefix)
		variable, err := strconv.ParseInt(id, 10, 64)
		if !is || err != nil {
			continue
		}
		if points, err := strconv.Atoi(form.Get(name)); err == nil {
			marks[variable] = points
		}
	}
	return marks
}

func (h *Review) compareVersions(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return err
	}
	part := questionnaire.ID(query.Get("rubro"))
	if part == "" {
		part = questionnaire.Curricular().Parts()[0].ID
	}
	// What is no number is the default: the last version, and the one before it.
	before, _ := strconv.Atoi(query.Get("a"))
	after, _ := strconv.Atoi(query.Get("b"))
	v, err := h.Store.Versions(r.Context(), t, folioOf(r), part, before, after)
	if err != nil {
		return err
	}
	crumbs := []layout.Crumb{{Label: "Revisión", Href: deskpage.ReviewHome}, {Label: v.Name, Href: deskpage.ReviewPath(v.Folio)}}
	return serve.Page(w, r, http.StatusOK, deskpage.ReviewVersionsPage(deskpage.ReviewVersions{
		RegistryFrame: h.frameOf(r, t, "Versiones", crumbs...), Versions: v,
	}))
}
