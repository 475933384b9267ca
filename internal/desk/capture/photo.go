package capture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// PhotoPage is the page of the questionnaire that the photograph answers.
const PhotoPage questionnaire.ID = "fotografia"

// PhotoUpload is a photograph as it was posted.
type PhotoUpload struct {
	Folio   string
	Key     string
	Version int
	File    []byte
}

// SavePhoto develops the file, stores it and makes a version of its part. A file
// that is not an acceptable photograph is Invalid, and changes nothing; a stale
// version is a Conflict; other errors are those of SaveDraft.
func (s *Store) SavePhoto(ctx context.Context, actor auth.Capturer, up PhotoUpload) (Outcome, error) {
	r, err := s.Record(ctx, actor, up.Folio)
	if err != nil {
		return Outcome{}, err
	}
	if err := r.closedFor(PhotoPage, r.Now); err != nil {
		return Outcome{}, err
	}
	p, err := s.studio.Develop(ctx, up.File)
	if err != nil {
		return Outcome{}, err
	}
	sum := sha256.Sum256(up.File)
	sub := Submission{Folio: up.Folio, Page: PhotoPage, Key: up.Key, Version: up.Version}
	return s.putPhoto(ctx, actor, r, sub, p, hex.EncodeToString(sum[:]))
}

// PhotoFraming is a choice of crop as it was posted.
type PhotoFraming struct {
	Folio   string
	Key     string
	Version int
	Framing portrait.Framing
}

// FramePhoto crops the current photograph again. NotFound without one; the rest
// is as in SavePhoto.
func (s *Store) FramePhoto(ctx context.Context, actor auth.Capturer, f PhotoFraming) (Outcome, error) {
	r, err := s.Record(ctx, actor, f.Folio)
	if err != nil {
		return Outcome{}, err
	}
	p, err := s.frame(ctx, r, f.Framing)
	if err != nil {
		return Outcome{}, err
	}
	sub := Submission{Folio: f.Folio, Page: PhotoPage, Key: f.Key, Version: f.Version}
	return s.putPhoto(ctx, actor, r, sub, p, p.Hash())
}

// PreviewFraming returns the large rendition of the current photograph with
// another crop, without saving it.
func (s *Store) PreviewFraming(ctx context.Context, actor auth.Capturer, folio string, f portrait.Framing) ([]byte, error) {
	r, err := s.Record(ctx, actor, folio)
	if err != nil {
		return nil, err
	}
	p, err := s.frame(ctx, r, f)
	return p.Large, err
}

func (s *Store) frame(ctx context.Context, r Record, f portrait.Framing) (portrait.Photo, error) {
	var original []byte
	const sql = `SELECT original FROM desk.photos WHERE hash = $1`
	err := s.desk.QueryRow(ctx, sql, r.Answers.Text(questionnaire.Photograph)).Scan(&original)
	if err != nil {
		return portrait.Photo{}, db.Fault(err)
	}
	return s.studio.Frame(ctx, original, f)
}

// putPhoto stores a photograph and makes it the answer of its page. what is the
// digest of what was submitted, so that a key does not serve two files.
func (s *Store) putPhoto(ctx context.Context, actor auth.Capturer, r Record, sub Submission, p portrait.Photo, what string) (Outcome, error) {
	page, err := r.Page(PhotoPage)
	if err != nil {
		return Outcome{}, err
	}
	e := edit{
		page: page, sub: sub, form: url.Values{portrait.Field: {what}}, asVersion: true,
		answers: questionnaire.Answers{questionnaire.Photograph: {Text: p.Hash()}},
		before: func(ctx context.Context, tx *db.Tx) error {
			const sql = `
INSERT INTO desk.photos (hash, original, large, medium, small, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (hash) DO NOTHING`
			return tx.Exec(ctx, sql, p.Hash(), p.Original, p.Large, p.Medium, p.Small, tx.Now())
		},
	}
	out, err := s.do(ctx, actor, photoAct, r.Candidacy, e)
	out.Correcting = r.Correction != nil
	if err == nil && out.Conflict != 0 {
		return out, fault.New(fault.Conflict, "Alguien cambió la fotografía mientras tenías abierta esta página. "+
			"Mira la que quedó guardada; si quieres reemplazarla, vuelve a subir la tuya.")
	}
	return out, err
}

// Photo returns a rendition of a photograph that the candidacy has or had;
// NotFound outside the actor's scope or for another's photograph.
func (s *Store) Photo(ctx context.Context, actor auth.Capturer, folio, hash string) ([]byte, error) {
	const sql = `
SELECT ph.large FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
JOIN desk.answer_versions a ON a.candidacy_id = c.id AND a.answers ->> 'fotografia' = $5
JOIN desk.photos ph ON ph.hash = $5
WHERE ` + auth.ScopeSQL + ` AND c.folio = $4 LIMIT 1`
	var b []byte
	err := s.desk.QueryRow(ctx, sql, actor.Scope().Args(folio, hash)...).Scan(&b)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "")
	}
	return b, db.Fault(err)
}
