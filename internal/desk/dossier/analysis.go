package dossier

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"conoceles/internal/questionnaire"
	"conoceles/internal/serve"
)

//go:embed duties.txt
var dutyList string

// Duty is something that the Lineamientos or a law demand, and what proves that
// the system does it.
type Duty struct {
	Article, What, Who string
	Scripts            []string // acceptance scripts, by file name without its end
}

// Duties lists the duties, by article.
func Duties() ([]Duty, error) {
	var out []Duty
	for cells, err := range lines(dutyList, 4) {
		if err != nil {
			return nil, err
		}
		out = append(out, Duty{cells[0], cells[1], cells[2], strings.Fields(cells[3])})
	}
	return out, nil
}

// lines reads a list of lines of so many cells, which «|» separates.
func lines(text string, want int) func(func([]string, error) bool) {
	return func(yield func([]string, error) bool) {
		for line := range strings.Lines(text) {
			cells := strings.Split(strings.TrimSpace(line), "|")
			if len(cells) != want {
				yield(nil, fmt.Errorf("%q has %d cells, want %d", line, len(cells), want))
				return
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
}

func (s *Store) duties(context.Context, int64) ([]Block, error) {
	list, err := Duties()
	if err != nil {
		return nil, err
	}
	t := Table{Caption: "Deberes, por artículo", Widths: []float64{24, 70, 36, 46}, Head: []string{"Artículo", "Deber", "A quién toca", "Guion que lo prueba"}}
	for _, d := range list {
		for _, name := range d.Scripts {
			if _, err := fs.Stat(s.source.Scripts, name+".txt"); err != nil {
				return nil, fmt.Errorf("the duty of %s: %w", d.Article, err)
			}
		}
		t.Rows = append(t.Rows, []string{d.Article, d.What, d.Who, strings.Join(d.Scripts, ", ")})
	}
	return one(t)
}

// scripts lists the acceptance scripts with what each says that it proves.
func (s *Store) scripts(context.Context, int64) ([]Block, error) {
	names, err := fs.Glob(s.source.Scripts, "*.txt")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(err, errors.New("there are no acceptance scripts"))
	}
	slices.Sort(names)
	t := Table{Caption: "Guiones de aceptación", Widths: []float64{44, 118, 14}, Head: []string{"Guion", "Qué comprueba, en sus palabras", "Pasos"}}
	for _, name := range names {
		says, checks, err := s.script(name)
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, []string{strings.TrimSuffix(name, ".txt"), says, strconv.Itoa(checks)})
	}
	return one(t)
}

// script returns what a script says in its comments, and how many things it checks.
func (s *Store) script(name string) (says string, checks int, err error) {
	f, err := s.source.Scripts.Open(name)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var words []string
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		line := strings.TrimSpace(scanner.Text())
		if comment, ok := strings.CutPrefix(line, "# "); ok {
			words = append(words, comment)
			continue
		}
		switch verb, _, _ := strings.Cut(line, " "); verb {
		case "code", "body", "header", "location":
			checks++
		}
	}
	if len(words) == 0 {
		return "", 0, fmt.Errorf("the script %s does not say what it proves", name)
	}
	return strings.Join(words, " "), checks, nil
}

// kinds are how a kind of question is said.
var kinds = map[questionnaire.Kind]string{
	questionnaire.ShortText: "Texto de un renglón", questionnaire.LongText: "Texto", questionnaire.Choice: "Una opción",
	questionnaire.Choices: "Varias opciones", questionnaire.YesNoPrefer: "Sí, No o Prefiero no contestar", questionnaire.Country: "País o entidad",
	questionnaire.Email: "Correo", questionnaire.Phone: "Teléfono", questionnaire.Link: "Enlace", questionnaire.NamedLink: "Red y enlace",
	questionnaire.Postal: "Código postal", questionnaire.Address: "Domicilio", questionnaire.Photo: "Fotografía", questionnaire.List: "Lista de textos",
}

var disclosures = map[questionnaire.Disclosure]string{
	questionnaire.Withheld: "Nunca", questionnaire.Public: "Al validarse", questionnaire.ByConsent: "Con consentimiento",
}

// information lists every question of both questionnaires.
func (s *Store) information(context.Context, int64) ([]Block, error) {
	var out []Block
	for _, q := range []*questionnaire.Questionnaire{questionnaire.Curricular(), questionnaire.Identity()} {
		t := Table{Caption: q.Title, Widths: []float64{36, 58, 32, 22, 28}, Head: []string{"Clave", "Pregunta", "Tipo y límites", "Obligatoria", "Se publica"}}
		for _, question := range q.Questions() {
			required := "No"
			if question.Required != nil {
				required = "Cuando aplica"
				if question.IsRequired(nil) {
					required = "Sí"
				}
			}
			t.Rows = append(t.Rows, []string{string(question.ID), question.Label, kindOf(question), required, disclosures[question.Disclosure]})
		}
		out = append(out, Block{Heading: q.Title + ", versión " + q.Version, Sub: true}, Block{Table: &t})
	}
	return out, nil
}

func kindOf(q questionnaire.Question) string {
	text := kinds[q.Kind]
	switch {
	case q.Min > 0 && q.Max > 0:
		text += fmt.Sprintf(", de %d a %d caracteres", q.Min, q.Max)
	case q.Max > 0:
		text += fmt.Sprintf(", hasta %d caracteres", q.Max)
	}
	if q.MaxRows > 1 {
		text += fmt.Sprintf(", hasta %d renglones", q.MaxRows)
	}
	if len(q.Options) > 0 && q.Kind != questionnaire.YesNoPrefer {
		text += fmt.Sprintf(", %d opciones", len(q.Options))
	}
	return text
}

//go:embed levels.txt
var levelList string

// levels are the roles, with how many screens and acts the table of routes gives
// to each.
func (s *Store) levels(context.Context, int64) ([]Block, error) {
	t := Table{
		Caption: "Niveles de usuario", Widths: []float64{30, 60, 56, 17, 13},
		Head: []string{"Nivel", "Puede", "No puede", "Pantallas", "Actos"},
	}
	routes, told := s.source.Routes(), map[string]bool{}
	for cells, err := range lines(levelList, 4) {
		if err != nil {
			return nil, err
		}
		told[cells[0]] = true
		pages, acts := 0, 0
		for _, r := range routes {
			switch {
			case !slices.Contains(strings.Fields(string(r.Role)), cells[0]):
			case r.Method == "GET":
				pages++
			default:
				acts++
			}
		}
		t.Rows = append(t.Rows, []string{cells[1], cells[2], cells[3], strconv.Itoa(pages), strconv.Itoa(acts)})
	}
	for _, r := range routes {
		for role := range strings.FieldsSeq(string(r.Role)) {
			if !told[role] {
				return nil, fmt.Errorf("no level says who %q is", role)
			}
		}
	}
	return one(t)
}

// Belonging says whose is what the addresses of a part of the desk name.
type Belonging struct{ Prefix, Whose string }

//go:embed belongings.txt
var belongingList string

// Belongings lists them, by prefix of the address.
func Belongings() ([]Belonging, error) {
	var out []Belonging
	for cells, err := range lines(belongingList, 2) {
		if err != nil {
			return nil, err
		}
		out = append(out, Belonging{cells[0], cells[1]})
	}
	return out, nil
}

// routes is the whole table of permissions.
func (s *Store) routes(context.Context, int64) ([]Block, error) {
	whose, err := Belongings()
	if err != nil {
		return nil, err
	}
	t := Table{Caption: "Tabla de permisos", Widths: []float64{72, 16, 48, 40}, Head: []string{"Dirección", "Qué es", "Niveles", "De quién es lo que nombra"}}
	for _, r := range s.source.Routes() {
		if r.Surface == serve.System || strings.HasPrefix(r.Pattern, "/procesos/") {
			continue // for machines, and the same pages of another process
		}
		what := "Pantalla"
		if r.Method != "GET" {
			what = "Acto"
		}
		roles, owner := string(r.Role), ""
		if r.Role == serve.Anyone {
			roles = "cualquier persona"
		} else if strings.Contains(r.Pattern, "{") {
			for _, b := range whose {
				if strings.HasPrefix(r.Pattern, b.Prefix) {
					owner = b.Whose
					break
				}
			}
		}
		t.Rows = append(t.Rows, []string{r.Pattern, what, strings.ReplaceAll(roles, " ", ", "), owner})
	}
	return one(t)
}
