package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/demo"
	"conoceles/internal/desk/canary"
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
	demoSize = 700
)

// seedCmd seeds a demonstration of any size.
type seedCmd struct {
	Candidaturas int    `help:"Cuántas candidaturas, aproximadamente." default:"700"`
	Semilla      uint64 `help:"Semilla: la misma da las mismas personas." default:"2027"`
	Canarios     bool   `help:"Agrega respuestas de identidad reconocibles en todos los estados del consentimiento, con un reloj fijo, e imprime en JSON cuáles deben verse y dónde. Sólo para pruebas."`
	Mundo        string `help:"Cuál de los dos mundos de canarios, que sólo difieren en lo que nadie debe ver: A o B." enum:"A,B" default:"A"`
}

// Run seeds the demonstration process, unless it is already there.
func (c *seedCmd) Run(e *env) error {
	if c.Canarios {
		return c.canaries(e)
	}
	return e.open(func(a *app.App) error { return a.Seeder(c.Semilla, c.Candidaturas).Run(e.ctx) })
}

// canaries seeds one of the two worlds, at an instant of its own so that two
// runs agree, and prints what must be seen of it.
func (c *seedCmd) canaries(e *env) error {
	a, err := app.OpenAt(e.ctx, e.cfg, e.log, app.Both, func() time.Time { return canary.Clock })
	if err != nil {
		return err
	}
	seed := func() error {
		if err := a.Seeder(c.Semilla, c.Candidaturas).Run(e.ctx); err != nil {
			return err
		}
		w := canary.World{Process: demo.Key, Seed: c.Semilla, Variant: canary.Variant(c.Mundo)}
		plan, err := canary.Seed(e.ctx, a.Desk, a.Keys, a.Publisher, w)
		if err != nil {
			return err
		}
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(plan)
	}
	return errors.Join(seed(), a.Close(context.WithoutCancel(e.ctx)))
}
