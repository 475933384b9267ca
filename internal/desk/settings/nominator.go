package settings

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

var nominatorKinds = []Option{
	{string(election.Party), "Partido"},
	{string(election.Coalition), "Coalición"},
	{string(election.CandidaturaComun), "Candidatura común"},
	{string(election.Independent), "Candidatura independiente"},
}

// KindTitle says the kind of a nominator to people.
func KindTitle(kind string) string {
	for _, o := range nominatorKinds {
		if o.Value == kind {
			return o.Label
		}
	}
	return kind
}

var nominatorFields = []Field{
	{ID: "siglas", Label: "Siglas", Kind: Line, Most: 60},
	{ID: "nombre", Label: "Nombre", Kind: Line},
	{ID: "orden", Label: "Orden en la boleta", Hint: "Antigüedad del registro. Una coalición va en el lugar de su integrante más antiguo; las independientes, al final.", Kind: Number, Least: 1, Most: 9999},
	{ID: "integrantes", Label: "Partidos que la integran", Hint: "Sólo de una coalición o candidatura común.", Kind: Choices, Blank: true},
	{
		ID: "representante", Label: "Partido que la representa", Kind: Choice, Blank: true,
		Hint: "Captura las candidaturas que no están sigladas a ningún partido.",
	},
	{ID: "por_verificar", Label: "Dato por verificar", Kind: YesNo},
}

// nominatorSource is a nominator with its members; the new one has no reference.
type nominatorSource struct{}

func (nominatorSource) read(ctx context.Context, q db.Querier, sub *Subject) error {
	if err := nominatorOptions(ctx, q, sub); err != nil {
		return err
	}
	if sub.Sheet == NewNominator {
		sub.Values["por_verificar"] = []string{"no"}
		return onlyOne(sub.Place)
	}
	var name, representative string
	var order int
	var members []string
	var doubtful bool
	const sql = `
SELECT acronym, name, kind, registry_order, COALESCE((SELECT acronym FROM desk.nominators r WHERE r.id = n.representative_id), ''), to_verify,
  ARRAY(SELECT m.acronym FROM desk.nominator_members k JOIN desk.nominators m ON m.id = k.party_id
        WHERE k.nominator_id = n.id ORDER BY m.registry_order, m.id)
FROM desk.nominators n WHERE process_id = $1 AND id::text = $2`
	if err := q.QueryRow(ctx, sql, sub.process, sub.Ref).Scan(&sub.Name, &name, &sub.Kind, &order, &representative, &doubtful, &members); err != nil {
		return err
	}
	sub.Values["siglas"], sub.Values["nombre"] = []string{sub.Name}, []string{name}
	sub.Values["orden"], sub.Values["integrantes"] = []string{strconv.Itoa(order)}, members
	sub.Values["por_verificar"] = []string{map[bool]string{true: "si", false: "no"}[doubtful]}
	if representative != "" {
		sub.Values["representante"] = []string{representative}
	}
	if sub.Kind != string(election.Coalition) && sub.Kind != string(election.CandidaturaComun) {
		sub.Fields = slices.DeleteFunc(sub.Fields, func(f Field) bool { return f.ID == "integrantes" || f.ID == "representante" })
	}
	return nil
}

// nominatorOptions offers the parties of the process as members, by their acronym,
// which is what the register of changes shows.
func nominatorOptions(ctx context.Context, q db.Querier, sub *Subject) error {
	const sql = `SELECT acronym AS value, acronym AS label FROM desk.nominators WHERE process_id = $1 AND kind = 'partido' ORDER BY registry_order, id`
	rows, err := q.Query(ctx, sql, sub.process)
	if err != nil {
		return err
	}
	parties, err := pgx.CollectRows(rows, pgx.RowToStructByName[Option])
	sub.field("integrantes").Options, sub.field("representante").Options = parties, parties
	return err
}

func (nominatorSource) write(ctx context.Context, tx *db.Tx, c writing, v Values) error {
	id := c.ref
	if id == "" {
		const insert = `INSERT INTO desk.nominators (process_id, kind, acronym, name, registry_order) VALUES ($1, $2, $3, $4, $5) RETURNING id::text`
		err := tx.QueryRow(ctx, insert, c.process, v.Get("tipo"), v.Get("siglas"), v.Get("nombre"), v.Int("orden")).Scan(&id)
		if err != nil {
			return err
		}
	}
	const update = `
UPDATE desk.nominators SET acronym = $3, name = $4, registry_order = $5, to_verify = $6,
  representative_id = (SELECT r.id FROM desk.nominators r WHERE r.process_id = $1 AND r.kind = 'partido' AND r.acronym = $7)
WHERE process_id = $1 AND id::text = $2`
	err := tx.Exec(ctx, update, c.process, id, v.Get("siglas"), v.Get("nombre"), v.Int("orden"), v.Yes("por_verificar"), v.Get("representante"))
	if err != nil {
		return err
	}
	const leave = `
DELETE FROM desk.nominator_members k USING desk.nominators p WHERE k.nominator_id::text = $1 AND p.id = k.party_id AND NOT p.acronym = ANY($2)`
	if err := tx.Exec(ctx, leave, id, notNil(v["integrantes"])); err != nil {
		return err
	}
	const join = `
INSERT INTO desk.nominator_members (nominator_id, party_id)
SELECT $2::bigint, p.id FROM desk.nominators p WHERE p.process_id = $1 AND p.kind = 'partido' AND p.acronym = ANY($3) ON CONFLICT DO NOTHING`
	return tx.Exec(ctx, join, c.process, id, notNil(v["integrantes"]))
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// checkNominator keeps coalitions of two or more, and represented by one of them.
func checkNominator(sub Subject, v Values, _ time.Time) []fault.Field {
	kind := sub.Kind
	if sub.Sheet == NewNominator {
		kind = v.Get("tipo")
	}
	members := v["integrantes"]
	var out []fault.Field
	wrong := func(id, message string) { out = append(out, fault.Field{ID: id, Message: message}) }
	switch joined := kind == string(election.Coalition) || kind == string(election.CandidaturaComun); {
	case joined && len(members) < 2:
		wrong("integrantes", "Elige al menos dos partidos que la integran")
	case !joined && len(members) > 0:
		wrong("integrantes", "Sólo una coalición o una candidatura común tiene integrantes")
	}
	if r := v.Get("representante"); r != "" && !slices.Contains(members, r) {
		wrong("representante", "Elige a uno de los partidos que la integran")
	}
	return out
}

func nominatorEffect(ctx context.Context, q db.Querier, sub Subject, v Values) ([]string, error) {
	var shown, loose int
	const sql = `
SELECT count(*), count(*) FILTER (WHERE siglado_id IS NULL) FROM desk.candidacies
WHERE process_id = $1 AND nominator_id::text = $2 AND standing = 'aprobada'`
	if err := q.QueryRow(ctx, sql, sub.process, sub.Ref).Scan(&shown, &loose); err != nil {
		return nil, db.Fault(err)
	}
	out := []string{"Lo lleva en su perfil " + es.Plural(shown, "candidatura", "candidaturas") + "."}
	if v.Get("representante") != sub.Values.Get("representante") {
		out = append(out, es.Plural(loose, "candidatura sin siglado pasa", "candidaturas sin siglado pasan")+
			" a capturarse por: "+sub.field("representante").Say(v["representante"])+".")
	}
	return out, nil
}
