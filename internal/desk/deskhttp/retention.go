package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/retention"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Retention serves what happens to the data after the election: acts that one
// person proposes and another confirms.
type Retention struct {
	*Face
	Store *retention.Store
}

// Mount lists the routes of retention. Confirming asks again who it is.
func (h *Retention) Mount(g serve.Group) {
	const one = deskpage.RetentionHome + "/{id}"
	get(g, h.Sessions, deskpage.RetentionHome, "showRetention", h.showRetention)
	get(g, h.Sessions, deskpage.RetentionHome+"/nuevo", "editRetentionAct", h.editAct)
	post(g, h.Sessions, deskpage.RetentionHome+"/nuevo", "proposeRetentionAct", h.proposeAct)
	get(g, h.Sessions, one, "showRetentionAct", h.showAct)
	get(g, h.Sessions, one+"/acta.pdf", "downloadRetentionCertificate", h.downloadCertificate)
	postProven(g, h.Face, one+"/confirmar", "confirmRetentionAct", h.confirmAct)
	post(g, h.Sessions, one+"/desechar", "discardRetentionAct", h.discardAct)
}

var crumbRetention = layout.Crumb{Label: "Conservación", Href: deskpage.RetentionHome}

func (h *Retention) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(crumbs, layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// kindsFor returns what an actor may propose.
func kindsFor(a auth.Retainer) []retention.Kind {
	if _, head := a.(auth.Head); head {
		return retention.Kinds()
	}
	return []retention.Kind{retention.SiteEnd, retention.Block, retention.Suppress}
}

func (h *Retention) showRetention(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	state, err := h.Store.State(r.Context(), a)
	if err != nil {
		return err
	}
	acts, err := h.Store.Acts(r.Context(), a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RetentionPage(deskpage.Retention{
		RegistryFrame: h.frameOf(r, a, "Conservación de los datos"), State: state, Acts: acts, Kinds: kindsFor(a),
	}))
}

// formPage draws the form of a class of act, with why it was refused if it was.
func (h *Retention) formPage(w http.ResponseWriter, r *http.Request, a auth.Retainer, values url.Values, cause error) error {
	kind := retention.Kind(values.Get(deskpage.RetentionKind))
	if !slices.Contains(kindsFor(a), kind) {
		return notFound()
	}
	frame, status := h.frameOf(r, a, kind.Title(), crumbRetention), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.RetentionFormPage(deskpage.NewRetentionForm(frame, kind, component.FormKeys{Key: newKey()}, values)))
}

// editAct draws a form, filled with what the address says: a page about somebody
// leads here with their folio.
func (h *Retention) editAct(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	values := r.URL.Query()
	if err := serve.CheckText(values); err != nil {
		return err
	}
	return h.formPage(w, r, a, values, nil)
}

func (h *Retention) proposeAct(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	field := func(id string) string { return strings.TrimSpace(form.Get(id)) }
	n := retention.NewAct{
		Kind: retention.Kind(field(deskpage.RetentionKind)), Folio: strings.ToUpper(field(deskpage.RetentionFolio)),
		Request: strings.ToUpper(field(deskpage.RetentionRequest)), EffectiveAt: instantOf(field(deskpage.RetentionDay), field(deskpage.RetentionHour)),
		Basis: field(deskpage.RetentionBasis), Reason: field(deskpage.RetentionReason),
	}
	n.BasisDate, _ = parseDay(field(deskpage.RetentionDate)) // what is none is refused by the store
	id, err := h.Store.Propose(r.Context(), a, form.Get(component.KeyField), n)
	if err != nil {
		return h.formPage(w, r, a, form, err)
	}
	h.Sessions.Flash(r.Context(), "El acto quedó propuesto. Falta que otra persona lo confirme.")
	return serve.SeeOther(w, r, deskpage.RetentionPath(id))
}

// actPage draws an act with the answer to what was asked of it, if any.
func (h *Retention) actPage(w http.ResponseWriter, r *http.Request, a auth.Retainer, values url.Values, cause error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	act, problem, err := h.Store.Act(r.Context(), a, id)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, a, act.Kind.Title(), crumbRetention), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	p := deskpage.NewRetentionAct(frame, act, component.FormKeys{Key: newKey()}, values)
	p.Problem, p.Own = sayProblem(problem), act.ProposedByID == a.AccountID()
	return serve.Page(w, r, status, deskpage.RetentionActPage(p))
}

// sayProblem puts in words why an act cannot be done now.
func sayProblem(err error) string {
	if err == nil {
		return ""
	}
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		return fields[0].Message + "."
	}
	return fault.MessageOf(err)
}

func (h *Retention) showAct(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	return h.actPage(w, r, a, url.Values{}, nil)
}

func (h *Retention) confirmAct(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Confirm(r.Context(), a, form.Get(component.KeyField), id); err != nil {
		return h.actPage(w, r, a, url.Values{}, err)
	}
	h.Sessions.Flash(r.Context(), "El acto se hizo y su acta está lista.")
	return serve.SeeOther(w, r, deskpage.RetentionPath(id))
}

func (h *Retention) discardAct(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Discard(r.Context(), a, form.Get(component.KeyField), id, form.Get(deskpage.RetentionReason)); err != nil {
		return h.actPage(w, r, a, form, err)
	}
	h.Sessions.Flash(r.Context(), "El acto quedó desechado. Nada cambió.")
	return serve.SeeOther(w, r, deskpage.RetentionPath(id))
}

func (h *Retention) downloadCertificate(w http.ResponseWriter, r *http.Request, a auth.Retainer) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	pdf, err := h.Store.Certificate(r.Context(), a, id)
	if err != nil {
		return err
	}
	return download(w, "acta-de-conservacion.pdf", "application/pdf", func(out io.Writer) error {
		_, err := out.Write(pdf)
		return err
	})
}
