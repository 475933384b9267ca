package registry

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/questionnaire"
)

// savedTexts are the texts that a process has, to know which of those in a file
// lost characters on their way through a spreadsheet. A text that lost some is not
// a change: what there was stays, and the cell is told.
type savedTexts struct {
	answers map[int64]questionnaire.Answers
	byFolio map[string][]*candidacy
}

// loadSaved reads the answers that a process has validated.
func loadSaved(ctx context.Context, q db.Querier, process int64) (*savedTexts, error) {
	const sql = `
SELECT c.id, a.answers FROM desk.candidacies c
JOIN LATERAL (SELECT v.versions FROM desk.validations v WHERE v.candidacy_id = c.id ORDER BY v.number DESC LIMIT 1) v ON true
JOIN desk.answer_versions a ON a.candidacy_id = c.id AND a.version = (v.versions ->> a.part)::int
WHERE c.process_id = $1`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	s := &savedTexts{answers: map[int64]questionnaire.Answers{}}
	var id int64
	var some questionnaire.Answers
	_, err = pgx.ForEachRow(rows, []any{&id, &some}, func() error {
		if s.answers[id] == nil {
			s.answers[id] = questionnaire.Answers{}
		}
		maps.Copy(s.answers[id], some)
		some = nil
		return nil
	})
	return s, err
}

// restore gives a row back the texts that its file could not hold, and returns
// whose row it is: a name that lost a letter is still that person's.
func (s *savedTexts) restore(l *ineLoader, row *ineRow, old *candidacy) *candidacy {
	if old == nil {
		if old = s.named(l, row); old == nil {
			return nil
		}
		s.tell(l, row, "NOMBRE_CANDIDATO", row.name, old.Given)
		row.name, row.key = old.Given, old.SourceKey
	}
	for _, id := range slices.Sorted(maps.Keys(row.answers)) {
		before, ok := s.answers[old.ID][id]
		if !ok {
			continue
		}
		row.answers[id] = s.answer(before, row.answers[id], func(text, read string) { s.tell(l, row, ineColumnOf(id), read, text) })
	}
	return old
}

// named finds the only candidacy of the folio whose name becomes the row's.
func (s *savedTexts) named(l *ineLoader, row *ineRow) *candidacy {
	if s.byFolio == nil {
		s.byFolio = map[string][]*candidacy{}
		for _, key := range sortedKeys(l.existing) {
			c := l.existing[key]
			s.byFolio[c.RegistryFolio] = append(s.byFolio[c.RegistryFolio], c)
		}
	}
	var found *candidacy
	for _, c := range s.byFolio[row.number] {
		if _, lost := tabular.Lost(c.Given, row.name); lost {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

// answer returns what was read with the texts that it lost as they were.
func (s *savedTexts) answer(before, read questionnaire.Answer, tell func(text, read string)) questionnaire.Answer {
	fix := func(text, read string) string {
		if _, lost := tabular.Lost(text, read); lost {
			tell(text, read)
			return text
		}
		return read
	}
	read.Text = fix(before.Text, read.Text)
	if len(before.Texts) == len(read.Texts) {
		read.Texts = slices.Clone(read.Texts)
		for i := range read.Texts {
			read.Texts[i] = fix(before.Texts[i], read.Texts[i])
		}
	}
	if len(before.Rows) == len(read.Rows) {
		read.Rows = slices.Clone(read.Rows)
		for i, row := range read.Rows {
			read.Rows[i] = maps.Clone(row)
			for column, text := range row {
				read.Rows[i][column] = fix(before.Rows[i][column], text)
			}
		}
	}
	return read
}

func (s *savedTexts) tell(l *ineLoader, row *ineRow, column, read, text string) {
	n, _ := tabular.Lost(text, read)
	what := "perdió %d caracteres que la codificación del archivo (Windows-1252) no tiene; se conserva el texto que ya estaba"
	if n == 1 {
		what = "perdió %d carácter que la codificación del archivo (Windows-1252) no tiene; se conserva el texto que ya estaba"
	}
	l.result.warn(row.line, column, what, n)
}

// ineColumnOf is the column of INE's file that an answer comes from.
func ineColumnOf(id questionnaire.ID) string {
	for _, t := range ineTexts {
		if t.question == id {
			return t.column
		}
	}
	switch id {
	case questionnaire.Degree:
		return "ESCOLARIDAD"
	case questionnaire.DegreeStatus:
		return "ESTATUS_ESCOLARIDAD"
	case questionnaire.OtherStudies:
		return "CURSOS"
	case "casa_campana":
		return "DIRECCION_CASA_CAMPAÑA"
	case "telefono_publico":
		return "TELEFONO"
	case "correo_publico":
		return "CORREO_ELECTRONICO"
	case "pagina_web":
		return "PAGINA_WEB"
	}
	return "REDES"
}
