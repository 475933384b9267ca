package app

import "context"

// OwnerURL returns the address as the owner of the database.
func (a *App) OwnerURL() string { return a.ownerURL }

// Warm draws pages into memory, as the background does and without its rests.
func (a *App) Warm(ctx context.Context) error { return a.public.Warm(ctx, 0) }
