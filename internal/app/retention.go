package app

import (
	"context"
	"fmt"

	"conoceles/internal/fault"
	"conoceles/web/es"
)

// refuseRestored fails while the database does not obey what was withdrawn or
// erased: it was restored from a backup, and serving it would bring that back
// (security.md 0.6).
func (a *App) refuseRestored(ctx context.Context) error {
	if a.Retention == nil {
		return nil
	}
	n, err := a.Retention.Pending(ctx)
	if err != nil {
		return fmt.Errorf("revisar los retiros: %w", err)
	}
	if n > 0 {
		return fault.Newf(fault.Conflict, "La base de datos se restauró y le faltan %s. Nada se sirve hasta reaplicarlos: conoceles retiros reaplicar",
			es.Plural(n, "retiro o supresión", "retiros o supresiones"))
	}
	return nil
}
