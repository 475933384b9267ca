package registry_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/opendata"
)

func (o *office) ine(name string, data []byte) registry.Result {
	o.T.Helper()
	start := time.Now()
	r, err := o.ImportINE(context.Background(), registry.Command("importar"), registry.ImportRequest{Process: name, Name: "candidatos.csv", Data: data})
	if err != nil {
		for _, x := range r.Rejections[:min(len(r.Rejections), 20)] {
			o.T.Log(x)
		}
		o.T.Fatal(err)
	}
	o.T.Logf("%s: %d rows in %v, %d warnings", name, r.Rows, time.Since(start).Round(time.Millisecond), r.Warned)
	return r
}

func TestTheLocalElectionsOf2022LoadWholeAndOnlyOnce(t *testing.T) {
	data := shared(t, "ine-local-2022/candidatos.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	r := o.ine("Locales 2022 (INE)", data)
	if r.Rows != 479 || r.New != 479 || r.Rejected != 0 {
		t.Errorf("rows %d, new %d, rejected %d; want 479, 479, 0", r.Rows, r.New, r.Rejected)
	}
	const process = `(SELECT id FROM site.processes WHERE key = 'locales-2022-ine')`
	for what, want := range map[string]int{
		`SELECT count(*) FROM site.candidacies WHERE process_id = ` + process:                       479,
		`SELECT count(DISTINCT state_id) FROM site.candidacies WHERE process_id = ` + process:       6,
		`SELECT count(*) FROM site.candidacies WHERE role = 'suplente' AND process_id = ` + process: 74,
		`SELECT count(*) FROM site.candidacies WHERE degree <> '' AND process_id = ` + process:      327,
		`SELECT count(*) FROM site.profiles WHERE source = 'INE'`:                                   330, // three gave only a telephone
	} {
		if got := o.count(what); got != want {
			t.Errorf("%s = %d, want %d", what, got, want)
		}
	}
	o.intact()

	again := o.ine("locales-2022-ine", data)
	if again.New != 0 || again.Changed != 0 || again.Unchanged != 479 {
		t.Errorf("again: new %d, changed %d, unchanged %d; want 0, 0, 479", again.New, again.Changed, again.Unchanged)
	}
	if n := o.count(`SELECT count(*) FROM desk.validations`); n != 330 {
		t.Errorf("%d validations after loading twice, want 330", n)
	}
}

// What the site publishes of INE's file is INE's file: written again, its 25
// columns give the same rows up to the normalisations that opendata lists.
func TestWhatINEPublishedComesOutAsItCameIn(t *testing.T) {
	data := shared(t, "ine-local-2022/candidatos.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	o.ine("Locales 2022 (INE)", data)
	store := site.New(o.Site, questionnaire.Edition)
	all, err := store.Processes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := all[slices.IndexFunc(all, func(p site.Process) bool { return p.Key == "locales-2022-ine" })]
	c, err := store.Catalog(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	e := opendata.Export{Process: p, Catalog: c, Cut: o.Now(), Profile: func(s string) string { return s }}
	if err := opendata.WriteCSV(t.Context(), &b, store, e); err != nil {
		t.Fatal(err)
	}
	want, got := normalised(t, data), normalised(t, b.Bytes())
	for i := range want {
		if i >= len(got) || want[i] != got[i] {
			t.Fatalf("row %d of %d differs:\nwant %q\n got %q", i, len(want), want[i], got[i])
		}
	}
}

// normalised returns the 25 columns of each row, sorted by folio and name.
func normalised(t *testing.T, data []byte) []string {
	t.Helper()
	table, err := tabular.Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range table.Rows {
		var cells []string
		for i, name := range table.Header[:25] {
			cells = append(cells, opendata.Normalise(name, row.Cells[i]))
		}
		out = append(out, cells[6]+" "+cells[7]+" | "+strings.Join(cells, " | "))
	}
	slices.Sort(out)
	return out
}

func TestTheFederalElectionOf2021Loads(t *testing.T) {
	data := shared(t, "ine-federal-2021/candidatos.latin1.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	r := o.ine("Federal 2021 (INE)", data)
	if r.Rows != 6959 || r.New != 6959 {
		t.Errorf("rows %d, new %d", r.Rows, r.New)
	}
	o.intact()
	o.keepsTexts(data)
	again := o.ine("Federal 2021 (INE)", data)
	if again.New != 0 || again.Changed != 0 {
		t.Errorf("again: new %d, changed %d; %v", again.New, again.Changed, again.Changes[:min(3, len(again.Changes))])
	}
}

// keepsTexts compares what people wrote in the file, byte by byte, with what the
// desk holds: no accent lost, no line break, no text cut.
func (o *office) keepsTexts(data []byte) {
	o.T.Helper()
	table, err := tabular.Read(bytes.NewReader(data))
	if err != nil {
		o.T.Fatal(err)
	}
	columns, _ := table.Match([]tabular.Column{{Name: "NUM_LISTA_O_FORMULA"}, {Name: "NOMBRE_CANDIDATO"}, {Name: "HISTORIA_PROFESIONAL"}, {Name: "PROPUESTA_1"}})
	var want []string
	for _, row := range table.Rows {
		cells := []string{columns.Short(row, "NUM_LISTA_O_FORMULA"), columns.Short(row, "NOMBRE_CANDIDATO")}
		for _, text := range []string{columns.Long(row, "HISTORIA_PROFESIONAL"), columns.Long(row, "PROPUESTA_1")} {
			if text == "#¿NOMBRE?" {
				text = "" // a spreadsheet lost it before us
			}
			cells = append(cells, text)
		}
		want = append(want, strings.Join(cells, "\x1f"))
	}
	rows, err := o.Desk.Query(o.T.Context(), `
SELECT concat_ws(E'\x1f', c.registry_folio, p.given_names,
  COALESCE((SELECT answers ->> 'historia_profesional' FROM desk.answer_versions a WHERE a.candidacy_id = c.id AND a.part = 'historia_profesional'), ''),
  COALESCE((SELECT answers ->> 'propuesta_1' FROM desk.answer_versions a WHERE a.candidacy_id = c.id AND a.part = 'propuesta_1'), ''))
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id WHERE c.source_key IS NOT NULL`)
	if err != nil {
		o.T.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		o.T.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(got)
	for i := range want {
		if want[i] != got[i] {
			o.T.Fatalf("row %d:\nwant %q\n got %q", i, want[i], got[i])
		}
	}
}

func TestTheListOf2021Loads(t *testing.T) {
	data := shared(t, "morelos-2021/presidencias.csv")
	if data == nil {
		return
	}
	o := newOffice(t)
	req := registry.ImportRequest{Process: "Morelos 2021", Name: "presidencias.csv", Data: data, CreateNominators: true}
	r, err := o.ImportCandidacies(context.Background(), registry.Command("importar"), req)
	if err != nil {
		t.Fatal(err, r.Rejections)
	}
	if r.New != 100 {
		t.Errorf("%d new", r.New)
	}
	o.intact()
	req.CreateNominators = false
	r, err = o.ImportCandidacies(context.Background(), registry.Command("importar"), req)
	if err != nil || r.Unchanged != 100 {
		t.Errorf("again: %v %+v", err, r)
	}
}
