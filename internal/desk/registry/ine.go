package registry

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
)

// ineColumns are those of INE's open data: the 25 of the local elections of
// 2022 and, as aliases, the 26 of the federal one of 2021.
var ineColumns = []tabular.Column{
	{Name: "PARTIDO_COALICION"},
	{Name: "Partido"},
	{Name: "Coalicion"},
	{Name: "PartidosCoalicion"},
	{Name: "CARGO", Aliases: []string{"tipoCandidatura"}, Required: true},
	{Name: "ENTIDAD", Required: true},
	{Name: "DISTRITO LOCAL", Aliases: []string{"DISTRITO", "DISTRITO FEDERAL"}, Required: true},
	{Name: "CIRCUNSCRIPCION", Required: true},
	{Name: "MUNICIPIO"},
	{Name: "NUM_LISTA_O_FORMULA", Required: true},
	{Name: "NOMBRE_CANDIDATO", Required: true},
	{Name: "TIPO_CANDIDATO", Required: true},
	{Name: "EDAD", Required: true},
	{Name: "SEXO", Aliases: []string{"genero"}, Required: true},
	{Name: "DIRECCION_CASA_CAMPAÑA", Aliases: []string{"DOMICILIO"}},
	{Name: "TELEFONO"},
	{Name: "CORREO_ELECTRONICO"},
	{Name: "PAGINA_WEB"},
	{Name: "REDES"},
	{Name: "ESCOLARIDAD"},
	{Name: "ESTATUS_ESCOLARIDAD"},
	{Name: "CURSOS"},
	{Name: "HISTORIA_PROFESIONAL"},
	{Name: "TRAYECTORIA_POLITICA"},
	{Name: "MOTIVO_CARGO_PUBLICO"},
	{Name: "PROPUESTA_1"},
	{Name: "PROPUESTA_2"},
	{Name: "PROPUESTA_GENERO"},
}

// ineSource is who validated what INE publishes, as profiles say it.
const ineSource = "INE"

// ineRow is a row of INE's open data, understood.
type ineRow struct {
	line         int
	key          string // source_key
	name         string
	sex          election.Sex
	age          int
	role         election.Role
	office       *office
	state        *state
	district     *district
	municipality *municipality
	label        string // district or constituency as the file writes it
	number       string // NUM_LISTA_O_FORMULA, which is a folio
	nominator    *nominator
	answers      questionnaire.Answers
}

// ImportINE loads INE's open data into a process of kind consulta, which a
// command makes when it does not exist, and publishes it: it was public before.
// Its states, places, offices and nominators come from the file.
//
// Texts are kept whole whatever their length. Answers are published as
// validated by INE. A row that cannot be understood is rejected with its reason,
// under the same rule as ImportCandidacies.
func (r *Registry) ImportINE(ctx context.Context, by Author, req ImportRequest) (Result, error) {
	table, columns, parsed, err := open(req.Data, ineColumns)
	if err == nil && !columns.Has("PARTIDO_COALICION") && !columns.Has("Partido") {
		err = fault.InvalidField("PARTIDO_COALICION", "Falta la columna PARTIDO_COALICION (2022) o Partido (2021).")
	}
	if err != nil {
		return Result{}, err
	}
	missing := func(ctx context.Context, tx *db.Tx) (int64, error) {
		if err := r.catalogue.Institution.introduce(ctx, tx); err != nil {
			return 0, err
		}
		return insertProcess(ctx, tx, NewProcess{Name: req.Process, Kind: election.Archive, Source: ineSource}, []string{})
	}
	known, err := ineOffices()
	if err != nil {
		return Result{}, err
	}
	return r.load(ctx, by, req, "ine.importar", missing,
		func(ctx context.Context, tx *db.Tx, c *contest) (*Result, func() ([]int64, bool, error), error) {
			if c.process.Kind != string(election.Archive) {
				return nil, nil, fault.Newf(fault.Invalid, "«%s» no es una consulta histórica: ahí no se cargan datos del INE.", c.process.Name)
			}
			result := parsed.clone()
			reader := &ineReader{contest: c, columns: columns, result: result, offices: known, lines: map[string]int{}, names: map[string]int{}}
			rows := reader.read(table.Rows)
			loader, err := newINELoader(ctx, tx, c, reader)
			if err != nil {
				return nil, nil, err
			}
			if table.Encoding == tabular.Windows1252 {
				if loader.saved, err = loadSaved(ctx, tx, c.process.ID); err != nil {
					return nil, nil, err
				}
			}
			loader.plan(rows)
			return result, func() ([]int64, bool, error) { return loader.apply(ctx, tx) }, nil
		})
}

// ineReader turns rows of the file into ineRows and adds to the contest the
// places, offices and nominators they name.
type ineReader struct {
	contest *contest
	columns tabular.Columns
	result  *Result
	offices []OfficeEntry // what INE's names of offices mean
	lines   map[string]int
	names   map[string]int
}

func (l *ineReader) read(rows []tabular.Row) []*ineRow {
	var out []*ineRow
	propietarias := map[string]*ineRow{}
	for _, row := range rows {
		if l.result.rejected[row.Line] {
			continue
		}
		c := cellReader{row, l.columns, l.result}
		r := &ineRow{line: row.Line}
		l.readWho(c, r)
		if !l.result.rejected[row.Line] {
			l.readKey(c, r)
		}
		if l.result.rejected[row.Line] {
			continue
		}
		l.readWhere(c, r)
		r.answers = ineAnswers(c)
		out = append(out, r)
		l.warnTicket(propietarias, r)
	}
	return out
}

// readWho reads the person.
func (l *ineReader) readWho(c cellReader, r *ineRow) {
	name, reason := parseName(noData(c.short("NOMBRE_CANDIDATO")), 2*maxName)
	switch {
	case reason != "":
		c.reject("NOMBRE_CANDIDATO", "%s", reason)
	case name == "":
		c.reject("NOMBRE_CANDIDATO", "falta el nombre")
	}
	r.name = name
	for _, column := range []string{"CARGO", l.actorColumn()} {
		if c.short(column) == "" {
			c.reject(column, "falta")
		}
	}
	if r.sex = parseSex(c.short("SEXO")); r.sex == "" {
		c.reject("SEXO", "«%s» debe decir HOMBRE, MUJER, H o M", c.short("SEXO"))
	}
	if r.role = parseRole(c.short("TIPO_CANDIDATO")); r.role == "" {
		c.reject("TIPO_CANDIDATO", "«%s» debe decir PROPIETARIA, PROPIETARIO o SUPLENTE", c.short("TIPO_CANDIDATO"))
	}
	age := noData(c.short("EDAD"))
	if age == "" {
		return
	}
	n, err := strconv.Atoi(age)
	if err != nil || n < 18 || n > 120 {
		c.warn("EDAD", "«%s» no es una edad; se deja sin dato", age)
		return
	}
	r.age = n
}

// readKey makes the key of the row: (folio, name), and the kind too when one
// person appears as both. A row that repeats all three repeats another.
func (l *ineReader) readKey(c cellReader, r *ineRow) {
	r.number = noData(c.short("NUM_LISTA_O_FORMULA"))
	r.key = r.number + "|" + site.Fold(r.name)
	if first, ok := l.lines[r.key]; ok {
		r.key += "|" + string(r.role)
		if _, again := l.lines[r.key]; again {
			c.reject("NOMBRE_CANDIDATO", "repite el folio y el nombre de la fila %d", first)
			return
		}
	}
	l.lines[r.key] = r.line
	folded := site.Fold(r.name)
	if first, ok := l.names[folded]; ok {
		c.warn("NOMBRE_CANDIDATO", "se llama igual que la persona de la fila %d; se registran por separado", first)
		return
	}
	l.names[folded] = r.line
}

// warnTicket says when two persons of one folio are both propietarias: the file
// of 2022 calls so every woman. What the file says is kept.
func (l *ineReader) warnTicket(seen map[string]*ineRow, r *ineRow) {
	if r.role != election.Propietaria || r.number == "" || r.office == nil || r.office.Listed {
		return
	}
	key := r.office.Key + "|" + r.number + "|" + r.label
	if other := seen[key]; other != nil {
		l.result.warn(r.line, "TIPO_CANDIDATO", "dice propietaria, igual que la fila %d del mismo folio; se conserva lo que dice el archivo", other.line)
		return
	}
	seen[key] = r
}

// parts splits answers by rubro, in the form that is stored.
func parts(q *questionnaire.Questionnaire, a questionnaire.Answers) map[string]questionnaire.Answers {
	out := map[string]questionnaire.Answers{}
	for _, p := range q.Parts() {
		if some := p.Select(a); len(some) > 0 {
			out[string(p.ID)] = some
		}
	}
	return out
}

// sortedKeys gives maps a fixed order, so that equal imports write equal rows.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
