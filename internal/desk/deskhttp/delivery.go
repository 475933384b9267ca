package deskhttp

import (
	"net/http"
	"net/url"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// Delivery serves the receipts of credentials, from which the capture clock runs.
type Delivery struct {
	*Face
	Store *capture.Store
}

// Mount lists the routes of deliveries.
func (h *Delivery) Mount(g serve.Group) {
	get(g, h.Sessions, deskpage.DeliveriesHome, "listDeliveries", h.listDeliveries)
	post(g, h.Sessions, deskpage.DeliveriesHome, "registerDelivery", h.registerDelivery)
}

func (h *Delivery) listDeliveries(w http.ResponseWriter, r *http.Request, d auth.Deliverer) error {
	return h.deliveriesPage(w, r, d, url.Values{}, nil)
}

// deliveriesPage draws the list and its form, with why the form was refused if it
// was.
func (h *Delivery) deliveriesPage(w http.ResponseWriter, r *http.Request, d auth.Deliverer, values url.Values, cause error) error {
	list, err := h.Store.Deliveries(r.Context(), d)
	if err != nil {
		return err
	}
	f := h.page(r, d, "Entrega de accesos")
	p := deskpage.Deliveries{
		RegistryFrame: deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash},
		List:          list, Values: values, Keys: component.FormKeys{Key: newKey()}, Now: h.Now(),
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
		p.Keys.Key = values.Get(component.KeyField)
	}
	return serve.Page(w, r, status, deskpage.DeliveriesPage(p))
}

func (h *Delivery) registerDelivery(w http.ResponseWriter, r *http.Request, d auth.Deliverer) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	n := capture.NewDelivery{
		NominatorID: numberOf(form, deskpage.DeliveryNominator), Key: form.Get(component.KeyField),
		ReceivedAt: instantOf(form.Get(capture.ReceivedDay), form.Get(capture.ReceivedHour)),
		ReceivedBy: form.Get(capture.ReceivedBy), Basis: form.Get(capture.DeliveryBasis),
	}
	if n.NominatorID == 0 {
		err = fault.InvalidField(deskpage.DeliveryNominator, "Elige quién recibió los accesos")
	} else {
		err = h.Store.RegisterDelivery(r.Context(), d, n)
	}
	if err != nil {
		return h.deliveriesPage(w, r, d, form, err)
	}
	h.Sessions.Flash(r.Context(), "La entrega quedó registrada: de ella corre el plazo de captura.")
	return serve.SeeOther(w, r, deskpage.DeliveriesHome)
}
