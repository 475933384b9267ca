package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
)

// clock is the server's, which a test moves, at once or after some readings: in
// the middle of a request.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	after int // readings left before it jumps to then; 0 is never
	then  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.at
	if c.after > 0 {
		if c.after--; c.after == 0 {
			c.at = c.then
		}
	}
	return at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.after = at, 0
}

func (c *clock) jump(readings int, then time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after, c.then = readings, then
}

// freeze is the demonstration an hour before its campaigns end.
type freeze struct {
	*stage
	clock *clock
	cfg   config.Config
	end   time.Time
}

func newFreeze(t *testing.T) *freeze {
	t.Helper()
	pg := dbtest.New(t)
	cfg, err := config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL": pg.DeskURL, "CONOCELES_SITE_DATABASE_URL": pg.SiteURL,
		"CONOCELES_KEYSET": filepath.Join(t.TempDir(), "llaves.json"),
	})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now().Truncate(time.Second)
	f := &freeze{clock: &clock{at: start}, cfg: cfg, end: start.Add(time.Hour), stage: &stage{TB: t, pg: pg}}
	f.restart()
	if err := f.app.Seeder(7, 400).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = f.app.Desk.Upkeep(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Exec(ctx, `UPDATE desk.processes SET campaigns_end_at = $2 WHERE key = $1`, demo.Key, f.end); err != nil {
			return err
		}
		return f.app.Publisher.Process(ctx, tx, f.process(ctx, tx))
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *freeze) process(ctx context.Context, q db.Querier) (id int64) {
	if err := q.QueryRow(ctx, `SELECT id FROM desk.processes WHERE key = $1`, demo.Key).Scan(&id); err != nil {
		f.Fatal(err)
	}
	return id
}

// restart serves the same database from a program that was just started.
func (f *freeze) restart() {
	f.Helper()
	a, err := app.OpenAt(context.Background(), f.cfg, quiet(), app.Both, f.clock.now)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			f.Error(err)
		}
	})
	front, handler, err := a.Handler(context.Background())
	if err != nil {
		f.Fatal(err)
	}
	f.app, f.front, f.handler = a, front, handler
}

// person is somebody with a browser whose own clock is a day wrong.
type person struct {
	*freeze
	client *http.Client
	base   string
	form   url.Values // hidden fields of the last page
}

func (f *freeze) as(who string) *person {
	f.Helper()
	server := httptest.NewServer(f.handler)
	f.Cleanup(server.Close)
	jar, _ := cookiejar.New(nil) // fails only for a bad option
	p := &person{freeze: f, base: server.URL, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if err := enter(p.client, p.base, who); err != nil {
		f.Fatal(err)
	}
	return p
}

func (p *person) ask(method, path string, form url.Values) (int, *goquery.Document) {
	p.Helper()
	req, err := http.NewRequest(method, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	req.Header.Set("Date", p.end.AddDate(0, 0, -1).UTC().Format(http.TimeFormat))
	req.Header.Set("Origin", p.base)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := p.client.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil && err != io.EOF {
		p.Fatal(err)
	}
	return res.StatusCode, doc
}

// open reads a page and keeps the hidden fields of its forms.
func (p *person) open(path string) *goquery.Document {
	p.Helper()
	code, doc := p.ask(http.MethodGet, path, nil)
	if code != http.StatusOK {
		p.Fatalf("GET %s: %d", path, code)
	}
	p.form = url.Values{}
	doc.Find(`main input[type="hidden"]`).Each(func(_ int, s *goquery.Selection) {
		p.form.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	return doc
}

// send posts the last form with more fields.
func (p *person) send(path string, fields ...string) (int, *goquery.Document) {
	p.Helper()
	for i := 0; i < len(fields); i += 2 {
		p.form.Set(fields[i], fields[i+1])
	}
	return p.ask(http.MethodPost, path, p.form)
}

const essay = " Lo escribió quien captura, con las palabras que hacen falta para que la respuesta tenga la extensión que pide el cuestionario y no se quede corta." +
	" La población objetivo son las personas de la colonia de ejemplo; la meta es que haya agua y el plazo es de un año completo, con cuentas públicas."

// At T-1 s a save is in; at T and after, it is refused with the text on screen. The
// server's clock decides, also of a program started at T, whatever the visitor's says.
func TestTheFreezeToTheSecond(t *testing.T) {
	f := newFreeze(t)
	folio := f.folio("en_captura")
	section := "/captura/" + folio + "/curricular/motivo"
	said := func() string {
		return f.text(`SELECT COALESCE(form ->> 'motivo_cargo_publico', '') FROM desk.drafts d JOIN desk.candidacies c ON c.id = d.candidacy_id WHERE c.folio = $1 AND d.page = 'motivo'`, folio)
	}
	op := f.as("operador")
	for _, c := range []struct {
		name    string
		at      time.Time
		restart bool
		in      bool
	}{
		{"a second before", f.end.Add(-time.Second), false, true},
		{"the last microsecond", f.end.Add(-time.Microsecond), false, true},
		{"the instant", f.end, false, false},
		{"a second after", f.end.Add(time.Second), false, false},
		{"a program started at the instant", f.end, true, false},
		{"a day after", f.end.AddDate(0, 0, 1), false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.clock.set(f.end.Add(-time.Minute))
			op.open(section)
			f.clock.set(c.at)
			if c.restart {
				f.restart()
				form := op.form
				op = f.as("operador")
				op.form = form
			}
			text := "Escrito " + c.name + "." + essay
			code, doc := op.send(section, "accion", "continuar", "motivo_cargo_publico", text)
			if c.in {
				if code != http.StatusSeeOther || !strings.Contains(said(), text) {
					t.Errorf("status %d, kept %.60q; want it in", code, said())
				}
				return
			}
			if code != http.StatusConflict || strings.Contains(said(), text) {
				t.Errorf("status %d, kept %.60q; want it refused", code, said())
			}
			if got := strings.TrimSpace(doc.Find(`textarea[name="motivo_cargo_publico"]`).Text()); got != text {
				t.Errorf("the page shows %.60q, want what was typed", got)
			}
			if !strings.Contains(doc.Text(), "reloj del servidor") {
				t.Error("the page does not show the clock that decided")
			}
		})
	}
}

// Whenever T arrives while a save is under way, either the save is in, and dated
// before T, or it is refused whole.
func TestTheFreezeInTheMiddleOfASave(t *testing.T) {
	f := newFreeze(t)
	folio := f.folio("en_captura")
	section := "/captura/" + folio + "/curricular/motivo"
	op := f.as("operador")
	const kept = `SELECT count(*)::text FROM desk.answer_versions a JOIN desk.candidacies c ON c.id = a.candidacy_id WHERE c.folio = $1`
	refused, in := 0, 0
	for readings := 1; in < 2; readings++ {
		if readings > 60 {
			t.Fatal("sixty readings of the clock, and the save never ends")
		}
		f.clock.set(f.end.Add(-time.Second))
		op.open(section)
		before := f.text(kept, folio)
		f.clock.jump(readings, f.end)
		code, _ := op.send(section, "accion", "continuar", "motivo_cargo_publico", "En la lectura "+strconv.Itoa(readings)+"."+essay)
		f.clock.set(f.end.Add(-time.Second))
		switch after := f.text(kept, folio); {
		case code == http.StatusSeeOther && after != before:
			in++
		case code == http.StatusConflict && after == before:
			refused++
		default:
			t.Errorf("T arrived after %d readings: status %d, %s versions before and %s after", readings, code, before, after)
		}
	}
	if refused == 0 {
		t.Error("T never arrived before the transaction: the test proves nothing")
	}
	const late = `SELECT count(*)::text FROM desk.answer_versions a JOIN desk.candidacies c ON c.id = a.candidacy_id WHERE c.folio = $1 AND a.at >= $2`
	if got := f.text(late, folio, f.end); got != "0" {
		t.Errorf("%s versions are dated at T or later", got)
	}
}

// Validating and correcting close at the same instant.
func TestTheFreezeOfValidationsAndCorrections(t *testing.T) {
	f := newFreeze(t)
	boss := f.as("validador")
	confirm := func(folio string) (string, string) {
		f.Helper()
		f.clock.set(f.end.Add(-time.Minute))
		boss.open("/captura/" + folio + "/validar")
		path := "/captura/" + folio + "/validar/confirmar"
		boss.open(path + "?" + url.Values{"contenido": {boss.form.Get("version")}}.Encode())
		return path, boss.form.Get("version")
	}
	number := func(folio string) string {
		return f.text(`SELECT count(*)::text FROM desk.validations v JOIN desk.candidacies c ON c.id = v.candidacy_id WHERE c.folio = $1`, folio)
	}
	folio := f.folio("completa")
	for _, at := range []time.Time{f.end, f.end.Add(time.Second)} {
		path, _ := confirm(folio)
		f.clock.set(at)
		code, doc := boss.send(path)
		if code != http.StatusConflict || number(folio) != "0" || !strings.Contains(doc.Text(), "La captura cerró") {
			t.Errorf("validated at %s: %d, %s validations", at, code, number(folio))
		}
	}
	path, _ := confirm(folio)
	f.clock.set(f.end.Add(-time.Second))
	if code, _ := boss.send(path); code != http.StatusSeeOther || number(folio) != "1" {
		t.Errorf("one second before: %d, %s validations", code, number(folio))
	}

	corrected := f.own(1)
	f.judge(corrected, true, "propuesta_1")
	section, correction := "/captura/"+corrected+"/curricular/propuestas", "/captura/"+corrected+"/correccion"
	f.clock.set(f.end.Add(-time.Second))
	boss.open(section)
	if code, _ := boss.send(section, "accion", "continuar", "propuesta_1", "Corregida a tiempo."+essay); code != http.StatusSeeOther {
		t.Fatalf("a correction one second before: %d", code)
	}
	boss.open(section)
	f.clock.set(f.end)
	late := "Corregida tarde." + essay
	code, doc := boss.send(section, "accion", "continuar", "propuesta_1", late)
	if got := strings.TrimSpace(doc.Find(`textarea[name="propuesta_1"]`).Text()); code != http.StatusConflict || got != late {
		t.Errorf("a correction at the instant: %d, and the page shows %.60q", code, got)
	}
	state := func() string {
		return f.text(`SELECT x.state FROM desk.corrections x JOIN desk.candidacies c ON c.id = x.candidacy_id WHERE c.folio = $1`, corrected)
	}
	f.clock.set(f.end.Add(-time.Minute))
	boss.open(correction)
	f.clock.set(f.end)
	if code, _ := boss.send(correction+"/enviar", "declaro", "si"); code != http.StatusConflict || state() != "abierta" {
		t.Errorf("sent at the instant: %d, %s", code, state())
	}
	f.clock.set(f.end.Add(-time.Second))
	if code, _ := boss.send(correction+"/enviar", "declaro", "si", "guardado_id", uuid.NewString()); code != http.StatusSeeOther || state() != "enviada" {
		t.Errorf("sent one second before: %d, %s", code, state())
	}
	f.wantIntact()
}

func (f *freeze) wantIntact() {
	f.Helper()
	if d, err := f.app.Publisher.Verify(context.Background(), f.app.Desk); err != nil || len(d) != 0 {
		f.Errorf("the site differs: %v %v", d, err)
	}
}

// What the freeze does not stop: the site, the review of what came in time, who
// withdraws a consent, a substitution by acuerdo; and one candidacy, that an
// acuerdo excepts, for as long as it says.
func TestWhatGoesOnAfterTheFreeze(t *testing.T) {
	f := newFreeze(t)
	f.clock.set(f.end.Add(time.Hour))
	ctx := t.Context()
	folio := f.folio("en_captura")
	nobody := &person{freeze: f, client: http.DefaultClient, base: f.as("auditoria").base}
	if code, _ := nobody.ask(http.MethodGet, "/candidaturas/"+f.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, f.own(1)), nil); code != http.StatusOK {
		t.Errorf("a profile after the freeze: %d", code)
	}
	f.judge(f.own(1), true)

	one, two := actorOf[auth.Secretary](f.stage, "secretaria"), actorOf[auth.Secretary](f.stage, "secretaria2")
	act := func(a registry.NewAct) {
		t.Helper()
		a.Folio, a.Basis, a.BasisDate = folio, "IEP/CEE/300/2027", f.end.AddDate(0, 0, -1)
		id, err := f.app.Registry.Capture(ctx, one, uuid.NewString(), a)
		if err == nil {
			err = f.app.Registry.Confirm(ctx, two, uuid.NewString(), id)
		}
		if err != nil {
			t.Fatalf("%s: %v", a.Kind, err)
		}
	}
	until := f.end.Add(3 * time.Hour)
	act(registry.NewAct{Kind: registry.Exception, Until: until})
	op := f.as("operador")
	section := "/captura/" + folio + "/curricular/motivo"
	if page := op.open("/captura/" + folio).Text(); !strings.Contains(page, "Abierta por excepción") {
		t.Error("the list of tasks does not say that it is open by exception")
	}
	op.open(section)
	f.clock.set(until.Add(-time.Second))
	if code, _ := op.send(section, "accion", "continuar", "motivo_cargo_publico", "Por excepción."+essay); code != http.StatusSeeOther {
		t.Errorf("one second before the exception ends: %d", code)
	}
	if got := f.text(`SELECT late::text FROM desk.answer_versions a JOIN desk.candidacies c ON c.id = a.candidacy_id WHERE c.folio = $1 AND part = 'motivo_cargo_publico' ORDER BY version DESC LIMIT 1`, folio); got != "true" {
		t.Error("what is captured after the campaigns does not say that it is late")
	}
	op.open(section)
	f.clock.set(until)
	if code, _ := op.send(section, "accion", "continuar", "motivo_cargo_publico", "Después de la excepción."+essay); code != http.StatusConflict {
		t.Errorf("as the exception ends: %d", code)
	}
	other := f.text(`
SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.capture = 'sin_iniciar' AND c.standing = 'aprobada' ORDER BY c.id LIMIT 1`)
	f.clock.set(f.end.Add(2 * time.Hour))
	if page := op.open("/captura/" + other).Text(); !strings.Contains(page, "La captura cerró") {
		t.Error("the exception opened another candidacy")
	}

	act(registry.NewAct{Kind: registry.Substitution, Person: registry.Registration{GivenNames: "Olga", Surnames: "Distinta Mar", Sex: "mujer", Position: 1}})
	if got := f.text(`SELECT standing FROM desk.candidacies WHERE folio = $1`, folio); got != "sustituida" {
		t.Errorf("after the substitution: %s", got)
	}
	f.wantIntact()

	// Everybody whose consent was verified before the freeze.
	const public = `SELECT count(*)::text FROM site.identity_publications`
	if f.text(public) == "0" {
		t.Error("no identity is public: the test proves nothing")
	}
	rows, err := f.app.Desk.Query(ctx, `
SELECT DISTINCT ON (o.candidacy_id) substring(o.body from '/retirar/[A-Za-z0-9_-]+') FROM desk.outbox o
JOIN sensitive.consent_events e ON e.candidacy_id = o.candidacy_id AND e.event = 'verifica'
WHERE o.body ~ '/retirar/' ORDER BY o.candidacy_id, o.id DESC`)
	if err != nil {
		t.Fatal(err)
	}
	links, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if code, _ := nobody.ask(http.MethodPost, link, nil); code != http.StatusOK {
			t.Errorf("a withdrawal after the freeze: %d", code)
		}
	}
	if got := f.text(public); got != "0" {
		t.Errorf("%s identities are public after everybody withdrew", got)
	}
	f.wantIntact()
}
