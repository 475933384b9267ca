package main

import (
	"fmt"

	"conoceles/internal/app"
)

// dossierCmd writes the file of the system.
type dossierCmd struct {
	Dir       string `arg:"" help:"Carpeta nueva en la que se escribe."`
	Proceso   string `help:"Clave del proceso." default:"demostracion"`
	Evidencia string `type:"existingdir" help:"Carpeta con las cifras de las corridas y simulacros; si falta, la de CONOCELES_EVIDENCE."`
}

// Run writes it and lists what it wrote.
func (c *dossierCmd) Run(e *env) error {
	if c.Evidencia != "" {
		e.cfg.Evidence = c.Evidencia
	}
	return e.open(func(a *app.App) error {
		files, err := a.WriteDossier(e.ctx, c.Proceso, c.Dir)
		if err != nil {
			return err
		}
		for _, f := range files {
			fmt.Printf("%8.1f kB  %s\n", float64(len(f.Bytes))/1e3, f.Name)
		}
		fmt.Printf("El expediente del sistema está en %s; empieza por index.html.\n", c.Dir)
		return nil
	})
}
