package duty

import (
	"bytes"
	"context"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/document"
	"conoceles/web/es"
)

// institution is who writes.
type institution struct {
	Name, Acronym, Place, Address string
	Process                       string // its name
}

func readInstitution(ctx context.Context, q db.Querier, process int64) (institution, error) {
	const sql = `
SELECT COALESCE(i.name, ''), COALESCE(i.acronym, ''), COALESCE(i.place, ''), COALESCE(i.address, ''), pr.name
FROM desk.processes pr LEFT JOIN desk.institution i ON true WHERE pr.id = $1`
	var i institution
	err := q.QueryRow(ctx, sql, process).Scan(&i.Name, &i.Acronym, &i.Place, &i.Address, &i.Process)
	return i, db.Fault(err)
}

// letterhead is how the unit heads what it sends.
func (i institution) letterhead() document.Letterhead {
	return document.Letterhead{Name: i.Name, Area: "Unidad de Transparencia", Place: i.Place, Address: i.Address, Process: i.Process}
}

// values are what takes the place of each placeholder.
func (n Notice) values(i institution, due time.Time) map[string]string {
	oficio := n.Oficio
	if oficio == "" {
		oficio = "(por asignar)"
	}
	return map[string]string{
		"destinatario": n.To, "oficio": oficio, "proceso": i.Process, "instituto": i.Name, "siglas": i.Acronym,
		"candidaturas": es.Plural(n.Candidacies, "candidatura", "candidaturas"),
		"dias":         es.Plural(n.TermDays, "día natural", "días naturales"), "vence": es.Deadline(lastMoment(due)),
	}
}

// merge puts the values in a text.
func merge(text string, values map[string]string) string {
	var pairs []string
	for _, p := range Placeholders {
		pairs = append(pairs, "{"+p.Name+"}", values[p.Name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Letter returns the official letter of a requirement, as PDF: of one sent, the
// bytes that were sent are elsewhere and do not change; of a draft, how it would
// look, marked as such.
func (f File) Letter(i institution, signer string) ([]byte, error) {
	p := document.NewLetter(i.letterhead(), f.About, f.Now)
	if f.State != Sent {
		p.Draft = "PRELIMINAR. No se ha enviado."
	}
	p.Head(f.Oficio, f.Now)
	p.Addressed(f.To, f.whom())
	p.Heading(f.About)
	p.Paragraphs(f.Text)
	p.Table([]float64{62, 38, 76}, []string{"Candidatura", "Cuestionario", "Qué falta"}, f.tableRows())
	p.Signature(signer, "Titular de la Unidad de Transparencia")
	return p.Bytes()
}

// whom says in what quality somebody is addressed.
func (f File) whom() string {
	switch f.Addressee {
	case ToCandidate:
		return "Candidatura " + f.Folio
	case ToIndependent:
		return "Candidatura independiente"
	}
	return "Representación ante el Consejo"
}

// mostInLetter is how many questionnaires a letter lists: the annex has them all.
const mostInLetter = 40

func (f File) tableRows() [][]string {
	var rows [][]string
	for _, i := range f.Items {
		if len(rows) == mostInLetter {
			return append(rows, []string{"Y " + es.Plural(len(f.Items)-mostInLetter, "cuestionario más", "cuestionarios más"), "", "Los dice el anexo."})
		}
		rows = append(rows, []string{i.Name + "\n" + i.Folio + " · " + i.Place, short(i.Questionnaire), i.Says()})
	}
	return rows
}

// short is the questionnaire in a table that is about questionnaires.
func short(q Questionnaire) string {
	if q == Identities {
		return "De identidad"
	}
	return "Curricular"
}

// Says is the kind and, if it may be said, what is missing.
func (i Item) Says() string {
	if i.Missing == "" {
		return i.Kind.Name()
	}
	return i.Kind.Name() + ". " + i.Missing
}

// annexHeader are the columns of the annex.
var annexHeader = []string{"FOLIO", "CANDIDATURA", "CARGO", "POSTULA", "CUESTIONARIO", "SITUACIÓN", "QUÉ FALTA", "REGLA"}

// Annex returns the list of what is required, as a workbook.
func (f File) Annex() ([]byte, error) {
	var rows [][]string
	for _, i := range f.Items {
		rows = append(rows, []string{i.Folio, i.Name, i.Place, i.Nominator, i.Questionnaire.Name(), i.Kind.Name(), i.Missing, i.Kind.Rule()})
	}
	var b bytes.Buffer
	err := tabular.WriteXLSX(&b, "Requerimiento", annexHeader, rows)
	return b.Bytes(), err
}
