package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/notify"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

func (h *Transparency) listLetters(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	p := deskpage.Letters{
		RegistryFrame: h.frameOf(r, t, "Cartas"), State: notify.ToPrint, Page: pageOf(r), Size: pageSize,
	}
	if notify.LetterState(r.URL.Query().Get("estado")) == notify.Printed {
		p.State = notify.Printed
	}
	var err error
	if p.Letters, p.Total, err = h.Outbox.Letters(r.Context(), t, p.State, p.Page, p.Size); err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.LettersPage(p))
}

// openLetter shows a letter, whose link acts for its recipient: it is a POST
// because it leaves an entry in the bitácora.
func (h *Transparency) openLetter(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	letter, err := h.Outbox.Letter(r.Context(), t, id)
	if err != nil {
		return err
	}
	frame := h.frameOf(r, t, letter.Subject, layout.Crumb{Label: "Cartas", Href: "/transparencia/cartas"})
	return serve.Page(w, r, http.StatusOK, deskpage.LetterPage(deskpage.Letter{
		RegistryFrame: frame, Message: letter, Keys: component.FormKeys{Key: newKey()},
	}))
}

func (h *Transparency) markPrinted(w http.ResponseWriter, r *http.Request, t auth.Transparency) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Outbox.MarkPrinted(r.Context(), t, form.Get(component.KeyField), id); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), "La carta quedó marcada como impresa.")
	return serve.SeeOther(w, r, "/transparencia/cartas")
}

// outboxLimit is how many e-mails the page of a demonstration shows.
const outboxLimit = 100

// showOutbox is where a demonstration without a mail server reads its e-mails.
// Anywhere else it does not exist: those links withdraw consents of people.
func (h *Transparency) showOutbox(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	if !h.Unmailed {
		return notFound()
	}
	messages, err := h.Outbox.Unsent(r.Context(), a, outboxLimit)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.OutboxPage(deskpage.Outbox{
		RegistryFrame: h.frameOf(r, a, "Correos sin enviar"), Messages: messages,
	}))
}
