package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// mark is the points that a person gave to a text for a variable.
type mark struct {
	who    string
	points int
}

// variable is one of the rubric in force.
type variable struct {
	id   int64
	part questionnaire.ID
	name string
	most int
}

// scoredText is a validated text with the marks it got, by variable.
type scoredText struct {
	candidacy int64
	part      questionnaire.ID
	hash      string
	marks     map[int64][]mark
}

// coding is the rubric of a process and what it was scored with.
type coding struct {
	high, middle int
	variables    []variable
	texts        []*scoredText // of validated questionnaires, in parts that the rubric scores
	of           map[int64][]*scoredText
	most         int // of a candidacy
}

// result is the score of a candidacy.
type result struct{ points, most int }

// result returns the score of a candidacy; false until all its texts have one.
func (c coding) result(candidacy int64) (result, bool) {
	own := c.of[candidacy]
	r := result{most: c.most}
	for _, text := range own {
		for _, v := range c.variables {
			if v.part != text.part {
				continue
			}
			marks := text.marks[v.id]
			if len(marks) == 0 {
				return result{}, false
			}
			r.points += least(marks)
		}
	}
	return r, len(own) > 0 && r.most > 0
}

// level returns the band of a score.
func (c coding) level(r result) string {
	switch percent := 100 * r.points / r.most; {
	case percent >= c.high:
		return "alto"
	case percent >= c.middle:
		return "medio"
	}
	return "bajo"
}

// scored counts the texts that have some mark.
func (c coding) scored() int {
	n := 0
	for _, t := range c.texts {
		if len(t.marks) > 0 {
			n++
		}
	}
	return n
}

func least(marks []mark) int {
	return slices.MinFunc(marks, func(a, b mark) int { return cmp.Compare(a.points, b.points) }).points
}

func agree(marks []mark) bool {
	return !slices.ContainsFunc(marks, func(m mark) bool { return m.points != marks[0].points })
}

// readCoding reads the rubric, the texts under it and their marks.
func (s *source) readCoding(ctx context.Context) (coding, error) {
	c := coding{of: map[int64][]*scoredText{}}
	if err := s.q.QueryRow(ctx, `SELECT score_high, score_middle FROM desk.processes WHERE id = $1`, s.process).Scan(&c.high, &c.middle); err != nil {
		return c, db.Fault(err)
	}
	const variables = `
SELECT v.id, v.part, v.name, (SELECT max(l.points) FROM desk.rubric_levels l WHERE l.variable_id = v.id)
FROM desk.rubric_variables v WHERE v.process_id = $1 AND v.retired_at IS NULL ORDER BY v.id`
	rows, err := s.q.Query(ctx, variables, s.process)
	if err != nil {
		return c, db.Fault(err)
	}
	var v variable
	var parts []string
	_, err = pgx.ForEachRow(rows, []any{&v.id, &v.part, &v.name, &v.most}, func() error {
		c.variables, c.most = append(c.variables, v), c.most+v.most
		if !slices.Contains(parts, string(v.part)) {
			parts = append(parts, string(v.part))
		}
		return nil
	})
	if err != nil {
		return c, db.Fault(err)
	}
	slices.SortStableFunc(c.variables, func(a, b variable) int { return partOrder(a.part) - partOrder(b.part) })
	if err := s.readTexts(ctx, &c, parts); err != nil {
		return c, err
	}
	return c, s.readMarks(ctx, &c)
}

func partOrder(id questionnaire.ID) int {
	return slices.IndexFunc(questionnaire.Curricular().Parts(), func(p questionnaire.Part) bool { return p.ID == id })
}

// readTexts reads which texts were validated last.
func (s *source) readTexts(ctx context.Context, c *coding, parts []string) error {
	const sql = `
SELECT c.id, a.part, a.hash FROM desk.candidacies c
JOIN LATERAL (SELECT v.versions FROM desk.validations v WHERE v.candidacy_id = c.id ORDER BY v.number DESC LIMIT 1) v ON true
JOIN desk.answer_versions a ON a.candidacy_id = c.id AND a.part = ANY($2) AND a.version = (v.versions ->> a.part)::int AND a.hash <> $3
WHERE c.process_id = $1 AND c.standing = 'aprobada' ORDER BY c.id, a.part`
	rows, err := s.q.Query(ctx, sql, s.process, parts, questionnaire.Answers{}.Hash())
	if err != nil {
		return db.Fault(err)
	}
	var t scoredText
	_, err = pgx.ForEachRow(rows, []any{&t.candidacy, &t.part, &t.hash}, func() error {
		one := t
		one.marks = map[int64][]mark{}
		c.texts, c.of[t.candidacy] = append(c.texts, &one), append(c.of[t.candidacy], &one)
		return nil
	})
	return db.Fault(err)
}

// readMarks reads what was given to those texts, and to no other.
func (s *source) readMarks(ctx context.Context, c *coding) error {
	type key struct {
		candidacy int64
		part      questionnaire.ID
		hash      string
	}
	at := make(map[key]*scoredText, len(c.texts))
	for _, t := range c.texts {
		at[key{t.candidacy, t.part, t.hash}] = t
	}
	const sql = `
SELECT s.candidacy_id, s.part, s.content, m.variable_id, m.points, a.name FROM desk.scores s JOIN desk.score_marks m ON m.score_id = s.id
JOIN desk.rubric_variables v ON v.id = m.variable_id AND v.retired_at IS NULL JOIN desk.accounts a ON a.id = s.account_id
WHERE v.process_id = $1 ORDER BY s.id`
	rows, err := s.q.Query(ctx, sql, s.process)
	if err != nil {
		return db.Fault(err)
	}
	var k key
	var id int64
	var m mark
	_, err = pgx.ForEachRow(rows, []any{&k.candidacy, &k.part, &k.hash, &id, &m.points, &m.who}, func() error {
		if t := at[k]; t != nil {
			t.marks[id] = append(t.marks[id], m)
		}
		return nil
	})
	return db.Fault(err)
}
