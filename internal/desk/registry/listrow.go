package registry

import (
	"strings"
	"time"

	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
)

// listColumns are those of an approved list, in the order of the template.
var listColumns = []tabular.Column{
	{Name: "CARGO", Required: true},
	{Name: "ENTIDAD"},
	{Name: "DISTRITO", Aliases: []string{"DISTRITO LOCAL"}},
	{Name: "MUNICIPIO"},
	{Name: "POSICION", Aliases: []string{"NUMERO DE LISTA", "PRELACION"}},
	{Name: "CALIDAD", Required: true},
	{Name: "NOMBRES", Aliases: []string{"NOMBRE", "NOMBRE(S)"}, Required: true},
	{Name: "APELLIDOS"},
	{Name: "PRIMER_APELLIDO", Aliases: []string{"APELLIDO PATERNO"}},
	{Name: "SEGUNDO_APELLIDO", Aliases: []string{"APELLIDO MATERNO"}},
	{Name: "SOBRENOMBRE"},
	{Name: "SEXO", Aliases: []string{"GENERO"}, Required: true},
	{Name: "FECHA_NACIMIENTO", Aliases: []string{"FECHA DE NACIMIENTO"}},
	{Name: "PARTIDO", Required: true},
	{Name: coalitionColumn, Aliases: []string{"COALICION", "CANDIDATURA COMUN"}},
	{Name: "ACCION_AFIRMATIVA"},
	{Name: "ELECCION_CONSECUTIVA"},
	{Name: "CORREO", Aliases: []string{"CORREO ELECTRONICO"}},
	{Name: "TELEFONO"},
	{Name: "FOLIO"},
	{Name: "ACUERDO"},
	{Name: "FECHA_ACUERDO", Aliases: []string{"FECHA DE ACUERDO", "FECHA DEL ACUERDO"}},
}

const coalitionColumn = "COALICION O CANDIDATURA COMUN"

// TemplateHeader is the header of the template of an approved list.
func TemplateHeader() []string {
	var header []string
	for _, c := range listColumns {
		if c.Name != "APELLIDOS" && c.Name != "ENTIDAD" {
			header = append(header, c.Name)
		}
	}
	return header
}

// listRow is a row of an approved list, understood.
type listRow struct {
	line        int
	seat        seat
	person      person
	siglado     *nominator
	folio       string
	actions     []string
	consecutive *bool
	acuerdo     string
	approved    *time.Time
	place       string // for people
}

// seat is what a candidacy stands for; two in force never share one.
type seat struct {
	office       *office
	state        *state
	district     *district
	municipality *municipality
	nominator    *nominator
	position     int
	role         election.Role
}

// listReader turns rows of the file into listRows. What cannot be understood
// goes to the result as rejections.
type listReader struct {
	contest *contest
	columns tabular.Columns
	result  *Result
	options ImportRequest
}

// read returns the rows that are good by themselves.
func (l *listReader) read(rows []tabular.Row) []*listRow {
	if !l.columns.Has("PRIMER_APELLIDO") {
		l.result.warn(0, "APELLIDOS", "los apellidos vienen juntos y así se guardan; no se separan")
	}
	var out []*listRow
	for _, row := range rows {
		if l.result.rejected[row.Line] {
			continue // its cells are not where they should be
		}
		cells := cellReader{row, l.columns, l.result}
		r := &listRow{line: row.Line}
		l.readPlace(cells, r)
		l.readPerson(cells, r)
		l.readRegistration(cells, r)
		if !l.result.rejected[row.Line] {
			l.readNominator(cells, r)
		}
		if !l.result.rejected[row.Line] {
			out = append(out, r)
		}
	}
	return out
}

// cellReader reads the cells of one row and rejects the row for what is wrong.
type cellReader struct {
	row     tabular.Row
	columns tabular.Columns
	result  *Result
}

func (c cellReader) short(column string) string { return c.columns.Short(c.row, column) }

func (c cellReader) reject(column, format string, args ...any) {
	c.result.reject(c.row.Line, column, format, args...)
}

func (c cellReader) warn(column, format string, args ...any) {
	c.result.warn(c.row.Line, column, format, args...)
}

// name reads a name that must be there unless optional.
func (c cellReader) name(column string, most int) string {
	name, reason := parseName(c.columns.Original(c.row, column), most)
	if reason != "" {
		c.reject(column, "%s", reason)
	}
	return name
}

func (c cellReader) date(column string) *time.Time {
	t, ok := parseDate(c.short(column))
	if !ok {
		c.reject(column, "«%s» no es una fecha; escríbela como 1985-03-14 o 14/03/1985", c.short(column))
	}
	return t
}

// readPlace reads what the candidacy stands for, but its nominator.
func (l *listReader) readPlace(c cellReader, r *listRow) {
	s := &r.seat
	text := c.short("CARGO")
	if s.office = l.contest.office(text); s.office == nil {
		c.reject("CARGO", "«%s» no es un cargo de este proceso; usa uno de la plantilla", text)
		return
	}
	s.state = l.contest.state(c.short("ENTIDAD"))
	if s.state == nil {
		c.reject("ENTIDAD", "«%s» no es una entidad de este proceso", c.short("ENTIDAD"))
		return
	}
	switch s.office.Ambit {
	case election.InDistrict:
		if s.district = l.contest.district(s.state, c.short("DISTRITO")); s.district == nil {
			c.reject("DISTRITO", "«%s» no es un distrito de este proceso; escribe su número", c.short("DISTRITO"))
		}
	case election.InMunicipality:
		l.readMunicipality(c, s)
	}
	r.place = s.office.placeName(s.district, s.municipality, s.state)
	if s.role = parseRole(c.short("CALIDAD")); s.role == "" {
		c.reject("CALIDAD", "«%s» debe decir PROPIETARIA o SUPLENTE", c.short("CALIDAD"))
	}
	if s.role == election.Suplente && !s.office.hasSubstitute {
		c.reject("CALIDAD", "%s no lleva suplente", s.office.Name)
	}
	l.readPosition(c, s)
}

func (l *listReader) readMunicipality(c cellReader, s *seat) {
	text := c.short("MUNICIPIO")
	s.municipality = l.contest.municipality(s.state, text)
	switch {
	case s.municipality == nil:
		c.reject("MUNICIPIO", "«%s» no es un municipio de este proceso; revisa cómo se escribe", text)
	case !s.municipality.byParties:
		c.reject("MUNICIPIO", "%s elige por sistemas normativos: no registra planillas", s.municipality.name)
	}
}

func (l *listReader) readPosition(c cellReader, s *seat) {
	text := c.short("POSICION")
	position, ok := parsePosition(text)
	switch {
	case !ok:
		c.reject("POSICION", "«%s» debe ser un número de 1 en adelante", text)
	case text == "" && s.office.Listed:
		c.reject("POSICION", "falta; %s se postula en lista con orden", s.office.Name)
	case s.municipality != nil && s.office.Listed && s.municipality.councillors > 0 && position > s.municipality.councillors:
		c.warn("POSICION", "%s tiene %d regidurías en el catálogo; esta dice %d", s.municipality.name, s.municipality.councillors, position)
	}
	s.position = position
}

// readPerson reads who stands.
func (l *listReader) readPerson(c cellReader, r *listRow) {
	p := &r.person
	if p.Given = c.name("NOMBRES", maxName); p.Given == "" {
		c.reject("NOMBRES", "falta")
	}
	column := "APELLIDOS"
	if c.columns.Has("PRIMER_APELLIDO") {
		column = "PRIMER_APELLIDO"
	}
	if p.Surnames = strings.TrimSpace(c.name(column, maxName) + " " + c.name("SEGUNDO_APELLIDO", maxName)); p.Surnames == "" {
		c.reject(column, "falta")
	}
	if p.Nickname = c.short("SOBRENOMBRE"); len([]rune(p.Nickname)) > maxNickname {
		c.reject("SOBRENOMBRE", "tiene más de %d caracteres", maxNickname)
	}
	if p.Sex = string(parseSex(c.short("SEXO"))); p.Sex == "" {
		c.reject("SEXO", "«%s» debe decir H, M o NB", c.short("SEXO"))
	}
	if p.Birth = c.date("FECHA_NACIMIENTO"); p.Birth != nil {
		if problem := ageProblem(*p.Birth, l.contest.process.AgeReference); problem != "" {
			c.reject("FECHA_NACIMIENTO", "%s", problem)
		}
	}
	var ok bool
	if p.Email, ok = parseEmail(c.short("CORREO")); !ok {
		c.reject("CORREO", "«%s» no es un correo", c.short("CORREO"))
	}
	if p.Phone, ok = parsePhone(c.short("TELEFONO")); !ok {
		c.reject("TELEFONO", "«%s» debe tener diez dígitos", c.short("TELEFONO"))
	}
}

// readRegistration reads what the acuerdo says besides person and place.
func (l *listReader) readRegistration(c cellReader, r *listRow) {
	var unknown string
	if r.actions, unknown = parseActions(c.short("ACCION_AFIRMATIVA")); unknown != "" {
		c.reject("ACCION_AFIRMATIVA", "«%s» no está en el catálogo: indígena, discapacidad, afromexicana, lgbttiq, joven, mayor, migrante", unknown)
	}
	var ok bool
	if r.consecutive, ok = parseYesNo(c.short("ELECCION_CONSECUTIVA")); !ok {
		c.reject("ELECCION_CONSECUTIVA", "«%s» debe decir SÍ o NO", c.short("ELECCION_CONSECUTIVA"))
	}
	r.folio = c.short("FOLIO")
	r.acuerdo = c.short("ACUERDO")
	r.approved = c.date("FECHA_ACUERDO")
	if r.acuerdo == "" {
		r.acuerdo = l.options.Acuerdo
	}
	if r.approved == nil {
		r.approved = instant(l.options.ApprovedOn)
	}
}
