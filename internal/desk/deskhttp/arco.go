package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/arco"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Arco serves the requests over personal data behind the login: those of a
// candidate, the tray of the unit, the terms, the figures for auditors.
type Arco struct {
	*Face
	Store *arco.Store
}

// Mount lists the routes of requests.
func (h *Arco) Mount(g serve.Group) {
	const one = deskpage.ArcoHome + "/{solicitud}"
	document := serve.Upload(registry.MaxDocument + 1<<20)
	get(g, h.Sessions, deskpage.ArcoOwnPath, "listOwnRequests", h.listOwn)
	post(g, h.Sessions, deskpage.ArcoOwnPath, "fileOwnRequest", h.fileOwn)
	get(g, h.Sessions, deskpage.ArcoOwnPath+"/{solicitud}/documento/{paso}", "downloadOwnRequestDocument", h.downloadOwnDocument)
	get(g, h.Sessions, deskpage.ArcoHome, "listRequests", h.listRequests)
	get(g, h.Sessions, deskpage.ArcoHome+".csv", "exportRequests", h.exportRequests)
	get(g, h.Sessions, deskpage.ArcoHome+"/nueva", "editRequestRegistration", h.newRequest)
	post(g, h.Sessions, deskpage.ArcoHome+"/nueva", "registerRequest", h.registerRequest)
	get(g, h.Sessions, one, "showRequest", h.showRequest)
	post(g, h.Sessions, one+"/paso", "recordRequestStep", h.recordStep, document)
	get(g, h.Sessions, one+"/documento/{paso}", "downloadRequestDocument", h.downloadDocument)
	get(g, h.Sessions, deskpage.ArcoTermsURL, "editRequestTerms", h.editTerms)
	postProven(g, h.Face, deskpage.ArcoTermsURL, "saveRequestTerms", h.saveTerms)
	postProven(g, h.Face, deskpage.ArcoTermsURL+"/dias", "addDayOff", h.addDay)
	postProven(g, h.Face, deskpage.ArcoTermsURL+"/dias/quitar", "removeDayOff", h.removeDay)
	get(g, h.Sessions, deskpage.ArcoFigures, "showRequestCounts", h.showCounts)
}

var crumbArco = layout.Crumb{Label: "Solicitudes ARCO", Href: deskpage.ArcoHome}

func (h *Arco) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(append([]layout.Crumb{{Label: "Transparencia", Href: "/transparencia"}}, crumbs...), layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// ownPage draws a candidate's requests and the form, with why it was refused if
// it was.
func (h *Arco) ownPage(w http.ResponseWriter, r *http.Request, c auth.Candidate, values url.Values, cause error) error {
	cases, err := h.Store.Own(r.Context(), c)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, c, "Tus derechos sobre tus datos personales"), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	form := deskpage.NewArcoForm(frame, deskpage.ArcoOwnPath, component.FormKeys{Key: newKey()}, values)
	return serve.Page(w, r, status, deskpage.ArcoOwnPage(deskpage.ArcoOwn{ArcoForm: form, Cases: cases}))
}

func (h *Arco) listOwn(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	return h.ownPage(w, r, c, url.Values{}, nil)
}

func (h *Arco) fileOwn(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	receipt, err := h.Store.FileOwn(r.Context(), c, requestOf(form))
	if err != nil {
		return h.ownPage(w, r, c, form, err)
	}
	h.Sessions.Flash(r.Context(), "Recibimos tu solicitud con el folio "+receipt.Folio+". Te responderemos a más tardar el "+es.Date(receipt.AnswerBy)+".")
	return serve.SeeOther(w, r, deskpage.ArcoOwnPath)
}

// stepOf reads the number of a step in the address; what is none is not there.
func stepOf(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, "paso"), 10, 64)
	if err != nil || n < 1 {
		return 0, notFound()
	}
	return n, nil
}

// sendDocument gives a document as a download that no browser opens inside the
// site (security.md, C4).
func sendDocument(w http.ResponseWriter, d arco.Document) error {
	kept := registry.Document{Name: d.Name}
	w.Header().Set("Content-Security-Policy", "sandbox")
	return download(w, d.Name, kept.ContentType(), func(out io.Writer) error {
		_, err := out.Write(d.Bytes)
		return err
	})
}

func (h *Arco) downloadOwnDocument(w http.ResponseWriter, r *http.Request, c auth.Candidate) error {
	step, err := stepOf(r)
	if err != nil {
		return err
	}
	d, err := h.Store.OwnDocument(r.Context(), c, chi.URLParam(r, "solicitud"), step)
	if err != nil {
		return err
	}
	return sendDocument(w, d)
}

func (h *Arco) downloadDocument(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	step, err := stepOf(r)
	if err != nil {
		return err
	}
	d, err := h.Store.Document(r.Context(), t, chi.URLParam(r, "solicitud"), step)
	if err != nil {
		return err
	}
	return sendDocument(w, d)
}

func (h *Arco) listRequests(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	f := arco.Filter{Page: pageOf(r), Size: pageSize}
	query := r.URL.Query()
	if s := arco.State(query.Get("estado")); slices.Contains(arco.States(), s) {
		f.State = s
	}
	if k := arco.Right(query.Get("derecho")); k.Name() != "" {
		f.Right = k
	}
	f.Overdue = query.Get("estado") == "vencidas"
	tray, err := h.Store.Tray(r.Context(), t, f)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ArcoTrayPage(deskpage.ArcoTray{
		RegistryFrame: h.frameOf(r, t, "Solicitudes ARCO"), Filter: f, Tray: tray, Now: h.Now(),
	}))
}

// exportRequests sends the register that the law asks for, without who asks.
func (h *Arco) exportRequests(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	tray, err := h.Store.Tray(r.Context(), t, arco.Filter{Page: 1, Size: 1 << 20})
	if err != nil {
		return err
	}
	return download(w, "solicitudes-arco.csv", csvType, func(out io.Writer) error {
		header, rows := arco.Table(tray.Entries)
		return tabular.WriteCSV(out, header, rows)
	})
}

func (h *Arco) newPage(w http.ResponseWriter, r *http.Request, t auth.Transparency, values url.Values, cause error) error {
	frame, status := h.frameOf(r, t, "Registrar una solicitud recibida", crumbArco), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	form := deskpage.NewArcoForm(frame, deskpage.ArcoHome+"/nueva", component.FormKeys{Key: newKey()}, values)
	form.Registered = true
	return serve.Page(w, r, status, deskpage.ArcoNewPage(form))
}

func (h *Arco) newRequest(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	return h.newPage(w, r, t, url.Values{}, nil)
}

func (h *Arco) registerRequest(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	n := requestOf(form)
	if day, ok := parseDay(strings.TrimSpace(form.Get(arco.FieldReceived))); ok {
		n.ReceivedOn = noon(day.Date())
	}
	receipt, err := h.Store.Register(r.Context(), t, n)
	if err != nil {
		return h.newPage(w, r, t, form, err)
	}
	h.Sessions.Flash(r.Context(), "La solicitud quedó registrada con el folio "+receipt.Folio+".")
	return serve.SeeOther(w, r, deskpage.ArcoPath(receipt.Folio))
}

// casePage draws a request, with why a step was refused if it was.
func (h *Arco) casePage(w http.ResponseWriter, r *http.Request, t auth.Transparency, values url.Values, cause error) error {
	c, err := h.Store.Open(r.Context(), t, chi.URLParam(r, "solicitud"))
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, t, "Solicitud "+c.Folio, crumbArco), http.StatusOK
	sent := arco.StepKind(values.Get(arco.FieldStep))
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
		for i := range frame.Errors { // each form of the page has ids of its own
			frame.Errors[i].ID += "_" + string(sent)
		}
	}
	p := deskpage.NewArcoCase(frame, c, component.FormKeys{Key: newKey()}, values)
	p.Now, p.Sent = h.Now(), sent
	_, p.Head = t.(auth.Head)
	return serve.Page(w, r, status, deskpage.ArcoCasePage(p))
}

func (h *Arco) showRequest(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	return h.casePage(w, r, t, url.Values{}, nil)
}

func (h *Arco) recordStep(w http.ResponseWriter, r *http.Request, head auth.Head) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	folio := chi.URLParam(r, "solicitud")
	n := arco.NewStep{
		Folio: folio, Kind: arco.StepKind(form.Get(arco.FieldStep)), Text: form.Get(arco.FieldText), Candidacy: form.Get(arco.FieldFolio),
		Outcome: arco.Outcome(form.Get(arco.FieldOutcome)), Ground: form.Get(arco.FieldGround), Committee: form.Get(arco.FieldCommittee),
		Key: form.Get(component.KeyField),
	}
	document, err := sentDocument(r)
	if err == nil && document != nil {
		n.Document = &arco.Document{Name: document.Name, Bytes: document.Bytes}
	}
	if err == nil {
		err = h.Store.Record(r.Context(), head, n)
	}
	if err != nil {
		return h.casePage(w, r, head, form, err)
	}
	h.Sessions.Flash(r.Context(), n.Kind.Name()+".")
	return serve.SeeOther(w, r, deskpage.ArcoPath(folio))
}

func (h *Arco) showCounts(w http.ResponseWriter, r *http.Request, a auth.Auditor) error {
	counts, err := h.Store.Counts(r.Context(), a)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ArcoCountsPage(deskpage.ArcoCounts{
		RegistryFrame: h.frameOf(r, a, "Solicitudes ARCO en números"), Counts: counts,
	}))
}
