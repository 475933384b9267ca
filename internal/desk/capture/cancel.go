package capture

import (
	"context"
	"slices"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/review"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

const cancelAct = "captura.correccion.cancelar"

// Cancellable returns why the correction cannot be cancelled, or "".
func (r Record) Cancellable() string {
	switch c := r.Correction; {
	case c == nil:
		return "No hay una corrección abierta."
	case c.Sent:
		return "La corrección ya se envió: la Unidad de Transparencia la revisa."
	case c.Origin != review.ByRequest || c.DueAt != nil:
		return "La Unidad de Transparencia observó el cuestionario: la corrección debe atenderse y no se puede cancelar."
	}
	return ""
}

// CancelCorrection gives up a correction that was asked for and not sent: what is
// public becomes the last version again, and the request counts as never made. It
// is allowed after the end of campaigns, since it changes nothing public.
//
// Errors: NotFound outside the scope; Forbidden for who may not validate; Conflict
// when there is none, when it was sent, or when it attends an observation.
func (s *Store) CancelCorrection(ctx context.Context, actor auth.Capturer, folio, key string) error {
	return s.correct(ctx, actor, cancelAct, folio, key, "", func(ctx context.Context, tx *db.Tx, r Record) error {
		if why := r.Cancellable(); why != "" {
			return fault.New(fault.Conflict, why)
		}
		public, err := publicAnswers(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if err := restore(ctx, tx, actor, r, public); err != nil {
			return err
		}
		const over = `UPDATE desk.corrections SET state = 'resuelta', resolved_at = $2, cancelled_by = $3 WHERE id = $1`
		if err := tx.Exec(ctx, over, r.Correction.ID, tx.Now(), actor.AccountID()); err != nil {
			return err
		}
		const closePages = `UPDATE desk.candidacies SET capture = 'validada', answered = $2 WHERE id = $1`
		return tx.Exec(ctx, closePages, r.ID, r.Questionnaire.Progress(public).Answered())
	})
}

// restore makes what is public the last version of the rubros of the correction,
// and what their pages show.
func restore(ctx context.Context, tx *db.Tx, actor auth.Capturer, r Record, public questionnaire.Answers) error {
	for _, page := range r.Questionnaire.Pages {
		opened := slices.DeleteFunc(slices.Clone(page.Parts), func(p questionnaire.Part) bool { return !r.Correction.Opens(p.ID) })
		for _, part := range opened {
			if err := writeVersion(ctx, tx, actor, r, part, part.Select(public)); err != nil {
				return err
			}
		}
		d, saved := r.drafts[page.ID]
		if len(opened) == 0 || !saved {
			continue
		}
		r.drafts[page.ID] = Draft{Version: d.Version + 1, Form: questionnaire.Form(page, public), At: tx.Now()}
		if err := writeDraft(ctx, tx, actor, r, page.ID); err != nil {
			return err
		}
	}
	return nil
}
