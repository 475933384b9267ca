// Package settings is what an institute decides of a process: its dates, terms,
// limits, offices, nominators, places, texts and releases.
//
// They are grouped in sheets: the data of a page that are changed together. A
// Sheet is a value that says its fields, who may change it, whether the public
// sees the change, and where its data are kept; the forms, the checks, the
// preview, the register of changes and the pages come out of it.
//
//	typed ──parse──> Values ──check──> Preview ──> Save ─┬─ one person: written at once
//	                                                     └─ two persons: waits ─> Confirm ─> written
//
// Every change keeps what there was before, the reason and, where the public sees
// it, the acuerdo; it is written, and copied to the site, in one transaction.
// Those that modify a deliverable or a questionnaire have a day by which INE is
// told (Lineamientos, art. 11).
package settings

import (
	"context"
	"strconv"

	"conoceles/internal/db"
	"conoceles/internal/desk/publish"
	"conoceles/internal/fault"
)

// Store reads and changes settings. It is safe for concurrent use.
type Store struct {
	desk *db.Desk
	pub  publish.Publisher
}

// New returns a Store that brings the site up to date through pub.
func New(desk *db.Desk, pub publish.Publisher) *Store { return &Store{desk: desk, pub: pub} }

// Place is which sheet, and of what: an office, a nominator, a municipality.
type Place struct {
	Sheet string
	Ref   string // "" for a sheet there is one of
}

// sheetOf returns the sheet of a place, or NotFound.
func sheetOf(key string) (Sheet, error) {
	for _, s := range all {
		if s.Key == key {
			return s, nil
		}
	}
	return Sheet{}, fault.New(fault.NotFound, "")
}

// lock makes whoever changes the settings or the registry of a process wait for
// whoever already is.
func lock(ctx context.Context, tx *db.Tx, process int64) error {
	return tx.Lock(ctx, "registro "+strconv.FormatInt(process, 10))
}
