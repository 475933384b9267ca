package deskpage

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"conoceles/internal/desk/notify"
	"conoceles/web/component"
	"conoceles/web/es"
)

// Letters is a page of the letters to print, or of those that were.
type Letters struct {
	RegistryFrame
	State   notify.LetterState
	Page    int
	Size    int
	Total   int
	Letters []notify.Message
	Keys    component.FormKeys
}

const lettersPath = "/transparencia/cartas"

func (l Letters) address(state notify.LetterState, page int) string {
	q := url.Values{}
	if state == notify.Printed {
		q.Set("estado", string(state))
	}
	if page > 1 {
		q.Set("pagina", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return lettersPath
	}
	return lettersPath + "?" + q.Encode()
}

func (l Letters) tabs() []component.Tab {
	return []component.Tab{
		{Label: "Por imprimir", Href: l.address(notify.ToPrint, 1), Current: l.State == notify.ToPrint},
		{Label: "Impresas", Href: l.address(notify.Printed, 1), Current: l.State == notify.Printed},
	}
}

func (l Letters) pages() component.Pages {
	return component.NewPages(l.Page, l.Total, l.Size, func(n int) string { return l.address(l.State, n) })
}

func (l Letters) table() component.Table {
	t := component.Table{
		Caption: "Cartas", Empty: "No hay cartas.",
		Columns: []component.Column{{Title: "Para"}, {Title: "Asunto"}, {Title: "Desde"}, {Title: "Impresión"}},
	}
	for _, m := range l.Letters {
		last := component.Words(es.FullDateTime(m.SentAt))
		if m.SentAt.IsZero() {
			last = openLetter(m)
		}
		t.Rows = append(t.Rows, component.Row{
			Title: m.Recipient, Marked: m.SentAt.IsZero(),
			Cells: []templ.Component{component.Words(m.Subject), component.Words(es.FullDateTime(m.CreatedAt)), last},
		})
	}
	return t
}

func letterPath(m notify.Message, act string) string {
	return lettersPath + "/" + strconv.FormatInt(m.ID, 10) + "/" + act
}

// Letter is a letter as it is printed.
type Letter struct {
	RegistryFrame
	notify.Message
	Keys component.FormKeys
}

// paragraphs are the text of a message, blank lines between them.
func paragraphs(m notify.Message) []string { return strings.Split(strings.TrimSpace(m.Body), "\n\n") }

// Outbox is the e-mails of a demonstration that no server sends.
type Outbox struct {
	RegistryFrame
	Messages []notify.Message
}
