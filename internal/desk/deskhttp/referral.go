package deskhttp

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/duty"
	"conoceles/internal/election"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Referral serves the vistas of non-compliance: to the unit that gives them, and
// to the Comisión that receives them.
type Referral struct {
	*Face
	Store *duty.Store
}

// Mount lists the routes of vistas.
func (h *Referral) Mount(g serve.Group) {
	const one = deskpage.ReferralsHome + "/{id}"
	get(g, h.Sessions, deskpage.ReferralsHome, "listReferrals", h.listReferrals)
	post(g, h.Sessions, deskpage.ReferralsHome, "prepareReferral", h.prepareReferral, serve.Timeout(time.Minute))
	get(g, h.Sessions, one, "showReferral", h.showReferral)
	post(g, h.Sessions, one+"/entregar", "deliverReferral", h.deliverReferral)
	post(g, h.Sessions, one+"/acuse", "receiveReferral", h.receiveReferral)
	post(g, h.Sessions, one+"/informe", "reportReferral", h.reportReferral)
	get(g, h.Sessions, one+"/vista.pdf", "downloadReferral", h.downloadReferral)
	get(g, h.Sessions, one+"/anexo.xlsx", "downloadReferralAnnex", h.downloadAnnex)
	get(g, h.Sessions, one+"/paquete.zip", "downloadReferralPackage", h.downloadPackage)
}

func (h *Referral) frameOf(r *http.Request, w auth.Witness, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		if _, comision := w.(auth.Auditor); !comision {
			crumbs = append([]layout.Crumb{{Label: "Transparencia", Href: "/transparencia"}}, crumbs...)
		}
		crumbs = append(crumbs, layout.Crumb{Label: title})
	}
	f := h.page(r, w, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

func (h *Referral) listReferrals(w http.ResponseWriter, r *http.Request, a auth.Witness) error {
	return h.listPage(w, r, a, url.Values{}, nil)
}

// listPage draws the list and its form, with why the form was refused if it was.
func (h *Referral) listPage(w http.ResponseWriter, r *http.Request, a auth.Witness, values url.Values, cause error) error {
	list, err := h.Store.Referrals(r.Context(), a)
	if err != nil {
		return err
	}
	_, comision := a.(auth.Auditor)
	_, head := a.(auth.Head)
	p := deskpage.Referrals{
		RegistryFrame: h.frameOf(r, a, "Vistas de incumplimientos"), Referrals: list, Unit: !comision, Head: head, Values: values,
		Keys: component.FormKeys{Key: newKey()},
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.ReferralsPage(p))
}

func (h *Referral) prepareReferral(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	id, err := h.Store.Prepare(r.Context(), head, duty.NewReferral{
		Key: form.Get(component.KeyField), Oficio: form.Get(duty.OficioField), Note: form.Get(duty.NoteField),
	})
	if err != nil {
		return h.listPage(w, r, head, form, err)
	}
	h.Sessions.Flash(r.Context(), "La vista quedó preparada y congelada. Revísala antes de entregarla.")
	return serve.SeeOther(w, r, deskpage.ReferralPath(id))
}

// referral returns the page of a vista, or NotFound.
func (h *Referral) referral(r *http.Request, a auth.Witness) (deskpage.Referral, error) {
	id, err := idOf(r)
	if err != nil {
		return deskpage.Referral{}, err
	}
	v, err := h.Store.Referral(r.Context(), a, id)
	if err != nil {
		return deskpage.Referral{}, err
	}
	_, comision := a.(auth.Auditor)
	_, head := a.(auth.Head)
	return deskpage.Referral{
		RegistryFrame: h.frameOf(r, a, "Vista, versión "+es.Int(v.Version), layout.Crumb{Label: "Vistas", Href: deskpage.ReferralsHome}),
		Referral:      v, Head: head, Comision: comision, Values: url.Values{}, Keys: component.FormKeys{Key: newKey()},
	}, nil
}

func (h *Referral) showReferral(w http.ResponseWriter, r *http.Request, a auth.Witness) error {
	p, err := h.referral(r, a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReferralPage(p))
}

func (h *Referral) deliverReferral(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	return h.done(w, r, head, id, h.Store.Deliver(r.Context(), head, id, form.Get(component.KeyField)), "La vista se entregó a la Comisión.")
}

func (h *Referral) receiveReferral(w http.ResponseWriter, r *http.Request, a auth.Auditor) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	return h.done(w, r, a, id, h.Store.Receive(r.Context(), a, id, form.Get(component.KeyField)), "El acuse de la Comisión quedó registrado.")
}

func (h *Referral) reportReferral(w http.ResponseWriter, r *http.Request, a auth.Auditor) error {
	form, id, err := noticeForm(r)
	if err != nil {
		return err
	}
	report := duty.NewReport{ID: id, Key: form.Get(component.KeyField), Acuerdo: form.Get(duty.AcuerdoField)}
	if day, ok := parseDay(strings.TrimSpace(form.Get(duty.ReportedField))); ok {
		report.On = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, election.Zone())
	}
	return h.done(w, r, a, id, h.Store.Report(r.Context(), a, report), "El informe al Consejo quedó registrado.")
}

// done answers a form: it says what was done or, on the same page, why it was not.
func (h *Referral) done(w http.ResponseWriter, r *http.Request, a auth.Witness, id int64, err error, said string) error {
	if err == nil {
		h.Sessions.Flash(r.Context(), said)
		return serve.SeeOther(w, r, deskpage.ReferralPath(id))
	}
	p, pageErr := h.referral(r, a)
	if pageErr != nil {
		return pageErr
	}
	status, ok := refuse(&p.RegistryFrame, err)
	if !ok {
		return err
	}
	p.Values = r.PostForm
	return serve.Page(w, r, status, deskpage.ReferralPage(p))
}

func (h *Referral) downloadReferral(w http.ResponseWriter, r *http.Request, a auth.Witness) error {
	return h.download(w, r, a, duty.DocumentPDF, ".pdf")
}

func (h *Referral) downloadAnnex(w http.ResponseWriter, r *http.Request, a auth.Witness) error {
	return h.download(w, r, a, duty.AnnexXLSX, ".xlsx")
}

func (h *Referral) downloadPackage(w http.ResponseWriter, r *http.Request, a auth.Witness) error {
	return h.download(w, r, a, duty.PackageZIP, ".zip")
}

func (h *Referral) download(w http.ResponseWriter, r *http.Request, a auth.Witness, f duty.ReferralFile, suffix string) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	content, err := h.Store.ReferralBytes(r.Context(), a, id, f)
	if err != nil {
		return err
	}
	return writeFile(w, "vista-"+strconv.FormatInt(id, 10)+suffix, content)
}
