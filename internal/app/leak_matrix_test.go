package app_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"

	"conoceles/internal/demo"
	"conoceles/internal/desk/canary"
	"conoceles/internal/questionnaire"
)

// sentences are what the public is told of each state, and nothing else.
var sentences = map[canary.State]string{
	canary.Complete:   "Respondido. No hay respuestas públicas.",
	canary.Incomplete: "Sin responder.",
}

// groups are the badges that a row in the state Public shows.
var groups = map[canary.Answering][]questionnaire.ID{
	canary.Answered: {questionnaire.Indigenous, questionnaire.Disability, questionnaire.LGBT},
	canary.Half:     {questionnaire.Indigenous, questionnaire.IndigenousLanguage},
}

// checkMatrix reads, for every row of the consent matrix, every public surface
// that says something of a person's identity questionnaire: the page, at its two
// addresses, and the file, at its two (domain 0.3.5).
func checkMatrix(w *world) {
	nobody := &visitor{w: w}
	cells := map[canary.Cell]bool{}
	for _, p := range w.plan.People {
		cells[p.Cell] = true
		for _, path := range w.plan.Profile(p.Slug) {
			checkPage(w, p, nobody.get(path))
		}
	}
	for _, c := range canary.Matrix() {
		if !cells[c] {
			w.Errorf("nobody is in the row %+v", c)
		}
	}
	for _, path := range []string{"/datos/identidad.csv", "/procesos/" + demo.Key + "/datos/identidad.csv"} {
		checkFile(w, nobody.get(path))
	}
	states := map[string]canary.State{}
	for _, row := range w.super(`SELECT slug || '|' || identity_state FROM site.candidacies`) {
		slug, state, _ := strings.Cut(row, "|")
		states[slug] = canary.State(state)
	}
	for _, p := range w.plan.People {
		if got, ok := states[p.Slug]; ok == (p.State == canary.Gone) || ok && got != p.State {
			w.Errorf("%+v: the site says %q, want %s", p.Cell, got, p.State)
		}
	}
}

func checkPage(w *world, p canary.Person, r reply) {
	want := http.StatusOK
	if p.State == canary.Gone {
		want = http.StatusGone
	}
	if r.status != want {
		w.Errorf("%+v: %s answers %d, want %d", p.Cell, r.path, r.status, want)
	}
	for state, sentence := range sentences {
		if got, want := bytes.Contains(r.body, []byte(sentence)), state == p.State; got != want {
			w.Errorf("%+v: %s says «%s»: %t, want %t", p.Cell, r.path, sentence, got, want)
		}
	}
	// The badges of acción afirmativa, of the registration, have the same words.
	head, block, _ := bytes.Cut(r.body, []byte(`id="identidad"`))
	block, tail, _ := bytes.Cut(block, []byte("</section>"))
	if (len(block) == 0) != (p.State == canary.Gone) {
		w.Errorf("%+v: the block of identity of %s has %d bytes", p.Cell, r.path, len(block))
	}
	outside := reply{header: r.header, body: slices.Concat(head, tail)}
	for _, k := range p.Canaries {
		if k.Class == canary.Identity && search(outside.text())[k.Value] {
			w.Errorf("%+v: %s says outside its block, where others pick it up, the canary %s", p.Cell, r.path, k.Value)
		}
	}
	for _, q := range questionnaire.Identity().Questions() {
		badge := questionnaire.Badge(q.ID)
		if badge == "" {
			continue
		}
		want := p.State == canary.Public && slices.Contains(groups[p.Answers], q.ID)
		if got := bytes.Contains(block, []byte(badge)); got != want {
			w.Errorf("%+v: %s has the badge «%s»: %t, want %t", p.Cell, r.path, badge, got, want)
		}
	}
	live := strings.Contains(r.header.Get("Cache-Control"), "private")
	if live != (p.State == canary.Public) {
		w.Errorf("%+v: %s says Cache-Control: %s", p.Cell, r.path, r.header.Get("Cache-Control"))
	}
}

// checkFile looks for each person whose name is nobody else's in the identity
// file: a public row says as much as its page, every other one the same literal.
func checkFile(w *world, r reply) {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(r.body, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 100 {
		w.Fatalf("%s: %d rows, %v", r.path, len(rows), err)
	}
	name, first := slices.Index(rows[0], "NOMBRE_CANDIDATO"), len(rows[0])-len(questionnaire.Identity().Questions())
	by := map[string][][]string{}
	for _, row := range rows[1:] {
		by[strings.ToUpper(row[name])] = append(by[strings.ToUpper(row[name])], row)
	}
	told := map[canary.State]int{}
	names := w.onlyNames()
	for _, p := range w.plan.People {
		named, ok := names[p.Folio]
		if !ok {
			continue
		}
		found := by[named]
		if want := map[bool]int{true: 0, false: 1}[p.State == canary.Gone]; len(found) != want {
			w.Errorf("%+v: %s has %d rows of %s, want %d", p.Cell, r.path, len(found), named, want)
			continue
		}
		told[p.State]++
		if p.State == canary.Gone {
			continue
		}
		said := slices.DeleteFunc(slices.Clone(found[0][first:]), func(c string) bool { return c == "No disponible" })
		if got, want := len(said) > 0, p.State == canary.Public; got != want {
			w.Errorf("%+v: %s says %q", p.Cell, r.path, said)
		}
		if slices.ContainsFunc(said, func(c string) bool {
			return c == "No" || c == "Prefiero no contestar" || c == "No aplica"
		}) {
			w.Errorf("%+v: %s says what is never said: %q", p.Cell, r.path, said)
		}
	}
	for _, s := range []canary.State{canary.Public, canary.Complete, canary.Incomplete, canary.Gone} {
		if told[s] == 0 {
			w.Errorf("%s: nobody in the state %s was looked for", r.path, s)
		}
	}
}

// onlyNames returns, by folio, the names that one person alone has.
func (w *world) onlyNames() map[string]string {
	w.Helper()
	out := map[string]string{}
	for _, row := range w.super(`
SELECT min(c.folio) || '|' || upper(concat_ws(' ', p.given_names, NULLIF(p.surnames, '')))
FROM desk.persons p JOIN desk.candidacies c ON c.person_id = p.id
GROUP BY upper(concat_ws(' ', p.given_names, NULLIF(p.surnames, ''))) HAVING count(*) = 1`) {
		folio, name, _ := strings.Cut(row, "|")
		out[folio] = name
	}
	return out
}
