package report_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/db"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/report"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/web/figure"
)

// text is an answer that is a text.
func text(part, body string) map[string]questionnaire.Answers {
	return map[string]questionnaire.Answers{part: {questionnaire.ID(questions[part]): {Text: body}}}
}

// questions are those of the parts of a fixture.
var questions = map[string]string{"historia_profesional": string(questionnaire.WorkHistory), "propuesta_1": string(questionnaire.Proposal1)}

// studies are the answers of the part of studies.
func studies(degree, status string) map[string]questionnaire.Answers {
	return map[string]questionnaire.Answers{"formacion": {questionnaire.Degree: {Text: degree}, questionnaire.DegreeStatus: {Text: status}}}
}

// everyCase is an election with the cases that may occur (Lineamientos, art. 8):
// the reports derived by hand from it are below.
//
//	 1 HOR    mujer       MR   whole and validated; identity answered, nº 3 verified
//	 2 HOR    hombre, 26  MR   degree alone
//	 3 HOR    mujer       MR   suplente; a telephone alone: that is no questionnaire
//	 4 JUN    hombre      MR   siglada to HOR; whole, a text, not validated; nº 1 = No closed identity
//	 5 JUN    no binaria  MR   siglada to RAI; nothing
//	 6 IND    mujer, 67   PM   validated, then observed (S3): a rubro in pause
//	 7 RAI    hombre      MR   cancelled before capturing
//	 8 RAI    mujer       MR   substituted after capturing
//	 9 RAI    mujer       MR   who substitutes her; nothing yet
//	10 RAI    hombre      MR   died
//	11 HOR    mujer       MR   Prefiero no contestar to all; nobody verified nº 3
//	12 HOR    mujer       MR   answered and withdrew
//	13 HOR    mujer       an office that reports do not count
func (o *office) everyCase() []int64 {
	o.T.Helper()
	o.Office("presidencia", "Presidencia municipal", "PRESIDENCIA MUNICIPAL", election.InState, 5)
	o.Office("regiduria", "Regiduría", "REGIDURÍA", election.InState, 7)
	o.Exec(`UPDATE desk.offices SET counted = false WHERE process_id = $1 AND key = 'regiduria'`, o.Process)
	hor, rai := o.Nominator(election.Party, "HOR"), o.Nominator(election.Party, "RAI")
	jun, ind := o.Nominator(election.Coalition, "JUN"), o.Nominator(election.Independent, "IND")
	silent := questionnaire.Answers{}
	for id, a := range answered() {
		if a.Text == questionnaire.No {
			a.Text = questionnaire.PreferNot
		}
		silent[id] = a
	}
	ids := o.grow([]person{
		{nominator: hor, answers: answered(questionnaire.LGBT), consents: []decisions{yesToAll}},
		{nominator: hor, sex: "hombre", born: "2000-06-07"},
		{nominator: hor, role: "suplente"},
		{nominator: jun, siglado: hor, sex: "hombre", consents: []decisions{noToAll}},
		{nominator: jun, siglado: rai, sex: "no_binario"},
		{nominator: ind, born: "1960-06-06", office: "presidencia"},
		{nominator: rai, sex: "hombre"},
		{nominator: rai},
		{nominator: rai},
		{nominator: rai, sex: "hombre"},
		{nominator: hor, answers: silent, consents: []decisions{yesToAll}, pending: true},
		{nominator: hor, answers: answered(), consents: []decisions{yesToAll}},
		{nominator: hor, office: "regiduria"},
	})
	o.capture(ids[0], 9, "validada", studies("licenciatura", "titulo"))
	o.capture(ids[1], 2, "en_captura", studies("preparatoria", "certificado"))
	o.capture(ids[2], 1, "en_captura", map[string]questionnaire.Answers{"contacto": {"telefono_publico": {Texts: []string{"7771234567"}}}})
	o.capture(ids[3], 9, "completa", text("historia_profesional", "La misma historia."))
	o.capture(ids[5], 9, "en_correccion", studies("maestria", "cedula"))
	o.capture(ids[5], 9, "en_correccion", text("historia_profesional", "La misma historia."))
	o.capture(ids[7], 3, "en_captura", studies("doctorado", "cedula"))
	for i, standing := range map[int]string{6: "cancelada", 7: "sustituida", 9: "fallecimiento"} {
		o.Exec(`UPDATE desk.candidacies SET standing = $2, standing_since = $3 WHERE id = $1`, ids[i], standing, o.Now())
	}
	o.Exec(`UPDATE desk.candidacies SET replaces_id = $2, acuerdo = 'IEP/CEE/120/2027' WHERE id = $1`, ids[8], ids[7])
	o.observe(ids[5], "propuesta_1", "S3")
	o.withdraw(ids[11])
	o.plainNames()
	return ids
}

// plainNames calls nominators by their acronym, and the Head by their office.
func (o *office) plainNames() {
	o.T.Helper()
	o.Exec(`UPDATE desk.nominators SET name = acronym`)
	o.Exec(`UPDATE desk.accounts SET name = 'Titular' WHERE id = $1`, o.head.Account)
}

// observe is an observation that the Head approved.
func (o *office) observe(candidacy int64, part, cause string) {
	o.T.Helper()
	id := o.ID(`INSERT INTO desk.reviews (candidacy_id, round, content, state, proposed_by, proposed_at, decided_by, decided_at)
VALUES ($1, 1, 'hash', 'aprobada', $2, $4, $3, $4) RETURNING id`, candidacy, o.analyst.Account, o.head.Account, o.Now())
	o.Exec(`INSERT INTO desk.remarks (review_id, part, version, outcome, causes, note) VALUES ($1, $2, 1, 'observar', ARRAY[$3], 'Corrige el lenguaje')`, id, part, cause)
	o.Exec(`INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1, $2, $3)`, candidacy, part, o.Now())
}

// TestTheReportsOfEveryCase compares each report with what was derived by hand.
func TestTheReportsOfEveryCase(t *testing.T) {
	o := newOffice(t)
	o.everyCase()
	golden := map[report.Kind]map[string]map[string]string{
		report.Advance: {
			"T-1": {
				"Diputación de mayoría relativa": "8 3 37.5 % 4 50.0 %", "Presidencia municipal": "1 1 100.0 % 0 0.0 %", "Total": "9 4 44.4 % 4 44.4 %",
			},
			"T-2":  {"HOR": "5 2 40.0 % 3 60.0 %", "RAI": "1 0 0.0 % 0 0.0 %", "JUN": "2 1 50.0 % 1 50.0 %", "IND": "1 1 100.0 % 0 0.0 %", "Total": "9 4 44.4 % 4 44.4 %"},
			"T-3":  {"Mujer": "6 2 33.3 % 3 50.0 %", "Hombre": "2 2 100.0 % 1 50.0 %", "No binario": "1 0 0.0 % 0 0.0 %", "Total": "9 4 44.4 % 4 44.4 %"},
			"T-4":  {"Propietaria": "8 4 50.0 % 4 50.0 %", "Suplente": "1 0 0.0 % 0 0.0 %"},
			"T-5":  {"Licenciatura": "1 0 0 1", "Preparatoria": "0 1 0 1", "Maestría": "1 0 0 1", "Sin captura": "4 1 1 6", "Total": "6 2 1 9"},
			"T-6":  {"25 a 29 años": "0 1 0 1", "40 a 49 años": "5 1 1 7", "60 años o más": "1 0 0 1", "Total": "6 2 1 9"},
			"T-7":  {"Diputación de mayoría relativa": "4 2 1 1 0 8 2 0", "Presidencia municipal": "0 0 0 0 1 1 1 1", "Total": "4 2 1 1 1 9 3 1"},
			"T-10": {"JUN · HOR": "1 1 100.0 % 1 100.0 %", "JUN · RAI": "1 0 0.0 % 0 0.0 %", "Total": "2 1 50.0 % 1 50.0 %"},
			"T-11": {
				"Persona Ficticia FIX-00007": "FIX-00007 Diputación de mayoría relativa Distrito 05 RAI Cancelada 2027-04-06 Nadie",
				"Persona Ficticia FIX-00008": "FIX-00008 Diputación de mayoría relativa Distrito 05 RAI Sustituida 2027-04-06 FIX-00009",
				"Persona Ficticia FIX-00010": "FIX-00010 Diputación de mayoría relativa Distrito 05 RAI Fallecimiento 2027-04-06 Nadie",
			},
		},
		report.Final: {
			// Registradas, capturado, completo, validado, identidad, each with its share
			"T-0":  {"Diputación de mayoría relativa": "8 3 37.5 % 2 25.0 % 1 12.5 % 4 50.0 %", "Total": "9 4 44.4 % 3 33.3 % 2 22.2 % 4 44.4 %"},
			"T-12": {"Este corte · 6 de abril de 2027, 9:00 h": "9 4 44.4 % 4 44.4 %"},
		},
		report.Groups: {
			// Sí, No, PNC, No aplica, Sin captura, No autorizó, Respondieron, Total: of 1, 4, 11 and 12, who attended, only 1 is counted
			"G-1":   {"Personas LGBTTTIQ+ (pregunta 9)": "1 0 0 0 5 3 1 9", "Personas indígenas (pregunta 1)": "0 1 0 0 5 3 1 9"},
			"G-2":   {"Personas LGBTTTIQ+ (pregunta 9)": "1 0 0 1"},
			"G-3":   {"Personas LGBTTTIQ+ (pregunta 9)": "1 0 1"},
			"G-p10": {"Prefiero no contestar": "1", "Sin captura": "5", "No autorizó fines estadísticos": "3", "Total": "9"},
			"G-p03": {"No se le pregunta": "1", "Total": "9"},
		},
		report.Observations: {
			"O-0": {"En revisión": "1", "Corregida": "0", "Total": "1"},
			"O-1": {"Persona Ficticia FIX-00006 (FIX-00006)": "Unidad de Transparencia Presidencia municipal · Todo el estado Propietaria IND Propuesta 1 S3 2027-04-06 Titular 2027-04-06 Pendiente En revisión"},
		},
		report.Lists: {
			"L-1": {"Persona Ficticia FIX-00004": "FIX-00004 JUN HOR Diputación de mayoría relativa Distrito 05 No aplica Propietario Hombre No aplica IEP/CEE/100/2027 2027-03-30"},
			"L-2": {"Persona Ficticia FIX-00009": "FIX-00009 Persona Ficticia FIX-00008 FIX-00008 RAI Diputación de mayoría relativa Distrito 05 No aplica Propietaria Mujer IEP/CEE/120/2027 2027-03-30"},
		},
		report.Consents: {
			// Sin decidir, sin documento, en verificación, verificado, rechazado, retirado, registradas
			"C-1": {"Diputación de mayoría relativa": "4 0 1 2 0 1 8", "Presidencia municipal": "1 0 0 0 0 0 1", "Total": "5 0 1 2 0 1 9"},
			// Sí, No, sin declaración en pie, total
			"C-2": {"1. Tratamiento de sus datos": "2 1 6 9", "3. Informes con fines estadísticos": "2 1 6 9"},
		},
		report.Qualitative: {
			"Q-6": {"S3. " + review.CauseOf("S3").Title: "1 1"},
			"Q-7": {"Historia profesional y/o laboral": "2 1 1 2 2"},
			"Q-8": {"Historia profesional y/o laboral": "2 FIX-00004, FIX-00006"},
		},
	}
	for kind, tables := range golden {
		f := o.cut(kind, "")
		for id, want := range tables {
			compare(t, f.Report, id, want)
		}
		count := func(id string, want int) {
			t.Helper()
			if table, _ := f.Report.Table(id); len(table.Rows) != want {
				t.Errorf("%s: got %d rows, want %d: %v", id, len(table.Rows), want, figure.Rows(table, figure.Text))
			}
		}
		switch kind {
		case report.Advance:
			count("T-11", 3)
		case report.Lists:
			count("L-1", 10) // who reports do not count is on the ballot too
			count("L-2", 1)
			count("L-3", 3)
		}
	}
}

// The same question has one answer, whichever report is asked, at one instant.
func TestTheSameQuestionHasOneAnswer(t *testing.T) {
	o := newOffice(t)
	o.everyCase()
	total := func(f report.File, table, column string) int {
		t.Helper()
		found, ok := f.Report.Table(table)
		for i, c := range found.Columns {
			if c.Title == column && found.Total != nil {
				return found.Total[i].N
			}
		}
		t.Fatalf("%s has no total of %s (%v)", table, column, ok)
		return 0
	}
	advance, final, consents, breaches := o.cut(report.Advance, ""), o.cut(report.Final, ""), o.cut(report.Consents, ""), o.cut(report.Breaches, "")
	groups := o.cut(report.Groups, "")
	same := func(what string, want int, got ...int) {
		t.Helper()
		for i, g := range got {
			if g != want {
				t.Errorf("%s: answer %d is %d, and the first %d", what, i+1, g, want)
			}
		}
	}
	var registered []int
	for _, id := range []string{"T-1", "T-2", "T-3", "T-4", "T-8", "T-9"} {
		registered = append(registered, total(advance, id, "Registradas"), total(final, id, "Registradas"))
	}
	g1, _ := groups.Report.Table("G-1")
	same("registered", total(advance, "T-1", "Registradas"), append(registered, total(final, "T-0", "Registradas"), total(consents, "C-1", "Registradas"),
		total(breaches, "I-1", "Registradas"), total(advance, "T-6", "Total"), total(advance, "T-5", "Total"), g1.Rows[0][8].N)...)
	same("captured", total(advance, "T-1", "Curricular capturado"), total(final, "T-0", "Curricular capturado"), total(advance, "T-2", "Curricular capturado"))
	attended := total(advance, "T-1", "Identidad respondido")
	same("identity answered", attended, total(final, "T-0", "Identidad respondido"), g1.Rows[0][8].N-g1.Rows[0][5].N)
	same("identity incomplete", total(breaches, "I-1", "Identidad incompleto"), total(advance, "T-1", "Registradas")-attended)
}

// The rubric is scored by two people apart: where they differ the lesser counts, and
// it is said.
func TestDoubleCoding(t *testing.T) {
	o := newOffice(t)
	o.Tx(func(ctx context.Context, tx *db.Tx) error { return review.AddDefaultRubric(ctx, tx, o.Process) })
	party := o.Nominator(election.Party, "HOR")
	ids := o.grow([]person{{nominator: party}, {nominator: party}})
	for _, id := range ids {
		o.capture(id, 9, "completa", text("propuesta_1", "Una propuesta con metas."))
		o.Validate(id)
	}
	o.plainNames()
	score := func(who, candidacy int64, points ...int) {
		hash := text("propuesta_1", "Una propuesta con metas.")["propuesta_1"].Hash()
		id := o.ID(`INSERT INTO desk.scores (candidacy_id, part, version, content, account_id, at) VALUES ($1, 'propuesta_1', 1, $2, $3, $4) RETURNING id`, candidacy, hash, who, o.Now())
		for i, p := range points {
			o.Exec(`INSERT INTO desk.score_marks (score_id, variable_id, points)
SELECT $1, v.id, $3 FROM desk.rubric_variables v WHERE v.process_id = $4 AND v.part = 'propuesta_1' ORDER BY v.position OFFSET $2 LIMIT 1`, id, i, p, o.Process)
		}
	}
	score(o.analyst.Account, ids[0], 1, 1, 0, 1)
	score(o.head.Account, ids[0], 1, 0, 0, 1)
	score(o.analyst.Account, ids[1], 1, 1, 1, 1)
	f := o.cut(report.Qualitative, "")
	compare(t, f.Report, "Q-4", map[string]string{"Propuesta 1": "4 3 75.0 % 1", "Total": "4 3 75.0 % 1"})
	// 2 of 20 and 4 of 20: both low, 6 of 40 points.
	compare(t, f.Report, "Q-1", map[string]string{"HOR": "2 2 2 0 0 2 6 40 15.0 %"})
	apart, _ := f.Report.Table("Q-5")
	if len(apart.Rows) != 1 || apart.Rows[0][1].Text != "FIX-00001" {
		t.Errorf("the disagreements are %v", figure.Rows(apart, figure.Text))
	}
}

// Once the keys are blocked, answers are no longer counted, and it is said; the
// cuts that were made stay.
func TestBlockedAnswersAreNotCounted(t *testing.T) {
	o := newOffice(t)
	ids := o.grow([]person{{nominator: o.Nominator(election.Party, "HOR"), answers: answered(), consents: []decisions{yesToAll}}})
	before := o.cut(report.Groups, "")
	key, err := identity.NewBlockKey()
	if err != nil {
		t.Fatal(err)
	}
	o.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := o.seal.Block(ctx, tx, key.Public, o.Process, ids...)
		return err
	})
	ctx := context.Background()
	id, err := o.store.Request(ctx, o.analyst, report.Ask{Key: uuid.NewString(), Kind: report.Groups})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.store.Work(ctx); err != nil {
		t.Fatal(err)
	}
	if j, err := o.store.Job(ctx, o.analyst, id); err != nil || j.Cut != 0 || j.Failed == "" {
		t.Errorf("got %+v, %v; want why it failed", j, err)
	}
	if f := o.open(before.ID); len(f.Report.Tables) == 0 {
		t.Error("the cut that was made is not there")
	}
}
