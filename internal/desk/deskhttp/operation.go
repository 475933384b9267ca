package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/operation"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// Operation serves what is watched of the system.
type Operation struct {
	*Face
	Store *operation.Store
}

// Mount lists the routes of the operation.
func (h *Operation) Mount(g serve.Group) {
	get(g, h.Sessions, deskpage.OperationHome, "showOperation", h.show)
}

func (h *Operation) show(w http.ResponseWriter, r *http.Request, a auth.Overseer) error {
	gauges, err := h.Store.Gauges(r.Context())
	if err != nil {
		return err
	}
	backups, err := h.Store.Backups(r.Context(), a)
	if err != nil {
		return err
	}
	f := h.page(r, a, "Operación")
	frame := deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
	return serve.Page(w, r, http.StatusOK, deskpage.OperationPage(frame, gauges, backups))
}
