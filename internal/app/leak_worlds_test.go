package app_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/desk/canary"
	"conoceles/internal/serve"
)

// TestTwoWorlds seeds the two worlds, which differ only in what nobody but the
// entitled may know, and compares every byte that anybody else can get: there is
// no difference (security.md 2.3 b). Then one person more consents, and what
// changes is that person's surfaces and nothing else.
func TestTwoWorlds(t *testing.T) {
	t.Parallel()
	pgA, cfgA := beneath.open(t)
	pgB, cfgB := beneath.open(t)
	var a, b *world
	var both sync.WaitGroup
	both.Go(func() { a = newWorld(t, pgA, cfgA, canary.A) })
	both.Go(func() { b = newWorld(t, pgB, cfgB, canary.B) })
	both.Wait()
	if a == nil || b == nil {
		t.Fatal("a world was not seeded")
	}
	who := a.person(canary.Cell{Answers: canary.Answered, Consent: canary.Pending, Record: canary.Validated})
	a.besides, b.besides = []string{who.Slug}, []string{who.Slug}
	before, other := a.bytesTold(), b.bytesTold()
	tables := b.siteTables()
	for table, content := range a.siteTables() {
		if diff := cmp.Diff(content, tables[table]); diff != "" {
			t.Errorf("what the site's role reads in %s tells one world from the other:\n%s", table, diff)
		}
	}
	if len(before) < 500 {
		t.Fatalf("only %d answers were compared", len(before))
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if before[key] != other[key] {
			t.Errorf("%s tells one world from the other:\n%s", key, cmp.Diff(before[key], other[key]))
		}
	}
	if len(before) != len(other) {
		t.Errorf("%d answers in one world, %d in the other", len(before), len(other))
	}

	if err := a.acts.Grant(context.Background(), who.Folio); err != nil {
		t.Fatal(err)
	}
	a.front, a.handler = a.reopened() // nothing that was kept hides a difference
	surfaces := append(a.plan.IdentityPaths(who.Slug), a.plan.CountPaths()...)
	after, changed := a.bytesTold(), 0
	for _, key := range slices.Sorted(maps.Keys(before)) {
		_, path, _ := strings.Cut(key, " ")
		bare, _, _ := strings.Cut(path, "?")
		if strings.HasPrefix(bare, "/administracion/bitacora") {
			continue // it tells of this very asking; that both worlds ask it alike was compared above
		}
		if got, want := before[key] != after[key], slices.Contains(surfaces, bare); got != want {
			t.Errorf("one person more consents, and %s changes: %t, want %t", key, got, want)
		} else if got {
			changed++
		}
	}
	if changed < len(surfaces) {
		t.Errorf("one person more consents, and %d answers change, want %d at least", changed, len(surfaces))
	}
}

// knows reports whether somebody may know of consents, and so see the worlds
// differ at a route of the desk.
func knows(v *visitor, e errand) bool {
	switch v.role {
	case "verificador", "titular":
		return strings.HasPrefix(e.path, "/transparencia") || v.role == "titular" && strings.HasPrefix(e.path, "/administracion/bitacora")
	case "operador", "validador", "candidata": // of their own candidacies
		return strings.HasPrefix(e.route.Pattern, "/captura/{folio}/identidad")
	case "administracion": // a demonstration's mailbox: it stands for everybody's
		return e.route.Pattern == "/administracion/salida"
	}
	return e.route.Pattern == "/retirar/{token}" // whoever has the link knows of the consent
}

// bytesTold asks for everything as everybody, and returns what each is told where it
// may not know, by who asks and where.
func (w *world) bytesTold() map[string]string {
	out := map[string]string{}
	for _, v := range w.visitors() {
		nobody := v.account == ""
		for _, e := range w.errands(nobody) {
			if strings.HasSuffix(e.route.Pattern, "/{token}") && !strings.HasSuffix(e.path, "/no-existe") {
				continue // a token is drawn at random: each world has its own address
			}
			if knows(v, e) || !nobody && e.route.Surface == serve.Public && !strings.Contains(e.path, "candidatura") {
				continue
			}
			out[v.name()+" "+e.path] = v.get(e.path).comparable()
		}
	}
	return out
}

// siteTables returns what the site's role reads, by table, without the opaque
// numbers of publications.
func (w *world) siteTables() map[string][]string {
	w.Helper()
	out := map[string][]string{}
	for _, table := range asUser(w, w.pg.SiteURL, `SELECT relname::text FROM pg_class WHERE relnamespace = 'site'::regnamespace AND relkind IN ('r', 'v')`) {
		rows := asUser(w, w.pg.SiteURL, fmt.Sprintf(`SELECT t::text FROM site.%q t`, table))
		for i := range rows {
			rows[i] = withoutHashes(table, string(withoutKeys([]byte(rows[i]))))
		}
		slices.Sort(rows)
		out[table] = rows
	}
	return out
}

// what differs between two answers to the same question, whoever asks: the keys
// of forms and of sessions, the sessions that they opened, and the seed of a second
// factor, drawn and written.
var (
	ownThings  = regexp.MustCompile(`(?s)<svg class="qr".*?</code>|<section class="bloque" aria-labelledby="sesiones">.*?</section>`)
	formKey    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	sessionKey = regexp.MustCompile(`conoceles=[^;]+`)
)

// withoutKeys writes CLAVE for each key of a form. The expression judges only
// what has its hyphens: over whole pages it would be most of the test's time.
func withoutKeys(b []byte) []byte {
	const length, first = 36, 8
	out := make([]byte, 0, len(b))
	for {
		i := bytes.Index(b, []byte("-"))
		if i < 0 {
			return append(out, b...)
		}
		start := i - first
		if start >= 0 && start+length <= len(b) && b[start+13] == '-' && b[start+18] == '-' && formKey.Match(b[start:start+length]) {
			out, b = append(append(out, b[:start]...), "CLAVE"...), b[start+length:]
			continue
		}
		out, b = append(out, b[:i+1]...), b[i+1:]
	}
}

// comparable is an answer without what changes by itself.
func (r reply) comparable() string {
	var b bytes.Buffer
	fmt.Fprintln(&b, r.status)
	log := strings.Contains(r.path, "verificacion") || strings.Contains(r.path, "/versiones")
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		if name != "Date" && !(log && (name == "Etag" || name == "Content-Length")) { // they come from the hashes
			fmt.Fprintf(&b, "%s: %s\n", name, sessionKey.ReplaceAllString(strings.Join(r.header[name], "\n"), "conoceles="))
		}
	}
	body := r.body
	if bytes.Contains(body, []byte(`class="qr"`)) || bytes.Contains(body, []byte(`aria-labelledby="sesiones"`)) {
		body = ownThings.ReplaceAll(body, []byte("CLAVE"))
	}
	return b.String() + withoutHashes(r.path, string(withoutKeys(body)))
}

// hashOfLog are the hashes, salts and signatures of the register, which are drawn at
// random or come from what is: in base64 in what is answered, in hexadecimal in tables.
var hashOfLog = regexp.MustCompile(`[A-Za-z0-9+/]{43}=|— conoceles [A-Za-z0-9+/=]+|conoceles(?:\+|&#43;)[0-9a-f]{8}(?:\+|&#43;)[A-Za-z0-9+/&#;=]+|\\+x[0-9a-f]{64}`)

// withoutHashes writes HUELLA for each hash of the register, in what is of it.
// Which leaves there are, of what and when, stays.
func withoutHashes(of, text string) string {
	if !strings.Contains(of, "verificacion") && !strings.Contains(of, "/versiones") && of != "versions" && !strings.HasPrefix(of, "log_") {
		return text
	}
	return hashOfLog.ReplaceAllString(text, "HUELLA")
}
