package app_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"conoceles/internal/desk/canary"
)

// checkTables looks in every table of the database, whole, for what must not be
// in it in the clear; and in everything that the site's role can read for what is
// not public.
func checkTables(w *world, c *census) {
	const tables = `
SELECT n.nspname || '.' || r.relname FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE r.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('information_schema', 'pg_toast') AND n.nspname !~ '^pg_'
ORDER BY 1`
	published := 0
	for _, table := range w.super(tables) {
		schema, name, _ := strings.Cut(table, ".")
		content := strings.Join(w.super(fmt.Sprintf(`SELECT t::text FROM %q.%q t`, schema, name)), "\n")
		for value, k := range c.in([]byte(content)) {
			switch {
			case table == "site.identity_answers" && k.Visible():
				published++
			case k.Class.Encrypted():
				w.Errorf("%s has in the clear the canary %s, %s of %s", table, value, k.Class, c.of[value].Folio)
			case schema == "site" && !k.Visible():
				w.Errorf("%s has the canary %s, %s of %s", table, value, k.Class, c.of[value].Folio)
			case schema == "audit", name == "sessions", name == "submissions":
				w.Errorf("%s has the canary %s, %s of %s", table, value, k.Class, c.of[value].Folio)
			case name == "outbox" && k.Class != canary.Private: // the address it goes to
				w.Errorf("%s has the canary %s, %s of %s", table, value, k.Class, c.of[value].Folio)
			}
		}
		if search([]byte(content))[typedNow] && name != "drafts" { // the curricular ones are kept as they are typed
			w.Errorf("%s has what somebody typed", table)
		}
	}
	if published == 0 {
		w.Error("no published answer was found where they are: the test looks nowhere")
	}
	checkSiteRole(w, c)
}

// checkSiteRole reads, with the site's role, every column of every relation that
// it may read, the catalogue's own among them.
func checkSiteRole(w *world, c *census) {
	const readable = `
SELECT format('SELECT %s FROM %I.%I', string_agg(format('%I::text', a.attname), $s$ || ' ' || $s$ ORDER BY a.attnum), n.nspname, r.relname)
FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace JOIN pg_attribute a ON a.attrelid = r.oid
WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_toast', 'information_schema') -- the second is views of the catalogue
  AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(r.oid, a.attnum, 'SELECT')
  AND r.relname NOT IN ('pg_config', 'pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_backend_memory_contexts', 'pg_shmem_allocations', 'pg_file_settings')
GROUP BY n.nspname, r.relname ORDER BY n.nspname, r.relname`
	site := 0
	for _, sql := range asUser(w, w.pg.SiteURL, readable) {
		sql = strings.Replace(sql, "SELECT ", "SELECT concat_ws(' ', ", 1)
		sql = strings.ReplaceAll(strings.Replace(sql, " FROM ", ") FROM ", 1), "|| ' ' ||", ",")
		content := strings.Join(asUser(w, w.pg.SiteURL, sql), "\n")
		for value, k := range c.in([]byte(content)) {
			if !k.Visible() {
				w.Errorf("the site's role reads with %.80s… the canary %s, %s of %s", sql, value, k.Class, c.of[value].Folio)
			}
		}
		if strings.Contains(sql, "FROM site.") {
			site++
		}
	}
	if site < 10 {
		w.Errorf("the site's role reads %d tables of the site: the test looks nowhere", site)
	}
}

// checkBytes looks in the files of the cluster, heap and WAL, for what is kept
// only encrypted. What was ever published was there in the clear.
func checkBytes(w *world, c *census, dir string) {
	w.super(`CHECKPOINT`)
	files, published := 0, false
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return nil // a file that PostgreSQL just removed
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		files++
		out := found{}
		raw(b, out)
		raw(bytes.ReplaceAll(b, []byte{0}, nil), out) // pglz, which packs long values, puts one in every eight letters
		for v := range out {
			k := c.by[c.stem[v[:shortest]]]
			published = published || k.Visible() && k.Class == canary.Identity
			if k.Class.Encrypted() && !k.Visible() && !c.wasPublished(k) {
				w.Errorf("%s has in the clear the canary %s, %s", path, v, k.Class)
			}
		}
		return nil
	})
	if err != nil || files < 100 || !published {
		w.Errorf("the search of the files looked nowhere: %d files, published found %t, %v", files, published, err)
	}
}
