package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Capture) showConflict(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	id, err := conflictOf(r)
	if err != nil {
		return err
	}
	return h.conflictPage(w, r, a, folioOf(r), questionnaire.ID(chi.URLParam(r, "pagina")), id, http.StatusOK, nil)
}

func conflictOf(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "conflicto"), 10, 64)
	if err != nil {
		return 0, notFound()
	}
	return id, nil
}

// conflictPage shows both texts. chosen is what was already chosen, when some
// answer was left without a choice.
func (h *Capture) conflictPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, folio string, id questionnaire.ID, conflict int64, status int, chosen map[questionnaire.ID]capture.Side) error {
	record, err := h.Store.Record(r.Context(), a, folio)
	if err != nil {
		return err
	}
	page, err := record.Page(id)
	if err != nil {
		return err
	}
	c, err := h.Store.Conflict(r.Context(), a, record, page.ID, conflict)
	if err != nil {
		return err
	}
	saved, draft := record.Form(page), record.Draft(page.ID)
	view := deskpage.CaptureConflict{
		CaptureFrame: h.frame(r, a, "Dos textos de "+page.Title, inside(record.Candidacy, page.Short)...),
		Record:       record, Page: page, ID: c.ID, At: c.At,
		Differ: h.Store.Differ(page, saved, c.Mine),
		Saved:  h.Store.Read(page, saved), Mine: h.Store.Read(page, c.Mine),
		Keys: newKeys(draft.Version), Chosen: chosen, SavedBy: draft.Author, SavedAt: draft.At,
	}
	if chosen != nil {
		view.Unsaid = unsaid(view.Differ, chosen)
		view.Meta.Invalid = true
	}
	return serve.Page(w, r, status, deskpage.CaptureConflictPage(view))
}

// unsaid lists the questions without a choice.
func unsaid(questions []questionnaire.Question, chosen map[questionnaire.ID]capture.Side) []component.FieldError {
	var out []component.FieldError
	for _, q := range questions {
		if chosen[q.ID] == "" {
			out = append(out, component.FieldError{ID: deskpage.ChoiceName(q.ID), Message: q.Label + ": elige uno de los dos textos"})
		}
	}
	return out
}

// settleConflict saves, as a draft, the page put together from what was chosen.
func (h *Capture) settleConflict(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	id, err := conflictOf(r)
	if err != nil {
		return err
	}
	record, page, err := h.section(r, a)
	if err != nil {
		return err
	}
	c, err := h.Store.Conflict(r.Context(), a, record, page.ID, id)
	if err != nil {
		return err
	}
	saved := record.Form(page)
	chosen := choices(page, form)
	if len(unsaid(h.Store.Differ(page, saved, c.Mine), chosen)) > 0 {
		return h.conflictPage(w, r, a, record.Folio, page.ID, id, http.StatusUnprocessableEntity, chosen)
	}
	out, err := h.Store.SaveDraft(r.Context(), a, capture.Submission{
		Folio: record.Folio, Page: page.ID, Key: form.Get(component.KeyField), Version: versionOf(form.Get(component.VersionField)),
		Form:    capture.Choose(page, saved, c.Mine, func(q questionnaire.ID) capture.Side { return chosen[q] }),
		Settles: id,
	})
	switch {
	case isClosed(err):
		return fault.New(fault.Conflict, fault.MessageOf(err)) // both texts stay in the database
	case err != nil:
		return err
	case out.Conflict != 0: // a third person saved meanwhile
		return h.conflictPage(w, r, a, record.Folio, page.ID, out.Conflict, http.StatusConflict, nil)
	}
	h.Sessions.Flash(r.Context(), "Guardamos lo que elegiste como borrador. Revísalo y elige «Guardar y continuar».")
	return serve.SeeOther(w, r, deskpage.SectionPath(record.Folio, page.ID))
}

// choices reads the side chosen for each question; any other value is none.
func choices(page questionnaire.Page, form url.Values) map[questionnaire.ID]capture.Side {
	chosen := map[questionnaire.ID]capture.Side{}
	for _, q := range page.Questions() {
		switch side := capture.Side(form.Get(deskpage.ChoiceName(q.ID))); side {
		case capture.Saved, capture.Mine:
			chosen[q.ID] = side
		}
	}
	return chosen
}
