package sitehttp

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/share"
	"conoceles/web/page/sitepage"
)

// paper is how a sheet leads back to the page at path.
func (h *Handler) paper(r *http.Request, path string) (sitepage.Paper, error) {
	address := h.options.BaseURL + path
	code, err := share.QR(address)
	return sitepage.Paper{
		Address: address, Back: path, Code: code.Path, Size: code.Size,
		Large: r.URL.Query().Get(sitepage.ParamLetter) == sitepage.Large,
	}, err
}

// found answers a slug with what show makes of its profile; one that moved leads
// on to the same kind of page, and one that left the ballot is told of as its
// ficha does.
func (h *Handler) found(w http.ResponseWriter, r *http.Request, v visit, kind string, show func(site.Profile) error) error {
	found, err := h.store.Lookup(r.Context(), v.Process, chi.URLParam(r, "slug"))
	switch {
	case err != nil:
		return err
	case found.MovedTo != "":
		http.Redirect(w, r, v.Profile(found.MovedTo)+kind, http.StatusMovedPermanently)
		return nil
	case found.Tombstone != nil:
		return serve.Page(w, r, http.StatusGone, sitepage.Gone(v.Frame, *found.Tombstone))
	}
	return show(*found.Profile)
}

// printProfile shows a ficha for paper, without identity.
func (h *Handler) printProfile(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.found(w, r, v, "/imprimir", func(p site.Profile) error {
		paper, err := h.paper(r, v.Profile(p.Slug))
		if err != nil {
			return err
		}
		return serve.Page(w, r, http.StatusOK, sitepage.PrintedProfile(v.Frame, p, paper))
	})
}

// printBallot shows the booklet of a sección.
func (h *Handler) printBallot(w http.ResponseWriter, r *http.Request, v visit) error {
	m, d, number, err := h.precinctOf(r, v)
	if err != nil {
		return err
	}
	return h.booklet(w, r, v, m, d, number)
}

// printMunicipalityBallot shows the booklet of a municipio; one of several
// districts asks which first.
func (h *Handler) printMunicipalityBallot(w http.ResponseWriter, r *http.Request, v visit) error {
	m, parts, d, err := h.districtOf(r, v)
	if err != nil {
		return err
	}
	if d == nil {
		return serve.Page(w, r, http.StatusOK, sitepage.ChooseDistrict(v.Frame, m, parts))
	}
	return h.booklet(w, r, v, m, *d, 0)
}

func (h *Handler) booklet(w http.ResponseWriter, r *http.Request, v visit, m site.Municipality, d site.District, number int) error {
	b, err := h.store.Ballot(r.Context(), v.Process, v.Catalog, m, d)
	if err != nil {
		return err
	}
	var leaders []int64
	for _, k := range b.Contests {
		for _, s := range k.Slates {
			for _, t := range s.Tickets {
				if sitepage.Leads(v.Catalog.Office(t.OfficeID), t.Propietaria) {
					leaders = append(leaders, t.Propietaria.ID)
				}
			}
		}
	}
	booklet := sitepage.Booklet{VoterBallot: sitepage.VoterBallot{Ballot: b, Precinct: number}}
	if booklet.Answers, err = h.store.AnswersOf(r.Context(), leaders); err != nil {
		return err
	}
	path := v.Path("/boleta/municipio/" + m.Key)
	switch {
	case number > 0:
		path = v.Path("/boleta/" + strconv.Itoa(number))
	case d.ID != 0:
		path += "?distrito=" + d.Key
	}
	if booklet.Paper, err = h.paper(r, path); err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, sitepage.PrintedBallot(v.Frame, booklet))
}

// showBallotCode serves the square code that opens the ballot of a sección.
func (h *Handler) showBallotCode(w http.ResponseWriter, r *http.Request, v visit) error {
	_, _, number, err := h.precinctOf(r, v)
	if err != nil {
		return err
	}
	address := h.options.BaseURL + v.Path("/boleta/"+strconv.Itoa(number))
	code, err := share.QR(address)
	if err != nil {
		return err
	}
	return sendKept(w, r, "image/svg+xml", []byte(code.SVG("Abre "+address)))
}

// precinctOf finds the sección that the address names, with or without zeros.
func (h *Handler) precinctOf(r *http.Request, v visit) (site.Municipality, site.District, int, error) {
	number, ok := precinct(chi.URLParam(r, "seccion"))
	if !ok {
		return site.Municipality{}, site.District{}, 0, fault.New(fault.NotFound,
			"Eso no es una sección. Son los cuatro dígitos que están en el frente de tu credencial para votar; también puedes elegir tu municipio en la página de inicio.")
	}
	m, d, err := h.store.Precinct(r.Context(), v.Process, v.Catalog, number)
	if fault.Is(err, fault.NotFound) {
		err = fault.Newf(fault.NotFound, "No encontramos la sección %04d en este proceso. Revisa tu credencial para votar, que puede ser de otra entidad, o elige tu municipio en la página de inicio.", number)
	}
	return m, d, number, err
}

// districtOf finds the municipio that the address names and the district in which
// its voter votes: nil when there are several and none was chosen.
func (h *Handler) districtOf(r *http.Request, v visit) (site.Municipality, []site.DistrictPart, *site.District, error) {
	m, ok := v.Catalog.MunicipalityByKey(chi.URLParam(r, "municipio"))
	if !ok {
		return m, nil, nil, fault.New(fault.NotFound, "")
	}
	parts, err := h.store.DistrictsOf(r.Context(), v.Process, v.Catalog, m)
	if err != nil {
		return m, nil, nil, err
	}
	chosen := strings.TrimSpace(r.URL.Query().Get("distrito"))
	for _, p := range parts {
		if len(parts) == 1 || p.Key == chosen {
			return m, parts, &p.District, nil
		}
	}
	if len(parts) == 0 {
		return m, nil, &site.District{}, nil
	}
	return m, parts, nil, nil
}
