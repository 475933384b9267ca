package deskhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Review serves the review of questionnaires to the Unidad de Transparencia: the
// queue, the judgement of each rubro, and its approval.
type Review struct {
	*Face
	Store *review.Store
}

// Mount lists the routes of the review.
func (h *Review) Mount(g serve.Group) {
	const file = deskpage.ReviewHome + "/{folio}"
	get(g, h.Sessions, deskpage.ReviewHome, "listReviews", h.listReviews)
	get(g, h.Sessions, file, "showReviewFile", h.showFile)
	post(g, h.Sessions, file, "proposeReview", h.propose)
	post(g, h.Sessions, file+"/tomar", "claimReview", h.claim)
	post(g, h.Sessions, file+"/soltar", "releaseReview", h.release)
	post(g, h.Sessions, file+"/aprobar", "approveReview", h.approve)
	post(g, h.Sessions, file+"/devolver", "returnReview", h.giveBack)
	get(g, h.Sessions, file+"/foto/{hash}.jpg", "showReviewPhoto", h.showPhoto)
	post(g, h.Sessions, file+"/valorar", "scoreReview", h.score)
	get(g, h.Sessions, file+"/versiones", "compareVersions", h.compareVersions)
	get(g, h.Sessions, deskpage.ReviewTrayPath, "showReviewTray", h.showTray)
	post(g, h.Sessions, deskpage.ReviewTrayPath, "approveReviews", h.approveSeveral)
}

func (h *Review) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(append([]layout.Crumb{{Label: "Transparencia", Href: "/transparencia"}}, crumbs...), layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

func (h *Review) listReviews(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	f, err := filterOf(r)
	if err != nil {
		return err
	}
	queue, err := h.Store.Queue(r.Context(), t, f)
	if err != nil {
		return err
	}
	_, head := t.(auth.Head)
	return serve.Page(w, r, http.StatusOK, deskpage.ReviewQueuePage(deskpage.ReviewQueue{
		RegistryFrame: h.frameOf(r, t, "Revisión"), Filter: f, Queue: queue, Head: head,
	}))
}

// filterOf reads the filter of the queue, which the address of each candidacy
// carries on.
func filterOf(r *http.Request) (review.Filter, error) {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return review.Filter{}, err
	}
	f := review.Filter{Office: firstRunes(query.Get("cargo"), 100), Page: pageOf(r), Size: pageSize}
	if stage := review.Stage(query.Get("etapa")); slices.Contains(review.Stages(), stage) {
		f.Stage = stage
	}
	if who := review.Assigned(query.Get("asignada")); who == review.ByMe || who == review.ByNobody {
		f.Assigned = who
	}
	if n, err := strconv.ParseInt(query.Get("actor"), 10, 64); err == nil && n > 0 {
		f.Nominator = n
	}
	if term := review.Term(query.Get("plazo")); slices.Contains(review.TermFilters(), term) {
		f.Term = term
	}
	return f, nil
}

// file returns the page of a candidacy, or NotFound.
func (h *Review) file(r *http.Request, t auth.Transparency) (deskpage.ReviewFile, error) {
	filter, err := filterOf(r)
	if err != nil {
		return deskpage.ReviewFile{}, err
	}
	file, err := h.Store.File(r.Context(), t, folioOf(r))
	if err != nil {
		return deskpage.ReviewFile{}, err
	}
	_, head := t.(auth.Head)
	p := deskpage.ReviewFile{
		RegistryFrame: h.frameOf(r, t, file.Name, layout.Crumb{Label: "Revisión", Href: deskpage.ReviewHome}),
		File:          file, Filter: filter, Account: t.AccountID(), Head: head, Keys: component.FormKeys{Key: newKey(), Version: file.Content},
	}
	if p.Beside, err = h.Store.Beside(r.Context(), t, filter, file.Folio); err != nil {
		return p, err
	}
	if file.Published {
		p.Public = "/procesos/" + t.Person().ProcessKey + "/candidaturas/" + file.Slug
	}
	return p, nil
}

func (h *Review) showFile(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	p, err := h.file(r, t)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReviewFilePage(p))
}

func (h *Review) showPhoto(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	photo, err := h.Store.Photo(r.Context(), t, folioOf(r), chi.URLParam(r, "hash"))
	if err != nil {
		return err
	}
	return writePhoto(w, photo)
}

func (h *Review) propose(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	err = h.Store.Propose(r.Context(), t, review.Proposal{
		Folio: folioOf(r), Key: form.Get(component.KeyField), Content: form.Get(component.VersionField), Remarks: remarksOf(form),
	})
	return h.done(w, r, t, err, "El dictamen quedó propuesto. Lo decide la persona titular.")
}

// remarksOf reads the result of every rubro that the form has one for.
func remarksOf(form url.Values) []review.Remark {
	var out []review.Remark
	for _, p := range questionnaire.Curricular().Parts() {
		m := review.Remark{
			Part: p.ID, Outcome: review.Outcome(form.Get(review.OutcomeField(p.ID))),
			Causes: form[review.CausesField(p.ID)], Note: form.Get(review.NoteField(p.ID)),
		}
		if m.Outcome != "" {
			out = append(out, m)
		}
	}
	return out
}

func (h *Review) claim(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	return h.done(w, r, t, h.Store.Claim(r.Context(), t, folioOf(r), form.Get(component.KeyField)), "La revisión quedó a tu nombre.")
}

func (h *Review) release(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	return h.done(w, r, t, h.Store.Release(r.Context(), t, folioOf(r), form.Get(component.KeyField)), "La revisión quedó sin asignar.")
}

func (h *Review) approve(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	d, err := judgementOf(r)
	if err == nil {
		err = h.Store.Approve(r.Context(), head, d)
	}
	return h.done(w, r, head, err, "El dictamen quedó aprobado y lo que cambia en el sitio ya cambió.")
}

func (h *Review) giveBack(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	d, err := judgementOf(r)
	if err == nil {
		err = h.Store.Return(r.Context(), head, d)
	}
	return h.done(w, r, head, err, "La propuesta volvió a quien la hizo.")
}

// judgementOf reads what the Head decided, and of which proposal.
func judgementOf(r *http.Request) (review.Decision, error) {
	form, err := textForm(r)
	return review.Decision{
		Folio: folioOf(r), Key: form.Get(component.KeyField), Review: numberOf(form, deskpage.ReviewSeenField), Reason: form.Get(review.ReasonField),
	}, err
}

// done answers a form: it says what was done or, on the same page, why it was not.
func (h *Review) done(w http.ResponseWriter, r *http.Request, t auth.Transparency, err error, said string) error {
	if err == nil {
		h.Sessions.Flash(r.Context(), said)
		f, err := filterOf(r)
		if err != nil {
			return err
		}
		return serve.SeeOther(w, r, deskpage.ReviewPathIn(f, folioOf(r)))
	}
	p, pageErr := h.file(r, t)
	if pageErr != nil {
		return pageErr
	}
	status, ok := refuse(&p.RegistryFrame, err)
	if !ok {
		return err
	}
	p.Values = r.PostForm
	return serve.Page(w, r, status, deskpage.ReviewFilePage(p))
}
