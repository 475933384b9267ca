package registry

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
)

// precinctColumns are those of a catalogue of secciones.
var precinctColumns = []tabular.Column{
	{Name: "SECCION", Required: true},
	{Name: "CVE_MUNICIPIO", Aliases: []string{"CLAVE_MUNICIPIO"}},
	{Name: "MUNICIPIO"},
	{Name: "DISTRITO_LOCAL", Aliases: []string{"DISTRITO"}, Required: true},
}

type precinct struct {
	line, number int
	municipality *municipality
	district     *district
}

// ImportPrecincts loads the catalogue of secciones of a process: number,
// municipio by code or name, local district. Secciones that the file does not
// mention stay as they are. A municipio or a district that the process does not
// have rejects the row, under the same rule as ImportCandidacies.
func (r *Registry) ImportPrecincts(ctx context.Context, by Author, req ImportRequest) (Result, error) {
	table, columns, parsed, err := open(req.Data, precinctColumns)
	if err != nil {
		return Result{}, err
	}
	return r.load(ctx, by, req, "secciones.importar", nil,
		func(ctx context.Context, tx *db.Tx, c *contest) (*Result, func() ([]int64, bool, error), error) {
			result := parsed.clone()
			rows := readPrecincts(c, columns, result, table.Rows)
			existing, err := loadPrecincts(ctx, tx, c.process.ID)
			if err != nil {
				return nil, nil, err
			}
			rows = planPrecincts(existing, rows, result)
			return result, func() ([]int64, bool, error) { return nil, true, writePrecincts(ctx, tx, c.process.ID, rows) }, nil
		})
}

func readPrecincts(c *contest, columns tabular.Columns, result *Result, rows []tabular.Row) []precinct {
	var out []precinct
	seen := map[int]int{}
	for _, row := range rows {
		if result.rejected[row.Line] {
			continue
		}
		cells := cellReader{row, columns, result}
		p := precinct{line: row.Line}
		var err error
		if p.number, err = strconv.Atoi(cells.short("SECCION")); err != nil || p.number < 1 || p.number > 9999 {
			cells.reject("SECCION", "«%s» debe ser un número del 1 al 9999", cells.short("SECCION"))
		}
		town := or(cells.short("CVE_MUNICIPIO"), cells.short("MUNICIPIO"))
		if p.municipality = c.municipality(c.state(""), town); p.municipality == nil {
			cells.reject("MUNICIPIO", "«%s» no es un municipio de este proceso", town)
		}
		if p.district = c.district(c.state(""), cells.short("DISTRITO_LOCAL")); p.district == nil {
			cells.reject("DISTRITO_LOCAL", "«%s» no es un distrito de este proceso", cells.short("DISTRITO_LOCAL"))
		}
		if first, ok := seen[p.number]; ok {
			cells.reject("SECCION", "%d es también la de la fila %d", p.number, first)
		}
		if !result.rejected[row.Line] {
			seen[p.number] = row.Line
			out = append(out, p)
		}
	}
	return out
}

// loadPrecincts reads municipality and district of each sección.
func loadPrecincts(ctx context.Context, q db.Querier, process int64) (map[int][2]int64, error) {
	rows, err := q.Query(ctx, `SELECT number, municipality_id, district_id FROM desk.precincts WHERE process_id = $1`, process)
	if err != nil {
		return nil, err
	}
	out := map[int][2]int64{}
	var number int
	var municipality, district int64
	_, err = pgx.ForEachRow(rows, []any{&number, &municipality, &district}, func() error {
		out[number] = [2]int64{municipality, district}
		return nil
	})
	return out, err
}

// planPrecincts counts what changes and returns the rows to write.
func planPrecincts(existing map[int][2]int64, rows []precinct, result *Result) []precinct {
	var out []precinct
	for _, p := range rows {
		before, there := existing[p.number]
		line := Line{p.line, "Sección " + strconv.Itoa(p.number), p.municipality.name + ", distrito " + strconv.Itoa(p.district.number)}
		switch {
		case !there:
			result.New++
			result.Entering = append(result.Entering, line)
		case before != [2]int64{p.municipality.id, p.district.id}:
			result.Changed++
			result.Changes = append(result.Changes, line)
		default:
			result.Unchanged++
			continue
		}
		out = append(out, p)
	}
	return out
}

func writePrecincts(ctx context.Context, tx *db.Tx, process int64, rows []precinct) error {
	var numbers []int
	var municipalities, districts []int64
	for _, p := range rows {
		numbers = append(numbers, p.number)
		municipalities = append(municipalities, p.municipality.id)
		districts = append(districts, p.district.id)
	}
	const sql = `
INSERT INTO desk.precincts (process_id, number, municipality_id, district_id)
SELECT $1, x.* FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS x
ON CONFLICT (process_id, number) DO UPDATE SET municipality_id = excluded.municipality_id, district_id = excluded.district_id`
	return tx.Exec(ctx, sql, process, numbers, municipalities, districts)
}
