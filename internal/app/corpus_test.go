package app_test

import (
	"flag"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// everyBadInput runs the whole corpus. Without it, as in CI, some cases of each
// class run: `make corpus` runs them all.
var everyBadInput = flag.Bool("corpus", false, "run every case of the bad-input corpus")

// one in sampled cases of a class runs, and two at least.
const sampled = 8

// badInput is a case of the corpus: what somebody sends, and what may come back.
type badInput struct {
	name string
	send func(*caller) answer
	want []int  // the statuses that are right
	said string // what the answer must say, in the words for people
	kept string // what was typed, which must still be in the form
	not  string // what the answer must not have anywhere, as it was sent
}

// class is one of the classes of the corpus (security.md 4).
type class struct {
	name  string
	least int    // how many cases it must have
	as    string // who sends
	cases func(*corpus) []badInput
	quiet bool // nothing that was saved may change
}

// corpus is what the cases are made over.
type corpus struct {
	*stage
	folio string // of the class: each has its own
}

// classes are all of them.
func classes() []class {
	return slices.Concat(doorClasses, textClasses, formClasses, fileClasses, orderClasses)
}

// Whatever comes in, nobody is told of the machine, nothing typed is lost and
// nothing saved changes (security.md 4).
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	folios := s.list(`SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.standing = 'aprobada' AND c.capture IN ('sin_iniciar', 'en_captura') ORDER BY c.capture, c.id`)
	total := 0
	for i, k := range classes() {
		c := &corpus{s, folios[i%len(folios)]} // those of the door save nothing
		all := k.cases(c)
		if total += len(all); len(all) < k.least {
			t.Errorf("%s: %d cases, want %d or more", k.name, len(all), k.least)
		}
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			who := s.call(t)
			if k.as != "" {
				who = s.enter(t, k.as)
			}
			before := c.saved()
			for j, b := range all {
				if step := max(1, min(sampled, len(all)/2)); *everyBadInput || j%step == 0 || j == len(all)-1 { // the last looks at what the others left
					b.try(who)
				}
			}
			if after := c.saved(); k.quiet && before != after {
				t.Errorf("what was saved changed:\n%s\n%s", before, after)
			}
			alive(who)
		})
	}
	if total < 1690 {
		t.Errorf("%d cases, want the 1,690 of the design", total)
	}
}

// machine is what no answer may tell of.
var machine = regexp.MustCompile(`(?i)SQLSTATE|pgx|syntax error at|violates|goroutine \d|\.go:\d|runtime error|panic|/root/|/home/|Internal Server Error|Bad Request|Not Found<|null value in`)

// try sends a case and judges the answer.
func (b badInput) try(c *caller) {
	c.Helper()
	start := time.Now()
	r := b.send(c)
	if !slices.Contains(b.want, r.status) {
		c.Errorf("%s: status %d, want one of %v", b.name, r.status, b.want)
	}
	if found := machine.FindString(r.body); found != "" && r.status >= 400 {
		c.Errorf("%s: it tells of the machine: %q", b.name, found)
	}
	if page := strings.HasPrefix(r.header.Get("Content-Type"), "text/html"); page && r.status/100 != 3 && !strings.Contains(r.body, `lang="es-MX"`) {
		c.Errorf("%s: the page is not in Spanish", b.name)
	}
	judgeHeader(c, b.name, r)
	shown := html.UnescapeString(r.body)
	if b.said != "" && !strings.Contains(shown, b.said) {
		c.Errorf("%s: status %d and it does not say %q", b.name, r.status, b.said)
	}
	if b.kept != "" && !strings.Contains(shown, b.kept) {
		c.Errorf("%s: status %d and what was typed is lost", b.name, r.status)
	}
	if all := fmt.Sprint(r.header) + r.body; b.not != "" && strings.Contains(all, b.not) {
		c.Errorf("%s: the answer has %q", b.name, b.not)
	}
	if took := time.Since(start); took > 20*time.Second {
		c.Errorf("%s: it took %s", b.name, took)
	}
}

// judgeHeader says what an answer of any kind must: what it is, in which characters
// (ASVS 4.1.1), and not which program wrote it (13.4.6).
func judgeHeader(c *caller, name string, r answer) {
	c.Helper()
	if r.header == nil {
		return // the connection was cut
	}
	if kind := r.header.Get("Content-Type"); r.body != "" && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(strings.ToLower(kind), "charset=utf-8")) {
		c.Errorf("%s: status %d with %d bytes of %q", name, r.status, len(r.body), kind)
	}
	for _, own := range []string{"Server", "X-Powered-By", "Via"} {
		if v := r.header.Get(own); v != "" {
			c.Errorf("%s: %s: %s", name, own, v)
		}
	}
}

// alive says whether the program goes on as if nothing had come.
func alive(c *caller) {
	c.Helper()
	start := time.Now()
	if r := c.get("/salud/vivo"); r.status/100 != 2 || time.Since(start) > 2*time.Second {
		c.Errorf("after the class it answers %d in %s", r.status, time.Since(start))
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
	if err != nil || len(left) > 0 {
		c.Errorf("files were left: %v, %v", left, err)
	}
}

// saved is what is kept of the candidacy of a class: its versions, not its drafts,
// which keep whatever is typed.
func (c *corpus) saved() string {
	c.Helper()
	return c.text(`SELECT concat_ws(' ', c.review, c.standing, c.nominator_id, c.person_id, count(v.*), COALESCE(sum(hashtextextended(v::text, 0)), 0))
FROM desk.candidacies c LEFT JOIN desk.answer_versions v ON v.candidacy_id = c.id WHERE c.folio = $1 GROUP BY c.id`, c.folio)
}

// list returns the only column of a query of the desk.
func (s *stage) list(sql string, args ...any) []string {
	s.Helper()
	return asUser(s, s.pg.SuperURL, sql, args...)
}

// section is the address of a page of the questionnaire of the class.
func (c *corpus) section(page string) string { return "/captura/" + c.folio + "/curricular/" + page }

var hidden = regexp.MustCompile(`name="version" value="(\d+)"`)

// fill sends a form of the page as somebody who opened it now.
func fill(c *caller, path string, values url.Values) answer {
	c.Helper()
	form := url.Values{"guardado_id": {uuid.Must(uuid.NewV7()).String()}, "version": {"0"}, "accion": {"continuar"}}
	if found := hidden.FindStringSubmatch(c.get(path).body); found != nil {
		form.Set("version", found[1])
	}
	for name, list := range values {
		form[name] = list
	}
	return c.post(path, form)
}

// posts returns cases that fill a page, one for each value of a field.
func posts(path, field string, values []string, b badInput) []badInput {
	var out []badInput
	for i, v := range values {
		one := b
		one.name = fmt.Sprintf("%s %s %d %.40q", path, field, i, v)
		one.send = func(c *caller) answer { return fill(c, path, url.Values{field: {v}}) }
		out = append(out, one)
	}
	return out
}

// gets returns cases that ask for an address, one for each value.
func gets(prefix string, values []string, b badInput) []badInput {
	var out []badInput
	for _, v := range values {
		one := b
		one.name = fmt.Sprintf("GET %s%.60q", prefix, v)
		one.send = func(c *caller) answer { return c.get(prefix + url.QueryEscape(v)) }
		out = append(out, one)
	}
	return out
}

// times repeats values until there are n, each a little different.
func times(n int, values ...string) []string {
	var out []string
	for i := 0; len(out) < n; i++ {
		v := values[i%len(values)]
		if i >= len(values) {
			v += " " + strings.Repeat(string(rune('a'+i%26)), 1+i/26)
		}
		out = append(out, v)
	}
	return out
}

var (
	refusedText = []int{http.StatusUnprocessableEntity}
	fine        = []int{http.StatusOK, http.StatusFound, http.StatusSeeOther, http.StatusUnprocessableEntity, http.StatusNotFound, http.StatusTooManyRequests}
)
