package review

import (
	"context"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/notify"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

// tell writes to the address that the candidacy gave for notices, if it gave one.
// The observation itself is read inside, where it can be attended.
func tell(ctx context.Context, tx *db.Tx, s *subject, answers questionnaire.Answers, parts []questionnaire.ID) error {
	to := answers.Text(questionnaire.NotificationsTo)
	if to == "" {
		return nil
	}
	var labels []string
	for _, id := range parts {
		part, _ := s.questionnaire.Part(id)
		labels = append(labels, "«"+part.Label+"»")
	}
	lastMoment := s.remedyDue(tx.Now()).Add(-time.Second) // its date is the one that people call the deadline
	body := strings.Join([]string{
		"La Unidad de Transparencia observó " + es.List(labels...) + " en el cuestionario curricular de " + s.Name + " (folio " + s.Folio + ").",
		"Entra a Conóceles para ver qué debe corregirse y enviar la corrección a más tardar el " + es.FullDateTime(lastMoment) + ".",
		"Mientras tanto, lo observado que ya era público dice «En revisión»; lo demás sigue publicado. Esto no tiene efectos sobre el registro de la candidatura.",
	}, "\n\n")
	return notify.Put(ctx, tx, notify.Message{
		Process: s.Process, Candidacy: s.ID, Kind: "revision.observacion", Channel: notify.Mail, Recipient: to,
		Subject: "Observaciones al cuestionario curricular " + s.Folio, Body: body,
	})
}
