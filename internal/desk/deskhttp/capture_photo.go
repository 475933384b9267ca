package deskhttp

import (
	"io"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Capture) showPhoto(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	if record.ClosureOf(capture.PhotoPage, record.Now) != capture.Open {
		page, err := record.Page(capture.PhotoPage)
		if err != nil {
			return err
		}
		return h.lockedPage(w, r, a, record, page)
	}
	return h.photoPage(w, r, a, http.StatusOK, "", "")
}

// photoPage shows the upload form, with why the file or the act was refused.
func (h *Capture) photoPage(w http.ResponseWriter, r *http.Request, a auth.Capturer, status int, wrong, alert string) error {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	page, err := record.Page(capture.PhotoPage)
	if err != nil {
		return err
	}
	view := deskpage.CapturePhoto{
		CaptureFrame: h.frame(r, a, page.Title, inside(record.Candidacy, page.Short)...),
		Record:       record, Page: page, States: h.states(record), Keys: newKeys(record.Draft(page.ID).Version), Error: wrong,
	}
	view.Alert, view.Meta.Invalid = alert, wrong != "" || alert != ""
	return serve.Page(w, r, status, deskpage.CapturePhotoPage(view))
}

func (h *Capture) savePhoto(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	file, err := onlyFile(r, portrait.Field)
	if err != nil {
		return err
	}
	_, err = h.Store.SavePhoto(r.Context(), a, capture.PhotoUpload{
		Folio: folioOf(r), Key: form.Get(component.KeyField), Version: versionOf(form.Get(component.VersionField)), File: file,
	})
	if err != nil {
		return h.photoRefused(w, r, a, err)
	}
	h.Sessions.Flash(r.Context(), "Guardamos la fotografía. Revisa cómo quedó.")
	return serve.SeeOther(w, r, deskpage.CapturePath(folioOf(r), "foto", "encuadre"))
}

// photoRefused shows the page again when the person can do something about it.
func (h *Capture) photoRefused(w http.ResponseWriter, r *http.Request, a auth.Capturer, err error) error {
	switch {
	case fault.Is(err, fault.Invalid) && len(fault.FieldsOf(err)) > 0:
		return h.photoPage(w, r, a, http.StatusUnprocessableEntity, fault.FieldsOf(err)[0].Message, "")
	case fault.Is(err, fault.Conflict):
		return h.photoPage(w, r, a, http.StatusConflict, "", fault.MessageOf(err))
	}
	return err
}

// onlyFile returns the bytes of the one file of a field; nil when none came. Its
// name is not looked at.
func onlyFile(r *http.Request, field string) ([]byte, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) == 0 {
		return nil, nil
	}
	if len(r.MultipartForm.File[field]) > 1 {
		return nil, fault.InvalidField(field, "Elige un solo archivo")
	}
	f, err := r.MultipartForm.File[field][0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func (h *Capture) showFraming(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	record, err := h.Store.Record(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	if !record.Answers.Has(questionnaire.Photograph) || record.ClosureOf(capture.PhotoPage, record.Now) != capture.Open {
		return serve.SeeOther(w, r, deskpage.CapturePath(record.Folio, "foto"))
	}
	framing, trial := framingOf(r.URL.Query())
	return serve.Page(w, r, http.StatusOK, deskpage.CaptureFramingPage(deskpage.CaptureFraming{
		CaptureFrame: h.frame(r, a, "Encuadra la fotografía", inside(record.Candidacy, "Encuadre")...),
		Record:       record, Keys: newKeys(record.Draft(capture.PhotoPage).Version), Framing: framing, Trial: trial,
	}))
}

// framingOf reads a framing; false, with the centred one, when it says none.
func framingOf(values url.Values) (portrait.Framing, bool) {
	f, ok := portrait.ParseFraming(values.Get("posicion"), values.Get("zoom"))
	if !ok {
		f = portrait.Framing{Position: portrait.Centre, Zoom: 100}
	}
	return f, ok
}

func (h *Capture) saveFraming(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	framing, ok := framingOf(form)
	if !ok {
		return fault.New(fault.Invalid, "Elige uno de los encuadres de la página.")
	}
	folio := folioOf(r)
	if form.Get(component.ActionField) == "ver" {
		return serve.SeeOther(w, r, deskpage.CapturePath(folio, "foto", "encuadre")+"?"+deskpage.FramingQuery(framing))
	}
	out, err := h.Store.FramePhoto(r.Context(), a, capture.PhotoFraming{
		Folio: folio, Key: form.Get(component.KeyField), Version: versionOf(form.Get(component.VersionField)), Framing: framing,
	})
	if err != nil {
		return h.photoRefused(w, r, a, err)
	}
	if next, ok := questionnaire.Curricular().Next(capture.PhotoPage); ok && !out.Correcting {
		return serve.SeeOther(w, r, deskpage.SectionPath(folio, next.ID))
	}
	return serve.SeeOther(w, r, deskpage.CapturePath(folio))
}

func (h *Capture) previewFraming(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	framing, _ := framingOf(r.URL.Query())
	file, err := h.Store.PreviewFraming(r.Context(), a, folioOf(r), framing)
	if err != nil {
		return err
	}
	return writePhoto(w, file)
}

func (h *Capture) showPhotoFile(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	file, err := h.Store.Photo(r.Context(), a, folioOf(r), chi.URLParam(r, "hash"))
	if err != nil {
		return err
	}
	return writePhoto(w, file)
}

// writePhoto answers a photograph that nobody else may keep.
func writePhoto(w http.ResponseWriter, file []byte) error {
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(file) // who asked may have gone
	return nil
}
