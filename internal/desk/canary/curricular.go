package canary

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// prepareCurricular adds a version of a proposal and of the photograph, validated
// unless the record is a draft, and something typed after it.
func (s *seeding) prepareCurricular(ctx context.Context, tx *db.Tx, r *row) error {
	text, typed := s.value(r.Folio, "propuesta_1"), s.value(r.Folio, "motivo sin guardar")
	proposal := questionnaire.Answers{questionnaire.Proposal1: {Text: "Propuesta con canario: " + text}}
	if err := version(ctx, tx, r, "propuesta_1", proposal); err != nil {
		return err
	}
	if r.n%photoEvery == 0 {
		if err := s.photograph(ctx, tx, r); err != nil {
			return err
		}
	}
	const draft = `
INSERT INTO desk.drafts (candidacy_id, page, version, form, pending, account_id, at)
VALUES ($1, 'motivo', 1, jsonb_build_object('motivo_cargo_publico', jsonb_build_array($2::text)), true, $3, $4) ON CONFLICT DO NOTHING`
	if err := tx.Exec(ctx, draft, r.ID, typed, s.acts.head.Account, tx.Now()); err != nil {
		return err
	}
	r.Canaries = append(r.Canaries, Canary{Value: typed, Class: Typed, What: "motivo_cargo_publico"},
		Canary{Value: text, Class: CurricularOwn, What: "propuesta_1"})
	if r.Record == Draft || r.Captured {
		return nil
	}
	const validation = `
INSERT INTO desk.validations (candidacy_id, number, folio, versions, hash, source, at)
SELECT $1, COALESCE((SELECT max(number) FROM desk.validations WHERE candidacy_id = $1), 0) + 1, $2,
  (SELECT jsonb_object_agg(part, version) FROM (SELECT part, max(version) AS version FROM desk.answer_versions WHERE candidacy_id = $1 GROUP BY part) v),
  'canario', 'Demostración', $3`
	return tx.Exec(ctx, validation, r.ID, "CANARIO-"+r.Folio, tx.Now())
}

// version adds the next version of a part.
func version(ctx context.Context, tx *db.Tx, r *row, part string, a questionnaire.Answers) error {
	const insert = `
INSERT INTO desk.answer_versions (candidacy_id, part, version, answers, hash, at)
SELECT $1, $2, COALESCE(max(version), 0) + 1, $3, $4, $5 FROM desk.answer_versions WHERE candidacy_id = $1 AND part = $2`
	return tx.Exec(ctx, insert, r.ID, part, json.RawMessage(a.Canonical()), a.Hash(), tx.Now())
}

// photoEvery is how many rows there are to a photograph of their own.
const photoEvery = 9

// photograph gives a row a photograph whose original, which nobody serves,
// carries a canary in its metadata.
func (s *seeding) photograph(ctx context.Context, tx *db.Tx, r *row) error {
	var original, large, medium, small []byte
	const read = `SELECT original, large, medium, small FROM desk.photos ORDER BY hash LIMIT 1`
	if err := tx.QueryRow(ctx, read).Scan(&original, &large, &medium, &small); err != nil {
		return err
	}
	v := s.value(r.Folio, "fotografia")
	original, large = comment(original, v), comment(large, r.Folio)
	sum := sha256.Sum256(large)
	hash := hex.EncodeToString(sum[:])
	const insert = `INSERT INTO desk.photos (hash, original, large, medium, small, created_at) VALUES ($1, $2, $3, $4, $5, $6)`
	if err := tx.Exec(ctx, insert, hash, original, large, medium, small, tx.Now()); err != nil {
		return err
	}
	r.Canaries = append(r.Canaries, Canary{Value: v, Class: PhotoMetadata, What: "fotografia original"})
	return version(ctx, tx, r, "identidad_foto", questionnaire.Answers{questionnaire.Photograph: {Text: hash}})
}

// comment puts a text in the metadata of a JPEG.
func comment(jpeg []byte, text string) []byte {
	const marker = 2 // the first one, which opens the file
	segment := append([]byte{0xFF, 0xFE, 0, byte(len(text) + 2)}, text...)
	return bytes.Join([][]byte{jpeg[:marker], segment, jpeg[marker:]}, nil)
}
