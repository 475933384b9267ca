package review

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// library keeps in memory the validated texts of each process, to find copies
// without reading them all for every page. It only grows: validations are
// append-only, and the last one of a candidacy takes the place of the others.
type library struct {
	mu      sync.Mutex
	shelves map[int64]*shelf // by process
}

// shelf is the texts of a process, and which validations it has read.
type shelf struct {
	Copies
	floor  int64               // every validation up to it was read
	recent map[int64]time.Time // read, above the floor
}

func newLibrary() *library { return &library{shelves: map[int64]*shelf{}} }

// settled is how old a validation is when no transaction that began before it can
// still commit: identifiers are given out before commits.
const settled = 10 * time.Minute

// like returns, of each text, which validated ones it repeats.
func (l *library) like(ctx context.Context, desk *db.Desk, process int64, texts map[TextKey]string) (map[TextKey][]Match, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.shelves[process]
	if s == nil {
		s = &shelf{recent: map[int64]time.Time{}}
		l.shelves[process] = s
	}
	if err := s.read(ctx, desk, process); err != nil {
		return nil, db.Fault(err)
	}
	out := map[TextKey][]Match{}
	for key, text := range texts {
		if found := s.Like(key, text); len(found) > 0 {
			out[key] = found
		}
	}
	return out, nil
}

// read takes in the validations that were not read yet, in order.
func (s *shelf) read(ctx context.Context, desk *db.Desk, process int64) error {
	const sql = `
SELECT v.id, v.at, v.candidacy_id, jsonb_agg(a.answers)
FROM desk.validations v JOIN desk.candidacies c ON c.id = v.candidacy_id
CROSS JOIN LATERAL jsonb_each_text(v.versions) w
JOIN desk.answer_versions a ON a.candidacy_id = v.candidacy_id AND a.part = w.key AND a.version = w.value::int
WHERE c.process_id = $1 AND v.id > $2 AND v.id <> ALL ($3)
GROUP BY v.id ORDER BY v.id`
	known := make([]int64, 0, len(s.recent))
	for id := range s.recent {
		known = append(known, id)
	}
	rows, err := desk.Query(ctx, sql, process, s.floor, known)
	if err != nil {
		return err
	}
	var id, candidacy int64
	var at time.Time
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &at, &candidacy, &raw}, func() error {
		var parts []questionnaire.Answers
		if err := json.Unmarshal(raw, &parts); err != nil {
			return err
		}
		for _, answers := range parts {
			for question, a := range answers {
				if isEssay(question) {
					s.Put(TextKey{candidacy, question}, a.Text)
				}
			}
		}
		s.recent[id] = at
		return nil
	})
	s.settle(desk.Now())
	return err
}

// settle raises the floor over what is old enough.
func (s *shelf) settle(now time.Time) {
	for id, at := range s.recent {
		if now.Sub(at) > settled {
			s.floor = max(s.floor, id)
		}
	}
	for id := range s.recent {
		if id <= s.floor {
			delete(s.recent, id)
		}
	}
}

// isEssay reports whether a question asks for a text of one's own.
func isEssay(id questionnaire.ID) bool {
	switch id {
	case questionnaire.WorkHistory, questionnaire.Trajectory, questionnaire.Motive,
		questionnaire.Proposal1, questionnaire.Proposal2, questionnaire.GenderProposal:
		return true
	}
	return false
}
