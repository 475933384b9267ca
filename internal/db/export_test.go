package db

import (
	"context"
	"io/fs"

	"conoceles/migrations"
)

// MigrateFrom is Migrate with other files, for the tests of failures.
func MigrateFrom(ctx context.Context, ownerURL string, files fs.FS) error {
	return migrateFrom(ctx, ownerURL, files, func(m *migrator) error { return m.Up() })
}

// Migrations are those of the program.
var Migrations = migrations.FS
