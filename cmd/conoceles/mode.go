package main

import (
	"fmt"

	"conoceles/internal/app"
)

// modeCmd is what is done in a bad hour: the kill switch of identity, closing
// capture, closing everything.
type modeCmd struct {
	Modo string `arg:"" enum:"normal,solo-lectura,sin-identidad,mantenimiento" help:"normal; solo-lectura: no se captura ni se modifica, salvo retirar un consentimiento; sin-identidad: ninguna respuesta de identidad se muestra; mantenimiento: sólo se dice que volverá."`
}

// Run changes the mode of every node within two seconds.
func (c *modeCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		mode := app.Mode(c.Modo)
		if err := a.SetMode(e.ctx, mode); err != nil {
			return err
		}
		fmt.Println(map[app.Mode]string{
			app.ModeNormal:          "Modo normal: todo funciona, y se muestran las respuestas que un consentimiento vigente publica.",
			app.ModeReadOnly:        "Modo de sólo lectura: nadie captura ni modifica; retirar un consentimiento sigue abierto. Para volver: conoceles modo normal",
			app.ModeWithoutIdentity: "Modo sin identidad: ninguna respuesta de identidad se muestra. Para volver: conoceles modo normal",
			app.ModeMaintenance:     "Modo de mantenimiento: el sitio sólo dice que volverá. Para volver: conoceles modo normal",
		}[mode])
		return nil
	})
}
