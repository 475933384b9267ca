package deskpage

import (
	"net/url"
	"strconv"

	"conoceles/internal/desk/capture"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/questionnaire"
	"conoceles/web/component"
	"conoceles/web/es"
)

// CapturePhoto is the page that uploads the photograph.
type CapturePhoto struct {
	CaptureFrame
	Record capture.Record
	Page   questionnaire.Page
	States map[questionnaire.ID]questionnaire.State
	Keys   component.FormKeys
	Error  string
}

func (p CapturePhoto) has() bool { return p.Record.Answers.Has(questionnaire.Photograph) }

func (p CapturePhoto) errors() []component.FieldError {
	if p.Error == "" {
		return nil
	}
	return []component.FieldError{{ID: portrait.Field, Message: p.Error}}
}

func (p CapturePhoto) file() component.FileField {
	f := component.FileField{
		Field: component.Field{
			ID: portrait.Field, Label: "Elige la fotografía", Error: p.Error,
			Hint: "La regla es JPG de hasta 700 KB, de los últimos 3 meses. También recibimos JPG o PNG de hasta 8 MB: nosotros la reducimos y le quitamos los datos de la cámara y del lugar.",
		},
		Accept: "image/jpeg,image/png",
	}
	if p.has() {
		f.Label = "Elige otra fotografía para reemplazarla"
	}
	return f
}

// observed is what the Unidad de Transparencia observed of the photograph, or "".
func (p CapturePhoto) observed() string {
	q, _ := p.Record.Questionnaire.Question(questionnaire.Photograph)
	return observedAbove(p.Record, q)
}

// next is the section after the photograph.
func (p CapturePhoto) next() string {
	if n, ok := p.Record.Questionnaire.Next(p.Page.ID); ok {
		return SectionPath(p.Record.Folio, n.ID)
	}
	return CapturePath(p.Record.Folio)
}

// CaptureFraming is the page that crops the photograph.
type CaptureFraming struct {
	CaptureFrame
	Record  capture.Record
	Keys    component.FormKeys
	Framing portrait.Framing
	Trial   bool // the preview shows Framing, not what is saved
}

func (f CaptureFraming) preview() string {
	if !f.Trial {
		return CapturePath(f.Record.Folio, "foto", f.Record.Answers.Text(questionnaire.Photograph)+".jpg")
	}
	return CapturePath(f.Record.Folio, "foto", "encuadre", "vista.jpg") + "?" + FramingQuery(f.Framing)
}

// FramingQuery is a framing in an address.
func FramingQuery(f portrait.Framing) string {
	return url.Values{"posicion": {string(f.Position)}, "zoom": {strconv.Itoa(f.Zoom)}}.Encode()
}

var positionNames = map[portrait.Position]string{
	portrait.Centre: "Centrado", portrait.Top: "Más arriba", portrait.Bottom: "Más abajo",
	portrait.Left: "Más a la izquierda", portrait.Right: "Más a la derecha",
}

func (f CaptureFraming) positions() component.OptionsField {
	o := component.OptionsField{
		Field: component.Field{ID: "posicion", Label: "Qué parte se ve"}, Values: []string{string(f.Framing.Position)}, InRow: true,
	}
	for _, p := range portrait.Positions() {
		o.Options = append(o.Options, component.Option{Value: string(p), Label: positionNames[p]})
	}
	return o
}

func (f CaptureFraming) zooms() component.OptionsField {
	o := component.OptionsField{
		Field: component.Field{ID: "zoom", Label: "Acercamiento"}, Values: []string{strconv.Itoa(f.Framing.Zoom)}, InRow: true,
	}
	for _, z := range portrait.Zooms() {
		o.Options = append(o.Options, component.Option{Value: strconv.Itoa(z), Label: es.Percent(z, 100)})
	}
	return o
}
