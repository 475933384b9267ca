package dossier

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
)

// relation is a table of the live catalogue.
type relation struct {
	Schema, Name, Comment string
	Columns               []column
}

// column is one of its columns.
type column struct {
	Name, Type, Comment string
	Null                bool
	Key                 bool
	Target              string // the table that it refers to, or ""
}

// schemas are what is kept in each, in the order of the documents.
var schemas = []struct{ name, what string }{
	{"desk", "Lo que se trabaja con una cuenta: candidaturas, cuestionario curricular, actos, informes y agenda."},
	{"sensitive", "Lo reservado: identidad cifrada, consentimientos y sus documentos. El sitio no puede leerlo."},
	{"site", "La copia de lo público, y nada más: lo único que lee el sitio."},
	{"audit", "La bitácora y el registro público: sólo crecen."},
}

// catalogue reads the tables as they are in the database, with their comments.
func (s *Store) catalogue(ctx context.Context) ([]relation, error) {
	const q = `
SELECT n.nspname, c.relname, COALESCE(obj_description(c.oid, 'pg_class'), ''), a.attname, format_type(a.atttypid, a.atttypmod),
  COALESCE(col_description(c.oid, a.attnum), ''), NOT a.attnotnull,
  EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)),
  COALESCE((SELECT string_agg(DISTINCT k.confrelid::regclass::text, ', ') FROM pg_constraint k
            WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey) AND array_length(k.conkey, 1) = 1), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND c.relkind IN ('r', 'p', 'v', 'm')
ORDER BY array_position(ARRAY['desk', 'sensitive', 'site', 'audit'], n.nspname::text), c.relname, a.attnum`
	rows, err := s.desk.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []relation
	var r relation
	var c column
	_, err = pgx.ForEachRow(rows, []any{&r.Schema, &r.Name, &r.Comment, &c.Name, &c.Type, &c.Comment, &c.Null, &c.Key, &c.Target}, func() error {
		if n := len(out); n == 0 || out[n-1].Schema != r.Schema || out[n-1].Name != r.Name {
			out = append(out, relation{Schema: r.Schema, Name: r.Name, Comment: r.Comment})
		}
		last := &out[len(out)-1]
		last.Columns = append(last.Columns, c)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("the catalogue has no table")
	}
	return out, db.Fault(err)
}

// model is each table in a line, with those that it refers to.
func (s *Store) model(ctx context.Context, _ int64) ([]Block, error) {
	all, err := s.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	var out []Block
	for _, schema := range schemas {
		t := Table{Caption: "Esquema " + schema.name, Widths: []float64{46, 74, 56}, Head: []string{"Tabla", "Qué guarda", "Se refiere a"}}
		for _, r := range all {
			if r.Schema == schema.name {
				t.Rows = append(t.Rows, []string{r.Name, r.Comment, strings.Join(r.targets(), ", ")})
			}
		}
		out = append(out, Block{Heading: "Esquema " + schema.name, Sub: true}, Block{Text: schema.what}, Block{Table: &t})
	}
	return out, nil
}

func (r relation) targets() []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range r.Columns {
		if c.Target != "" && !seen[c.Target] {
			seen[c.Target] = true
			out = append(out, c.Target)
		}
	}
	return out
}

// format is every column of every table.
func (s *Store) format(ctx context.Context, _ int64) ([]Block, error) {
	all, err := s.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	columns := 0
	for _, r := range all {
		columns += len(r.Columns)
	}
	out := []Block{{Text: fmt.Sprintf("El catálogo de hoy tiene %d tablas y %d columnas.", len(all), columns)}}
	schema := ""
	for _, r := range all {
		if r.Schema != schema {
			schema = r.Schema
			for _, one := range schemas {
				if one.name == schema {
					out = append(out, Block{Heading: "Esquema " + schema}, Block{Text: one.what})
				}
			}
		}
		t := Table{Caption: r.Schema + "." + r.Name, Widths: []float64{42, 42, 25, 67}, Head: []string{"Columna", "Tipo", "Puede faltar", "Qué es"}}
		for _, c := range r.Columns {
			t.Rows = append(t.Rows, []string{c.Name, c.Type, c.absent(), c.meaning()})
		}
		out = append(out, Block{Heading: r.Schema + "." + r.Name + ": " + r.Comment, Sub: true}, Block{Table: &t})
	}
	return out, nil
}

func (c column) absent() string {
	if c.Null {
		return "Sí"
	}
	return "No"
}

func (c column) meaning() string {
	text := c.Comment
	if c.Key {
		text += " (llave)"
	}
	if c.Target != "" {
		text += " → " + c.Target
	}
	return text
}
