package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
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

// userCmd creates and suspends accounts.
type userCmd struct {
	Crear      userCreateCmd     `cmd:"" help:"Crea una cuenta; la contraseña se lee de la entrada estándar."`
	Desactivar userDeactivateCmd `cmd:"" help:"Suspende una cuenta y cierra sus sesiones."`
}

type userCreateCmd struct {
	Correo      string `arg:"" help:"Correo con que entra."`
	Nombre      string `required:"" help:"Nombre de la persona."`
	Funcion     string `required:"" enum:"operador,validador,candidata,verificador,titular,secretaria,administracion,auditoria" help:"Función: ${enum}."`
	Proceso     string `required:"" help:"Clave del proceso."`
	Actor       string `help:"Siglas del actor postulante (operador, validador)."`
	Candidatura string `help:"Folio de la candidatura (candidata)."`
}

// Run creates the account. The password never goes in an argument, where other
// people on the machine could read it.
func (c *userCreateCmd) Run(e *env) error {
	fmt.Fprint(os.Stderr, "Contraseña (15 caracteres o más): ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return fault.New(fault.Invalid, "No se recibió la contraseña por la entrada estándar.")
	}
	if len([]rune(password)) < 15 {
		return fault.New(fault.Invalid, "La contraseña debe tener al menos 15 caracteres.")
	}
	return e.open(func(a *app.App) error {
		n := auth.NewAccount{Email: c.Correo, Name: c.Nombre, Password: password, Role: c.Funcion}
		action := db.Action{Kind: "cuenta.crear", Object: "cuenta " + c.Correo, Details: map[string]string{"funcion": c.Funcion}}
		_, err := a.Desk.Do(e.ctx, db.System{Name: "usuario"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			if err := c.resolve(ctx, tx, &n); err != nil {
				return "", err
			}
			_, err := a.Accounts.Create(ctx, tx, n)
			return "", err
		})
		return err
	})
}

// resolve finds the process, the nominator and the candidacy by their names.
func (c *userCreateCmd) resolve(ctx context.Context, tx *db.Tx, n *auth.NewAccount) error {
	find := func(to *int64, what, sql string, args ...any) error {
		if err := db.Fault(tx.QueryRow(ctx, sql, args...).Scan(to)); fault.Is(err, fault.NotFound) {
			return fault.Newf(fault.Invalid, "No existe %s.", what)
		} else if err != nil {
			return err
		}
		return nil
	}
	if err := find(&n.Process, "el proceso "+c.Proceso, `SELECT id FROM desk.processes WHERE key = $1`, c.Proceso); err != nil {
		return err
	}
	if c.Actor != "" {
		if err := find(&n.Nominator, "el actor "+c.Actor, `SELECT id FROM desk.nominators WHERE process_id = $1 AND acronym = $2`, n.Process, c.Actor); err != nil {
			return err
		}
	}
	if c.Candidatura != "" {
		return find(&n.Candidacy, "la candidatura "+c.Candidatura, `SELECT id FROM desk.candidacies WHERE process_id = $1 AND folio = $2`, n.Process, c.Candidatura)
	}
	return nil
}

type userDeactivateCmd struct {
	Correo string `arg:"" help:"Correo de la cuenta."`
}

// Run suspends the account.
func (c *userDeactivateCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		action := db.Action{Kind: "cuenta.suspender", Object: "cuenta " + c.Correo}
		_, err := a.Desk.Do(e.ctx, db.System{Name: "usuario"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			err := db.Fault(a.Accounts.Deactivate(ctx, tx, c.Correo))
			if fault.Is(err, fault.NotFound) {
				err = fault.New(fault.NotFound, "Ninguna cuenta entra con ese correo.")
			}
			return "", err
		})
		return err
	})
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

// verifyCmd derives the site again and compares.
type verifyCmd struct {
	JSON bool `name:"json" help:"En JSON."`
}

// Run prints each difference and fails if there is any.
func (c *verifyCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		found, err := a.Publisher.Verify(e.ctx, a.Desk)
		if err != nil {
			return err
		}
		if c.JSON {
			if err := json.NewEncoder(os.Stdout).Encode(map[string]int{"diferencias": len(found)}); err != nil {
				return err
			}
		} else {
			for _, d := range found {
				fmt.Printf("proceso %d, candidatura %d: %s\n", d.Process, d.Candidacy, d.What)
			}
			fmt.Printf("Diferencias: %d\n", len(found))
		}
		if len(found) > 0 {
			return errDiffers
		}
		return nil
	})
}
