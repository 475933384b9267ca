package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"conoceles/internal/db"
	"conoceles/internal/demo"
	"conoceles/internal/webtest"
)

// TestAcceptance plays the public record of what the system promises.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	watched := &entries{proven: map[string]bool{}}
	webtest.Run(t, "testdata/*.txt", func(t testing.TB) webtest.Stage {
		s := newStage(t)
		return webtest.Stage{Handler: watched.watch(s, t), Fixture: s.fixture, Enter: enter}
	})
	watched.judge(t)
}

// TestEveryDutyOfTheUnitHasItsScript looks for the script of each duty of the
// Unidad de Transparencia (Lineamientos, art. 15): its first line says which.
func TestEveryDutyOfTheUnitHasItsScript(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		told[first] = true
	}
	for _, duty := range "abcdefgh" {
		if line := fmt.Sprintf("# Atribución %c) de la Unidad de Transparencia.", duty); !told[line] {
			t.Errorf("no script begins with «%s»", line)
		}
	}
}

// enter enters as one of the demonstration's accounts.
func enter(c *http.Client, base, who string) error {
	form := url.Values{"correo": {who + "@ejemplo.invalid"}, "contrasena": {demo.Password}}
	req, err := http.NewRequest(http.MethodPost, base+"/entrar", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", base)
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s could not enter: %d", who, res.StatusCode)
	}
	return nil
}

// unvalidated is what somebody wrote and nobody validated.
const unvalidated = "Texto-sin-validar-que-nadie-debe-ver"

// fixture picks a candidacy of Raíz Común in the situation that a script names,
// or brings the situation about.
func (s *stage) fixture(name string) (map[string]string, error) {
	if name == "rivales" {
		return s.rivals(), nil
	}
	if values, ok, err := s.accountFixture(name); ok {
		return values, err
	}
	if values, ok, err := s.noticeFixture(name); ok {
		return values, err
	}
	if values, ok, err := s.reviewFixture(name); ok {
		return values, err
	}
	if values, ok, err := s.reportFixture(name); ok {
		return values, err
	}
	if values, ok, err := s.arcoFixture(name); ok {
		return values, err
	}
	if values, ok, err := s.logFixture(name); ok {
		return values, err
	}
	state := map[string]string{
		"sin-publicar": "validada", "sin-capturar": "sin_iniciar", "en-captura": "en_captura", "validada": "validada", "en-pausa": "validada",
	}[name]
	if state == "" {
		return nil, fmt.Errorf("there is no fixture %q", name)
	}
	values, id, err := s.candidacy(state)
	if err != nil {
		return nil, err
	}
	err = s.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		switch name {
		case "sin-publicar":
			const q = `UPDATE desk.processes SET published_at = NULL, publication_starts_at = $1 WHERE key = $2`
			if err := tx.Exec(ctx, q, tx.Now().AddDate(0, 0, 3), demo.Key); err != nil {
				return err
			}
		case "en-pausa":
			if err := tx.Exec(ctx, `INSERT INTO desk.withheld_parts (candidacy_id, part, since) VALUES ($1, 'propuesta_1', $2)`, id, tx.Now()); err != nil {
				return err
			}
		case "en-captura":
			const q = `
INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, at)
VALUES ($1, 'motivo_cargo_publico', 2, jsonb_build_object('motivo_cargo_publico', $2::text), '', $3)`
			if err := tx.Exec(ctx, q, id, unvalidated, tx.Now()); err != nil {
				return err
			}
		default:
			return nil
		}
		var process int64
		if err := tx.QueryRow(ctx, `SELECT process_id FROM desk.candidacies WHERE id = $1`, id).Scan(&process); err != nil {
			return err
		}
		return s.app.Publisher.Process(ctx, tx, process)
	})
	return values, err
}

// candidacy returns a candidacy of Raíz Común in a state of capture, with what a
// script may want to see or not to see of it.
func (s *stage) candidacy(state string) (map[string]string, int64, error) {
	const q = `
SELECT c.id, c.folio, c.slug, p.given_names || ' ' || p.surnames, p.given_names || ' ' || split_part(p.surnames, ' ', 1), p.email,
  p.birth_date::text, date_part('year', age(pr.age_reference, p.birth_date))::int::text,
  COALESCE((SELECT a.answers->>'motivo_cargo_publico' FROM desk.answer_versions a WHERE a.candidacy_id = c.id AND a.part = 'motivo_cargo_publico'), ''),
  COALESCE((SELECT a.answers->>'propuesta_1' FROM desk.answer_versions a WHERE a.candidacy_id = c.id AND a.part = 'propuesta_1'), ''),
  COALESCE((SELECT a.answers->>'correo_aclaraciones' FROM desk.answer_versions a WHERE a.candidacy_id = c.id AND a.part = 'contacto'), 'avisos'),
  (SELECT x.folio FROM desk.candidacies x JOIN desk.nominators y ON y.id = x.nominator_id WHERE y.acronym = 'HORIZONTE' ORDER BY x.id LIMIT 1)
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id JOIN desk.nominators n ON n.id = c.nominator_id
JOIN desk.processes pr ON pr.id = c.process_id
WHERE n.acronym = 'RAIZ' AND c.capture = $1 ORDER BY c.id LIMIT 1`
	var id int64
	v := make([]string, 11)
	to := []any{&id}
	for i := range v {
		to = append(to, &v[i])
	}
	err := s.app.Desk.QueryRow(context.Background(), q, state).Scan(to...)
	next := s.text(`SELECT (COALESCE(max(id), 0) + 1)::text FROM desk.reviews`) // the one that a script would propose
	first := func(text string) string { first, _, _ := strings.Cut(text, ". "); return first }
	return map[string]string{
		"folio": v[0], "slug": v[1], "nombre": v[2], "busqueda": url.QueryEscape(strings.ToUpper(v[3])), "correo": v[4],
		"nacimiento": v[5], "edad": v[6], "motivo": first(v[7]), "secreto": unvalidated, "propuesta": v[8], "avisos": v[9],
		"folio_ajeno": v[10], "dictamen": next,
	}, id, err
}
