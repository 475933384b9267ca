package demo

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// hashes makes, aside, as many hashes of the password as accounts there are: it is
// the only work of a seeding that needs nothing of the rest.
func (s Seeder) hashes(ctx context.Context) (wait func() ([]string, error)) {
	out := make([]string, len(Accounts()))
	var all errgroup.Group
	for i := range out {
		all.Go(func() (err error) {
			out[i], err = s.Accounts.Hash(ctx, Password)
			return err
		})
	}
	return func() ([]string, error) { return out, all.Wait() }
}

// accounts creates the demonstration's accounts, one after another: their numbers
// are seen in addresses, and two seedings must agree.
func (s Seeder) accounts(ctx context.Context, process int64, hashes []string) error {
	var party, own, independent int64
	const firstOf = `
SELECT c.id FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id JOIN desk.offices o ON o.id = c.office_id
WHERE c.process_id = $1 AND n.%s AND o.key = 'presidencia' AND c.role = 'propietaria' ORDER BY c.answered, c.id LIMIT 1`
	if err := s.Desk.QueryRow(ctx, `SELECT id FROM desk.nominators WHERE process_id = $1 AND acronym = 'RAIZ'`, process).Scan(&party); err != nil {
		return fmt.Errorf("the party of the accounts: %w", err)
	}
	if err := s.Desk.QueryRow(ctx, fmt.Sprintf(firstOf, "acronym = 'RAIZ'"), process).Scan(&own); err != nil {
		return fmt.Errorf("the candidacy with an account: %w", err)
	}
	if err := s.Desk.QueryRow(ctx, fmt.Sprintf(firstOf, "kind = 'independiente'"), process).Scan(&independent); err != nil {
		return fmt.Errorf("the independent with an account: %w", err)
	}
	all := []auth.NewAccount{
		{Email: "operador", Name: "R. Demostrada", Role: auth.Operator{}.Role(), Nominator: party},
		{Email: "validador", Name: "V. Supuesto", Role: auth.Validator{}.Role(), Nominator: party},
		{Email: "candidata", Name: "C. Ejemplo", Role: auth.Candidate{}.Role(), Candidacy: own},
		{Email: "independiente", Name: "I. Ficticio", Role: auth.Candidate{}.Role(), Candidacy: independent},
		{Email: "secretaria", Name: "S. Muestra", Role: auth.Secretary{}.Role()},
		{Email: "secretaria2", Name: "T. Ensayo", Role: auth.Secretary{}.Role()},
		{Email: "informatica", Name: "U. Modelo", Role: auth.Admin{}.Role()},
		{Email: "verificador", Name: "A. Boceto", Role: auth.Reviewer{}.Role()},
		{Email: "titular", Name: "H. Maqueta", Role: auth.Head{}.Role()},
		{Email: "auditoria", Name: "K. Novela", Role: auth.Auditor{}.Role()},
	}
	return s.do(ctx, process, "cuentas", func(ctx context.Context, tx *db.Tx) error {
		for i, a := range all {
			a.Email += "@ejemplo.invalid"
			a.Hash, a.Process = hashes[i], process
			if _, err := s.Accounts.Create(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}
