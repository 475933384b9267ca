package duty

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/web/es"
)

// Breaches are what is still owed of a process at one instant, with its evidence.
type Breaches struct {
	Owed     []Owed
	Late     []Late // complied after their term («extemporánea»)
	Cut      time.Time
	Notices  int // requirements sent in the process
	evidence map[int64][]fact
}

// Late is a candidacy that complied after its term.
type Late struct {
	Candidacy int64
	Folio     string
	Name      string
	Nominator string
	Acuse     string // folio of the validation
	At        time.Time
}

// Candidacies returns how many candidacies owe something.
func (b Breaches) Candidacies() int { return len(candidaciesOf(b.Owed)) }

// Nominator is the count of one nominator's breaches (report R-6): candidacies.
type Nominator struct {
	Name       string
	Unanswered int // curricular, 0 %
	Incomplete int // curricular, under 100 % or not validated
	Deviating  int // art. 18 pending
	Identity   int // incomplete
}

// ByNominator counts the breaches of each, in the order of the ballot.
func (b Breaches) ByNominator() []Nominator {
	var out []Nominator
	for _, o := range b.Owed {
		i := -1
		for j := range out {
			if out[j].Name == o.Nominator {
				i = j
			}
		}
		if i < 0 {
			out, i = append(out, Nominator{Name: o.Nominator}), len(out)
		}
		switch {
		case o.Questionnaire == Identities:
			out[i].Identity++
		case o.Kind == Unanswered:
			out[i].Unanswered++
		case o.Kind == Deviating:
			out[i].Deviating++
		default:
			out[i].Incomplete++
		}
	}
	return out
}

// breaches returns what is owed at now. Who may go on capturing by an exception is
// still in term, and owes nothing yet.
func (s *Store) breaches(ctx context.Context, q db.Querier, process int64, now time.Time) (Breaches, error) {
	b := Breaches{Cut: now}
	all, err := s.owed(ctx, q, process, nil)
	if err != nil {
		return b, err
	}
	for _, o := range all {
		if o.Excepted == nil || !now.Before(*o.Excepted) {
			b.Owed = append(b.Owed, o)
		}
	}
	if b.Late, err = late(ctx, q, process); err != nil {
		return b, err
	}
	if err := q.QueryRow(ctx, `SELECT count(*) FROM desk.duty_notices WHERE process_id = $1 AND state = 'enviado'`, process).Scan(&b.Notices); err != nil {
		return b, db.Fault(err)
	}
	b.evidence, err = evidence(ctx, q, candidaciesOf(b.Owed))
	return b, err
}

func late(ctx context.Context, q db.Querier, process int64) ([]Late, error) {
	const sql = `
SELECT c.id AS candidacy, c.folio, concat_ws(' ', p.given_names, NULLIF(p.surnames, '')) AS name, n.name AS nominator, v.folio AS acuse, v.at
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id JOIN desk.nominators n ON n.id = c.nominator_id
JOIN desk.validations v ON v.candidacy_id = c.id AND v.number = 1 AND v.late
WHERE c.process_id = $1 AND c.standing = 'aprobada' ORDER BY n.registry_order, c.id`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Late])
	return out, db.Fault(err)
}

// share is how much of a questionnaire was answered at the cut; of identity, only
// that it is incomplete.
func (o Owed) share() string {
	if o.Questionnaire == Identities {
		return "Incompleto"
	}
	return es.Percent(o.Answered, mandatory)
}

// mandatory is how many answers the curricular questionnaire asks for.
const mandatory = 9

// factsInRow is how many facts a row of the document has: more would not fit in a
// page.
const factsInRow = 20

// evidenceOf says the evidence of a candidacy, a fact per line, in pieces that fit
// in a page.
func (b Breaches) evidenceOf(candidacy int64) []string {
	var lines []string
	for _, f := range b.evidence[candidacy] {
		lines = append(lines, when(f.At)+": "+f.What)
	}
	if lines == nil {
		return []string{"Sin actos registrados."}
	}
	var out []string
	for piece := range slices.Chunk(lines, factsInRow) {
		out = append(out, strings.Join(piece, "\n"))
	}
	return out
}
