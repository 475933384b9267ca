package main

import (
	"fmt"
	"os"

	"conoceles/internal/app"
	"conoceles/web/es"
)

// exportCmd is what leaves the program as files.
type exportCmd struct {
	Sitio exportSiteCmd `cmd:"" help:"Copia el sitio público a archivos que sirve cualquier servidor, sin identidad."`
}

// exportSiteCmd copies the site of a process.
type exportSiteCmd struct {
	Dir     string `arg:"" help:"Directorio nuevo, o vacío, para la copia."`
	Proceso string `help:"Clave del proceso; si no la dices, el vigente."`
}

// Run copies the site and says what there is and how to check it.
func (c *exportSiteCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		sum, err := a.Export(e.ctx, c.Dir, c.Proceso)
		if err != nil {
			return err
		}
		fmt.Printf("%s en %s, %s MB. Huella de la copia: %s\n", es.Plural(sum.Files, "archivo", "archivos"), c.Dir, es.Int(int((sum.Bytes+500_000)/1_000_000)), sum.Hash)
		fmt.Println("Para comprobarla: sha256sum -c SHA256SUMS, dentro del directorio.")
		for _, address := range sum.Missing {
			fmt.Fprintln(os.Stderr, "No se pudo copiar, y hay una página que lleva ahí:", address)
		}
		return nil
	})
}
