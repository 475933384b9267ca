package site

import (
	"context"

	"conoceles/internal/db"
)

// TableComment is a table of the site with the legal term of each of its columns:
// the format of the database that activity 11.11 asks for.
type TableComment struct {
	Name    string
	Meaning string
	Columns []ColumnComment
}

// ColumnComment is a column of a table.
type ColumnComment struct{ Name, Type, Meaning string }

// Comments describes the tables of the site as the database itself does.
func (s *Store) Comments(ctx context.Context) ([]TableComment, error) {
	type row struct{ TableName, TableMeaning, Name, Type, Meaning string }
	const sql = `
SELECT c.relname::text AS table_name, COALESCE(obj_description(c.oid, 'pg_class'), '') AS table_meaning, a.attname::text AS name,
  format_type(a.atttypid, a.atttypmod) AS type, COALESCE(col_description(c.oid, a.attnum), '') AS meaning
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'site'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`
	rows, err := list[row](ctx, s.q, sql)
	if err != nil {
		return nil, db.Fault(err)
	}
	var out []TableComment
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Name != r.TableName {
			out = append(out, TableComment{Name: r.TableName, Meaning: r.TableMeaning})
		}
		t := &out[len(out)-1]
		t.Columns = append(t.Columns, ColumnComment{r.Name, r.Type, r.Meaning})
	}
	return out, nil
}
