package settings

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// rubricSource is the rubric of the qualitative analysis, as people write it: a
// line for each variable.
type rubricSource struct{}

func rubricFields() []Field {
	var out []Field
	for _, part := range questionnaire.Curricular().Parts() {
		if review.Scored(part.ID) {
			out = append(out, Field{ID: string(part.ID), Label: part.Label, Kind: Paragraph, Blank: true, Most: 4000})
		}
	}
	return out
}

func (rubricSource) read(ctx context.Context, q db.Querier, sub *Subject) error {
	if err := onlyOne(sub.Place); err != nil {
		return err
	}
	rubric, err := review.Rubric(ctx, q, sub.process)
	if err != nil {
		return err
	}
	for part, variables := range rubric {
		var lines []string
		for _, v := range variables {
			lines = append(lines, writeVariable(v))
		}
		sub.Values[string(part)] = []string{strings.Join(lines, "\n")}
	}
	return nil
}

func (rubricSource) write(ctx context.Context, tx *db.Tx, c writing, v Values) error {
	rubric := map[questionnaire.ID][]review.Variable{}
	for _, f := range c.fields {
		variables, err := parseVariables(v.Get(f.ID))
		if err != nil {
			return fault.InvalidField(f.ID, f.Label+": "+err.Error())
		}
		rubric[questionnaire.ID(f.ID)] = variables
	}
	return review.SetRubric(ctx, tx, c.process, rubric)
}

// checkRubric says which lines are no variable.
func checkRubric(sub Subject, v Values, _ time.Time) []fault.Field {
	var out []fault.Field
	for _, f := range sub.Fields {
		if _, err := parseVariables(v.Get(f.ID)); err != nil {
			out = append(out, fault.Field{ID: f.ID, Message: f.Label + ": " + err.Error()})
		}
	}
	return out
}

// writeVariable is a variable in a line; one of no and yes is its name alone.
func writeVariable(v review.Variable) string {
	var levels []string
	for _, l := range v.Levels {
		levels = append(levels, fmt.Sprintf("%d %s", l.Points, l.Name))
	}
	if text := strings.Join(levels, ", "); text != "0 No, 1 Sí" {
		return v.Name + ": " + text
	}
	return v.Name
}

// parseVariables reads a variable from each line that is not blank. The error is
// for who typed them.
func parseVariables(text string) ([]review.Variable, error) {
	var out []review.Variable
	seen := map[string]bool{}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, levels, given := strings.Cut(line, ":")
		v := review.Variable{Name: strings.TrimSpace(name), Levels: []review.Level{{Points: 0, Name: "No"}, {Points: 1, Name: "Sí"}}}
		if given {
			v.Levels = parseLevels(levels)
		}
		switch {
		case v.Name == "" || len([]rune(v.Name)) > 200:
			return nil, fmt.Errorf("cada renglón empieza con el nombre de la variable, de hasta 200 caracteres")
		case len(v.Levels) < 2:
			return nil, fmt.Errorf("«%s» necesita al menos dos niveles con puntos distintos, de menor a mayor, como «0 No, 1 Sí»", v.Name)
		case seen[v.Name]:
			return nil, fmt.Errorf("«%s» está dos veces", v.Name)
		}
		seen[v.Name] = true
		out = append(out, v)
	}
	return out, nil
}

// parseLevels reads «0 No, 1 Sí»; none when they are not levels that grow.
func parseLevels(text string) []review.Level {
	var out []review.Level
	last := -1
	for part := range strings.SplitSeq(text, ",") {
		points, name, _ := strings.Cut(strings.TrimSpace(part), " ")
		n, err := strconv.Atoi(points)
		name = strings.TrimSpace(name)
		if err != nil || n <= last || n > 100 || name == "" {
			return nil
		}
		out, last = append(out, review.Level{Points: n, Name: name}), n
	}
	return out
}
