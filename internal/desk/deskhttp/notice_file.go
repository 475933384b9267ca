package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/duty"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// file returns the page of a requirement, or NotFound.
func (h *Notice) file(r *http.Request, t auth.Transparency) (deskpage.NoticeFile, error) {
	id, err := idOf(r)
	if err != nil {
		return deskpage.NoticeFile{}, err
	}
	f, err := h.Store.Notice(r.Context(), t, id)
	if err != nil {
		return deskpage.NoticeFile{}, err
	}
	_, head := t.(auth.Head)
	return deskpage.NoticeFile{
		RegistryFrame: h.frameOf(r, t, "Requerimiento a "+f.To, crumbNotices), File: f, Account: t.AccountID(), Head: head,
		Keys: component.FormKeys{Key: newKey(), Version: strconv.Itoa(f.Version)},
	}, nil
}

func (h *Notice) showNotice(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	p, err := h.file(r, t)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.NoticePage(p))
}

// noticeForm reads a form about the requirement of the address.
func noticeForm(r *http.Request) (url.Values, int64, error) {
	form, err := textForm(r)
	if err != nil {
		return nil, 0, err
	}
	id, err := idOf(r)
	return form, id, err
}

// saveNotice is the two buttons of a draft: keep it, or propose it.
func (h *Notice) saveNotice(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(strings.TrimSpace(form.Get(duty.DaysField))) // 0, which is refused, for what is no number
	e := duty.Edition{
		ID: id, Key: form.Get(component.KeyField), Version: versionOf(form.Get(component.VersionField)), Subject: form.Get(duty.SubjectField),
		Body: form.Get(duty.BodyField), Oficio: form.Get(duty.OficioField), Days: days,
	}
	if form.Get(component.ActionField) == "proponer" {
		return h.done(w, r, t, h.Store.Propose(r.Context(), t, e), "El requerimiento quedó propuesto. Lo envía la persona titular.")
	}
	return h.done(w, r, t, h.Store.Save(r.Context(), t, e), "El borrador quedó guardado.")
}

func (h *Notice) sendNotice(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	picked := duty.Picked{ID: id, Version: versionOf(form.Get(component.VersionField))}
	return h.done(w, r, head, h.Store.Send(r.Context(), head, picked, form.Get(component.KeyField)), "El requerimiento se envió.")
}

func (h *Notice) returnNotice(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	err = h.Store.Return(r.Context(), head, id, form.Get(component.KeyField), form.Get(duty.ReasonField))
	return h.done(w, r, head, err, "El requerimiento volvió a borradores.")
}

func (h *Notice) registerReceipt(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	err = h.Store.RegisterReceipt(r.Context(), t, duty.PaperReceipt{
		ID: id, Key: form.Get(component.KeyField), ReceivedBy: form.Get(duty.ReceivedByField), ReceivedAt: instantOf(form.Get(duty.ReceivedAtField), form.Get("hora")),
	})
	return h.done(w, r, t, err, "El acuse quedó registrado.")
}

// done answers a form: it says what was done or, on the same page, why it was not.
func (h *Notice) done(w http.ResponseWriter, r *http.Request, t auth.Transparency, err error, said string) error {
	if err == nil {
		h.Sessions.Flash(r.Context(), said)
		id, err := idOf(r)
		if err != nil {
			return err
		}
		return serve.SeeOther(w, r, deskpage.NoticePath(id))
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
	p.Keys.Version = r.PostForm.Get(component.VersionField) // who did not see the last one does not act on it by pressing again
	return serve.Page(w, r, status, deskpage.NoticePage(p))
}

func (h *Notice) downloadLetter(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	return h.download(w, r, t, duty.LetterFile, "oficio.pdf")
}

func (h *Notice) downloadAnnex(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	return h.download(w, r, t, duty.AnnexFile, "anexo.xlsx")
}

func (h *Notice) download(w http.ResponseWriter, r *http.Request, t auth.Transparency, d duty.Document, name string) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	content, err := h.Store.File(r.Context(), t, id, d)
	if err != nil {
		return err
	}
	return writeFile(w, "requerimiento-"+strconv.FormatInt(id, 10)+"-"+name, content)
}

// received returns the page of a requirement for whoever received it, or NotFound.
func (h *Notice) received(r *http.Request, a auth.Capturer) (deskpage.ReceivedNotice, error) {
	id, err := idOf(r)
	if err != nil {
		return deskpage.ReceivedNotice{}, err
	}
	f, err := h.Store.ReceivedNotice(r.Context(), a, id)
	if err != nil {
		return deskpage.ReceivedNotice{}, err
	}
	title := "Oficio " + f.Oficio
	frame := h.page(r, a, title, layout.Crumb{Label: "Candidaturas", Href: "/captura"}, layout.Crumb{Label: title})
	return deskpage.ReceivedNotice{
		CaptureFrame: deskpage.CaptureFrame{Meta: frame.Meta, Area: frame.Area, Flash: frame.Flash}, File: f, Keys: component.FormKeys{Key: newKey()},
	}, nil
}

func (h *Notice) showReceived(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.received(r, a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReceivedNoticePage(p))
}

func (h *Notice) acknowledge(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	if err := h.Store.Acknowledge(r.Context(), a, id, form.Get(component.KeyField)); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "Tu acuse de recibo quedó registrado.")
	return serve.SeeOther(w, r, deskpage.ReceivedNoticePath(id))
}

func (h *Notice) downloadReceivedLetter(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return h.downloadReceived(w, r, a, duty.LetterFile, "oficio.pdf")
}

func (h *Notice) downloadReceivedAnnex(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	return h.downloadReceived(w, r, a, duty.AnnexFile, "anexo.xlsx")
}

func (h *Notice) downloadReceived(w http.ResponseWriter, r *http.Request, a auth.Capturer, d duty.Document, name string) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	content, err := h.Store.ReceivedFile(r.Context(), a, id, d)
	if err != nil {
		return err
	}
	return writeFile(w, "requerimiento-"+strconv.FormatInt(id, 10)+"-"+name, content)
}
