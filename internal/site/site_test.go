package site_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/sitetest"
)

// reader is the world with everything a test of the store asks for.
type reader struct {
	*sitetest.World
	store   *site.Store
	process site.Process
	catalog *site.Catalog
}

func read(t *testing.T, key string) reader {
	t.Helper()
	w := sitetest.New(t)
	s := site.New(w.Site, questionnaire.Edition)
	p := w.Process(s, key)
	c, err := s.Catalog(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return reader{w, s, p, c}
}

func slugs(cards []site.Card) []string {
	out := []string{}
	for _, c := range cards {
		out = append(out, c.Slug)
	}
	return out
}

func TestTheWorldFoldsNamesAsPublishingDoes(t *testing.T) {
	r := read(t, sitetest.Open)
	rows, err := r.Site.Query(t.Context(), `SELECT name, nickname, search_text FROM site.candidacies`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name, nickname, folded string
		if err := rows.Scan(&name, &nickname, &folded); err != nil {
			t.Fatal(err)
		}
		if want := site.Fold(name + " " + nickname); folded != want {
			t.Errorf("search_text of %q is %q, want %q", name, folded, want)
		}
	}
}

func TestWhichProcessLivesAtTheRoot(t *testing.T) {
	now := sitetest.Now
	open := func(key string, kind election.ProcessKind) site.Process {
		return site.Process{Process: election.Process{ID: int64(len(key)), Key: key, Kind: kind}, PublishedAt: now.Add(-time.Hour)}
	}
	waiting := func(key string, days int) site.Process {
		return site.Process{Process: election.Process{
			Key: key, Kind: election.Election,
			Calendar: election.Calendar{PublicationStarts: now.AddDate(0, 0, days)},
		}}
	}
	undated := site.Process{Process: election.Process{Key: "sin-fecha", Kind: election.Election}}
	closed := open("cerrada", election.Election)
	closed.Calendar.SiteUntil = now

	tests := []struct {
		name string
		all  []site.Process // newest first
		want string
	}{
		{"the newest open election", []site.Process{open("nueva", election.Election), open("vieja", election.Election)}, "nueva"},
		{"an election before a newer drill", []site.Process{open("simulacro", election.Drill), open("vieja", election.Election)}, "vieja"},
		{"a drill when no election is open", []site.Process{waiting("futura", 9), open("simulacro", election.Drill)}, "simulacro"},
		{"an archive while nothing else is open", []site.Process{waiting("futura", 9), open("archivo", election.Archive)}, "archivo"},
		{"the first to start while none is open", []site.Process{waiting("lejana", 90), waiting("cercana", 9), undated}, "cercana"},
		{"one without a date when there is no other", []site.Process{undated}, "sin-fecha"},
		{"a closed one last", []site.Process{closed, waiting("futura", 9)}, "futura"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := site.InForce(tt.all, now)
			if !ok || got.Key != tt.want {
				t.Errorf("InForce = %q, %t; want %q", got.Key, ok, tt.want)
			}
		})
	}
	if _, ok := site.InForce(nil, now); ok {
		t.Error("no process at all must say so")
	}
	next, ok := site.Next([]site.Process{waiting("lejana", 90), waiting("cercana", 9)}, open("archivo", election.Archive), now)
	if !ok || next.Key != "cercana" {
		t.Errorf("Next = %q, %t", next.Key, ok)
	}
}

func TestTheCatalogueIsReadOncePerEpoch(t *testing.T) {
	r := read(t, sitetest.Open)
	again, err := r.store.Catalog(t.Context(), r.process)
	if err != nil || again != r.catalog {
		t.Fatalf("the same epoch read the catalogue again (%v)", err)
	}
	r.Exec(`UPDATE site.offices SET name = 'Gobierno del estado' WHERE id = 1`)
	r.Changed()
	newer, err := r.store.Catalog(t.Context(), r.Process(r.store, sitetest.Open))
	if err != nil {
		t.Fatal(err)
	}
	if got := newer.Office(1).Name; got != "Gobierno del estado" {
		t.Errorf("after a change the office is %q", got)
	}
}

func TestPlacesOfSeveralStatesHaveKeysOfTheirOwn(t *testing.T) {
	r := read(t, sitetest.Archive)
	keys := []string{}
	for _, d := range r.catalog.Districts {
		keys = append(keys, d.Key)
	}
	for _, m := range r.catalog.Municipalities {
		keys = append(keys, m.Key)
	}
	want := []string{"durango-ficticio-1", "quintana-ficticia-1", "quintana-ficticia-15", "durango-ficticio-canelas", "quintana-ficticia-tulum"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLookupTellsAProfileAMoveATombstoneAndNothing(t *testing.T) {
	r := read(t, sitetest.Open)
	ctx := t.Context()

	found, err := r.store.Lookup(ctx, r.process, "citlali-prueba-montes")
	if err != nil {
		t.Fatal(err)
	}
	p := found.Profile
	if p == nil || p.Number != 2 || p.Answers.Text(questionnaire.Motive) != "He dado clases treinta años." {
		t.Fatalf("profile = %+v", p)
	}
	if p.Partner == nil || p.Partner.Slug != "nadia-hipotetica-vera" || p.Partner.Role != election.Suplente {
		t.Errorf("partner = %+v", p.Partner)
	}
	if got := p.PublishedOn.Format(time.DateOnly); got != "2027-04-02" {
		t.Errorf("published on %s", got)
	}

	if found, err = r.store.Lookup(ctx, r.process, "citlali-preba-montes"); err != nil || found.MovedTo != "citlali-prueba-montes" {
		t.Errorf("moved to %q, %v", found.MovedTo, err)
	}
	found, err = r.store.Lookup(ctx, r.process, "ernesto-retirado-gil")
	if err != nil || found.Tombstone == nil || found.Tombstone.SuccessorName != "Citlali Prueba Montes" {
		t.Errorf("tombstone %+v, %v", found.Tombstone, err)
	}
	for _, slug := range []string{"nadie", "", "a\x00b", "\xff", "martha-archivada-lopez"} {
		if _, err := r.store.Lookup(ctx, r.process, slug); !fault.Is(err, fault.NotFound) {
			t.Errorf("Lookup(%q) = %v, want not found", slug, err)
		}
	}
}

func TestAFórmulaIsPairedOnlyWhenItIsCertain(t *testing.T) {
	r := read(t, sitetest.Archive)
	r.Exec(`INSERT INTO site.candidacies SELECT n.* FROM site.candidacies c,
		jsonb_populate_record(c, '{"id": 93, "slug": "otra", "role": "suplente", "folio": "1"}') n WHERE c.id = 92`)
	found, err := r.store.Lookup(t.Context(), r.process, "luisa-archivada-mata")
	if err != nil {
		t.Fatal(err)
	}
	if found.Profile.Partner != nil {
		t.Error("an archive paired two folios")
	}
	r.Exec(`UPDATE site.candidacies SET folio = '236789' WHERE id = 93`)
	if found, err = r.store.Lookup(t.Context(), r.process, "luisa-archivada-mata"); err != nil || found.Profile.Partner == nil {
		t.Errorf("the same folio was not paired (%v)", err)
	}
}

func TestOverviewCountsByContest(t *testing.T) {
	r := read(t, sitetest.Open)
	got, err := r.store.Overview(t.Context(), r.process, r.catalog)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Office                                   string
		Offices                                  int
		Persons, Published, Seats, Places, Lists int
	}
	var lines []line
	for _, o := range got {
		lines = append(lines, line{o.Offices[0].Key, len(o.Offices), o.Persons, o.Published, o.Seats, o.Places, o.Lists})
	}
	want := []line{
		{"gubernatura", 1, 3, 2, 3, 0, 3},
		{"diputacion_mr", 1, 4, 2, 3, 2, 3},
		{"diputacion_rp", 1, 64, 0, 32, 0, 4},
		{"presidencia", 3, 3, 0, 3, 2, 2},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPhotosAreServedWhileSomeCandidacyShowsThem(t *testing.T) {
	r := read(t, sitetest.Open)
	const hash = "f00000000000000000000000000000000000000000000000000000000000096a"
	if image, err := r.store.Photo(t.Context(), hash, sitetest.Now); err != nil || len(image) == 0 {
		t.Fatalf("photo: %v", err)
	}
	r.Exec(`DELETE FROM site.photos`)
	if _, err := r.store.Photo(t.Context(), hash, sitetest.Now); !fault.Is(err, fault.NotFound) {
		t.Errorf("a withdrawn photograph gives %v", err)
	}
	if there, err := r.store.HasPhoto(t.Context(), hash, sitetest.Now); err != nil || there {
		t.Errorf("HasPhoto = %t, %v", there, err)
	}
}

func TestEachReadsEverybodyOnceInBallotOrder(t *testing.T) {
	r := read(t, sitetest.Open)
	r.Exec(`INSERT INTO site.candidacies (id, process_id, slug, folio, name, sort_name, search_text, nickname, sex, office_id, state_id, district_label,
position, role, nominator_id, affirmative_actions, elected, ballot_rank, state, degree, photo_small, photo_medium, photo_large)
SELECT 5000 + g, 1, 'extra-' || g, '', 'Extra', 'Extra', 'extra', '', 'mujer', 6, 1, '', 1, 'propietaria', 1, '{}', false, 9000 + g / 3, 'no_capturada', '', '', '', ''
FROM generate_series(1, 450) g`)
	var ids []int64
	err := r.store.Each(t.Context(), r.process, r.catalog, site.Query{}, func(p site.Profile) error {
		ids = append(ids, p.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	if len(ids) != 524 || len(seen) != 524 {
		t.Errorf("%d records, %d different; want 524", len(ids), len(seen))
	}
	if ids[0] != 1 || ids[2] != 3 {
		t.Errorf("the first are %v", ids[:3])
	}
}

func TestADatabaseThatDoesNotAnswerIsUnavailable(t *testing.T) {
	r := read(t, sitetest.Open)
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	if _, err := r.store.Processes(ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("Processes = %v, want unavailable", err)
	}
}
