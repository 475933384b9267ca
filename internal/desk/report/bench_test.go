package report_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/report"
	"conoceles/internal/desk/review"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// limits are how long a report may take (issue of the reports).
var limits = map[int]time.Duration{5_000: 2 * time.Second, 50_000: 20 * time.Second}

// BenchmarkCuts makes each report of five thousand candidacies that captured and
// answered; of fifty thousand too with CONOCELES_BENCH=grande, which takes some
// minutes to fill.
func BenchmarkCuts(b *testing.B) {
	sizes := []int{5_000}
	if os.Getenv("CONOCELES_BENCH") == "grande" {
		sizes = append(sizes, 50_000)
	}
	for _, size := range sizes {
		o := newOffice(b)
		o.crowd(size)
		for _, d := range report.Catalogue() {
			b.Run(fmt.Sprintf("%s/%d", d.Kind, size), func(b *testing.B) {
				for b.Loop() {
					start := time.Now()
					o.cut(d.Kind, "")
					if took := time.Since(start); took > limits[size] {
						b.Errorf("%s of %d took %v, want at most %v", d.Kind, size, took, limits[size])
					}
				}
			})
		}
	}
}

// crowd fills the process with people of twelve parties and four offices: all
// captured, nine in ten answered identity, and most gave some consent.
func (o *office) crowd(size int) {
	o.T.Helper()
	o.Office("gubernatura", "Gubernatura", "GUBERNATURA", election.InState, 1)
	o.Office("presidencia", "Presidencia municipal", "PRESIDENCIA MUNICIPAL", election.InState, 4)
	o.Office("regiduria", "Regiduría", "REGIDURÍA", election.InState, 6)
	o.Tx(func(ctx context.Context, tx *db.Tx) error { return review.AddDefaultRubric(ctx, tx, o.Process) })
	var parties []int64
	for i := range 12 {
		parties = append(parties, o.Nominator(election.Party, "P"+string(rune('A'+i))))
	}
	offices := []string{"gubernatura", "diputacion_mr", "presidencia", "regiduria"}
	yes := []questionnaire.ID{questionnaire.Indigenous, questionnaire.LGBT, questionnaire.Young, questionnaire.Elder}
	consents := [][]decisions{{yesToAll}, {yesToAll}, {noPublish}, {noStatistic}, nil}
	for at := 0; at < size; at += 500 {
		var people []person
		for i := at; i < at+500; i++ {
			p := person{nominator: parties[i%12], office: offices[i%4], sex: []string{"mujer", "hombre"}[i%2], consents: consents[i%5]}
			switch {
			case i%10 == 0:
			case i%7 == 0:
				p.answers = answered(yes[i%4])
			default:
				p.answers = answered()
			}
			people = append(people, p)
		}
		o.fill(o.grow(people))
	}
}

// fill gives some candidacies a whole questionnaire, validated.
func (o *office) fill(ids []int64) {
	o.T.Helper()
	o.Exec(`
INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, at)
SELECT c.id, p.part, 1, CASE p.part WHEN 'formacion' THEN '{"grado_estudios": "licenciatura", "estatus_estudios": "titulo"}'::jsonb
  ELSE jsonb_build_object(p.part, repeat('Un texto de una candidatura ficticia. ', 20)) END, md5(p.part || (c.id % (c.process_id + 900))), $2
FROM desk.candidacies c CROSS JOIN (VALUES ('formacion'), ('historia_profesional'), ('trayectoria'), ('motivo_cargo_publico'), ('propuesta_1'), ('propuesta_2'), ('propuesta_genero')) p(part)
WHERE c.id = ANY($1)`, ids, o.Now())
	o.Exec(`UPDATE desk.candidacies SET capture = 'validada', answered = 9 WHERE id = ANY($1)`, ids)
	o.Exec(`INSERT INTO desk.validations (candidacy_id, number, folio, versions, hash, source, at)
SELECT id, 1, 'V-' || folio, '{"formacion": 1, "historia_profesional": 1, "trayectoria": 1, "propuesta_1": 1, "propuesta_2": 1, "propuesta_genero": 1}', 'hash', 'prueba', $2
FROM desk.candidacies WHERE id = ANY($1)`, ids, o.Now())
}
