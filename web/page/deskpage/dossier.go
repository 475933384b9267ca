package deskpage

import (
	"bytes"
	"context"

	"github.com/a-h/templ"

	"conoceles/internal/desk/dossier"
	"conoceles/internal/document"
	"conoceles/web/component"
)

// DossierHome is where the file of the system is.
const DossierHome = "/administracion/expediente"

// DossierPath is the address of a document, or of what is below it.
func DossierPath(key string, below ...string) string {
	path := DossierHome + "/" + key
	for _, b := range below {
		path += "/" + b
	}
	return path
}

// DossierFiles returns every document as a page that needs no server and as PDF,
// after the page that leads to them.
func DossierFiles(ctx context.Context, list []dossier.Document) ([]document.File, error) {
	index, err := drawn(ctx, dossierIndex(list))
	if err != nil {
		return nil, err
	}
	files := []document.File{{Name: "index.html", Bytes: index}}
	for _, d := range list {
		both, err := DossierFile(ctx, d.FileName(), d)
		if err != nil {
			return nil, err
		}
		files = append(files, both...)
	}
	return files, nil
}

// DossierFile returns a document as a page that needs no server, and as PDF.
func DossierFile(ctx context.Context, name string, d dossier.Document) ([]document.File, error) {
	page, err := drawn(ctx, dossierFile(name, d))
	if err != nil {
		return nil, err
	}
	pdf, err := d.PDF()
	return []document.File{{Name: name + ".html", Bytes: page}, {Name: name + ".pdf", Bytes: pdf}}, err
}

func drawn(ctx context.Context, page templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := page.Render(ctx, &b)
	return b.Bytes(), err
}

func dossierTable(t dossier.Table) component.Table {
	return component.WordTable(t.Caption, t.Head, t.Rows)
}

// dossierList is what the page lists: each document, what asks for it, its PDF.
func dossierList(titles []dossier.Title) component.Table {
	t := component.Table{Caption: "Documentos", Columns: []component.Column{{Title: "Documento"}, {Title: "Qué lo pide"}, {Title: "En papel"}}}
	for _, one := range titles {
		t.Rows = append(t.Rows, component.Row{Title: one.Name, Href: DossierPath(one.Key), Cells: []templ.Component{
			component.Words(one.Basis), component.Linked("PDF", " de "+one.Name, DossierPath(one.Key, "documento.pdf")),
		}})
	}
	return t
}
