package main

import (
	"fmt"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
)

// keysCmd changes the keys that live outside the database.
type keysCmd struct {
	Preparar keysPrepareCmd `cmd:"" help:"Agrega al archivo la llave de la siguiente rotación, para repartirlo antes de usarla."`
	Rotar    keysRotateCmd  `cmd:"" help:"Cambia la llave que protege las de cada candidatura, sin detener el servicio."`
	Retirar  keysRetireCmd  `cmd:"" help:"Quita del archivo las llaves anteriores."`
	Respaldo keysBackupCmd  `cmd:"" help:"Hace la llave de quien custodia los respaldos e imprime su parte pública, para CONOCELES_BACKUP_RECIPIENTS."`
}

// custody returns the door to the keys of an open program.
func custody(a *app.App) consent.Custody {
	return consent.NewCustody(a.Desk, a.Keys, db.System{Name: "llaves"})
}

type keysPrepareCmd struct{}

// Run prepares a key.
func (c *keysPrepareCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		key, err := custody(a).Prepare(e.ctx)
		if err == nil {
			fmt.Printf("La llave %d está preparada en %s. Reparte el archivo y después rota.\n", key, a.Config.Keyset)
		}
		return err
	})
}

type keysRotateCmd struct {
	Conservar bool `help:"Conserva las llaves anteriores: hace falta mientras otro equipo tenga una copia propia del archivo."`
}

// Run rotates. What was done is printed even when what follows fails: it may be
// repeated.
func (c *keysRotateCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		keys := custody(a)
		key, wrapped, err := keys.Rotate(e.ctx)
		if err != nil {
			return err
		}
		fmt.Printf("La llave %d protege ahora las de %d candidaturas.\n", key, wrapped)
		if c.Conservar {
			fmt.Println("Las anteriores siguen en el archivo. Cuando todos los equipos tengan el nuevo: conoceles llaves retirar")
			return nil
		}
		return retire(e, keys)
	})
}

type keysRetireCmd struct{}

// Run ends a rotation that kept the old keys.
func (c *keysRetireCmd) Run(e *env) error {
	return e.open(func(a *app.App) error { return retire(e, custody(a)) })
}

func retire(e *env, keys consent.Custody) error {
	if err := keys.Retire(e.ctx); err != nil {
		return err
	}
	fmt.Println("Las llaves anteriores salieron del archivo. Entrega la copia nueva a quienes lo custodian.")
	return nil
}
