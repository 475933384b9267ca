package sitehttp

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/consentform"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/page/sitepage"
)

// showPrivacy leads to the notices and says what becomes of who only visits. It
// is open before any publication: a notice is read before data are asked for.
func (h *Handler) showPrivacy(w http.ResponseWriter, r *http.Request) error {
	v, notices, err := h.notices(r)
	if err != nil {
		return err
	}
	serve.CachePublic(w, 0)
	return serve.Page(w, r, http.StatusOK, sitepage.Privacy(v.Frame, notices))
}

// showNotice shows a notice in force, under the history of its versions.
func (h *Handler) showNotice(w http.ResponseWriter, r *http.Request) error {
	v, notices, err := h.notices(r)
	if err != nil {
		return err
	}
	versions := notices[chi.URLParam(r, "aviso")]
	if len(versions) == 0 {
		return fault.New(fault.NotFound, "")
	}
	serve.CachePublic(w, 0)
	return serve.Page(w, r, http.StatusOK, sitepage.Notice(v.Frame, versions))
}

// downloadConsentForm sends the format of consent in blank, for whoever has no
// party to print it (Lineamientos, art. 22). Like the notices, it is there before
// any publication.
func (h *Handler) downloadConsentForm(w http.ResponseWriter, r *http.Request) error {
	v, ok, err := h.enter(r)
	switch {
	case err != nil:
		return err
	case !ok || !v.Process.AsksIdentity():
		return fault.New(fault.NotFound, "")
	}
	institution := v.Catalog.Institution
	page, err := consentform.Form{
		Institute: institution.Name, Acronym: institution.Acronym, Process: v.Process.Name, Email: v.Process.ConsentEmail,
		TextVersion: consentform.TextVersion,
	}.PDF()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="formato-de-consentimiento.pdf"`)
	return sendKept(w, r, "application/pdf", page)
}

// notices are those of the process of the request, whatever its moment; none
// while there is no process.
func (h *Handler) notices(r *http.Request) (visit, map[string][]site.Notice, error) {
	v, ok, err := h.enter(r)
	if err != nil || !ok {
		return v, nil, err
	}
	notices, err := h.store.Notices(r.Context(), v.Process)
	return v, notices, err
}
