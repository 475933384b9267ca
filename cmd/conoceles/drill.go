package main

import (
	"fmt"

	"conoceles/internal/app"
	"conoceles/internal/fault"
)

// drillCmd rehearses a process, and deletes the rehearsal.
type drillCmd struct {
	Correr drillRunCmd   `cmd:"" help:"Hace un proceso ficticio en una base aparte, lo recorre entero con incidentes y escribe la evidencia."`
	Borrar drillPurgeCmd `cmd:"" help:"Borra un simulacro con todo lo que guardó."`
}

type drillRunCmd struct {
	Dir          string `arg:"" help:"Carpeta nueva del simulacro: su base de datos y su evidencia."`
	Candidaturas int    `help:"Cuántas candidaturas, aproximadamente." default:"700"`
}

// Run rehearses, prints what differed and where the evidence is.
func (c *drillRunCmd) Run(e *env) error {
	r, err := app.Drill(e.ctx, e.log, c.Dir, c.Candidaturas)
	if err != nil {
		return err
	}
	if err := r.Write(e.ctx, c.Dir, e.cfg.Evidence); err != nil {
		return err
	}
	for i, s := range r.Steps {
		mark := "✓"
		if !s.Met() {
			mark = "✗"
		}
		fmt.Printf("%s %2d. %s\n", mark, i+1, s.Tried)
		for _, o := range s.Obtained {
			fmt.Println("      " + o)
		}
	}
	fmt.Printf("\nLa evidencia está en %s: evidencia.html, evidencia.pdf y evidencia.md.\n", c.Dir)
	fmt.Printf("Para verlo: CONOCELES_DATA_DIR=%s/datos conoceles servir. Para borrarlo: conoceles simulacro borrar %[1]s\n", c.Dir)
	if n := r.Failed(); n > 0 {
		return fault.New(fault.Invalid, fmt.Sprintf("%d de %d no salieron como se esperaba.", n, len(r.Steps)))
	}
	return nil
}

type drillPurgeCmd struct {
	Dir string `arg:"" type:"existingdir" help:"Carpeta del simulacro."`
}

// Run deletes it.
func (c *drillPurgeCmd) Run(e *env) error {
	if err := app.PurgeDrill(e.ctx, c.Dir); err != nil {
		return err
	}
	fmt.Println("El simulacro se borró, con su base de datos y sus llaves.")
	return nil
}
