package review

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// Variable is something that the qualitative methodology looks for in a text.
type Variable struct {
	ID     int64
	Part   questionnaire.ID
	Name   string
	Levels []Level // from fewest points
}

// Level is how far a text meets a variable.
type Level struct {
	Points int
	Name   string
}

// most returns the points of the best level.
func (v Variable) most() int { return v.Levels[len(v.Levels)-1].Points }

// has reports whether some level has these points.
func (v Variable) has(points int) bool {
	return slices.ContainsFunc(v.Levels, func(l Level) bool { return l.Points == points })
}

// defaultRubric is the one of domain 8.4: a point for each variable that the text
// meets. INE provides its own to the final report; a process may have another.
var defaultRubric = []struct {
	part  questionnaire.ID
	names []string
}{
	{"formacion", []string{"Dice el grado y el estatus", "Dice otra formación"}},
	{"historia_profesional", []string{"Describe su experiencia", "Menciona años", "Menciona actividades"}},
	{"trayectoria", []string{"Describe su trayectoria o participación", "Menciona años", "Menciona actividades"}},
	{"propuesta_1", proposalVariables},
	{"propuesta_2", proposalVariables},
	{"propuesta_genero", []string{"Dice la población objetivo", "Dice metas", "Dice plazos", "Es pertinente al género o grupo"}},
}

var proposalVariables = []string{
	"Dice la población objetivo", "Dice metas", "Dice plazos", "Plantea una iniciativa de ley o una política pública",
}

// AddDefaultRubric gives a process the default rubric, which is data from then on.
func AddDefaultRubric(ctx context.Context, tx *db.Tx, process int64) error {
	const variable = `INSERT INTO desk.rubric_variables (process_id, part, position, name) VALUES ($1, $2, $3, $4) RETURNING id`
	const levels = `INSERT INTO desk.rubric_levels (variable_id, points, name) VALUES ($1, 0, 'No'), ($1, 1, 'Sí')`
	for _, r := range defaultRubric {
		for i, name := range r.names {
			var id int64
			if err := tx.QueryRow(ctx, variable, process, r.part, i+1, name).Scan(&id); err != nil {
				return err
			}
			if err := tx.Exec(ctx, levels, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// rubric reads the variables of a process, by rubro.
func rubric(ctx context.Context, q db.Querier, process int64) (map[questionnaire.ID][]Variable, error) {
	const sql = `
SELECT v.id, v.part, v.name, l.points, l.name FROM desk.rubric_variables v JOIN desk.rubric_levels l ON l.variable_id = v.id
WHERE v.process_id = $1 AND v.retired_at IS NULL ORDER BY v.part, v.position, l.points`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	out := map[questionnaire.ID][]Variable{}
	var v Variable
	var l Level
	_, err = pgx.ForEachRow(rows, []any{&v.ID, &v.Part, &v.Name, &l.Points, &l.Name}, func() error {
		list := out[v.Part]
		if n := len(list); n == 0 || list[n-1].ID != v.ID {
			list = append(list, Variable{ID: v.ID, Part: v.Part, Name: v.Name})
		}
		last := &list[len(list)-1]
		last.Levels = append(last.Levels, l)
		out[v.Part] = list
		return nil
	})
	return out, err
}

// Score is what one person gave to the texts on screen. The other person's is not
// shown: two that were given apart can be compared (double coding).
type Score struct {
	Marks        map[int64]int // points by variable
	Points, Most int           // of the rubros scored
	High, Middle int           // from which percentage a level begins
}

// Percent returns the points over the most that could be given, 0 with none.
func (s Score) Percent() int {
	if s.Most == 0 {
		return 0
	}
	return 100 * s.Points / s.Most
}

// ScoreLevel is a band of a score.
type ScoreLevel string

// The bands of a score, and that there is none.
const (
	Unscored    ScoreLevel = ""
	HighScore   ScoreLevel = "alto"
	MiddleScore ScoreLevel = "medio"
	LowScore    ScoreLevel = "bajo"
)

// Level returns the band of the score.
func (s Score) Level() ScoreLevel {
	switch p := s.Percent(); {
	case s.Most == 0:
		return Unscored
	case p >= s.High:
		return HighScore
	case p >= s.Middle:
		return MiddleScore
	}
	return LowScore
}

// readScore fills the rubric of a file, and what the account gave to its texts.
func (s *Store) readScore(ctx context.Context, account int64, f *File) error {
	variables, err := rubric(ctx, s.desk, f.Process)
	if err != nil {
		return db.Fault(err)
	}
	hashes := map[questionnaire.ID]string{}
	for i, r := range f.Rubros {
		if r.answered(f.Answers) {
			f.Rubros[i].Variables = variables[r.ID]
			hashes[r.ID] = r.Select(f.Answers).Hash()
		}
	}
	f.Score.Marks = map[int64]int{}
	if err := s.desk.QueryRow(ctx, `SELECT score_high, score_middle FROM desk.processes WHERE id = $1`, f.Process).Scan(&f.Score.High, &f.Score.Middle); err != nil {
		return db.Fault(err)
	}
	const sql = `
SELECT s.part, s.content, m.variable_id, m.points FROM desk.scores s JOIN desk.score_marks m ON m.score_id = s.id
WHERE s.candidacy_id = $1 AND s.account_id = $2 AND s.content = ANY($3)`
	rows, err := s.desk.Query(ctx, sql, f.ID, account, slices.Collect(maps.Values(hashes)))
	if err != nil {
		return db.Fault(err)
	}
	var part questionnaire.ID
	var content string
	var variable int64
	var points int
	_, err = pgx.ForEachRow(rows, []any{&part, &content, &variable, &points}, func() error {
		if hashes[part] == content {
			f.Score.Marks[variable] = points
		}
		return nil
	})
	f.Score.sum(variables)
	return db.Fault(err)
}

// sum adds the points up.
func (s *Score) sum(variables map[questionnaire.ID][]Variable) {
	for _, list := range variables {
		for _, v := range list {
			if points, ok := s.Marks[v.ID]; ok {
				s.Points, s.Most = s.Points+points, s.Most+v.most()
			}
		}
	}
}

// answered reports whether there is anything to score in the rubro.
func (r Rubro) answered(a questionnaire.Answers) bool {
	return slices.ContainsFunc(r.Questions, func(q questionnaire.Question) bool { return a.Has(q.ID) })
}
