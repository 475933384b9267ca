package deskpage

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"conoceles/internal/desk/capture"
	"conoceles/web/component"
	"conoceles/web/es"
)

// DeliveriesHome is the address of the deliveries of credentials.
const DeliveriesHome = "/transparencia/entregas"

// DeliveryNominator is the field that says who received.
const DeliveryNominator = "actor"

// Deliveries is who received credentials, and the form that registers it.
type Deliveries struct {
	RegistryFrame
	List   []capture.Delivery
	Keys   component.FormKeys
	Values url.Values
	Now    time.Time
}

func (d Deliveries) table() component.Table {
	t := component.Table{
		Caption: "Entrega de accesos por actor postulante", Empty: "Aún no hay candidaturas: aparecerán cuando se cargue la lista aprobada.",
		Columns: []component.Column{{Title: "Quien captura"}, {Title: "Candidaturas"}, {Title: "Recibió"}, {Title: "Fecha y hora"}, {Title: "Registró"}},
	}
	for _, l := range d.List {
		r := component.Row{Title: l.Nominator, Note: l.Acronym, Marked: l.ReceivedAt == nil}
		cells := []string{es.Int(l.Candidacies), "Sin registrar", "El plazo no empieza", "—"}
		if l.ReceivedAt != nil {
			cells = []string{es.Int(l.Candidacies), l.ReceivedBy, es.FullDateTime(*l.ReceivedAt), registered(l)}
		}
		for _, c := range cells {
			r.Cells = append(r.Cells, templ.Component(component.Words(c)))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// registered says who registered a delivery, when and why.
func registered(l capture.Delivery) string {
	text := "Al cargar los datos"
	if l.RegisteredBy != "" {
		text = l.RegisteredBy
	}
	text += ", " + es.DateTime(*l.RegisteredAt)
	if l.Basis != "" {
		text += ". " + l.Basis
	}
	return text
}

func (d Deliveries) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: d.errorOf(id)}
}

func (d Deliveries) text(id, label, hint string, width component.Width) component.TextField {
	return component.TextField{Field: d.field(id, label, hint), Value: d.Values.Get(id), Width: width}
}

// who lists whom credentials are delivered to.
func (d Deliveries) who() component.SelectField {
	s := component.SelectField{
		Field: d.field(DeliveryNominator, "Quién los recibió", "El partido, la coalición o la candidatura independiente que captura."),
		Value: d.Values.Get(DeliveryNominator), Empty: "Elige",
	}
	for _, l := range d.List {
		label := l.Nominator
		if l.ReceivedAt != nil {
			label += " (ya registrada)"
		}
		s.Options = append(s.Options, component.Option{Value: strconv.FormatInt(l.NominatorID, 10), Label: label})
	}
	return s
}
