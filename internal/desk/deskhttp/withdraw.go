package deskhttp

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/consent"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Withdrawal serves the link that takes back a consent without login. It wears
// the look of the public site, whose visitors arrive here from an e-mail or a
// letter, and opens no session.
//
// The token of the address is all that is asked, and all that protects it: it is
// in no log, no referrer and no copy. Whoever does not know it cannot make
// anybody send it, so the routes need no protection against forms of other sites
// and must not be behind one: an old browser that obeys no-referrer sends nothing
// that such a protection could check.
type Withdrawal struct {
	*Face
	Consents *consent.Store
}

// Mount lists the routes, on a public group without sessions.
func (h *Withdrawal) Mount(g serve.Group) {
	g.Get("/retirar/{token}", "showWithdrawal", serve.Anyone, h.show)
	g.Post("/retirar/{token}", "withdrawConsent", serve.Anyone, h.withdraw, serve.Always())
}

// show says whose consent it is and what stops. It acts on nothing, whoever
// opens it: programs that read mail follow its links.
func (h *Withdrawal) show(w http.ResponseWriter, r *http.Request) error {
	confidential(w)
	sub, err := h.Consents.Linked(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return h.refuse(w, r, err)
	}
	return serve.Page(w, r, http.StatusOK, deskpage.WithdrawalPage(deskpage.Withdrawal{
		Meta: h.meta(r, "Retirar tu autorización"), Name: sub.Name, Office: sub.Office, Place: sub.Place, Nominator: sub.Nominator, Folio: sub.Folio,
	}))
}

// withdraw takes the consent back and says that it is done. It answers with the
// page itself: after it the address leads nowhere.
func (h *Withdrawal) withdraw(w http.ResponseWriter, r *http.Request) error {
	confidential(w)
	sub, err := h.Consents.WithdrawByLink(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return h.refuse(w, r, err)
	}
	return serve.Page(w, r, http.StatusOK, deskpage.WithdrawnPage(deskpage.Withdrawal{
		Meta: h.meta(r, "Retiramos tu autorización"), Name: sub.Name, Folio: sub.Folio, At: h.Now(),
	}))
}

// refuse answers a link that was used, was never one or is mistyped with the same
// page, which says how else to withdraw. Other failures are everybody's.
func (h *Withdrawal) refuse(w http.ResponseWriter, r *http.Request, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return serve.Page(w, r, http.StatusNotFound, deskpage.SpentLinkPage(deskpage.Withdrawal{Meta: h.meta(r, "Este enlace ya no es válido")}))
}

func (h *Withdrawal) meta(r *http.Request, title string) layout.Meta {
	return layout.Meta{
		Site: h.Site(r.Context()), Title: title, NoIndex: true, Nav: layout.PublicNav("", ""), Footer: layout.PublicFooter(""),
		Crumbs: []layout.Crumb{{Label: "Inicio", Href: "/"}, {Label: title}},
	}
}

// confidential keeps an address that is itself a secret out of copies, of search
// engines and of what the next page is told.
func confidential(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex, noarchive")
}
