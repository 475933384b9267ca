package registry

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// noData is a cell without the spellings of «no data» that INE's files have:
// an empty cell, a blank, «No proporcionó» and «No aplica», written so. A person
// who typed «NO APLICA», or a row of dots, wrote a text.
func noData(cell string) string {
	cell = strings.TrimSpace(cell)
	if cell == "No proporcionó" || cell == "No aplica" {
		return ""
	}
	return cell
}

// ineTexts are the columns that are answers as they stand.
var ineTexts = []struct {
	column   string
	question questionnaire.ID
}{
	{"HISTORIA_PROFESIONAL", questionnaire.WorkHistory},
	{"TRAYECTORIA_POLITICA", questionnaire.Trajectory},
	{"MOTIVO_CARGO_PUBLICO", questionnaire.Motive},
	{"PROPUESTA_1", questionnaire.Proposal1},
	{"PROPUESTA_2", questionnaire.Proposal2},
	{"PROPUESTA_GENERO", questionnaire.GenderProposal},
}

// ineAnswers reads the answers of a row. They are kept whole and as they were
// written; what breaks a limit of the questionnaire is a warning, because the
// source already published it.
func ineAnswers(c cellReader) questionnaire.Answers {
	q := questionnaire.Curricular()
	a := questionnaire.Answers{}
	put := func(id questionnaire.ID, answer questionnaire.Answer) {
		if !answer.IsBlank() {
			a[id] = answer
		}
	}
	for _, t := range ineTexts {
		put(t.question, questionnaire.Answer{Text: ineText(c, t.column, t.question, q)})
	}
	put(questionnaire.Degree, questionnaire.Answer{Text: ineOption(c, "ESCOLARIDAD", questionnaire.Degree, q)})
	put(questionnaire.DegreeStatus, questionnaire.Answer{Text: ineOption(c, "ESTATUS_ESCOLARIDAD", questionnaire.DegreeStatus, q)})
	if courses := ineCell(c, "CURSOS"); courses != "" && courses != "Sin cursos" {
		put(questionnaire.OtherStudies, questionnaire.Answer{Texts: []string{courses}})
	}
	if place := ineCell(c, "DIRECCION_CASA_CAMPAÑA"); place != "" {
		put("casa_campana", questionnaire.Answer{Rows: []questionnaire.Row{{"calle": place}}})
	}
	put("telefono_publico", questionnaire.Answer{Texts: ineList(c, "TELEFONO")})
	put("correo_publico", questionnaire.Answer{Texts: ineList(c, "CORREO_ELECTRONICO")})
	put("pagina_web", questionnaire.Answer{Text: ineCell(c, "PAGINA_WEB")})
	ineNetworks(a, ineList(c, "REDES"))
	return a
}

// ineCell is the text of a cell, whole; "" when it says there is none or when a
// spreadsheet lost it, of which the reader of the file already warned.
func ineCell(c cellReader, column string) string {
	text := noData(c.columns.Long(c.row, column))
	if strings.HasPrefix(text, "#¿") || text == "#NAME?" {
		return ""
	}
	return text
}

// ineText is ineCell, with a warning when it is longer than people may write.
func ineText(c cellReader, column string, id questionnaire.ID, q *questionnaire.Questionnaire) string {
	text := ineCell(c, column)
	question, _ := q.Question(id)
	if n := utf8.RuneCountInString(text); question.Max > 0 && n > question.Max {
		c.warn(column, "tiene %d caracteres y el máximo es %d; se conserva completo", n, question.Max)
	}
	return text
}

// ineOption is the value of the option with the label of the cell. A word that
// the questionnaire does not offer («Trunca», «Educación básica») stays as it is.
func ineOption(c cellReader, column string, id questionnaire.ID, q *questionnaire.Questionnaire) string {
	text := ineCell(c, column)
	question, _ := q.Question(id)
	for _, o := range question.Options {
		if site.Fold(o.Label) == site.Fold(text) {
			return o.Value
		}
	}
	return text
}

// ineList is a cell of several things divided by a comma and a space.
func ineList(c cellReader, column string) []string {
	var out []string
	for part := range strings.SplitSeq(ineCell(c, column), ", ") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// ineNetworks answers the question of each network with its address. A second
// address of the same network, and those of networks without a question, go to
// «otra red»: none is lost.
func ineNetworks(a questionnaire.Answers, addresses []string) {
	q := questionnaire.Curricular()
	var others []questionnaire.Row
	for _, address := range addresses {
		host := hostOf(address)
		if id := networkOf(q, host); id != "" && !a.Has(id) {
			a[id] = questionnaire.Answer{Text: address}
			continue
		}
		name := host
		if name == "" {
			name = "Otra"
		}
		others = append(others, questionnaire.Row{"nombre": name, "url": address})
	}
	if len(others) > 0 {
		a["otra_red"] = questionnaire.Answer{Rows: others}
	}
}

// networkOf returns the question whose sites include the host.
func networkOf(q *questionnaire.Questionnaire, host string) questionnaire.ID {
	for _, question := range q.Questions() {
		for _, site := range question.Hosts {
			if host == site || strings.HasSuffix(host, "."+site) {
				return question.ID
			}
		}
	}
	return ""
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
