package duty

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/web/es"
)

// document is the vista as an official letter: the count by nominator, what each
// candidacy owes, and the evidence.
func (b Breaches) document(i institution, n NewReferral, version int, signer string) ([]byte, error) {
	p := newPaper(i, "Vista de incumplimientos, oficio "+n.Oficio, b.Cut)
	p.head(n.Oficio, b.Cut)
	p.addressed("Comisión Ejecutiva Temporal", "Sistema «Candidatas y Candidatos, Conóceles»")
	p.heading("Vista de incumplimientos, versión " + es.Int(version))
	p.paragraphs(b.lead(i))
	if n.Note != "" {
		p.paragraphs(n.Note)
	}
	p.section("1. Por quien postula", []float64{62, 28, 28, 28, 29}, []string{"Actor", "Curricular sin respuesta", "Curricular incompleto", "No se apega al art. 18", "Identidad incompleto"}, b.nominatorRows())
	p.section("2. Candidaturas y cuestionarios", []float64{66, 30, 34, 46}, []string{"Candidatura", "Cuestionario", "Avance al corte", "Situación"}, b.owedRows())
	p.section("3. Evidencia por candidatura", []float64{50, 126}, []string{"Candidatura", "Qué ocurrió"}, b.evidenceRows())
	if len(b.Late) > 0 {
		p.section("4. Cumplieron fuera de plazo (extemporáneas)", []float64{76, 50, 50}, []string{"Candidatura", "Acuse", "Validada"}, b.lateRows())
	}
	p.signature(signer, "Titular de la Unidad de Transparencia")
	return p.bytes()
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

// entry is a file of a package.
type entry struct {
	name string
	data []byte
}

// sentLetters returns the requirements that were sent about some candidacies, with
// their annexes, as they were sent.
func sentLetters(ctx context.Context, q db.Querier, process int64, candidacies []int64) ([]entry, error) {
	const sql = `
SELECT n.oficio, n.letter, n.annex FROM desk.duty_notices n WHERE n.process_id = $1 AND n.state = 'enviado'
  AND EXISTS (SELECT 1 FROM desk.duty_items i WHERE i.notice_id = n.id AND i.candidacy_id = ANY($2)) ORDER BY n.id`
	rows, err := q.Query(ctx, sql, process, candidacies)
	if err != nil {
		return nil, db.Fault(err)
	}
	var out []entry
	var oficio string
	var letter, annex []byte
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&oficio, &letter, &annex}, func() error {
		n++
		name := fmt.Sprintf("requerimientos/%04d-%s", n, fileName(oficio))
		out = append(out, entry{name + ".pdf", bytes.Clone(letter)}, entry{name + ".xlsx", bytes.Clone(annex)})
		return nil
	})
	return out, db.Fault(err)
}

// fileName is a text as the name of a file: letters, digits and hyphens.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, s)
}

// manifestName is the file of a package that says the SHA-256 of the others, as
// sha256sum -c reads it.
const manifestName = "MANIFIESTO.sha256"

// packageOf is a ZIP of files and their manifest. The same files give the same
// bytes.
func packageOf(entries []entry, at time.Time) ([]byte, error) {
	var manifest strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&manifest, "%s  %s\n", hashOf(e.data), e.name)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range append([]entry{{manifestName, []byte(manifest.String())}}, entries...) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: at.UTC().Truncate(2 * time.Second)})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(e.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
