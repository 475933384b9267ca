package main

import (
	"context"
	"fmt"

	"conoceles/internal/app"
	"conoceles/internal/demo"
)

// serveCmd serves until it is asked to stop.
type serveCmd struct {
	Demo bool   `help:"Siembra el proceso de demostración, si no está, y muestra sus cuentas."`
	Solo string `help:"Sirve una sola mitad: sitio o escritorio." enum:",sitio,escritorio" default:""`
}

// Run serves. On the first start with --demo it also seeds.
func (c *serveCmd) Run(e *env) error {
	var prepare func(context.Context, *app.App) error
	if c.Demo {
		prepare = func(ctx context.Context, a *app.App) error { return a.Seeder(demoSeed, demoSize).Run(ctx) }
	}
	return app.Run(e.ctx, e.cfg, e.log, app.Half(c.Solo), prepare, func(addr string) {
		fmt.Printf("\nConóceles: http://%s\n", addr)
		if c.Demo {
			fmt.Printf("\nCuentas de demostración, en http://%s/entrar (contraseña: %s)\n", addr, demo.Password)
			for _, a := range demo.Accounts() {
				fmt.Printf("  %-30s %s\n", a.Email, a.What)
			}
		}
		fmt.Print("\nPara detenerlo: Ctrl-C. Los datos se conservan.\n\n")
	})
}

// The demonstration that «make run» shows.
const (
	demoSeed = 2027
	demoSize = 1200
)

// seedCmd seeds a demonstration of any size.
type seedCmd struct {
	Candidaturas int    `help:"Cuántas candidaturas, aproximadamente." default:"1200"`
	Semilla      uint64 `help:"Semilla: la misma da las mismas personas." default:"2027"`
}

// Run seeds the demonstration process, unless it is already there.
func (c *seedCmd) Run(e *env) error {
	return e.open(func(a *app.App) error { return a.Seeder(c.Semilla, c.Candidaturas).Run(e.ctx) })
}
