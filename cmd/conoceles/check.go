package main

import (
	"fmt"

	"conoceles/internal/app"
	"conoceles/internal/fault"
)

// checkCmd says whether people may use this deployment.
type checkCmd struct{}

// Run lists what makes the deployment unsafe, and refuses it if there is anything.
func (c *checkCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		facts, err := a.Facts(e.ctx)
		if err != nil {
			return err
		}
		unsafe := app.Judge(facts)
		for _, u := range unsafe {
			fmt.Printf("✗ %s\n  %s\n", u.What, u.Mend)
		}
		if len(unsafe) > 0 {
			return fault.New(fault.Invalid, fmt.Sprintf("\nEste despliegue no es seguro: %d cosas por corregir antes de abrirlo.", len(unsafe)))
		}
		fmt.Println("El despliegue es seguro.")
		return nil
	})
}
