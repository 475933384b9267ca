package capture

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"conoceles/internal/questionnaire"
)

// RowsOf returns the numbers of the rows of a question that a form has, in order.
func RowsOf(id questionnaire.ID, form url.Values) []int {
	seen := map[int]bool{}
	for name := range FieldsOf(id, form) {
		index, _, _ := strings.Cut(strings.TrimPrefix(name, string(id)+"."), ".")
		if n, err := strconv.Atoi(index); err == nil {
			seen[n] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// RemoveRow takes row n of a question out of a form and closes the gap.
func RemoveRow(id questionnaire.ID, n int, form url.Values) url.Values {
	out := url.Values{}
	kept := slices.DeleteFunc(RowsOf(id, form), func(i int) bool { return i == n })
	for name, values := range form {
		head, rest, _ := strings.Cut(name, ".")
		if head != string(id) {
			out[name] = values
			continue
		}
		index, column, isCell := strings.Cut(rest, ".")
		i, err := strconv.Atoi(index)
		place := slices.Index(kept, i)
		switch {
		case err != nil:
			out[name] = values
		case place < 0:
		case isCell:
			out[questionnaire.CellName(id, place, column)] = values
		default:
			out[questionnaire.FieldName(id, place)] = values
		}
	}
	return out
}
