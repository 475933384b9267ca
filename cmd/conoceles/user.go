package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// userCmd makes the first accounts and helps who lost everything. People make
// the rest among themselves, at /administracion/personas.
type userCmd struct {
	Crear         userCreateCmd     `cmd:"" help:"Crea una cuenta; la contraseña se lee de la entrada estándar."`
	Desactivar    userDeactivateCmd `cmd:"" help:"Suspende una cuenta y cierra sus sesiones."`
	SegundoFactor userFactorCmd     `cmd:"" name:"segundo-factor" help:"Quita el segundo factor de quien lo perdió: activará otro al entrar."`
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
	fmt.Fprintf(os.Stderr, "Contraseña (%d caracteres o más): ", auth.ShortestAlone)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return fault.New(fault.Invalid, "No se recibió la contraseña por la entrada estándar.")
	}
	if err := (auth.Policy{Words: []string{c.Correo, c.Nombre, c.Actor}}).Check(password); err != nil {
		return err
	}
	return e.open(func(a *app.App) error {
		n := auth.NewAccount{Email: c.Correo, Name: c.Nombre, Password: password, Role: c.Funcion}
		action := db.Action{Kind: "cuenta.crear", Object: "cuenta " + c.Correo, Details: map[string]string{"funcion": c.Funcion}}
		_, err := a.Desk.Do(e.ctx, db.System{Name: "usuario"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			if err := c.resolve(ctx, tx, &n); err != nil {
				return "", err
			}
			tx.Concerns(n.Process)
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
			return "", noAccount(a.Accounts.Deactivate(ctx, tx, c.Correo))
		})
		return err
	})
}

// noAccount says in words that an address has no account.
func noAccount(err error) error {
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "Ninguna cuenta entra con ese correo.")
	}
	return err
}

type userFactorCmd struct {
	Correo string `arg:"" help:"Correo de la cuenta."`
}

// Run takes the second factor away and ends the sessions. Between people it takes
// two of them, in the screens; this is for when the only one who could ask lost it.
func (c *userFactorCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		action := db.Action{Kind: "cuenta.segundo_factor", Object: "cuenta " + c.Correo, Details: map[string]string{"hecho": "retirado"}}
		_, err := a.Desk.Do(e.ctx, db.System{Name: "usuario"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			var id int64
			if err := tx.QueryRow(ctx, `SELECT id FROM desk.accounts WHERE email = lower($1)`, c.Correo).Scan(&id); err != nil {
				return "", noAccount(err)
			}
			if err := a.Accounts.RemoveFactor(ctx, tx, id); err != nil {
				return "", err
			}
			return "", a.Accounts.EndSessions(ctx, tx, id)
		})
		return err
	})
}
