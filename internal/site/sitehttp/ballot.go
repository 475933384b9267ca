package sitehttp

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/page/sitepage"
)

// findBallot leads from a sección or a municipio to its ballot. What was given
// and is none comes back with what to do; nothing given is the form itself.
func (h *Handler) findBallot(w http.ResponseWriter, r *http.Request, v visit) error {
	values := r.URL.Query()
	form := sitepage.BallotForm{Precinct: typed(values.Get("seccion")), Municipality: typed(values.Get("municipio"))}
	switch {
	case !values.Has("seccion") && !values.Has("municipio"):
		return serve.Page(w, r, http.StatusOK, sitepage.BallotSearch(v.Frame, form))
	case form.Precinct != "":
		number, ok := precinct(form.Precinct)
		if ok {
			_, _, err := h.store.Precinct(r.Context(), v.Process, v.Catalog, number)
			if err == nil {
				return redirect(w, r, v.Path("/boleta/"+strconv.Itoa(number)))
			}
			if !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		form.Problems = []fault.Field{{ID: "seccion", Message: "No encontramos esa sección. Revisa tu credencial para votar o elige tu municipio."}}
	case form.Municipality != "":
		if m, ok := v.Catalog.MunicipalityByKey(form.Municipality); ok {
			return redirect(w, r, v.Path("/boleta/municipio/"+m.Key))
		}
		form.Problems = []fault.Field{{ID: "municipio", Message: "No encontramos ese municipio. Elige uno de la lista."}}
	default:
		form.Problems = []fault.Field{{ID: "seccion", Message: "Escribe los dígitos de tu sección o elige tu municipio."}}
	}
	return serve.Page(w, r, http.StatusUnprocessableEntity, sitepage.BallotSearch(v.Frame, form))
}

// redirect goes on to another address of the site.
func redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusFound)
	return nil
}

// typed is what somebody wrote, fit to be shown again: what is not text, or too
// long for any sección or municipio, is not.
func typed(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if len(s) > 100 {
		return "…"
	}
	return s
}

// precinct reads the number of a sección: up to four digits, with however many
// zeros before them.
func precinct(s string) (int, bool) {
	if s = strings.TrimLeft(s, "0"); len(s) > 4 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0
}

func (h *Handler) showBallot(w http.ResponseWriter, r *http.Request, v visit) error {
	m, d, number, err := h.precinctOf(r, v)
	if err != nil {
		return err
	}
	v.Meta.Canonical = strings.TrimSuffix(v.Meta.Canonical, chi.URLParam(r, "seccion")) + strconv.Itoa(number)
	return h.ballot(w, r, v, m, d, number)
}

// showMunicipalityBallot shows the ballot of a municipio, after asking for the
// district where it has several.
func (h *Handler) showMunicipalityBallot(w http.ResponseWriter, r *http.Request, v visit) error {
	m, parts, d, err := h.districtOf(r, v)
	if err != nil {
		return err
	}
	if d == nil {
		return serve.Page(w, r, http.StatusOK, sitepage.ChooseDistrict(v.Frame, m, parts))
	}
	return h.ballot(w, r, v, m, *d, 0)
}

func (h *Handler) ballot(w http.ResponseWriter, r *http.Request, v visit, m site.Municipality, d site.District, number int) error {
	b, err := h.store.Ballot(r.Context(), v.Process, v.Catalog, m, d)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, sitepage.Ballot(v.Frame, sitepage.VoterBallot{Ballot: b, Precinct: number}))
}
