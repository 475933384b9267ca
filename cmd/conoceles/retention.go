package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/retention"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// withdrawalsCmd is what is done after a restore.
type withdrawalsCmd struct {
	Reaplicar reapplyCmd `cmd:"" help:"Retira y suprime otra vez lo que un respaldo devolvió."`
}

type reapplyCmd struct{}

// Run reapplies. It serves nothing, so it may run where the server refuses to.
func (c *reapplyCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		n, err := a.Retention.Reapply(e.ctx, db.System{Name: "retiros"})
		if err == nil {
			fmt.Printf("Se reaplicaron %s.\n", es.Plural(n, "retiro o supresión", "retiros o supresiones"))
		}
		return err
	})
}

// retentionCmd is what happens to the data after the election, from a console. A
// person proposes and another confirms, each with their account, password and
// second factor, as on screen.
type retentionCmd struct {
	Estado    retentionStateCmd   `cmd:"" help:"Dice en qué están los datos y qué actos hay."`
	Llave     retentionKeyCmd     `cmd:"" help:"Hace la llave de bloqueo de un proceso, para entregarla a dos custodios."`
	Proponer  retentionProposeCmd `cmd:"" help:"Propone un acto."`
	Confirmar retentionConfirmCmd `cmd:"" help:"Confirma un acto que propuso otra persona, y lo hace."`
	Acta      retentionDeedCmd    `cmd:"" help:"Guarda el acta de un acto confirmado."`
	Abrir     retentionOpenCmd    `cmd:"" help:"Abre los datos bloqueados que un acto de apertura autoriza."`
}

// person is who acts from a console.
type person struct {
	Cuenta string `required:"" help:"Correo de tu cuenta de titular o de Secretaría. La contraseña y el código se leen de la entrada estándar."`
}

// enter returns who acts, once they proved it as they do to enter: password and,
// if they have one, second factor.
func (p person) enter(e *env, a *app.App) (auth.Retainer, error) {
	in := bufio.NewReader(os.Stdin)
	ask := func(what string) (string, error) {
		fmt.Fprint(os.Stderr, what+": ")
		line, err := in.ReadString('\n')
		if err != nil && line == "" {
			return "", fmt.Errorf("leer de la entrada: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	password, err := ask("Contraseña")
	if err != nil {
		return nil, err
	}
	account, err := a.Accounts.Login(e.ctx, p.Cuenta, password, auth.Visitor{})
	if err != nil {
		return nil, err
	}
	factor, err := a.Accounts.Factor(e.ctx, account)
	if err != nil {
		return nil, err
	}
	if factor.Enrolled {
		code, err := ask("Código de tu aplicación")
		if err == nil {
			err = a.Accounts.CheckCode(e.ctx, account, code)
		}
		if err != nil {
			return nil, err
		}
	} else if factor.Required {
		return nil, fault.New(fault.Forbidden, "Activa primero tu segundo factor: entra una vez desde el navegador.")
	}
	actor, err := a.Accounts.Actor(e.ctx, account)
	if err != nil {
		return nil, err
	}
	who, ok := actor.(auth.Retainer)
	if !ok {
		return nil, fault.New(fault.Forbidden, "Esa cuenta no es de la persona titular ni de la Secretaría Ejecutiva.")
	}
	return who, nil
}

type retentionStateCmd struct{ person }

// Run prints where the data of the account's process are.
func (c *retentionStateCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		who, err := c.enter(e, a)
		if err != nil {
			return err
		}
		state, err := a.Retention.State(e.ctx, who)
		if err != nil {
			return err
		}
		h := state.Held
		fmt.Printf("%s\nLlaves: %d en uso, %d bloqueadas, %d destruidas. Versiones: %d. Documentos: %d.\n",
			state.Process, h.Keys, h.Blocked, h.Destroyed, h.Versions, h.Documents)
		acts, err := a.Retention.Acts(e.ctx, who)
		for _, act := range acts {
			fmt.Printf("%d\t%s\t%s\t%s\t%s\n", act.ID, act.Kind, act.State, act.Folio, act.Basis)
		}
		return err
	})
}

type retentionKeyCmd struct {
	Archivo string `arg:"" help:"Dónde guardar la llave privada. Entrégala a dos custodios y bórrala de aquí."`
	Proceso string `required:"" help:"Clave del proceso."`
}

// Run makes the key.
func (c *retentionKeyCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		err := a.Retention.MakeBlockKey(e.ctx, db.System{Name: "conservacion"}, c.Proceso, c.Archivo)
		if err == nil {
			fmt.Printf("La llave de bloqueo está en %s. Entrega una copia a cada custodio y bórrala de este equipo.\n", c.Archivo)
		}
		return err
	})
}

type retentionProposeCmd struct {
	person
	Clase     string    `arg:"" enum:"fin_publicacion,bloqueo,apertura,supresion,supresion_persona" help:"fin_publicacion, bloqueo, apertura, supresion o supresion_persona."`
	Sustento  string    `required:"" help:"Acuerdo, oficio, resolución o solicitud."`
	Fecha     time.Time `required:"" format:"2006-01-02" help:"Su fecha, como 2027-10-02."`
	Folio     string    `help:"Folio de la candidatura, si es de una."`
	Solicitud string    `help:"Folio de la solicitud ARCO."`
	Desde     string    `help:"Cuándo deja de mostrarse el sitio, como «2027-12-31 23:59»."`
	Motivo    string    `help:"Para qué."`
}

// Run proposes.
func (c *retentionProposeCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		n := retention.NewAct{
			Kind: retention.Kind(c.Clase), Folio: c.Folio, Request: c.Solicitud, Basis: c.Sustento, BasisDate: c.Fecha, Reason: c.Motivo,
		}
		if c.Desde != "" {
			at, err := time.ParseInLocation("2006-01-02 15:04", c.Desde, election.Zone())
			if err != nil {
				return fault.InvalidField("desde", "Escríbelo como «2027-12-31 23:59»")
			}
			n.EffectiveAt = at
		}
		who, err := c.enter(e, a)
		if err != nil {
			return err
		}
		id, err := a.Retention.Propose(e.ctx, who, "", n)
		if err == nil {
			fmt.Printf("Acto %d propuesto. Falta que otra persona lo confirme.\n", id)
		}
		return err
	})
}

type retentionConfirmCmd struct {
	person
	Acto int64 `arg:"" help:"Número del acto."`
}

// Run confirms and carries out.
func (c *retentionConfirmCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		who, err := c.enter(e, a)
		if err == nil {
			err = a.Retention.Confirm(e.ctx, who, "", c.Acto)
		}
		if err == nil {
			fmt.Printf("El acto %d se hizo. Guarda su acta: conoceles conservacion acta\n", c.Acto)
		}
		return err
	})
}

type retentionDeedCmd struct {
	person
	Acto    int64  `arg:"" help:"Número del acto."`
	Archivo string `arg:"" help:"Dónde guardar el PDF."`
}

// Run saves the certificate.
func (c *retentionDeedCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		who, err := c.enter(e, a)
		if err != nil {
			return err
		}
		pdf, err := a.Retention.Certificate(e.ctx, who, c.Acto)
		if err != nil {
			return err
		}
		return os.WriteFile(c.Archivo, pdf, 0o600)
	})
}

type retentionOpenCmd struct {
	Acto    int64  `arg:"" help:"Número del acto de apertura."`
	Llave   string `required:"" type:"existingfile" help:"Archivo de quien custodia."`
	Archivo string `arg:"" help:"Dónde guardar lo que se abre; nadie más podrá leerlo."`
}

// Run opens what an act authorises, into a new file.
func (c *retentionOpenCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		f, err := os.OpenFile(c.Archivo, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("guardar lo que se abre: %w", err)
		}
		opened, err := a.Retention.Open(e.ctx, db.System{Name: "apertura"}, c.Acto, c.Llave)
		if err == nil {
			fmt.Fprintf(f, "Folio %s\n", opened.Folio)
			for _, l := range opened.Lines {
				_, err = fmt.Fprintf(f, "%s: %s\n", l.Question, strings.Join(l.Answer, ", "))
			}
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(c.Archivo))
		}
		fmt.Printf("Lo que se abrió está en %s. Destrúyelo al terminar.\n", c.Archivo)
		return nil
	})
}
