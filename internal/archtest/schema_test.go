package archtest_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/web/es"
)

var update = flag.Bool("update", false, "write the golden files again")

// golden compares got with testdata/name, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s changed; if on purpose, run: go test ./internal/archtest -update\n%s", name, diff)
	}
}

func TestMigrationsGoUpDownAndUpToTheGoldenSchema(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	if err := db.Migrate(t.Context(), pg.OwnerURL); err != nil {
		t.Fatal(err)
	}
	first, err := db.DumpSchema(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "schema.txt", first)

	if err := db.MigrateDown(t.Context(), pg.OwnerURL); err != nil {
		t.Fatal(err)
	}
	if down, err := db.DumpSchema(t.Context(), pg.OwnerURL); err != nil || strings.Contains(down, "CREATE TABLE") || strings.Contains(down, "table ") {
		t.Errorf("going down leaves something behind (%v):\n%s", err, down)
	}
	if err := db.Migrate(t.Context(), pg.OwnerURL); err != nil {
		t.Fatal(err)
	}
	second, err := db.DumpSchema(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("up, down, up is not up:\n%s", diff)
	}
}

func TestEveryTableAndColumnHasItsLegalTerm(t *testing.T) {
	pg := dbtest.New(t)
	conn, err := pgx.Connect(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const q = `
SELECT n.nspname || '.' || c.relname || COALESCE('.' || a.attname, '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (SELECT attnum, attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                   UNION ALL SELECT 0, NULL) a ON true
WHERE n.nspname IN ('desk', 'sensitive', 'site', 'audit') AND c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NULL
  AND (a.attnum <> 0 OR obj_description(c.oid, 'pg_class') IS NULL)
ORDER BY 1`
	rows, err := conn.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(missing) > 0 {
		t.Errorf("without COMMENT ON: %s", strings.Join(missing, ", "))
	}
}

// noMessage are the constraints that no person can break: only a defect can.
var noMessage = map[string]bool{
	"answer_versions_version": true, "drafts_version": true, "validations_number": true, "validations_number_unique": true,
	"validations_author": true, "validations_folio_unique": true, "acts_decided": true, "acts_candidacy": true,
	"accounts_email_lower": true, "candidacies_capture": true, "candidacies_review": true, "candidacies_answered": true,
	"candidacies_standing": true, "candidacies_folio_unique": true, "candidacies_slug_unique": true, "acts_state": true,
	"acts_kind": true, "notices_kind": true, "notices_version": true, "outbox_channel": true, "conflicts_saved_version": true, "uploads_purpose": true, "grants_role": true, "grants_scope": true,
	"accounts_failures": true, "access_links_kind": true, "access_links_token_unique": true, "access_links_ended": true, "access_links_received": true,
	"access_links_one_open": true, "account_requests_kind": true, "account_requests_email_lower": true, "account_requests_role": true,
	"account_requests_state": true, "account_requests_decided": true, "sessions_id": true,
	"reviews_round": true, "reviews_state": true, "reviews_decided": true, "remarks_version": true, "remarks_outcome": true,
	"corrections_origin": true, "corrections_state": true, "corrections_sent": true, "corrections_resolved": true,
	"duty_templates_addressee": true, "duty_templates_version": true, "duty_notices_addressee": true, "duty_notices_state": true, "duty_notices_medium": true,
	"duty_notices_to": true, "duty_notices_proposed": true, "duty_notices_sent": true, "duty_notices_acknowledged": true, "duty_items_questionnaire": true,
	"duty_items_kind": true, "duty_items_identity": true, "reminders_term": true, "reminders_once": true, "referrals_version": true,
	"referrals_version_unique": true, "referrals_delivered": true, "referrals_received": true, "referrals_reported": true,
	"corrections_cancelled": true, "scores_version": true, "scores_once": true, "backups_kind": true,
	"report_cuts_approved": true, "report_cuts_definition": true, "report_cuts_hash": true, "report_cuts_kind": true, "report_cuts_once": true,
	"report_cuts_proposed": true, "report_cuts_public": true, "report_cuts_released": true, "report_cuts_version": true, "report_texts_version": true,
	"publications_kind": true, "publications_salt": true, "publications_commitment": true, "publications_commitment_unique": true, "publications_erased": true,
}

func TestEveryConstraintThatAPersonCanBreakHasAMessage(t *testing.T) {
	pg := dbtest.New(t)
	conn, err := pgx.Connect(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const q = `
SELECT c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'desk' AND c.contype IN ('c', 'u', 'x')
UNION
SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE n.nspname = 'desk' AND x.indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid)
ORDER BY 1`
	rows, err := conn.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if es.Constraint(name) == "" && !noMessage[name] {
			t.Errorf("constraint %s has no message in web/es", name)
		}
	}
}

func TestGrantsAreTheAgreedOnes(t *testing.T) {
	pg := dbtest.New(t)
	conn, err := pgx.Connect(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const q = `
SELECT grantee || ' ' || table_schema || '.' || table_name || ' ' || string_agg(privilege_type, ' ' ORDER BY privilege_type)
FROM information_schema.role_table_grants
WHERE grantee IN ('conoceles_sitio', 'conoceles_escritorio', 'PUBLIC') AND table_schema IN ('desk', 'sensitive', 'site', 'audit')
GROUP BY grantee, table_schema, table_name ORDER BY 1`
	rows, err := conn.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	grants, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if strings.HasPrefix(g, "conoceles_sitio ") && !(strings.HasPrefix(g, "conoceles_sitio site.") && strings.HasSuffix(g, " SELECT")) {
			t.Errorf("the public half's role may do more than read the site: %s", g)
		}
	}
	golden(t, "grants.txt", strings.Join(grants, "\n")+"\n")
}
