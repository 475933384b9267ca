package app_test

import (
	"context"
	"strings"

	"conoceles/internal/db"
	"conoceles/internal/webtest/browser"
)

// historyBudget is that of a page that has every version of a ficha.
var historyBudget = browser.Budget{HTML: 40 << 10, CSS: 9 << 10, Page: 76 << 10}

// logSamples returns the samples of the public register and of the bitácora.
func logSamples(s *stage) map[string]sample {
	s.Helper()
	if err := s.app.Sequence(context.Background()); err != nil {
		s.Fatal(err)
	}
	return map[string]sample{
		"/verificacion":                         {paths: []string{"/verificacion", "/verificacion?hoja=1"}},
		"/verificacion/sello.txt":               {paths: []string{"/verificacion/sello.txt"}, file: true},
		"/verificacion/inclusion.json":          {paths: []string{"/verificacion/inclusion.json?hoja=1"}, file: true},
		"/verificacion/consistencia.json":       {paths: []string{"/verificacion/consistencia.json?desde=1"}, file: true},
		"/verificacion/hojas.json":              {paths: []string{"/verificacion/hojas.json"}, file: true},
		"/administracion/bitacora":              {as: "titular", paths: []string{"/administracion/bitacora", "/administracion/bitacora?que=captura&desde=01/01/2020", "/administracion/bitacora?quien=nadie"}},
		"/administracion/bitacora/exportar.csv": {as: "auditoria", paths: []string{"/administracion/bitacora/exportar.csv"}, file: true},
	}
}

// historySamples returns those of the histories of fichas: one as it was first
// published, and one that changed and has an answer in review.
func historySamples(s *stage) map[string]sample {
	s.Helper()
	_, slug := s.changedTwice()
	return map[string]sample{
		"/candidaturas/{slug}/versiones":      {paths: []string{s.profiles()[0] + "/versiones", "/candidaturas/" + slug + "/versiones"}, budget: &historyBudget},
		"/candidaturas/{slug}/versiones.json": {paths: []string{"/candidaturas/" + slug + "/versiones.json"}, file: true},
	}
}

// changedTwice makes another version of a validated questionnaire, with another
// motive, and puts a proposal in pause. It returns the folio and the slug.
func (s *stage) changedTwice() (folio, slug string) {
	s.Helper()
	found := strings.Fields(s.text(`
SELECT c.folio || ' ' || c.slug || ' ' || c.id || ' ' || c.process_id FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.standing = 'aprobada' AND c.capture = 'validada' ORDER BY c.id DESC LIMIT 1`))
	err := s.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		const version = `
INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, at)
SELECT candidacy_id, part, version + 1, jsonb_build_object('motivo_cargo_publico', 'Quiero que el agua llegue todos los días. ' || (answers ->> 'motivo_cargo_publico')), '', $2
FROM desk.answer_versions WHERE candidacy_id = $1::bigint AND part = 'motivo_cargo_publico' ORDER BY version DESC LIMIT 1`
		const validation = `
INSERT INTO desk.validations (candidacy_id, number, folio, versions, hash, source, at)
SELECT candidacy_id, number + 1, folio || '-B', versions || '{"motivo_cargo_publico": 2}', 'hash', 'prueba', $2
FROM desk.validations WHERE candidacy_id = $1::bigint ORDER BY number DESC LIMIT 1`
		const pause = `INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1::bigint, 'propuesta_1', $2)`
		for _, sql := range []string{version, validation, pause} {
			if err := tx.Exec(ctx, sql, found[2], tx.Now()); err != nil {
				return err
			}
			var process, id int64
			const read = `SELECT process_id, id FROM desk.candidacies WHERE id = $1::bigint`
			if err := tx.QueryRow(ctx, read, found[2]).Scan(&process, &id); err != nil {
				return err
			}
			if err := s.app.Publisher.Candidacies(ctx, tx, process, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return found[0], found[1]
}
