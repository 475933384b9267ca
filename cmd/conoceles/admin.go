package main

import (
	"fmt"
	"os"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// migrateCmd brings a database that is not the private one up to date.
type migrateCmd struct {
	Preparar string `help:"Dirección del superusuario: crea los usuarios y la base antes de migrar." env:"CONOCELES_SUPERUSER_DATABASE_URL" placeholder:"URL"`
	Base     string `help:"Nombre de la base de datos que se prepara." default:"conoceles"`
}

// Run makes the roles if it is told the superuser's address, and migrates.
func (c *migrateCmd) Run(e *env) error {
	if e.cfg.Embedded() && e.cfg.OwnerDatabaseURL == "" {
		return e.open(func(*app.App) error { // opening the private database migrates it
			fmt.Println("La base de datos privada está al día.")
			return nil
		})
	}
	if c.Preparar != "" {
		if err := db.Bootstrap(e.ctx, c.Preparar, c.Base); err != nil {
			return err
		}
	}
	if e.cfg.OwnerDatabaseURL == "" {
		return fault.New(fault.Invalid, "Falta CONOCELES_OWNER_DATABASE_URL: la dirección con el usuario conoceles_duena.")
	}
	if err := db.Migrate(e.ctx, string(e.cfg.OwnerDatabaseURL)); err != nil {
		return err
	}
	version, err := db.SchemaVersion(e.ctx, string(e.cfg.OwnerDatabaseURL))
	if err != nil {
		return err
	}
	fmt.Printf("La base de datos está al día (versión %d).\n", version)
	return nil
}

// routesCmd prints the table of routes.
type routesCmd struct {
	JSON bool `name:"json" help:"En JSON."`
}

// Run prints the table that the handlers made when they were mounted.
func (c *routesCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		front, _, err := a.Handler(e.ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return front.Routes().WriteJSON(os.Stdout)
		}
		for _, r := range front.Routes().List() {
			fmt.Printf("%-5s %-50s %-11s %s\n", r.Method, r.Pattern, r.Surface, r.Role)
		}
		return nil
	})
}
