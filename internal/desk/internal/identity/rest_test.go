package identity_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/questionnaire"
)

// forms are the disguises in which a canary is looked for.
func forms(canary string) map[string][]byte {
	found := map[string][]byte{"raw": []byte(canary), "hex": []byte(hex.EncodeToString([]byte(canary)))}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), canary...))
		found["base64 "+string(rune('0'+shift))] = []byte(encoded[(shift*8+5)/6 : len(encoded)-4]) // what no neighbour changes
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(canary)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	found["utf-16"] = wide
	return found
}

// everyValue returns each value of the database, as bytes, by column.
func (v *vault) everyValue() map[string][][]byte {
	v.T.Helper()
	const columns = `
SELECT table_schema || '.' || table_name AS relation, column_name AS name, data_type = 'bytea' AS raw
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_type = 'BASE TABLE' AND table_schema IN ('desk', 'sensitive', 'site', 'audit', 'public') ORDER BY 1, 2`
	rows, err := v.super.Query(v.T.Context(), columns)
	if err != nil {
		v.T.Fatal(err)
	}
	type column struct {
		Relation, Name string
		Raw            bool
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[column])
	if err != nil || len(list) < 100 {
		v.T.Fatalf("%d columns, %v: the search is broken", len(list), err)
	}
	values := map[string][][]byte{}
	for _, c := range list {
		name := pgx.Identifier{c.Name}.Sanitize()
		if !c.Raw {
			name = "convert_to(" + name + "::text, 'UTF8')"
		}
		rows, err := v.super.Query(v.T.Context(), "SELECT "+name+" FROM "+c.Relation+" WHERE "+name+" IS NOT NULL")
		if err != nil {
			v.T.Fatal(err)
		}
		if values[c.Relation+"."+c.Name], err = pgx.CollectRows(rows, pgx.RowTo[[]byte]); err != nil {
			v.T.Fatal(err)
		}
	}
	return values
}

// leaksInto returns where a canary is, in any form.
func leaksInto(values map[string][][]byte, canary string) []string {
	var where []string
	disguises := forms(canary)
	for column, list := range values {
		for _, value := range list {
			for form, text := range disguises {
				if bytes.Contains(value, text) {
					where = append(where, column+" ("+form+")")
				}
			}
		}
	}
	return where
}

// Whoever has the database and not the keys reads nothing.
func TestNothingOfAnAnswerIsInTheDatabase(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	words := canary(c, "respuesta")
	form := url.Values{"p03_pueblo.otro": {canary(c, "borrador")}}
	v.save(c, yes(words))
	if _, err := v.draft(c, "indigena", 0, form); err != nil {
		t.Fatal(err)
	}
	// As the desk saves: with the digest of what was submitted, and a reading.
	_, err := v.Desk.Do(t.Context(), actor(v.Account("c@ejemplo.mx", "verificador", 0, 0)), db.Action{
		Kind: "identidad.guardar", Process: v.Process, Object: "candidatura", Key: "0190a5b2-7e0c-7000-8000-000000000001",
		Payload: []byte(form.Encode()),
	}, func(ctx context.Context, tx *db.Tx) (string, error) {
		_, err := v.store.Save(ctx, tx, identity.Entry{
			Process: v.Process, Candidacy: c, Base: 1,
			Questionnaire: questionnaire.Identity(), Answers: yes(words),
		})
		return "2", err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.store.Read(t.Context(), v.Desk, actor(0), identity.Reading{Process: v.Process, Candidacy: c, Purpose: identity.Capture}); err != nil {
		t.Fatal(err)
	}
	values := v.everyValue()
	if n := len(values["sensitive.identity_answers.blob"]) + len(values["sensitive.identity_drafts.blob"]); n != 3 {
		t.Fatalf("looked at %d blobs, want 3", n)
	}
	for _, what := range []string{words, form.Get("p03_pueblo.otro"), "p03_pueblo.otro", "sensorial_otra", "de_0_a_5", "permanente"} {
		if where := leaksInto(values, what); len(where) > 0 {
			t.Errorf("%s is in %s", what, strings.Join(where, ", "))
		}
	}
	v.tamper(`UPDATE desk.persons SET nickname = $1`, words) // the search does find
	if where := leaksInto(v.everyValue(), words); len(where) != 1 || where[0] != "desk.persons.nickname (raw)" {
		t.Errorf("a leak made on purpose was found in %v", where)
	}
}

func TestLengthsAreEqualWhateverIsAnswered(t *testing.T) {
	v := newVault(t)
	lengths := map[string]map[int]bool{"answers": {}, "draft": {}}
	for _, a := range []questionnaire.Answers{no(), half(), yes(strings.Repeat("😀", 120)), {}} {
		c := v.candidacy()
		v.save(c, a)
		page, _ := questionnaire.Identity().Page("discapacidad")
		if _, err := v.draft(c, page.ID, 0, questionnaire.Form(page, a)); err != nil {
			t.Fatal(err)
		}
		var answers, draft int
		const read = `
SELECT octet_length(a.blob), octet_length(d.blob) FROM sensitive.identity_answers a JOIN sensitive.identity_drafts d USING (candidacy_id)
WHERE candidacy_id = $1`
		if err := v.Desk.QueryRow(t.Context(), read, c).Scan(&answers, &draft); err != nil {
			t.Fatal(err)
		}
		lengths["answers"][answers], lengths["draft"][draft] = true, true
	}
	for what, seen := range lengths {
		if len(seen) != 1 {
			t.Errorf("%s have %d lengths", what, len(seen))
		}
	}
}

// What is moved or changed by somebody with the whole database does not open,
// nor does its error say what it was.
func TestWhatIsTamperedWithDoesNotOpen(t *testing.T) {
	for name, sql := range map[string]string{
		"another candidacy's answers": `UPDATE sensitive.identity_answers a SET blob = b.blob FROM sensitive.identity_answers b
			WHERE a.candidacy_id = $1 AND b.candidacy_id <> $1 AND b.version = a.version`,
		"an older version put last": `UPDATE sensitive.identity_answers a SET blob = b.blob FROM sensitive.identity_answers b
			WHERE a.candidacy_id = $1 AND b.candidacy_id = $1 AND a.version = 2 AND b.version = 1`,
		"another version number":   `UPDATE sensitive.identity_answers SET version = 7 WHERE candidacy_id = $1 AND version = 2`,
		"another candidacy's key":  `UPDATE sensitive.candidacy_keys a SET wrapped = b.wrapped FROM sensitive.candidacy_keys b WHERE a.candidacy_id = $1 AND b.candidacy_id <> $1`,
		"another key and answers":  `WITH k AS (UPDATE sensitive.candidacy_keys a SET wrapped = b.wrapped FROM sensitive.candidacy_keys b WHERE a.candidacy_id = $1 AND b.candidacy_id <> $1) UPDATE sensitive.identity_answers a SET blob = b.blob FROM sensitive.identity_answers b WHERE a.candidacy_id = $1 AND b.candidacy_id <> $1 AND b.version = a.version`,
		"a byte of the answers":    `UPDATE sensitive.identity_answers SET blob = set_byte(blob, 50, get_byte(blob, 50) # 1) WHERE candidacy_id = $1`,
		"a byte of the key":        `UPDATE sensitive.candidacy_keys SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE candidacy_id = $1`,
		"a key of another process": `UPDATE desk.candidacies SET process_id = process_id + 1 WHERE id = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			c, other := v.candidacy(), v.candidacy()
			for range 2 {
				v.save(c, yes(canary(c, "dato")))
				v.save(other, yes(canary(other, "dato")))
			}
			v.tamper(sql, c)
			got, err := v.read(c, identity.Last)
			if err == nil || got != nil || strings.Contains(err.Error(), "CNRY") {
				t.Errorf("got %d answers, %v", len(got), err)
			}
			if _, err := v.read(other, identity.Last); err != nil {
				t.Errorf("the other candidacy: %v", err)
			}
		})
	}
}

func TestVersionsAreAppendOnly(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, no())
	for _, url := range []string{v.PG.DeskURL, v.PG.OwnerURL} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		for _, sql := range []string{
			`UPDATE sensitive.identity_answers SET complete = NOT complete`,
			`DELETE FROM sensitive.identity_answers`,
			`TRUNCATE sensitive.identity_answers`,
			`DELETE FROM sensitive.key_destructions`,
		} {
			if _, err := conn.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s: it was done", sql)
			}
		}
	}
}

func TestTheSiteSeesNothingOfIt(t *testing.T) {
	v := newVault(t)
	v.save(v.candidacy(), no())
	conn, err := pgx.Connect(t.Context(), v.PG.SiteURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, table := range []string{"identity_answers", "identity_drafts", "candidacy_keys", "key_destructions"} {
		if _, err := conn.Exec(t.Context(), `SELECT 1 FROM sensitive.`+table); err == nil {
			t.Errorf("the public half's role reads %s", table)
		}
	}
	var n int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_stats WHERE schemaname = 'sensitive'`).Scan(&n); err != nil || n > 0 {
		t.Errorf("the public half's role sees %d statistics of the columns (%v)", n, err)
	}
}

// The answers cannot be an argument of SQL, even by mistake.
func TestAnswersAreNoArgument(t *testing.T) {
	v := newVault(t)
	c := v.candidacy()
	v.save(c, yes(canary(c, "dato")))
	a, err := v.store.Load(t.Context(), v.Desk, v.Process, c, identity.Last, identity.Publication)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`SELECT $1::text`, `SELECT $1::jsonb`, `SELECT $1::bytea`} {
		var got string
		err := v.Desk.QueryRow(t.Context(), sql, a).Scan(&got)
		if err == nil || strings.Contains(got+err.Error(), "CNRY") {
			t.Errorf("%s: got %q, %v", sql, got, err)
		}
	}
}
