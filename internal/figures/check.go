package figures

import (
	"fmt"
	"slices"
)

// Check returns the first contradiction of a report, or nil.
func (r Report) Check() error {
	seen := map[string]bool{}
	for _, t := range r.Tables {
		if t.ID == "" || seen[t.ID] {
			return fmt.Errorf("figures: the table %q is there twice, or has no name", t.ID)
		}
		seen[t.ID] = true
		if err := t.Check(); err != nil {
			return fmt.Errorf("figures: table %s: %w", t.ID, err)
		}
	}
	return nil
}

// Check returns the first contradiction of a table, or nil.
func (t Table) Check() error {
	if err := t.checkColumns(); err != nil {
		return err
	}
	for i, row := range t.All() {
		if err := t.checkRow(row); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	if t.Total == nil || t.Rounded {
		return nil
	}
	for c, column := range t.Columns {
		if column.Kind != Count {
			continue
		}
		sum := 0
		for _, row := range t.Rows {
			sum += row[c].N
		}
		if sum != t.Total[c].N {
			return fmt.Errorf("the rows of %q add up to %d, and the total says %d", column.Title, sum, t.Total[c].N)
		}
	}
	return nil
}

func (t Table) checkColumns() error {
	if len(t.Columns) == 0 || t.Columns[0].Kind != Text {
		return fmt.Errorf("the first column must say what a row is about")
	}
	counts := func(i int) bool { return i > 0 && i < len(t.Columns) && t.Columns[i].Kind == Count }
	for _, c := range t.Columns {
		if c.Kind == Percent && (!counts(c.Part) || !counts(c.Whole)) {
			return fmt.Errorf("%q is a percentage of columns that are no counts", c.Title)
		}
	}
	if t.Chart != 0 && !counts(t.Chart) && (t.Chart < 0 || t.Chart >= len(t.Columns) || t.Columns[t.Chart].Kind != Percent) {
		return fmt.Errorf("column %d cannot be drawn", t.Chart)
	}
	if len(t.Parts) > 0 && (!counts(t.Whole) || slices.ContainsFunc(t.Parts, func(i int) bool { return !counts(i) })) {
		return fmt.Errorf("the parts of a row must be counts")
	}
	return nil
}

func (t Table) checkRow(row Row) error {
	if len(row) != len(t.Columns) {
		return fmt.Errorf("%d cells, for %d columns", len(row), len(t.Columns))
	}
	for i, c := range row {
		switch column := t.Columns[i]; {
		case c.N < 0:
			return fmt.Errorf("%q is negative", column.Title)
		case c.Withheld && (c.N != 0 || c.Text != "" || !t.Rounded):
			return fmt.Errorf("%q is withheld and says something", column.Title)
		case column.Kind == Count && c.Text != "", column.Kind == Text && c.N != 0, column.Kind == Percent && c != (Cell{}):
			return fmt.Errorf("%q holds something of another kind", column.Title)
		case column.Kind == Percent && !t.Rounded && row[column.Part].N > row[column.Whole].N:
			return fmt.Errorf("%q is more than the whole", column.Title)
		}
	}
	if len(t.Parts) == 0 || t.Rounded {
		return nil
	}
	sum := 0
	for _, i := range t.Parts {
		sum += row[i].N
	}
	if sum != row[t.Whole].N {
		return fmt.Errorf("its parts add up to %d, and %q says %d", sum, t.Columns[t.Whole].Title, row[t.Whole].N)
	}
	return nil
}
