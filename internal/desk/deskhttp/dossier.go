package deskhttp

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/dossier"
	"conoceles/internal/document"
	"conoceles/internal/serve"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Dossier serves the file of the system.
type Dossier struct {
	*Face
	Store *dossier.Store
}

// Mount lists the routes of the file of the system.
func (h *Dossier) Mount(g serve.Group) {
	get(g, h.Sessions, deskpage.DossierHome, "listDossier", h.list)
	get(g, h.Sessions, deskpage.DossierHome+"/expediente.zip", "downloadDossier", h.bundle, serve.Timeout(time.Minute))
	get(g, h.Sessions, deskpage.DossierHome+"/{documento}", "showDossier", h.show)
	get(g, h.Sessions, deskpage.DossierHome+"/{documento}/documento.pdf", "printDossier", h.paper)
}

func (h *Dossier) frameOf(r *http.Request, a auth.Overseer, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

func (h *Dossier) list(w http.ResponseWriter, r *http.Request, a auth.Overseer) error {
	return serve.Page(w, r, http.StatusOK, deskpage.DossierListPage(h.frameOf(r, a, "Expediente del sistema"), dossier.Titles()))
}

func (h *Dossier) show(w http.ResponseWriter, r *http.Request, a auth.Overseer) error {
	d, err := h.Store.Read(r.Context(), a, chi.URLParam(r, "documento"))
	if err != nil {
		return err
	}
	crumb := layout.Crumb{Label: "Expediente", Href: deskpage.DossierHome}
	return serve.Page(w, r, http.StatusOK, deskpage.DossierPage(h.frameOf(r, a, d.Name, crumb), d))
}

func (h *Dossier) paper(w http.ResponseWriter, r *http.Request, a auth.Overseer) error {
	d, err := h.Store.Read(r.Context(), a, chi.URLParam(r, "documento"))
	if err != nil {
		return err
	}
	pdf, err := d.PDF()
	if err != nil {
		return err
	}
	return download(w, d.FileName()+".pdf", "application/pdf", func(out io.Writer) error {
		_, err := out.Write(pdf)
		return err
	})
}

// bundle sends every document, as page and as PDF, with their hashes.
func (h *Dossier) bundle(w http.ResponseWriter, r *http.Request, a auth.Overseer) error {
	list, err := h.Store.ReadAll(r.Context(), a)
	if err != nil {
		return err
	}
	files, err := deskpage.DossierFiles(r.Context(), list)
	if err != nil {
		return err
	}
	packed, err := document.Bundle(files, list[0].At)
	if err != nil {
		return err
	}
	return download(w, "expediente.zip", "application/zip", func(out io.Writer) error {
		_, err := io.Copy(out, bytes.NewReader(packed))
		return err
	})
}
