package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"conoceles/internal/config"
	"conoceles/internal/desk/dossier"
	"conoceles/internal/document"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// scriptFiles are the acceptance scripts: the file of the system says, of each
// duty, which of them proves it.
//
//go:embed testdata/*.txt
var scriptFiles embed.FS

// dossiers is what makes the documents of the system. Routes are asked for when a
// document is made: by then all of them are mounted.
func (a *App) dossiers(routes func() []serve.Route) *dossier.Store {
	scripts, err := fs.Sub(scriptFiles, "testdata")
	if err != nil {
		panic(err) // the name above
	}
	return dossier.New(a.Desk, dossier.Source{
		Version: Version, Scripts: scripts, Routes: routes, Variables: config.Variables(), Evidence: a.Config.Evidence,
	})
}

// WriteDossier writes the file of the system of a process in a new directory:
// every document as a page and as PDF, an index, and the hash of each file.
func (a *App) WriteDossier(ctx context.Context, process, dir string) ([]document.File, error) {
	front, _, err := a.Handler(ctx)
	if err != nil {
		return nil, err
	}
	list, err := a.dossiers(func() []serve.Route { return front.Routes().List() }).All(ctx, process)
	if err != nil {
		return nil, err
	}
	files, err := deskpage.DossierFiles(ctx, list)
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o755); errors.Is(err, fs.ErrExist) {
		return nil, fault.New(fault.Invalid, "La carpeta "+dir+" ya existe: el expediente se escribe en una nueva.")
	} else if err != nil {
		return nil, err
	}
	var manifest strings.Builder
	for _, f := range files {
		fmt.Fprintf(&manifest, "%s  %s\n", document.Hash(f.Bytes), f.Name)
	}
	files = append(files, document.File{Name: document.ManifestName, Bytes: []byte(manifest.String())})
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Bytes, 0o644); err != nil {
			return nil, err
		}
	}
	return files, nil
}
