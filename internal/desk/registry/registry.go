// Package registry is the list of approved candidacies and everything that
// changes it: the catalogues of a process, the lists that the institute
// approves, the historical files of INE, and the acts (substitutions,
// resignations, corrections…) that come afterwards.
//
// Two doors change the registry, and both publish in the same transaction.
//
// A list (ImportCandidacies, ImportINE, ImportPrecincts) is read whole, compared
// with what there is and told back as new, changed, unchanged and rejected rows
// with their reasons. Nothing is written unless every row is good, or the
// rejected ones were accepted. Loading the same file again changes nothing.
//
//	bytes ──tabular──> rows ──parse──> candidates ──plan──> Result ──apply──> desk ──publish──> site
//
// An act (Capture, Confirm, Discard) is captured by one person and confirmed by
// another, with the acuerdo that orders it; the database refuses it otherwise.
//
// A list never replaces a person: somebody else in a place that is taken is a
// substitution, and that is an act.
package registry

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/publish"
	"conoceles/internal/fault"
)

// Registry loads lists and records acts. It is safe for concurrent use.
type Registry struct {
	desk      *db.Desk
	pub       publish.Publisher
	catalogue Catalogue
}

// New returns the registry of an institute, whose catalogue gives offices and
// places to the processes made from now on.
func New(desk *db.Desk, pub publish.Publisher, c Catalogue) *Registry {
	return &Registry{desk: desk, pub: pub, catalogue: c}
}

// Author is who loads a list. Its zero value may load nothing.
type Author struct {
	actor   db.Actor
	process int64 // the only process it may touch; 0 for a command: any
}

// OnBehalf is a person of the Secretaría Ejecutiva, in their process.
func OnBehalf(s auth.Secretary) Author { return Author{actor: s, process: s.Process} }

// Command is somebody who runs the program on the server. The bitácora shows
// the command's name.
func Command(name string) Author { return Author{actor: db.System{Name: name}} }

// may returns an error unless the author may load lists into the process.
func (a Author) may(process int64) error {
	if a.actor == nil || a.process != 0 && a.process != process {
		return fault.New(fault.NotFound, "")
	}
	return nil
}

// lock makes whoever changes the registry of a process wait for whoever
// already is: plans are made on what there is.
func lock(ctx context.Context, tx *db.Tx, process string) error {
	return tx.Lock(ctx, "registro "+process)
}
