package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/figures"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// causes counts how often each supuesto of article 18 was the reason of an approved
// observation.
func (s *source) causes(ctx context.Context, id string) (figures.Table, error) {
	t := counts(id, "Frecuencia de supuestos del artículo 18", "Supuesto", "Observaciones", "Candidaturas")
	t.Note = "Una observación puede tener varios supuestos y una candidatura varias observaciones: los renglones no suman."
	const sql = `
SELECT u.code, count(*)::int, count(DISTINCT w.candidacy_id)::int FROM desk.reviews w JOIN desk.remarks k ON k.review_id = w.id AND k.outcome = 'observar'
JOIN desk.candidacies c ON c.id = w.candidacy_id CROSS JOIN LATERAL unnest(k.causes) u(code)
WHERE w.state = 'aprobada' AND c.process_id = $1 AND c.standing = 'aprobada' GROUP BY 1`
	rows, err := s.q.Query(ctx, sql, s.process)
	if err != nil {
		return t, db.Fault(err)
	}
	by := map[string][2]int{}
	var code string
	var remarks, candidacies int
	_, err = pgx.ForEachRow(rows, []any{&code, &remarks, &candidacies}, func() error {
		by[code] = [2]int{remarks, candidacies}
		return nil
	})
	for _, code := range []string{"S1", "S2", "S3", "S4", "S5", "S6", "S7", "F1", "F2", "F3", "F4", "F5"} {
		t.Rows = append(t.Rows, figures.Row{figures.Words(causeTitle(code)), figures.Number(by[code][0]), figures.Number(by[code][1])})
	}
	t.Chart, t.Population = 1, "Observaciones aprobadas de candidaturas vigentes"
	return t, db.Fault(err)
}

// shared is a text that several candidacies captured, word by word.
type shared struct {
	part   questionnaire.ID
	folios []string
}

// repeated finds the texts that are the same, by their hash: it reads none.
func (s *source) repeated(ctx context.Context, id, listID string) (t, who figures.Table, err error) {
	t = counts(id, "Textos repetidos", "Rubro", "Textos", "Distintos", "Repetidos", "Candidaturas que comparten texto", "El que más se repite")
	t.Parts, t.Whole = []int{2, 3}, 1
	who = list(listID, "Quiénes comparten un texto", "Rubro", "Cuántas", "Folios")
	parts := make([]string, len(essays))
	for i, e := range essays {
		parts[i] = string(e)
	}
	const sql = `
SELECT part, array_agg(folio ORDER BY folio) FROM (
  SELECT DISTINCT ON (v.candidacy_id, v.part) v.part, v.hash, c.folio FROM desk.answer_versions v JOIN desk.candidacies c ON c.id = v.candidacy_id
  WHERE c.process_id = $1 AND c.standing = 'aprobada' AND v.part = ANY($2) ORDER BY v.candidacy_id, v.part, v.version DESC) l
WHERE hash <> $3 GROUP BY part, hash`
	rows, err := s.q.Query(ctx, sql, s.process, parts, questionnaire.Answers{}.Hash())
	if err != nil {
		return t, who, db.Fault(err)
	}
	var all []shared
	var one shared
	if _, err = pgx.ForEachRow(rows, []any{&one.part, &one.folios}, func() error {
		all = append(all, shared{one.part, slices.Clone(one.folios)})
		return nil
	}); err != nil {
		return t, who, db.Fault(err)
	}
	for _, e := range essays {
		t.Rows = append(t.Rows, repeatedRow(t, e, all))
	}
	slices.SortFunc(all, func(a, b shared) int {
		return cmp.Or(partOrder(a.part)-partOrder(b.part), len(b.folios)-len(a.folios), cmp.Compare(a.folios[0], b.folios[0]))
	})
	for _, g := range all {
		if len(g.folios) > 1 {
			who.Rows = append(who.Rows, texts(partName(g.part), es.Int(len(g.folios)), strings.Join(g.folios, ", ")))
		}
	}
	t.Chart, t.Population = 3, "Último texto capturado de cada candidatura vigente"
	t.Note = "Repetidos: los que son iguales, letra por letra, a otro. La revisión señala además los que se parecen."
	who.Population = "n = " + es.Plural(len(who.Rows), "texto compartido", "textos compartidos")
	return t, who, nil
}

func repeatedRow(t figures.Table, part questionnaire.ID, all []shared) figures.Row {
	r := row(t, partName(part))
	for _, g := range all {
		if g.part != part {
			continue
		}
		n := len(g.folios)
		r[1].N += n
		r[2].N++
		r[3].N += n - 1
		if n > 1 {
			r[4].N += n
			r[5].N = max(r[5].N, n)
		}
	}
	return r
}
