package app_test

import (
	"context"
	"strconv"
)

// logFixture brings about the situations of the public register; ok is false for
// any other name.
func (s *stage) logFixture(name string) (values map[string]string, ok bool, err error) {
	ctx := context.Background()
	switch name {
	case "version-cambiada": // with another motive, and the first proposal in review
		values = map[string]string{}
		values["folio"], values["slug"] = s.changedTwice()
		if err := s.app.Sequence(ctx); err != nil {
			return nil, true, err
		}
		const text = `
SELECT v.answers ->> $2 FROM desk.answer_versions v JOIN desk.candidacies c ON c.id = v.candidacy_id
WHERE c.folio = $1 AND v.answers ? $2 ORDER BY v.version LIMIT 1`
		values["propuesta"], values["motivo"] = s.text(text, values["folio"], "propuesta_1"), s.text(text, values["folio"], "motivo_cargo_publico")
		values["hojas"] = s.text(`SELECT count(*)::text FROM site.log_leaves`)
		return values, true, nil
	case "identidad-retirada": // published, told by the register, and withdrawn
		values = map[string]string{}
		values["folio"] = s.consented("verifica", 0)
		if err := s.app.Sequence(ctx); err != nil {
			return nil, true, err
		}
		values["hojas"] = s.text(`SELECT count(*)::text FROM site.log_leaves`)
		values["siguiente"] = strconv.Itoa(atoi(values["hojas"]))
		values["slug"] = s.text(`SELECT slug FROM desk.candidacies WHERE folio = $1`, values["folio"])
		return values, true, nil
	}
	return nil, false, nil
}

func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err) // a count of PostgreSQL
	}
	return n
}
