package settings

import (
	"context"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// The sheets of the catalogues: those that there are several of, each by its
// reference.
const (
	Nominator    = "actor"
	NewNominator = "actor_nuevo"
	Emblem       = "emblema"
	Office       = "cargo"
	Municipality = "municipio"
	District     = "distrito"
)

var catalogueSheets = []Sheet{
	{
		Key: NewNominator, Title: "Actor nuevo", Group: Catalogue, Reach: Public, Again: true, source: nominatorSource{}, check: checkNominator,
		Lead:   "Un partido, una coalición, una candidatura común o una candidatura independiente.",
		Fields: append([]Field{{ID: "tipo", Label: "Tipo", Kind: Choice, Options: nominatorKinds}}, nominatorFields...),
	},
	{
		Key: Nominator, Title: "Actor", Group: Catalogue, Reach: Public, source: nominatorSource{}, check: checkNominator, effect: nominatorEffect,
		Lead: "El orden en la boleta, el nombre y quienes lo integran se ven en el sitio.", Fields: nominatorFields,
	},
	{
		Key: Emblem, Title: "Emblema", Group: Catalogue, Reach: Public, source: emblemSource{},
		Lead:   "Se muestra entero, centrado en un cuadro blanco del mismo tamaño para todos los actores.",
		Fields: []Field{{ID: "emblema", Label: "Emblema", Kind: Image}},
	},
	{
		Key: Office, Title: "Cargo", Group: Catalogue, Reach: Public, Report: Modification, effect: officeEffect,
		Lead: "Qué cargos están en el sistema, cuáles capturan y cuáles cuentan en los informes.",
		Fields: []Field{
			{ID: "nombre", Label: "Nombre", Kind: Line, column: "name"},
			{ID: "descripcion", Label: "Qué hace, en lenguaje claro", Kind: Paragraph, Most: 600, Blank: true, column: "description"},
			{ID: "en_sistema", Label: "Se publica", Kind: YesNo, column: "in_system"},
			{ID: "captura_obligatoria", Label: "Debe capturar los cuestionarios", Kind: YesNo, column: "capture_required"},
			{ID: "cuenta_en_informe", Label: "Cuenta en los informes", Kind: YesNo, column: "counted"},
		},
		source: row{
			`SELECT name, to_jsonb(x) FROM (SELECT name, description, in_system, capture_required, counted FROM desk.offices WHERE process_id = $1 AND key = $2) x`,
			`UPDATE desk.offices o SET (name, description, in_system, capture_required, counted) =
  (SELECT name, COALESCE(description, ''), in_system, capture_required, counted FROM jsonb_populate_record(o, $3)) WHERE process_id = $1 AND key = $2`,
		},
	},
	{
		Key: Municipality, Title: "Municipio", Group: Catalogue, Reach: Public,
		Lead: "Su nombre, cuántas regidurías elige y si elige por partidos.",
		Fields: []Field{
			{ID: "nombre", Label: "Nombre", Kind: Line, column: "name"},
			{ID: "regidurias", Label: "Regidurías", Kind: Number, Most: 50, Blank: true, column: "councillors"},
			{ID: "por_partidos", Label: "Elige ayuntamiento por partidos", Hint: "No: por sistemas normativos.", Kind: YesNo, column: "by_parties"},
			{ID: "por_verificar", Label: "Dato por verificar", Kind: YesNo, column: "to_verify"},
		},
		source: row{
			`SELECT name, to_jsonb(x) FROM (SELECT name, councillors, by_parties, to_verify FROM desk.municipalities WHERE process_id = $1 AND code = $2) x`,
			`UPDATE desk.municipalities m SET (name, councillors, by_parties, to_verify) =
  (SELECT name, councillors, by_parties, to_verify FROM jsonb_populate_record(m, $3)) WHERE process_id = $1 AND code = $2`,
		},
	},
	{
		Key: District, Title: "Distrito", Group: Catalogue, Reach: Public,
		Lead: "Su cabecera.",
		Fields: []Field{
			{ID: "cabecera", Label: "Cabecera", Kind: Line, Blank: true, column: "seat"},
			{ID: "por_verificar", Label: "Dato por verificar", Kind: YesNo, column: "to_verify"},
		},
		source: row{
			`SELECT number::text, to_jsonb(x) FROM (SELECT number, seat, to_verify FROM desk.districts WHERE process_id = $1 AND number::text = $2) x`,
			`UPDATE desk.districts d SET (seat, to_verify) =
  (SELECT seat, to_verify FROM jsonb_populate_record(d, $3)) WHERE process_id = $1 AND number::text = $2`,
		},
	},
}

func officeEffect(ctx context.Context, q db.Querier, sub Subject, v Values) ([]string, error) {
	if sub.Values.Yes("en_sistema") == v.Yes("en_sistema") {
		return nil, nil
	}
	var n int
	const sql = `
SELECT count(*) FROM desk.candidacies c JOIN desk.offices o ON o.id = c.office_id
WHERE c.process_id = $1 AND o.key = $2 AND c.standing = 'aprobada'`
	if err := q.QueryRow(ctx, sql, sub.process, sub.Ref).Scan(&n); err != nil {
		return nil, db.Fault(err)
	}
	if v.Yes("en_sistema") {
		return []string{es.Plural(n, "candidatura entra", "candidaturas entran") + " al sitio público."}, nil
	}
	return []string{es.Plural(n, "candidatura deja", "candidaturas dejan") + " el sitio público."}, nil
}

// Entry is a thing of a catalogue, as it is listed.
type Entry struct {
	Ref       string
	Name      string
	Facts     []string
	Doubtful  bool // to verify
	HasEmblem bool
	Pending   bool // a change waits for another person
}

// Catalogues lists the catalogues of a process other than nominators.
func Catalogues() []Sheet {
	var out []Sheet
	for _, key := range []string{Office, District, Municipality} {
		out = append(out, SheetOf(key))
	}
	return out
}

var entriesSQL = map[string]string{
	Nominator: `
SELECT n.id::text AS ref, n.name, ARRAY[n.acronym, n.kind, n.registry_order::text,
  (SELECT COALESCE(string_agg(m.acronym, ', ' ORDER BY m.registry_order, m.id), '') FROM desk.nominator_members k JOIN desk.nominators m ON m.id = k.party_id WHERE k.nominator_id = n.id),
  COALESCE((SELECT acronym FROM desk.nominators r WHERE r.id = n.representative_id), '')] AS facts,
  n.to_verify AS doubtful, n.emblem IS NOT NULL AS has_emblem,
  EXISTS (SELECT 1 FROM desk.setting_changes c WHERE c.process_id = $1 AND c.sheet IN ('actor', 'emblema') AND c.ref = n.id::text AND c.state = 'por_confirmar') AS pending
FROM desk.nominators n WHERE n.process_id = $1 ORDER BY n.kind = 'independiente', n.registry_order, n.id`,
	Office: `
SELECT o.key AS ref, o.name, ARRAY[o.in_system::text, o.capture_required::text, o.counted::text] AS facts, false AS doubtful, false AS has_emblem,
  EXISTS (SELECT 1 FROM desk.setting_changes c WHERE c.process_id = $1 AND c.sheet = 'cargo' AND c.ref = o.key AND c.state = 'por_confirmar') AS pending
FROM desk.offices o WHERE o.process_id = $1 ORDER BY o.ballot_order, o.id`,
	Municipality: `
SELECT m.code AS ref, m.name, ARRAY[COALESCE(m.councillors::text, ''), m.by_parties::text,
  (SELECT count(*)::text FROM desk.precincts s WHERE s.municipality_id = m.id)] AS facts, m.to_verify AS doubtful, false AS has_emblem,
  EXISTS (SELECT 1 FROM desk.setting_changes c WHERE c.process_id = $1 AND c.sheet = 'municipio' AND c.ref = m.code AND c.state = 'por_confirmar') AS pending
FROM desk.municipalities m WHERE m.process_id = $1 ORDER BY m.name COLLATE "es-MX-x-icu", m.id`,
	District: `
SELECT d.number::text AS ref, 'Distrito ' || d.number AS name, ARRAY[d.seat, (SELECT count(*)::text FROM desk.precincts s WHERE s.district_id = d.id)] AS facts,
  d.to_verify AS doubtful, false AS has_emblem,
  EXISTS (SELECT 1 FROM desk.setting_changes c WHERE c.process_id = $1 AND c.sheet = 'distrito' AND c.ref = d.number::text AND c.state = 'por_confirmar') AS pending
FROM desk.districts d WHERE d.process_id = $1 ORDER BY d.number, d.id`,
}

// Entries lists a catalogue of the actor's process; NotFound for none.
func (s *Store) Entries(ctx context.Context, r auth.SettingReader, catalogue string) ([]Entry, error) {
	sql, ok := entriesSQL[catalogue]
	if !ok {
		return nil, fault.New(fault.NotFound, "")
	}
	rows, err := s.desk.Query(ctx, sql, r.Person().Process)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	return out, db.Fault(err)
}

// emblemSource keeps the emblem of a nominator; its value is the hash of what
// there is.
type emblemSource struct{}

func (emblemSource) read(ctx context.Context, q db.Querier, sub *Subject) error {
	var hash *string
	const sql = `SELECT acronym, encode(sha256(emblem), 'hex') FROM desk.nominators WHERE process_id = $1 AND id::text = $2`
	if err := q.QueryRow(ctx, sql, sub.process, sub.Ref).Scan(&sub.Name, &hash); err != nil {
		return err
	}
	if hash != nil {
		sub.Values["emblema"] = []string{*hash}
	}
	return nil
}

func (emblemSource) write(ctx context.Context, tx *db.Tx, c writing, _ Values) error {
	return tx.Exec(ctx, `UPDATE desk.nominators SET emblem = $3 WHERE process_id = $1 AND id::text = $2`, c.process, c.ref, c.image)
}

// Emblem returns the emblem of a nominator of the actor's process.
func (s *Store) Emblem(ctx context.Context, r auth.ChangeReader, ref string) ([]byte, error) {
	var image []byte
	const sql = `SELECT emblem FROM desk.nominators WHERE process_id = $1 AND id::text = $2 AND emblem IS NOT NULL`
	err := s.desk.QueryRow(ctx, sql, r.Person().Process, ref).Scan(&image)
	return image, db.Fault(err)
}
