package report

import (
	"context"

	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// OwnCatalogue returns the reports that a party, or an independent, sees of their
// own candidacies.
func OwnCatalogue() []Definition {
	var out []Definition
	for _, d := range Catalogue() {
		if d.Own() {
			out = append(out, d)
		}
	}
	return out
}

// Own computes a report of what the actor captures, now. It is not kept, and is
// preliminary: the official one is of the institute. It is NotFound for a report
// that is not of each party. No answer of identity is in any of them.
func (s *Store) Own(ctx context.Context, a auth.Capturer, kind Kind) (File, error) {
	d, ok := Define(kind)
	if !ok || !d.Own() {
		return File{}, fault.New(fault.NotFound, "")
	}
	scope := a.Scope()
	src := s.source(s.desk, scope.Process)
	if err := src.read(ctx, kind, &scope); err != nil {
		return File{}, err
	}
	src.at, src.scope = s.desk.Now(), "Las candidaturas que captura "+ownName(a)
	out, err := src.compute(ctx, kind)
	if err != nil {
		return File{}, err
	}
	f := File{Cut: Cut{Kind: kind, At: src.at}, Definition: d, Report: out.report, process: scope.Process}
	return f, out.report.Check()
}

func ownName(a auth.Capturer) string {
	switch v := a.(type) {
	case auth.Operator:
		return v.NominatorName
	case auth.Validator:
		return v.NominatorName
	}
	return a.Person().Name
}
