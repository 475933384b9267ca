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
	"conoceles/web/es"
	"conoceles/web/page/deskpage"
)

func (h *Identity) showBlock(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, page, err := h.block(r, a)
	if err != nil {
		return h.shut(w, r, a, err)
	}
	form, late := record.Form(page), record.LateText(page.ID)
	b := deskpage.IdentityBlock{Late: late != nil}
	if late != nil && r.URL.Query().Get("texto") == "mio" {
		form, b.Conflict = late, true
	}
	return h.blockPage(w, r, a, record, page, form, http.StatusOK, b)
}

// block reads the questionnaire, which leaves an entry, and the topic that an
// address names.
func (h *Identity) block(r *http.Request, a auth.Capturer) (capture.IdentityRecord, questionnaire.Page, error) {
	id := questionnaire.ID(chi.URLParam(r, "bloque"))
	record, err := h.Capture.Find(r.Context(), a, folioOf(r))
	if err != nil {
		return record, questionnaire.Page{}, err
	}
	page, err := record.Page(id)
	if err != nil {
		return record, page, err
	}
	record, err = h.Capture.Read(r.Context(), a, folioOf(r))
	return record, page, err
}

// blockPage draws a topic around a form. b says what else it shows.
func (h *Identity) blockPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, record capture.IdentityRecord,
	page questionnaire.Page, form url.Values, status int, b deskpage.IdentityBlock,
) error {
	b.CaptureFrame = h.frame(r, a, record.Name(), record.Folio, page.Title)
	b.Record, b.Page, b.Form, b.Answers = record, page, form, h.Capture.Understood(page, form)
	if b.Keys.Key == "" {
		b.Keys = newKeys(record.Version(page.ID))
	}
	b.Keys.Enter = component.ActionContinue
	b.States = map[questionnaire.ID]questionnaire.State{}
	for _, p := range record.Questionnaire.Pages {
		b.States[p.ID] = h.Capture.PageState(record, p)
	}
	b.Meta.Invalid = status != http.StatusOK
	return serve.Page(w, r, status, deskpage.IdentityBlockPage(b))
}

// shut shows why a questionnaire takes no answers, or leads to what opens it. Any
// other error passes.
func (h *Identity) shut(w http.ResponseWriter, r *http.Request, a auth.Capturer, err error) error {
	if !isClosed(err) {
		return err
	}
	record, err := h.Capture.Find(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	status, why := http.StatusOK, record.Reason()
	if r.Method == http.MethodPost {
		const lost = "Lo que enviaste no se guardó."
		status, why = http.StatusConflict, why+" "+lost
		if record.Closure == capture.Unauthorised {
			h.Sessions.Flash(r.Context(), why)
		}
	}
	if record.Closure == capture.Unauthorised {
		switch _, decided := record.Consent.Decided(); {
		case record.Consent.Closed():
			return serve.SeeOther(w, r, deskpage.IdentityPath(record.Folio, "constancia"))
		case decided || !record.Consent.Notice.Accepted():
			return serve.SeeOther(w, r, deskpage.IdentityPath(record.Folio))
		default:
			return serve.SeeOther(w, r, deskpage.IdentityPath(record.Folio, "autorizaciones"))
		}
	}
	return serve.Page(w, r, status, deskpage.IdentityShutPage(deskpage.IdentityShut{
		Identity: h.view(r, a, record.Consent, "El cuestionario de identidad está cerrado"), Why: why,
	}))
}

// showConstancy is what stands in place of a questionnaire that nº 1 = No closed.
func (h *Identity) showConstancy(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, err := h.Capture.Find(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	if !record.Consent.Closed() {
		return serve.SeeOther(w, r, deskpage.IdentityPath(record.Folio))
	}
	return serve.Page(w, r, http.StatusOK, deskpage.IdentityShutPage(deskpage.IdentityShut{
		Identity: h.view(r, a, record.Consent, "Constancia"),
		Why: "El " + es.FullDateTime(record.Consent.Declaration.At) + " se registró que la autorización 1, de tratamiento, es No. " +
			"El cuestionario de identidad no se abre y se tiene por atendido. No afecta el registro de la candidatura.",
	}))
}

// saveBlock keeps a topic: as a draft or as a version, as the button pressed
// says. Whatever happens, what was typed ends encrypted or on the screen.
func (h *Identity) saveBlock(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := readSection(r)
	if err != nil {
		return err
	}
	p.Page = questionnaire.ID(chi.URLParam(r, "bloque"))
	save := h.Capture.SaveVersion
	if p.action == component.ActionDraft || p.action == component.ActionReturn {
		save = h.Capture.SaveDraft
	}
	out, err := save(r.Context(), a, p.Submission)
	if fault.Is(err, fault.Conflict) && !isClosed(err) {
		// The key came before with another text: it is another submission.
		p.Key = newKey()
		out, err = save(r.Context(), a, p.Submission)
	}
	switch {
	case p.action == component.ActionDraft:
		return h.draftReply(w, r, p, out, err)
	case isClosed(err):
		return h.shut(w, r, a, err)
	case fault.Is(err, fault.Invalid): // a key that is not ours
		p.Key = ""
		return h.refuseBlock(w, r, a, p, http.StatusUnprocessableEntity, incomplete, nil)
	case fault.Is(err, fault.Unavailable):
		return h.refuseBlock(w, r, a, p, http.StatusServiceUnavailable, unsaved(err), nil)
	case err != nil:
		return err
	case out.Conflict:
		p.Key, p.Version = "", out.Version
		return h.refuseBlock(w, r, a, p, http.StatusConflict, "", nil)
	case len(out.Problems) > 0:
		if out.Kept {
			p.Key, p.Version = "", out.Version
		}
		return h.refuseBlock(w, r, a, p, http.StatusUnprocessableEntity, "", out.Problems)
	case p.action == component.ActionReturn:
		h.Sessions.Flash(r.Context(), "Guardado a las "+es.Clock(out.At)+" h.")
		return serve.SeeOther(w, r, deskpage.CapturePath(p.Folio))
	}
	return serve.SeeOther(w, r, h.afterBlock(p, out))
}

// afterBlock is where «Guardar y continuar» leads: the same topic while it asks
// for more, then the next one, and the signed document after the last.
func (h *Identity) afterBlock(p posted, out capture.IdentityOutcome) string {
	if out.Follows {
		return deskpage.IdentityPath(p.Folio, string(p.Page))
	}
	if next, ok := questionnaire.Identity().Next(p.Page); ok {
		return deskpage.IdentityPath(p.Folio, string(next.ID))
	}
	return deskpage.IdentityPath(p.Folio, "documento")
}

// refuseBlock shows the topic again with everything typed.
func (h *Identity) refuseBlock(w http.ResponseWriter, r *http.Request, a auth.Capturer, p posted, status int, why string, problems questionnaire.Problems) error {
	record, page, err := h.block(r, a)
	if err != nil {
		return h.shut(w, r, a, err)
	}
	b := deskpage.IdentityBlock{Problems: problems, Conflict: status == http.StatusConflict, Why: why}
	b.Keys = component.FormKeys{Key: p.Key, Version: strconv.Itoa(p.Version)}
	if b.Keys.Key == "" {
		b.Keys.Key = newKey()
	}
	return h.blockPage(w, r, a, record, page, h.Capture.Clean(p.Form), status, b)
}

// draftReply answers the script that saves drafts.
func (h *Identity) draftReply(w http.ResponseWriter, r *http.Request, p posted, out capture.IdentityOutcome, err error) error {
	switch {
	case isClosed(err):
		return draftRefused(w, r, fault.MessageOf(err))
	case err != nil:
		return err
	case out.Conflict:
		return serve.JSON(w, r, http.StatusConflict, component.DraftReply{
			Message: "Alguien guardó cambios en este tema.", Version: strconv.Itoa(out.Version),
			Differences: deskpage.IdentityPath(p.Folio, string(p.Page)) + "?texto=mio",
		})
	case len(out.Problems) > 0:
		return draftRefused(w, r, out.Problems[0].Summary())
	}
	return serve.JSON(w, r, http.StatusOK, draftSaved{true, component.DraftReply{SavedAt: es.Clock(out.At), Version: strconv.Itoa(out.Version)}})
}

func (h *Identity) showReservation(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	s, err := h.own(r, c)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.IdentityReservePage(deskpage.IdentityReserve{
		Identity: h.view(r, c, s, "Captura reservada"),
	}))
}

func (h *Identity) reserveCapture(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	to := capture.Reservation(form.Get("captura"))
	said := "Elegiste captura reservada: desde este momento sólo tú respondes y ves tu cuestionario de identidad."
	switch to {
	case capture.Reserved:
	case capture.Shared:
		said = "Quien captura por ti ya puede responder y ver tu cuestionario de identidad."
	default:
		return fault.New(fault.Invalid, "Elige una de las opciones de la página.")
	}
	if err := h.Capture.Reserve(r.Context(), c, folioOf(r), form.Get(component.KeyField), to); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), said)
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r)))
}
