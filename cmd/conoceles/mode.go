package main

import (
	"context"
	"fmt"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/desk/publish"
)

// The modes.
const (
	modeNormal          = "normal"
	modeWithoutIdentity = "sin-identidad"
)

// modeCmd is the kill switch.
type modeCmd struct {
	Modo string `arg:"" enum:"normal,sin-identidad" help:"normal, o sin-identidad: ninguna respuesta de identidad se muestra."`
}

// Run changes the mode of every node at once: it is a row that each request reads.
func (c *modeCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		action := db.Action{Kind: "modo.cambiar", Object: "sitio", Details: map[string]string{"modo": c.Modo}}
		_, err := a.Desk.Do(e.ctx, db.System{Name: "modo"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
			return "", publish.SetIdentityHidden(ctx, tx, c.Modo == modeWithoutIdentity)
		})
		if err != nil {
			return err
		}
		fmt.Println(map[string]string{
			modeNormal:          "Modo normal: se muestran las respuestas que un consentimiento vigente publica.",
			modeWithoutIdentity: "Modo sin identidad: ninguna respuesta de identidad se muestra. Para volver: conoceles modo normal",
		}[c.Modo])
		return nil
	})
}
