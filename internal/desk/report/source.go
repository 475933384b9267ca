package report

import (
	"context"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/figures"
)

// source is what a report is computed from: one snapshot of the database.
type source struct {
	*Store
	q       db.Querier
	process int64
	name    string // of the process
	scope   string // of whom
	at      time.Time
	from    time.Time // of a report of some days
	until   time.Time
	all     []fact
	drafts  map[string]string     // what its texts begin with
	step    func(done, total int) // tells how far it has come
}

// source begins what a report is computed from.
func (s *Store) source(q db.Querier, process int64) *source {
	return &source{Store: s, q: q, process: process, scope: "Todo el proceso", step: func(int, int) {}}
}

// read reads whom a report is of: everybody, or what a scope reaches. A report of
// some days is of nobody.
func (s *source) read(ctx context.Context, kind Kind, of *auth.Scope) error {
	s.tell(reading, 0, 1)
	if err := s.q.QueryRow(ctx, `SELECT name FROM desk.processes WHERE id = $1`, s.process).Scan(&s.name); err != nil {
		return db.Fault(err)
	}
	if d, _ := Define(kind); d.Span != OfInstant {
		return nil
	}
	return s.facts(ctx, of)
}

// begin begins a report of this source.
func (s *source) begin(kind Kind, definition ...string) figures.Report {
	d, _ := Define(kind)
	return figures.Report{Kind: string(kind), Title: d.Title, Process: s.name, Scope: s.scope, At: s.at.UTC(), Definition: definition}
}

// What words mean in the tables, said in every report that uses them.
const (
	sayRegistered = "Registradas: candidaturas aprobadas y vigentes al corte, en cargos que cuentan en los informes. Las que renunciaron, fallecieron, se cancelaron o se sustituyeron no están en los denominadores y se listan aparte."
	sayCaptured   = "Curricular capturado: el cuestionario tiene grado de estudios o algún texto. Un teléfono solo no es un cuestionario."
	sayComplete   = "Curricular completo: tiene las nueve respuestas obligatorias."
	sayIdentity   = "Identidad respondido: el cuestionario está completo, o lo cerró la propia persona al no autorizar el tratamiento de sus datos. Cuenta a todas las personas: es un deber, no una respuesta."
	sayPercent    = "Cada porcentaje es de las columnas de su renglón. Se redondea al décimo más cercano; nunca se redondea a 100 ni a 0."
)

// computed is a report with what of it may be public.
type computed struct {
	report figures.Report
	public *figures.Report
	drafts map[string]string
}

// compute makes a report of this source.
func (s *source) compute(ctx context.Context, kind Kind) (computed, error) {
	if kind == Groups {
		return s.computeGroups(ctx)
	}
	make, ok := map[Kind]func(context.Context) (figures.Report, error){
		Monthly: s.monthly, Usage: s.usage, Advance: s.advance, Final: s.final, Qualitative: s.qualitative, Breaches: s.breaches, Observations: s.observations,
		Lists: s.lists, Affirmative: s.affirmative, Consents: s.consents,
	}[kind]
	if !ok {
		return computed{}, fmt.Errorf("report: there is no report %q", kind)
	}
	r, err := make(ctx)
	s.tell(tables, 1, 1)
	out := computed{report: r, drafts: s.drafts}
	if d, _ := Define(kind); d.Public() {
		out.public = &r
	}
	return out, err
}

// computeGroups makes the internal statistics and the public ones.
func (s *source) computeGroups(ctx context.Context) (computed, error) {
	set, err := readSettings(ctx, s.q, s.process)
	if err != nil {
		return computed{}, err
	}
	all, err := s.identities(ctx, set.IdentityPublic)
	if err != nil {
		return computed{}, err
	}
	before, err := s.kept(ctx, s.q, s.process, Groups)
	if err != nil {
		return computed{}, err
	}
	r := s.groups(all, set.IdentityPublic)
	if n := len(before); n > 0 {
		r.Definition = append(r.Definition, sayWithdrawn(all, before[n-1]))
	}
	public, err := s.public(ctx, all, set)
	return computed{report: r, public: &public}, err
}
