package deskpage

import (
	"conoceles/internal/desk/capture"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/sitepage"
)

// CapturePreview is a ficha drawn as the public will see it, inside the desk.
type CapturePreview struct {
	CaptureFrame
	Preview capture.Preview
	Base    string // opens the public addresses of the process
}

// sheet is the public ficha, with the one thing that differs before it is
// public: the address of its photograph.
func (p CapturePreview) sheet() sitepage.Sheet {
	s := sitepage.NewSheet(sitepage.Frame{Meta: layout.Meta{Base: p.Base}, Catalog: p.Preview.Catalog}, p.Preview.Profile)
	s.Photo = ""
	if hash := p.Preview.Answers.Text(questionnaire.Photograph); hash != "" {
		s.Photo = CapturePath(p.Preview.Folio, "foto", hash+".jpg")
	}
	return s
}

// waiting links to the pages whose text is not in the preview.
func (p CapturePreview) waiting() []component.Chip {
	var out []component.Chip
	for _, page := range p.Preview.Pending() {
		out = append(out, component.Chip{Label: page.Title, Href: SectionPath(p.Preview.Folio, page.ID)})
	}
	return out
}
