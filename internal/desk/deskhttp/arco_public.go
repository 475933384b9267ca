package deskhttp

import (
	"net/http"
	"net/url"

	"conoceles/internal/desk/arco"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Rights serves the form with which anybody asks about their personal data. Like
// Withdrawal it wears the look of the public site and opens no session: whoever
// makes a browser of somebody else send it obtains a folio and nothing more.
type Rights struct {
	*Face
	Store *arco.Store
}

// Mount lists the routes, on a public group without sessions.
func (h *Rights) Mount(g serve.Group) {
	g.Get(deskpage.ArcoPublic, "showRightsForm", serve.Anyone, h.show)
	g.Post(deskpage.ArcoPublic, "fileRightsRequest", serve.Anyone, h.file)
}

func (h *Rights) show(w http.ResponseWriter, r *http.Request) error {
	return h.formPage(w, r, url.Values{}, nil)
}

func (h *Rights) meta(r *http.Request, title string) layout.Meta {
	return layout.Meta{
		Site: h.Site(r.Context()), Title: title, Nav: layout.PublicNav("", ""), Footer: layout.PublicFooter(""),
		Crumbs: []layout.Crumb{{Label: "Inicio", Href: "/"}, {Label: title}},
	}
}

func (h *Rights) formPage(w http.ResponseWriter, r *http.Request, values url.Values, cause error) error {
	noStore(w)
	frame, status := deskpage.RegistryFrame{Meta: h.meta(r, "Tus derechos sobre tus datos personales")}, http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	keys := component.FormKeys{Key: newKey()}
	return serve.Page(w, r, status, deskpage.ArcoFormPage(deskpage.NewArcoForm(frame, deskpage.ArcoPublic, keys, values)))
}

// noStore keeps what somebody typed out of every copy.
func noStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }

// requestOf reads the form of a request.
func requestOf(form url.Values) arco.NewRequest {
	return arco.NewRequest{
		Right: arco.Right(form.Get(arco.FieldRight)), Key: form.Get(component.KeyField), Medium: arco.Medium(form.Get(arco.FieldMedium)),
		Requester: arco.Requester{
			Name: form.Get(arco.FieldName), Representative: form.Get(arco.FieldRepresentative), Contact: form.Get(arco.FieldContact),
			About: form.Get(arco.FieldCandidacy), Description: form.Get(arco.FieldDescription),
		},
	}
}

// file answers with the page itself: a folio has no address of its own, where
// anybody could ask for the next one.
func (h *Rights) file(w http.ResponseWriter, r *http.Request) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	receipt, err := h.Store.File(r.Context(), serve.ClientAddr(r), requestOf(form))
	if fault.Is(err, fault.NotFound) { // there is no election to ask about
		return fault.New(fault.Unavailable, "Todavía no hay un proceso electoral abierto. Presenta tu solicitud por escrito ante la Unidad de Transparencia.")
	}
	if err != nil {
		return h.formPage(w, r, form, err)
	}
	noStore(w)
	return serve.Page(w, r, http.StatusOK, deskpage.ArcoFiledPage(deskpage.ArcoFiled{Meta: h.meta(r, "Recibimos tu solicitud"), Receipt: receipt}))
}
