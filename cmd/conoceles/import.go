package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/desk/registry"
	"conoceles/internal/fault"
)

// importCmd loads files into the registry.
type importCmd struct {
	Candidaturas importListCmd      `cmd:"" help:"Importa una lista aprobada de candidaturas (CSV o XLSX)."`
	INE          importINECmd       `cmd:"" name:"ine" help:"Importa datos abiertos del INE a un proceso de consulta."`
	Secciones    importPrecinctsCmd `cmd:"" help:"Importa el catálogo de secciones de un proceso."`
}

// importFlags are those of every import.
type importFlags struct {
	Archivo         string `arg:"" help:"Archivo CSV o XLSX." type:"existingfile"`
	Proceso         string `help:"Nombre o clave del proceso."`
	Simular         bool   `help:"Dice qué pasaría y no cambia nada."`
	AceptarRechazos bool   `help:"Carga las filas buenas aunque otras se rechacen."`
	JSON            bool   `name:"json" help:"Resultado en JSON."`
}

// listMost is how many rows of each list are printed for people.
const listMost = 40

type importer func(context.Context, registry.Author, registry.ImportRequest) (registry.Result, error)

// load reads the file, imports it and prints the result. What was rejected is
// printed even when that is why nothing was loaded.
func (f importFlags) load(e *env, req registry.ImportRequest, pick func(*registry.Registry) importer) error {
	data, err := os.ReadFile(f.Archivo)
	if err != nil {
		return fault.Wrap(fault.Invalid, "No se pudo leer el archivo "+f.Archivo+".", err)
	}
	req.Process, req.Name, req.Data = f.Proceso, filepath.Base(f.Archivo), data
	req.Simulate, req.AcceptRejected = f.Simular, f.AceptarRechazos
	return e.open(func(a *app.App) error {
		result, err := pick(a.Registry)(e.ctx, registry.Command("importar"), req)
		if err != nil && result.Rows == 0 {
			return err
		}
		if printErr := f.print(result); printErr != nil {
			return printErr
		}
		return err
	})
}

func (f importFlags) print(r registry.Result) error {
	if f.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		return out.Encode(r)
	}
	printRemarks("Rechazadas", r.Rejections)
	printRemarks("Avisos", r.Warnings)
	fmt.Printf("Filas: %d. Nuevas: %d. Cambiadas: %d. Sin cambio: %d. Rechazadas: %d. Avisos: %d.\n",
		r.Rows, r.New, r.Changed, r.Unchanged, r.Rejected, r.Warned)
	switch {
	case r.Applied:
		fmt.Println("Se guardó.")
	case r.Simulated:
		fmt.Println("Fue una simulación: no se guardó nada.")
	default:
		fmt.Println("No se guardó nada.")
	}
	return nil
}

func printRemarks(title string, list []registry.Remark) {
	for i, remark := range list {
		if i == 0 {
			fmt.Printf("%s:\n", title)
		}
		if i == listMost {
			fmt.Printf("  … y %d más (con --json se listan todas)\n", len(list)-i)
			return
		}
		fmt.Printf("  %s\n", remark)
	}
}

type importListCmd struct {
	importFlags  `embed:""`
	Acuerdo      string `help:"Número del acuerdo que aprobó la lista."`
	Fecha        string `help:"Fecha del acuerdo, aaaa-mm-dd."`
	CrearActores bool   `help:"Agrega los actores postulantes que falten."`
}

// Run imports an approved list.
func (c *importListCmd) Run(e *env) error {
	req := registry.ImportRequest{Acuerdo: c.Acuerdo, CreateNominators: c.CrearActores}
	if c.Fecha != "" {
		on, err := time.Parse(time.DateOnly, c.Fecha)
		if err != nil {
			return fault.New(fault.Invalid, "La fecha del acuerdo debe escribirse aaaa-mm-dd, como 2024-03-30.")
		}
		req.ApprovedOn = on
	}
	return c.load(e, req, func(r *registry.Registry) importer { return r.ImportCandidacies })
}

type importINECmd struct {
	importFlags `embed:""`
}

// Run imports INE's open data.
func (c *importINECmd) Run(e *env) error {
	return c.load(e, registry.ImportRequest{}, func(r *registry.Registry) importer { return r.ImportINE })
}

type importPrecinctsCmd struct {
	importFlags `embed:""`
}

// Run imports a catalogue of secciones.
func (c *importPrecinctsCmd) Run(e *env) error {
	return c.load(e, registry.ImportRequest{}, func(r *registry.Registry) importer { return r.ImportPrecincts })
}
