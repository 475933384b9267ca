package review

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// Outcome is what a review says of a rubro.
type Outcome string

// The outcomes.
const (
	Complies Outcome = "se_apega"
	Observed Outcome = "observar"
)

// Remark is the result of a rubro in a review.
type Remark struct {
	Part    questionnaire.ID
	Version int
	Outcome Outcome
	Causes  []string // codes; none unless Observed
	Note    string   // what to mend, said to whoever captures
}

// Judgement is a Remark of a review that the Head approved.
type Judgement struct {
	Remark
	Review int64
	At     time.Time
}

// judgements are in the order in which they were approved.
type judgements []Judgement

// of returns the last judgement of a version of a rubro.
func (js judgements) of(part questionnaire.ID, version int) (Judgement, bool) {
	for i := len(js) - 1; i >= 0; i-- {
		if js[i].Part == part && js[i].Version == version {
			return js[i], true
		}
	}
	return Judgement{}, false
}

// last returns the last judgement of a rubro, of whatever version.
func (js judgements) last(part questionnaire.ID) (Judgement, bool) {
	for i := len(js) - 1; i >= 0; i-- {
		if js[i].Part == part {
			return js[i], true
		}
	}
	return Judgement{}, false
}

func readJudgements(ctx context.Context, q db.Querier, candidacy int64) (judgements, error) {
	const sql = `
SELECT m.part, m.version, m.outcome, m.causes, m.note, r.id AS review, r.decided_at AS at
FROM desk.remarks m JOIN desk.reviews r ON r.id = m.review_id
WHERE r.candidacy_id = $1 AND r.state = 'aprobada' ORDER BY r.decided_at, r.id, m.part`
	rows, err := q.Query(ctx, sql, candidacy)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Judgement])
}

// Observations returns, of each rubro whose last judgement asks for a
// correction, that judgement.
func Observations(ctx context.Context, q db.Querier, candidacy int64) (map[questionnaire.ID]Judgement, error) {
	all, err := readJudgements(ctx, q, candidacy)
	out := map[questionnaire.ID]Judgement{}
	for _, j := range all {
		delete(out, j.Part)
		if j.Outcome == Observed {
			out[j.Part] = j
		}
	}
	return out, db.Fault(err)
}

// axis is what desk.candidacies.review says of a candidacy (domain 0.3.8): one
// public rubro observed makes it observada, one that nobody judged pendiente.
func axis(public map[questionnaire.ID]int, all judgements) string {
	state := "verificada"
	for part, version := range public {
		j, judged := all.of(part, version)
		switch {
		case judged && j.Outcome == Observed:
			return "observada"
		case !judged:
			state = "pendiente"
		}
	}
	return state
}
