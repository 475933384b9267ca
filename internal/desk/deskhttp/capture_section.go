package deskhttp

import (
	"errors"
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
	"conoceles/web/es"
	"conoceles/web/page/deskpage"
)

func (h *Capture) showSection(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, page, err := h.section(r, a)
	if err != nil {
		return err
	}
	if page.ID == capture.PhotoPage {
		return serve.SeeOther(w, r, deskpage.SectionPath(record.Folio, page.ID))
	}
	if record.ClosureOf(page.ID, record.Now) != capture.Open {
		return h.lockedPage(w, r, a, record, page)
	}
	s := h.newSection(r, a, record, page, record.Form(page))
	if c, open, err := h.Store.OpenConflict(r.Context(), a, record, page.ID); err != nil {
		return err
	} else if open {
		s.Conflict = c.ID
	}
	s.AddTo = questionnaire.ID(r.URL.Query().Get("agregar"))
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureSectionPage(s))
}

// section reads the record and the page that an address names.
func (h *Capture) section(r *http.Request, a auth.Capturer) (capture.Record, questionnaire.Page, error) {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return record, questionnaire.Page{}, err
	}
	page, err := record.Page(questionnaire.ID(chi.URLParam(r, "pagina")))
	return record, page, err
}

func (h *Capture) lockedPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, record capture.Record, page questionnaire.Page) error {
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureLockedPage(deskpage.CaptureLocked{
		CaptureFrame: h.frame(r, a, page.Title, inside(record.Candidacy, page.Short)...),
		Record:       record, Page: page, States: h.states(record),
	}))
}

// newSection returns the view of a page that shows a form.
func (h *Capture) newSection(r *http.Request, a auth.Capturer, record capture.Record, page questionnaire.Page, form url.Values) deskpage.CaptureSection {
	keys := newKeys(record.Draft(page.ID).Version)
	keys.Enter = component.ActionContinue
	return deskpage.CaptureSection{
		CaptureFrame: h.frame(r, a, page.Title, inside(record.Candidacy, page.Short)...),
		Record:       record, Page: page, Form: form, Answers: h.Store.Read(page, form), Keys: keys, States: h.states(record),
	}
}

// posted is a section as it arrived.
type posted struct {
	capture.Submission
	action string
}

// readSection reads the form, and takes its controls away from its answers.
func readSection(r *http.Request) (posted, error) {
	form, err := serve.Form(r)
	if err != nil {
		return posted{}, err
	}
	p := posted{action: form.Get(component.ActionField)}
	p.Folio, p.Page = folioOf(r), questionnaire.ID(chi.URLParam(r, "pagina"))
	p.Key, p.Version = form.Get(component.KeyField), versionOf(form.Get(component.VersionField))
	p.Form = url.Values{}
	for name, values := range form {
		switch name {
		case component.KeyField, component.VersionField, component.ActionField:
		default:
			p.Form[name] = values
		}
	}
	return p, nil
}

const incomplete = "El formulario llegó incompleto. Tu texto sigue aquí: vuelve a guardar."

// saveSection keeps a page: as a draft or as a version, as the button pressed
// says. Whatever happens, what was typed ends in the database or on the screen.
func (h *Capture) saveSection(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := readSection(r)
	if err != nil {
		return err
	}
	if p.Key == "" {
		return h.refuseSection(w, r, a, p, http.StatusUnprocessableEntity, incomplete, nil)
	}
	save, next := h.Store.SaveDraft, deskpage.CapturePath(p.Folio)
	switch list, row, removes := component.ParseRemove(p.action); {
	case removes:
		p.Form = capture.RemoveRow(questionnaire.ID(list), row, p.Form)
		next = deskpage.SectionPath(p.Folio, p.Page) + "#" + list
	case p.action == component.ActionDraft, p.action == component.ActionReturn:
	default:
		if list, adds := component.ParseAdd(p.action); adds {
			next = deskpage.SectionPath(p.Folio, p.Page) + "?" + url.Values{"agregar": {list}}.Encode() + "#" + list
			break
		}
		save, next = h.Store.SaveVersion, h.afterSection(p)
	}
	out, err := save(r.Context(), a, p.Submission)
	if fault.Is(err, fault.Conflict) && !isClosed(err) {
		// The key came before with another text: this one is another submission,
		// and the version it carries decides whether it arrives late.
		p.Key = newKey()
		out, err = save(r.Context(), a, p.Submission)
	}
	if p.action == component.ActionDraft {
		return h.draftReply(w, r, a, p, out, err)
	}
	switch {
	case isClosed(err):
		return h.refuseSection(w, r, a, p, http.StatusConflict, fault.MessageOf(err)+" Lo que escribiste no se guardó; sigue aquí para que lo copies.", nil)
	case fault.Is(err, fault.Invalid): // a key that is not ours
		p.Key = ""
		return h.refuseSection(w, r, a, p, http.StatusUnprocessableEntity, incomplete, nil)
	case fault.Is(err, fault.Unavailable):
		s, again := h.again(r, a, p, unsaved(err), nil)
		if again != nil {
			return errors.Join(err, again)
		}
		return serve.Instead(deskpage.CaptureSectionPage(s), err)
	case err != nil:
		return err
	case out.Conflict != 0:
		return h.conflictPage(w, r, a, p.Folio, p.Page, out.Conflict, http.StatusConflict, nil)
	case len(out.Problems) > 0:
		if out.Kept { // as a draft: what is on screen starts from it
			p.Key, p.Version = newKey(), out.Version
		}
		return h.refuseSection(w, r, a, p, http.StatusUnprocessableEntity, "", out.Problems)
	}
	if out.Correcting && next == h.afterSection(p) {
		next = deskpage.CapturePath(p.Folio) // the other sections are not open
	}
	if p.action == component.ActionReturn {
		h.Sessions.Flash(r.Context(), "Guardado a las "+es.Clock(out.At)+" h.")
	}
	return serve.SeeOther(w, r, next)
}

// afterSection is where «Guardar y continuar» leads: the next section, or the
// list after the last one.
func (h *Capture) afterSection(p posted) string {
	if next, ok := questionnaire.Curricular().Next(p.Page); ok {
		return deskpage.SectionPath(p.Folio, next.ID)
	}
	return deskpage.CapturePath(p.Folio)
}

func isClosed(err error) bool {
	_, ok := errors.AsType[*capture.Closed](err)
	return ok
}

// unsaved says that it is not known whether a text was saved.
func unsaved(err error) string {
	if said := fault.MessageOf(err); said != "" {
		return said
	}
	return "No pudimos guardar. Tu texto sigue en pantalla; vuelve a guardar en un momento: no se duplicará."
}

// refuseSection shows the page again with everything typed. The key and the
// version are those of the form, unless it was kept.
func (h *Capture) refuseSection(w http.ResponseWriter, r *http.Request, a auth.Capturer, p posted, status int, why string, problems questionnaire.Problems) error {
	s, err := h.again(r, a, p, why, problems)
	if err != nil {
		return err
	}
	return serve.Page(w, r, status, deskpage.CaptureSectionPage(s))
}

// again is the page as it was posted, with why it was not kept.
func (h *Capture) again(r *http.Request, a auth.Capturer, p posted, why string, problems questionnaire.Problems) (deskpage.CaptureSection, error) {
	record, page, err := h.section(r, a)
	if err != nil {
		return deskpage.CaptureSection{}, err
	}
	s := h.newSection(r, a, record, page, h.Store.Clean(p.Form))
	s.Keys.Version = strconv.Itoa(p.Version)
	if p.Key != "" {
		s.Keys.Key = p.Key
	}
	s.Problems, s.Alert = problems, why
	s.Meta.Invalid = true
	return s, nil
}

// draftSaved is the answer to a draft that saves itself.
type draftSaved struct {
	Saved bool `json:"guardado"`
	component.DraftReply
}

// draftReply answers the script. A questionnaire that closed is a text that
// cannot be kept: 422, so that the script stops instead of trying again.
func (h *Capture) draftReply(w http.ResponseWriter, r *http.Request, a auth.Capturer, p posted, out capture.Outcome, err error) error {
	switch {
	case isClosed(err):
		return draftRefused(w, r, fault.MessageOf(err))
	case err != nil:
		return err
	case out.Conflict != 0:
		record, err := h.Store.Record(r.Context(), a, p.Folio)
		if err != nil {
			return err
		}
		saved := record.Draft(p.Page)
		return serve.JSON(w, r, http.StatusConflict, component.DraftReply{
			Message: saved.Author + " guardó cambios a las " + es.Clock(saved.At) + " h.", Version: strconv.Itoa(saved.Version),
			Differences: deskpage.SectionPath(p.Folio, p.Page) + "/diferencias/" + strconv.FormatInt(out.Conflict, 10),
		})
	case len(out.Problems) > 0:
		return draftRefused(w, r, out.Problems[0].Summary())
	}
	return serve.JSON(w, r, http.StatusOK, draftSaved{true, component.DraftReply{SavedAt: es.Clock(out.At), Version: strconv.Itoa(out.Version)}})
}

func draftRefused(w http.ResponseWriter, r *http.Request, why string) error {
	return serve.JSON(w, r, http.StatusUnprocessableEntity, component.DraftReply{Message: why})
}
