package duty

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// fact is something that happened to a candidacy, as evidence.
type fact struct {
	Candidacy int64
	At        time.Time
	What      string
}

// evidenceSQL is what was done about some candidacies ($1), in order of time. Of
// the identity questionnaire it says nothing: not even when it was saved.
const evidenceSQL = `
WITH c AS (
  SELECT c.id, COALESCE(c.siglado_id, n.representative_id, c.nominator_id) AS capturer_id
  FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id WHERE c.id = ANY($1)
)
SELECT c.id AS candidacy, k.received_at AS at, 'Recepción de los accesos por ' || k.received_by AS what
FROM c JOIN LATERAL (SELECT * FROM desk.credential_deliveries k WHERE k.nominator_id = c.capturer_id ORDER BY k.id DESC LIMIT 1) k ON true
UNION ALL
SELECT c.id, min(a.at), 'Primer guardado del cuestionario curricular' FROM c JOIN desk.answer_versions a ON a.candidacy_id = c.id GROUP BY c.id
UNION ALL
SELECT c.id, max(a.at), 'Último guardado, de ' || count(*) || ' versiones de rubros' FROM c JOIN desk.answer_versions a ON a.candidacy_id = c.id
GROUP BY c.id HAVING count(*) > 1
UNION ALL
SELECT c.id, r.at, 'Recordatorio del plazo de ' || CASE r.term WHEN 'validacion' THEN 'captura (completa, falta validar)' WHEN 'correccion' THEN 'corrección' ELSE r.term END
  || ', ' || r.days_before || CASE r.days_before WHEN 1 THEN ' día' ELSE ' días' END || ' antes, a ' || a.name
FROM c JOIN desk.reminder_items i ON i.candidacy_id = c.id JOIN desk.reminders r ON r.id = i.reminder_id JOIN desk.accounts a ON a.id = r.account_id
UNION ALL
SELECT DISTINCT c.id, n.sent_at, 'Requerimiento ' || n.oficio || ' a ' || CASE n.addressee WHEN 'partido' THEN 'quien postula' ELSE 'la persona candidata' END || ' (SHA-256 ' || n.letter_hash || ')'
FROM c JOIN desk.duty_items i ON i.candidacy_id = c.id JOIN desk.duty_notices n ON n.id = i.notice_id AND n.state = 'enviado'
UNION ALL
SELECT DISTINCT c.id, n.acknowledged_at, 'Acuse de recibo de ' || n.oficio || CASE n.acknowledged_medium WHEN 'papel' THEN ' en papel' ELSE ' en el sistema' END || ', por ' || n.acknowledged_by
FROM c JOIN desk.duty_items i ON i.candidacy_id = c.id JOIN desk.duty_notices n ON n.id = i.notice_id AND n.acknowledged_at IS NOT NULL
UNION ALL
SELECT c.id, v.at, 'Validación ' || v.folio || CASE WHEN v.late THEN ', extemporánea' ELSE '' END || ' (SHA-256 ' || v.hash || ')'
FROM c JOIN desk.validations v ON v.candidacy_id = c.id
UNION ALL
SELECT c.id, r.decided_at, 'Observación aprobada: ' || string_agg(m.part || ' (' || array_to_string(m.causes, ', ') || ')', '; ' ORDER BY m.part)
FROM c JOIN desk.reviews r ON r.candidacy_id = c.id AND r.state = 'aprobada' JOIN desk.remarks m ON m.review_id = r.id AND m.outcome = 'observar'
GROUP BY c.id, r.id, r.decided_at
UNION ALL
SELECT c.id, x.sent_at, 'Corrección enviada: ' || array_to_string(x.parts, ', ') FROM c JOIN desk.corrections x ON x.candidacy_id = c.id AND x.sent_at IS NOT NULL
ORDER BY 1, 2, 3`

// evidence returns what was done about some candidacies, by candidacy.
func evidence(ctx context.Context, q db.Querier, candidacies []int64) (map[int64][]fact, error) {
	rows, err := q.Query(ctx, evidenceSQL, candidacies)
	if err != nil {
		return nil, db.Fault(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[fact])
	out := map[int64][]fact{}
	for _, f := range all {
		f.What = labelled(f.What)
		out[f.Candidacy] = append(out[f.Candidacy], f)
	}
	return out, db.Fault(err)
}

// labelled says the rubros of an observation or a correction as people know them.
func labelled(what string) string {
	for _, act := range []string{"Observación aprobada: ", "Corrección enviada: "} {
		parts, ok := strings.CutPrefix(what, act)
		if !ok {
			continue
		}
		var pairs []string
		for _, p := range questionnaire.Curricular().Parts() {
			pairs = append(pairs, string(p.ID), "«"+p.Label+"»")
		}
		return act + strings.NewReplacer(pairs...).Replace(parts)
	}
	return what
}

// when is an instant in a document.
func when(t time.Time) string { return es.FullDateTime(t) }
