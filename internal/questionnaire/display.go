package questionnaire

import "strings"

// Lines says an answer to a reader, one line per thing answered: the label of
// an option, a telephone in groups, an address in one line. Nothing for a
// blank and for a Photo, which is looked at. A LongText is one line that may
// hold line breaks.
func (q Question) Lines(a Answer) []string {
	if a.IsBlank() || q.Kind == Photo {
		return nil
	}
	switch q.Shape() {
	case Scalar:
		return []string{q.line(a.Text, a.Other)}
	case Table:
		var lines []string
		for _, row := range a.Rows {
			lines = append(lines, q.rowLine(row))
		}
		return lines
	}
	var lines []string
	for _, text := range a.Texts {
		lines = append(lines, q.line(text, a.Other))
	}
	return lines
}

func (q Question) line(text, other string) string {
	if o, ok := q.Option(text); ok {
		if o.Free && other != "" {
			return o.Label + ": " + other
		}
		return o.Label
	}
	if q.Kind == Phone && isDigits(text, 10) {
		return text[:3] + " " + text[3:6] + " " + text[6:]
	}
	return text
}

func (q Question) rowLine(row Row) string {
	if q.Kind == NamedLink {
		return row["nombre"] + ": " + row["url"]
	}
	var parts []string
	for _, p := range []struct{ before, text string }{
		{"", row["calle"]},
		{"Ext. ", row["num_ext"]},
		{"Int. ", row["num_int"]},
		{"Col. ", row["colonia"]},
		{"C. P. ", row["cp"]},
		{"", row["municipio"]},
	} {
		if p.text != "" {
			parts = append(parts, p.before+p.text)
		}
	}
	line := strings.Join(parts, ", ")
	if row["referencias"] != "" {
		line += " (" + row["referencias"] + ")"
	}
	return line
}
