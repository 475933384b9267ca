package app_test

// The grid: what of a route is somebody's, and whose (security.md 1.3). A route
// of the desk without parameters is a matter of roles alone, which its handler's
// type says and the golden of archtest keeps. One that names something is of the
// first line here that its pattern begins with: a route that begins with none
// fails the test, and asks for its line.

// belonging is how one kind of thing belongs to people.
type belonging struct {
	prefix string // of the patterns that name it
	param  string // the parameter that names it
	absent string // a value that names nothing
	owners string // the addresses of those to whom $1 is there
}

const (
	// ofProcess: to everybody with a role in the process that the thing is of.
	// The demonstration made them all.
	ofProcess = `SELECT a.email FROM desk.accounts a JOIN desk.grants g ON g.account_id = a.id JOIN desk.processes p ON p.id = g.process_id
WHERE p.key = 'demostracion' AND $1::text <> ''`

	// ofNominator: to whoever captures the candidacy, written apart from what the
	// product does (domain 2.2): its party, the one it is siglada to, or the person.
	ofNominator = `SELECT a.email FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id, desk.accounts a JOIN desk.grants g ON g.account_id = a.id
WHERE c.folio = $1 AND g.process_id = c.process_id AND (g.candidacy_id = c.id
  OR CASE WHEN c.siglado_id IS NOT NULL THEN g.nominator_id = c.siglado_id WHEN n.representative_id IS NOT NULL THEN g.nominator_id = n.representative_id
     ELSE g.nominator_id = c.nominator_id END
  OR (n.kind = 'independiente' AND EXISTS (SELECT 1 FROM desk.candidacies h WHERE h.id = g.candidacy_id AND h.nominator_id = n.id)))`
)

// belongings are the lines of the grid, the longest prefixes first.
var belongings = []belonging{
	{"/administracion/catalogos/{catalogo}/{entrada}", "entrada", "no-existe", everybodys}, // each process has its own under the same key,
	{"/administracion/catalogos/", "catalogo", "no-existe", everybodys},
	{"/administracion/parametros/", "ficha", "no-existe", everybodys},
	{"/administracion/actores/", "actor", "999999999", ofProcess},
	{"/administracion/cambios/", "id", "999999999", ofProcess},
	{"/administracion/expediente/", "documento", "no-existe", everybodys},
	{"/administracion/personas/lista/", "archivo", "NOEXISTE", ofProcess},
	{"/administracion/personas/solicitudes/", "id", "999999999", ofProcess},
	{"/administracion/personas/", "id", "999999999", ofProcess},
	{"/captura/informes/", "informe", "no-existe", everybodys},
	{"/agenda/informe/", "mes", "1999-01", everybodys},
	{"/agenda/mes/", "mes", "1999-01", everybodys},
	{"/agenda/", "numero", "999999999", ofProcess},
	{"/captura/personas/", "id", "999999999", `SELECT b.email FROM desk.grants g JOIN desk.grants o ON o.nominator_id = g.nominator_id JOIN desk.accounts b ON b.id = o.account_id
WHERE g.account_id = $1::bigint`},
	{"/captura/requerimientos/", "id", "999999999", `SELECT a.email FROM desk.duty_notices d, desk.accounts a JOIN desk.grants g ON g.account_id = a.id
WHERE d.id = $1::bigint AND (g.nominator_id = d.nominator_id OR g.candidacy_id = d.candidacy_id)`},
	{"/captura/", "folio", "NO-EXISTE", ofNominator},
	{"/cuenta/sesiones/", "id", "999999999", `SELECT a.email FROM desk.sessions s JOIN desk.accounts a ON a.id = s.account_id WHERE s.id = $1::bigint`},
	{"/cuenta/llaves/", "id", "999999999", `SELECT a.email FROM desk.passkeys k JOIN desk.accounts a ON a.id = k.account_id WHERE k.id = $1::bigint`},
	{"/cuenta/arco/", "solicitud", "NO-EXISTE", `SELECT email FROM desk.accounts WHERE email = 'candidata@ejemplo.invalid' AND $1::text <> ''`},
	{"/registro/actos/", "id", "999999999", ofProcess},
	{"/registro/candidaturas/", "folio", "NO-EXISTE", ofProcess},
	{"/registro/listas/", "archivo", "NOEXISTE", ofProcess},
	{"/registro/publicacion/", "id", "999999999", ofProcess},
	{"/transparencia/arco/", "solicitud", "NO-EXISTE", ofProcess},
	{"/transparencia/cartas/", "id", "999999999", ofProcess},
	{"/transparencia/consentimientos/", "folio", "NO-EXISTE", ofProcess},
	{"/transparencia/conservacion/", "id", "999999999", ofProcess},
	{"/transparencia/informes/cortes/", "corte", "999999999", ofProcess},
	{"/transparencia/informes/solicitudes/", "peticion", "999999999", ofProcess},
	{"/transparencia/informes/", "informe", "no-existe", everybodys},
	{"/transparencia/registros/{registro}/{numero}", "numero", "999999999", ofProcess},
	{"/transparencia/registros/", "registro", "no-existe", everybodys},
	{"/transparencia/requerimientos/", "id", "999999999", ofProcess},
	{"/transparencia/revision/", "folio", "NO-EXISTE", ofProcess},
	{"/transparencia/vistas/", "id", "999999999", ofProcess},
}

// everybodys is of a register or of a month, that each process has: only its rows
// are of one.
const everybodys = `SELECT email FROM desk.accounts WHERE $1::text <> ''`
