package duty

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Template is the text of requirements to an addressee. Its version 0 is the one
// that this program brings.
type Template struct {
	Addressee Addressee
	Version   int
	Subject   string
	Body      string
}

// Placeholder is a datum that a text may have between braces, and what takes its
// place.
type Placeholder struct{ Name, Meaning string }

// Placeholders lists them in order.
var Placeholders = []Placeholder{
	{"destinatario", "el partido o la persona a quien se dirige"},
	{"oficio", "el número de oficio"},
	{"proceso", "el nombre del proceso electoral"},
	{"instituto", "el nombre del instituto"},
	{"siglas", "las siglas del instituto"},
	{"candidaturas", "cuántas candidaturas, como «3 candidaturas»"},
	{"dias", "los días para atenderlo, como «3 días naturales»"},
	{"vence", "el último día para atenderlo, como «viernes 9 de abril, 23:59 h»"},
}

// The lengths that a text may have, in characters.
const (
	MaxSubject = 200
	MaxBody    = 6000
)

const legalBasis = "Con fundamento en los artículos 2, 15, inciso b), y 18 de los Lineamientos para el uso del Sistema «Candidatas y Candidatos, " +
	"Conóceles» (Anexo 24.2 del Reglamento de Elecciones), "

const farewell = "\n\nEste requerimiento no tiene efectos sobre el registro de las candidaturas. Si ya atendiste algo de lo que aquí se dice, no tienes que hacer nada más. " +
	"Por favor, acusa de recibo en el sistema. La Unidad de Transparencia está para ayudarte."

// initial are the texts that rule until the institute writes its own.
var initial = map[Addressee]Template{
	ToParty: {
		Addressee: ToParty, Subject: "Requerimiento sobre los cuestionarios de {candidaturas}",
		Body: legalBasis + "la Unidad de Transparencia del {instituto} informa a {destinatario} que en el {proceso} hay cuestionarios de {candidaturas} sin respuesta, " +
			"incompletos o que no se apegan al artículo 18. El anexo dice cuáles y qué les falta.\n\n" +
			"Les pedimos completarlos, corregirlos y validarlos a más tardar el {vence} ({dias} desde que se envía este oficio)." + farewell,
	},
	ToCandidate: {
		Addressee: ToCandidate, Subject: "Requerimiento sobre los cuestionarios de tu candidatura",
		Body: legalBasis + "te informamos que en el {proceso} hay cuestionarios de tu candidatura sin respuesta, incompletos o que no se apegan al artículo 18. " +
			"El anexo dice cuáles y qué les falta.\n\n" +
			"Te pedimos completarlos, tú o quien captura por tu partido, a más tardar el {vence} ({dias} desde que se envía este oficio). " +
			"En el cuestionario de identidad puedes elegir «Prefiero no contestar», y nada se publica sin tu consentimiento expreso." + farewell,
	},
	ToIndependent: {
		Addressee: ToIndependent, Subject: "Requerimiento sobre los cuestionarios de tu candidatura independiente",
		Body: legalBasis + "te informamos que en el {proceso} hay cuestionarios de {candidaturas} de tu planilla sin respuesta, incompletos o que no se apegan al artículo 18. " +
			"El anexo dice cuáles y qué les falta.\n\n" +
			"Te pedimos completarlos, corregirlos y validarlos a más tardar el {vence} ({dias} desde que se envía este oficio). " +
			"En el cuestionario de identidad se puede elegir «Prefiero no contestar», y nada se publica sin consentimiento expreso de cada persona." + farewell,
	},
}

// readTemplates returns the text in force for each addressee.
func readTemplates(ctx context.Context, q db.Querier, process int64) (map[Addressee]Template, error) {
	out := map[Addressee]Template{}
	for _, a := range Addressees() {
		out[a] = initial[a]
	}
	const sql = `
SELECT DISTINCT ON (addressee) addressee, version, subject, body FROM desk.duty_templates WHERE process_id = $1 ORDER BY addressee, version DESC`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, db.Fault(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Template])
	for _, t := range found {
		out[t.Addressee] = t
	}
	return out, db.Fault(err)
}

// Settings are what an institute decides of its requirements.
type Settings struct {
	Templates []Template // one for each addressee
	Days      int        // to attend a requirement
	Early     int        // how many days before the end of capture something is identified
	Reminders []int      // how many days before each term people are reminded
	Oficio    string     // how oficios are numbered
}

// Version names what the settings were when they were read.
func (s Settings) Version() string {
	var b strings.Builder
	for _, t := range s.Templates {
		fmt.Fprintf(&b, "%d-", t.Version)
	}
	return b.String() + fmt.Sprint(s.Days, s.Early, s.Reminders, s.Oficio)
}

// Settings returns those of the actor's process.
func (s *Store) Settings(ctx context.Context, t auth.Transparency) (Settings, error) {
	return readSettings(ctx, s.desk, t.Person().Process)
}

func readSettings(ctx context.Context, q db.Querier, process int64) (Settings, error) {
	t, err := readTerms(ctx, q, process)
	if err != nil {
		return Settings{}, err
	}
	out := Settings{Days: t.Days, Early: t.Early, Reminders: t.Reminders, Oficio: t.Oficio}
	templates, err := readTemplates(ctx, q, process)
	for _, a := range Addressees() {
		out.Templates = append(out.Templates, templates[a])
	}
	return out, err
}

// The fields of the settings.
const (
	DaysField      = "plazo_requerimiento_dias"
	EarlyField     = "requerir_antes_dias"
	RemindersField = "recordatorio_dias"
	OficioField    = "oficio"
	SubjectField   = "asunto"
	BodyField      = "texto"
)

// FieldOf is the name of a field of an addressee's text.
func FieldOf(field string, a Addressee) string { return field + "_" + string(a) }

// ParseSettings reads a form; Invalid, with the fields.
func ParseSettings(get func(string) string) (Settings, error) {
	var s Settings
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	number := func(text string, least int) (int, bool) {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		return n, err == nil && n >= least && n <= 60
	}
	var ok bool
	if s.Days, ok = number(get(DaysField), 1); !ok {
		wrong(DaysField, "Plazo para atender: escribe un número entero de 1 a 60")
	}
	if s.Early, ok = number(get(EarlyField), 0); !ok {
		wrong(EarlyField, "Días de anticipación: escribe un número entero de 0 a 60")
	}
	for _, text := range strings.FieldsFunc(get(RemindersField), func(r rune) bool { return r == ',' || r == ' ' || r == 'y' }) {
		n, ok := number(text, 1)
		if !ok || slices.Contains(s.Reminders, n) {
			s.Reminders = nil
			break
		}
		s.Reminders = append(s.Reminders, n)
	}
	if n := len(s.Reminders); n == 0 || n > 10 {
		wrong(RemindersField, "Recordatorios: escribe de uno a diez números distintos de 1 a 60, como 5, 2, 1")
	}
	slices.SortFunc(s.Reminders, func(a, b int) int { return b - a })
	s.Oficio = strings.TrimSpace(get(OficioField))
	if !strings.Contains(s.Oficio, "{numero}") || utf8.RuneCountInString(s.Oficio) > 80 {
		wrong(OficioField, "Número de oficio: escribe su forma con {numero}, en 80 caracteres o menos")
	}
	for _, a := range Addressees() {
		t := Template{Addressee: a, Subject: tidy(get(FieldOf(SubjectField, a))), Body: tidy(get(FieldOf(BodyField, a)))}
		fields = append(fields, checkText(t.Subject, t.Body, FieldOf(SubjectField, a), FieldOf(BodyField, a))...)
		s.Templates = append(s.Templates, t)
	}
	return s, fault.InvalidFields(fields)
}

// SetSettings changes them. A text that changed is a new version, for the drafts
// that come; those in the tray keep theirs. Conflict when they are no longer those
// of version.
func (s *Store) SetSettings(ctx context.Context, h auth.Head, key, version string, set Settings) error {
	var payload strings.Builder
	fmt.Fprintf(&payload, "%s\x00%d\x00%d\x00%v\x00%s", version, set.Days, set.Early, set.Reminders, set.Oficio)
	for _, t := range set.Templates {
		fmt.Fprintf(&payload, "\x00%s\x00%s", t.Subject, t.Body)
	}
	action := db.Action{Kind: "requerimiento.textos", Process: h.Process, Object: object("proceso", h.Process), Key: key, Payload: []byte(payload.String())}
	_, err := s.desk.Do(ctx, h, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		var id int64
		if err := tx.QueryRow(ctx, `SELECT id FROM desk.processes WHERE id = $1 FOR NO KEY UPDATE`, h.Process).Scan(&id); err != nil {
			return "", err
		}
		now, err := readSettings(ctx, tx, h.Process)
		if err != nil {
			return "", err
		}
		if now.Version() != version {
			return "", fault.New(fault.Conflict, "Otra persona cambió los textos o los plazos mientras los editabas. Recarga la página para ver los que rigen.")
		}
		const terms = `UPDATE desk.processes SET notice_days = $2, notice_early_days = $3, reminder_days = $4, notice_oficio = $5 WHERE id = $1`
		if err := tx.Exec(ctx, terms, h.Process, set.Days, set.Early, set.Reminders, set.Oficio); err != nil {
			return "", err
		}
		const text = `
INSERT INTO desk.duty_templates (process_id, addressee, version, subject, body, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
		for i, t := range set.Templates {
			before := now.Templates[i]
			if t.Subject == before.Subject && t.Body == before.Body {
				continue
			}
			if err := tx.Exec(ctx, text, h.Process, string(t.Addressee), before.Version+1, t.Subject, t.Body, h.Account, tx.Now()); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	return err
}

// tidy is a text with one kind of line break and none around it.
func tidy(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

var braces = regexp.MustCompile(`\{[^{}\n]*\}?`)

// checkText returns what is wrong with a subject and a body, of those fields.
func checkText(subject, body, subjectField, bodyField string) []fault.Field {
	var fields []fault.Field
	check := func(text, field, what string, most int) {
		if n := utf8.RuneCountInString(text); n == 0 || n > most {
			fields = append(fields, fault.Field{ID: field, Message: fmt.Sprintf("Escribe el %s en %s caracteres o menos", what, es.Int(most))})
			return
		}
		for _, name := range braces.FindAllString(text, -1) {
			if !slices.ContainsFunc(Placeholders, func(p Placeholder) bool { return name == "{"+p.Name+"}" }) {
				fields = append(fields, fault.Field{ID: field, Message: "En el " + what + ", «" + name + "» no es ninguno de los datos variables"})
				return
			}
		}
	}
	check(subject, subjectField, "asunto", MaxSubject)
	check(body, bodyField, "texto", MaxBody)
	return fields
}
