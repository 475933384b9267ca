package db

import (
	"context"
	"io/fs"

	"github.com/golang-migrate/migrate/v4"
)

// MigrateFrom is Migrate with other files, for the tests of failures.
func MigrateFrom(ctx context.Context, ownerURL string, files fs.FS) error {
	return migrateFrom(ctx, ownerURL, files, (*migrate.Migrate).Up)
}
