package archtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
)

// attempts are what each privilege allows, tried on a table and one of its columns.
var attempts = []struct{ privilege, sql string }{
	{"SELECT", `SELECT %[2]s FROM %[1]s LIMIT 0`},
	{"INSERT", `INSERT INTO %[1]s (%[2]s) SELECT NULL WHERE false`},
	{"UPDATE", `UPDATE %[1]s SET %[2]s = DEFAULT WHERE false`},
	{"DELETE", `DELETE FROM %[1]s WHERE false`},
	{"TRUNCATE", `TRUNCATE %[1]s CASCADE`},
	{"TRIGGER", `CREATE TRIGGER intruso BEFORE INSERT ON %[1]s FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`},
	{"OWNER", `ALTER TABLE %[1]s ADD COLUMN intruso text`},
	{"DROP", `DROP TABLE %[1]s CASCADE`},
}

// What the golden of grants says, PostgreSQL does: each role tries everything on
// every table, on each of its columns, and gets what it was granted and no more.
// What it may do to some columns alone has a golden of its own.
func TestEachRoleCanDoWhatItWasGrantedAndNoMore(t *testing.T) {
	pg := dbtest.New(t)
	granted := readGrants(t)
	columns := columnsOf(t, pg)
	if len(columns) < 20 {
		t.Fatalf("%d tables: the test looks nowhere", len(columns))
	}
	var partial []string
	for role, url := range map[string]string{db.RoleDesk: pg.DeskURL, db.RoleSite: pg.SiteURL} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		for table, names := range columns {
			for _, a := range attempts {
				may, tried := allowed(t, conn, a.sql, table, names)
				whole := len(may) == tried
				if want := slices.Contains(granted[role+" "+table], a.privilege); whole != want {
					t.Errorf("%s, %s on all of %s: allowed %t, want %t", role, a.privilege, table, whole, want)
				}
				slices.Sort(may) // the order of a table's columns is that of its past
				if !whole && len(may) > 0 {
					partial = append(partial, fmt.Sprintf("%s %s %s (%s)\n", role, table, a.privilege, strings.Join(may, ", ")))
				}
			}
		}
	}
	slices.Sort(partial)
	golden(t, "columns.txt", strings.Join(partial, ""))
}

// allowed returns to which columns of a table a role may do something, and how
// many it tried: what PostgreSQL computes itself is nobody's to write.
func allowed(t *testing.T, conn *pgx.Conn, sql, table string, names []string) (may []string, tried int) {
	t.Helper()
	if !strings.Contains(sql, "%[2]s") {
		names = names[:1]
	}
	for _, name := range names {
		err := attempt(t, conn, fmt.Sprintf(sql+"%.0[2]s", table, pgx.Identifier{name}.Sanitize()))
		pg := new(pgconn.PgError)
		switch {
		case errors.As(err, &pg) && pg.Code == "428C9": // generated always
			continue
		case err == nil, errors.As(err, &pg) && pg.Code != "42501": // it met another rule
			may = append(may, name)
		}
		tried++
	}
	return may, tried
}

// attempt runs a statement whose effect does not stay, and that may write: a
// session can always take away its own seat belt.
func attempt(t *testing.T, conn *pgx.Conn, sql string) error {
	t.Helper()
	tx, err := conn.BeginTx(t.Context(), pgx.TxOptions{AccessMode: pgx.ReadWrite})
	if err != nil {
		t.Fatal(err)
	}
	_, failed := tx.Exec(t.Context(), sql)
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	return failed
}

// columnsOf returns the columns of every table.
func columnsOf(t *testing.T, pg *dbtest.DB) map[string][]string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pg.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const q = `SELECT n.nspname || '.' || c.relname || ' ' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`
	rows, err := conn.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, line := range all {
		table, column, _ := strings.Cut(line, " ")
		out[table] = append(out[table], column)
	}
	return out
}

// readGrants returns what the golden grants: «role table» to privileges. Those of
// columns are grants too, and the golden of the schema has them.
func readGrants(t *testing.T) map[string][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/grants.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		out[words[0]+" "+words[1]] = words[2:]
	}
	return out
}
