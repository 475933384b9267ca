package duty

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/document"
	"conoceles/web/es"
)

// letter is the vista as an official letter: the count by nominator, what each
// candidacy owes, and the evidence.
func (b Breaches) letter(i institution, n NewReferral, version int, signer string) ([]byte, error) {
	p := document.NewLetter(i.letterhead(), "Vista de incumplimientos, oficio "+n.Oficio, b.Cut)
	p.Head(n.Oficio, b.Cut)
	p.Addressed("Comisión Ejecutiva Temporal", "Sistema «Candidatas y Candidatos, Conóceles»")
	p.Heading("Vista de incumplimientos, versión " + es.Int(version))
	p.Paragraphs(b.lead(i))
	if n.Note != "" {
		p.Paragraphs(n.Note)
	}
	p.Section("1. Por quien postula", []float64{62, 28, 28, 28, 29}, []string{"Actor", "Curricular sin respuesta", "Curricular incompleto", "No se apega al art. 18", "Identidad incompleto"}, b.nominatorRows())
	p.Section("2. Candidaturas y cuestionarios", []float64{66, 30, 34, 46}, []string{"Candidatura", "Cuestionario", "Avance al corte", "Situación"}, b.owedRows())
	p.Section("3. Evidencia por candidatura", []float64{50, 126}, []string{"Candidatura", "Qué ocurrió"}, b.evidenceRows())
	if len(b.Late) > 0 {
		p.Section("4. Cumplieron fuera de plazo (extemporáneas)", []float64{76, 50, 50}, []string{"Candidatura", "Acuse", "Validada"}, b.lateRows())
	}
	p.Signature(signer, "Titular de la Unidad de Transparencia")
	return p.Bytes()
}

func (b Breaches) lead(i institution) string {
	return "Con fundamento en el artículo 15, inciso e), de los Lineamientos para el uso del Sistema «Candidatas y Candidatos, Conóceles», al término de las campañas del " +
		i.Process + " se da vista de los incumplimientos que había al corte del " + when(b.Cut) + ": " +
		es.Plural(b.Candidacies(), "candidatura", "candidaturas") + " de " + es.Plural(len(b.ByNominator()), "actor", "actores") +
		". Requerimientos enviados en el proceso: " + es.Int(b.Notices) + ".\n\n" +
		"Del cuestionario de identidad sólo se dice si está completo o incompleto; sus respuestas no forman parte de esta vista. " +
		"Lo que aquí se informa no tiene efectos sobre el registro de las candidaturas."
}

func (b Breaches) nominatorRows() [][]string {
	var rows [][]string
	for _, n := range b.ByNominator() {
		rows = append(rows, []string{n.Name, es.Int(n.Unanswered), es.Int(n.Incomplete), es.Int(n.Deviating), es.Int(n.Identity)})
	}
	return rows
}

func (b Breaches) owedRows() [][]string {
	var rows [][]string
	for _, o := range b.Owed {
		says := o.Kind.Name()
		if o.Missing != "" {
			says += ". " + o.Missing
		}
		rows = append(rows, []string{o.Name + "\n" + o.Folio + " · " + o.Place + "\n" + o.Nominator, short(o.Questionnaire), o.share(), says})
	}
	return rows
}

func (b Breaches) evidenceRows() [][]string {
	var rows [][]string
	seen := map[int64]bool{}
	for _, o := range b.Owed {
		if !seen[o.Candidacy] {
			seen[o.Candidacy] = true
			for _, says := range b.evidenceOf(o.Candidacy) {
				rows = append(rows, []string{o.Name + "\n" + o.Folio, says})
			}
		}
	}
	return rows
}

func (b Breaches) lateRows() [][]string {
	var rows [][]string
	for _, l := range b.Late {
		rows = append(rows, []string{l.Name + "\n" + l.Folio + " · " + l.Nominator, l.Acuse, when(l.At)})
	}
	return rows
}

// workbook is the vista as data.
func (b Breaches) workbook() ([]byte, error) {
	summary := tabular.Sheet{Name: "Resumen", Header: []string{"ACTOR", "CURRICULAR SIN RESPUESTA", "CURRICULAR INCOMPLETO", "NO SE APEGA ART. 18", "IDENTIDAD INCOMPLETO"}, Rows: b.nominatorRows()}
	list := tabular.Sheet{Name: "Incumplimientos", Header: []string{"FOLIO", "CANDIDATURA", "CARGO", "POSTULA", "CUESTIONARIO", "SITUACIÓN", "AVANCE AL CORTE", "QUÉ FALTA", "REGLA", "VENCIÓ EL PLAZO DE CAPTURA"}}
	facts := tabular.Sheet{Name: "Evidencia", Header: []string{"FOLIO", "FECHA Y HORA", "QUÉ OCURRIÓ"}}
	late := tabular.Sheet{Name: "Extemporáneas", Header: []string{"FOLIO", "CANDIDATURA", "POSTULA", "ACUSE", "VALIDADA"}}
	seen := map[int64]bool{}
	for _, o := range b.Owed {
		deadline := "El plazo no empezó: no hay entrega de accesos"
		if o.Deadline != nil {
			deadline = when(lastMoment(*o.Deadline))
		}
		list.Rows = append(list.Rows, []string{o.Folio, o.Name, o.Place, o.Nominator, o.Questionnaire.Name(), o.Kind.Name(), o.share(), o.Missing, o.Kind.Rule(), deadline})
		if seen[o.Candidacy] {
			continue
		}
		seen[o.Candidacy] = true
		for _, f := range b.evidence[o.Candidacy] {
			facts.Rows = append(facts.Rows, []string{o.Folio, es.ISODateTime(f.At), f.What})
		}
	}
	for _, l := range b.Late {
		late.Rows = append(late.Rows, []string{l.Folio, l.Name, l.Nominator, l.Acuse, es.ISODateTime(l.At)})
	}
	var out bytes.Buffer
	err := tabular.WriteBook(&out, summary, list, facts, late)
	return out.Bytes(), err
}

// sentLetters returns the requirements that were sent about some candidacies, with
// their annexes, as they were sent.
func sentLetters(ctx context.Context, q db.Querier, process int64, candidacies []int64) ([]document.File, error) {
	const sql = `
SELECT n.oficio, n.letter, n.annex FROM desk.duty_notices n WHERE n.process_id = $1 AND n.state = 'enviado'
  AND EXISTS (SELECT 1 FROM desk.duty_items i WHERE i.notice_id = n.id AND i.candidacy_id = ANY($2)) ORDER BY n.id`
	rows, err := q.Query(ctx, sql, process, candidacies)
	if err != nil {
		return nil, db.Fault(err)
	}
	var out []document.File
	var oficio string
	var letter, annex []byte
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&oficio, &letter, &annex}, func() error {
		n++
		name := fmt.Sprintf("requerimientos/%04d-%s", n, document.FileName(oficio))
		out = append(out, document.File{Name: name + ".pdf", Bytes: bytes.Clone(letter)}, document.File{Name: name + ".xlsx", Bytes: bytes.Clone(annex)})
		return nil
	})
	return out, db.Fault(err)
}
