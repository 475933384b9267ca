package app

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/publish"
)

// Mode is what an operator asks for with «conoceles modo».
type Mode string

// The modes. Identity may be hidden in any way of working: only ModeNormal shows
// it again.
const (
	ModeNormal          Mode = "normal"
	ModeReadOnly        Mode = "solo-lectura"
	ModeWithoutIdentity Mode = "sin-identidad"
	ModeMaintenance     Mode = "mantenimiento"
)

// SetMode changes the mode of every node: it is a row that each request of
// identity reads, and that each node looks at once a second.
func (a *App) SetMode(ctx context.Context, m Mode) error {
	action := db.Action{Kind: "modo.cambiar", Object: "sitio", Details: map[string]string{"modo": string(m)}}
	_, err := a.Desk.Do(ctx, db.System{Name: "modo"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		switch m {
		case ModeWithoutIdentity:
			return "", publish.SetIdentityHidden(ctx, tx, true)
		case ModeReadOnly:
			return "", publish.SetOperation(ctx, tx, publish.ReadOnly)
		case ModeMaintenance:
			return "", publish.SetOperation(ctx, tx, publish.Maintenance)
		}
		if err := publish.SetIdentityHidden(ctx, tx, false); err != nil {
			return "", err
		}
		return "", publish.SetOperation(ctx, tx, publish.Normal)
	})
	return err
}
