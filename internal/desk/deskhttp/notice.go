package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/duty"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Notice serves requirements: to the unit that makes them, and to whoever receives
// them.
type Notice struct {
	*Face
	Store *duty.Store
}

// Mount lists the routes of requirements.
func (h *Notice) Mount(g serve.Group) {
	const one, received = deskpage.NoticesHome + "/{id}", deskpage.ReceivedNoticesHome + "/{id}"
	several := serve.Timeout(time.Minute)
	get(g, h.Sessions, deskpage.NoticesHome, "listNotices", h.listNotices)
	post(g, h.Sessions, deskpage.NoticesHome+"/buscar", "detectNotices", h.detectNotices, several)
	post(g, h.Sessions, deskpage.NoticesHome+"/proponer", "proposeNotices", h.proposeNotices, several)
	post(g, h.Sessions, deskpage.NoticesHome+"/enviar", "sendNotices", h.sendNotices, several)
	get(g, h.Sessions, deskpage.NoticeSettingsPath, "editNoticeSettings", h.editSettings)
	postProven(g, h.Face, deskpage.NoticeSettingsPath, "saveNoticeSettings", h.saveSettings)
	get(g, h.Sessions, one, "showNotice", h.showNotice)
	post(g, h.Sessions, one, "saveNotice", h.saveNotice)
	post(g, h.Sessions, one+"/enviar", "sendNotice", h.sendNotice)
	post(g, h.Sessions, one+"/devolver", "returnNotice", h.returnNotice)
	post(g, h.Sessions, one+"/acuse", "registerNoticeReceipt", h.registerReceipt)
	get(g, h.Sessions, one+"/oficio.pdf", "downloadNoticeLetter", h.downloadLetter)
	get(g, h.Sessions, one+"/anexo.xlsx", "downloadNoticeAnnex", h.downloadAnnex)
	get(g, h.Sessions, received, "showReceivedNotice", h.showReceived)
	post(g, h.Sessions, received+"/acuse", "acknowledgeNotice", h.acknowledge)
	get(g, h.Sessions, received+"/oficio.pdf", "downloadReceivedLetter", h.downloadReceivedLetter)
	get(g, h.Sessions, received+"/anexo.xlsx", "downloadReceivedAnnex", h.downloadReceivedAnnex)
}

func (h *Notice) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(append([]layout.Crumb{{Label: "Transparencia", Href: "/transparencia"}}, crumbs...), layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

var crumbNotices = layout.Crumb{Label: "Requerimientos", Href: deskpage.NoticesHome}

func (h *Notice) listNotices(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	p, err := h.tray(r, t)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.NoticeTrayPage(p))
}

func (h *Notice) tray(r *http.Request, t auth.Transparency) (deskpage.NoticeTray, error) {
	query := r.URL.Query()
	_, head := t.(auth.Head)
	p := deskpage.NoticeTray{
		RegistryFrame: h.frameOf(r, t, "Requerimientos"), Filter: duty.Filter{State: duty.Draft, Page: pageOf(r), Size: pageSize}, Head: head,
		Keys: component.FormKeys{Key: newKey()},
	}
	if s := duty.State(query.Get("estado")); slices.Contains(duty.States(), s) {
		p.State = s
	}
	if a := duty.Addressee(query.Get("destinatario")); slices.Contains(duty.Addressees(), a) {
		p.Addressee = a
	}
	var err error
	p.Tray, err = h.Store.Tray(r.Context(), t, p.Filter)
	return p, err
}

func (h *Notice) detectNotices(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	if err := h.Store.Detect(r.Context(), t, form.Get(component.KeyField)); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "La bandeja dice lo que falta en este momento.")
	return serve.SeeOther(w, r, deskpage.NoticesHome)
}

func (h *Notice) proposeNotices(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	results, err := h.Store.ProposeSeveral(r.Context(), t, form.Get(component.KeyField), pickedOf(form))
	return h.doneSeveral(w, r, t, results, err, "requerimiento quedó propuesto", "requerimientos quedaron propuestos")
}

func (h *Notice) sendNotices(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	results, err := h.Store.SendSeveral(r.Context(), head, form.Get(component.KeyField), pickedOf(form))
	return h.doneSeveral(w, r, head, results, err, "requerimiento se envió", "requerimientos se enviaron")
}

// pickedOf reads the requirements chosen; what names none is left out.
func pickedOf(form url.Values) []duty.Picked {
	var out []duty.Picked
	for _, text := range form[duty.PickedField] {
		id, version, _ := strings.Cut(text, "-")
		n, err := strconv.ParseInt(id, 10, 64)
		v, wrong := strconv.Atoi(version)
		if err == nil && wrong == nil && n > 0 {
			out = append(out, duty.Picked{ID: n, Version: v})
		}
	}
	return out
}

// doneSeveral says how many were done or, when some were not, what became of each.
func (h *Notice) doneSeveral(w http.ResponseWriter, r *http.Request, t auth.Transparency, results []duty.Result, err error, one, many string) error {
	failed := slices.ContainsFunc(results, func(r duty.Result) bool { return r.Err != nil })
	if err == nil && !failed {
		h.Sessions.Flash(r.Context(), es.Plural(len(results), one, many)+".")
		return serve.SeeOther(w, r, deskpage.NoticesHome)
	}
	p, pageErr := h.tray(r, t)
	if pageErr != nil {
		return pageErr
	}
	status := http.StatusConflict
	if err != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, err); !ok {
			return err
		}
	}
	p.Results = results
	return serve.Page(w, r, status, deskpage.NoticeTrayPage(p))
}

// editSettings shows the texts and the terms.
func (h *Notice) editSettings(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	return h.settingsPage(w, r, head, nil, nil)
}

func (h *Notice) settingsPage(w http.ResponseWriter, r *http.Request, head auth.Head, values url.Values, cause error) error {
	set, err := h.Store.Settings(r.Context(), head)
	if err != nil {
		return err
	}
	p := deskpage.NoticeSettings{
		RegistryFrame: h.frameOf(r, head, "Textos y plazos", crumbNotices), Values: values, Keys: component.FormKeys{Key: newKey(), Version: set.Version()},
	}
	if values == nil {
		p.Values = deskpage.SettingsForm(set)
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
		p.Keys = component.FormKeys{Key: values.Get(component.KeyField), Version: values.Get(component.VersionField)}
	}
	return serve.Page(w, r, status, deskpage.NoticeSettingsPage(p))
}

func (h *Notice) saveSettings(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	set, err := duty.ParseSettings(form.Get)
	if err == nil {
		err = h.Store.SetSettings(r.Context(), head, form.Get(component.KeyField), form.Get(component.VersionField), set)
	}
	if err != nil {
		return h.settingsPage(w, r, head, form, err)
	}
	h.Sessions.Flash(r.Context(), "Los textos y los plazos quedaron cambiados.")
	return serve.SeeOther(w, r, deskpage.NoticeSettingsPath)
}

// writeFile sends a document for keeping.
func writeFile(w http.ResponseWriter, name string, content []byte) error {
	kind := map[string]string{
		".pdf": "application/pdf", ".zip": "application/zip", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}[name[strings.LastIndex(name, "."):]]
	return download(w, name, kind, func(out io.Writer) error {
		_, err := out.Write(content)
		return err
	})
}
