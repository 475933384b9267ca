package capture

import (
	"time"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Closure says why a questionnaire takes no changes. Its zero value is that it
// does take them.
type Closure string

// The closures.
const (
	Open           Closure = ""
	NotYet         Closure = "aun_no"
	CampaignsOver  Closure = "concluida"
	AlreadySent    Closure = "enviada"
	NoLongerStands Closure = "sin_vigencia"
)

// ClosureAt returns why the questionnaire takes no changes at now. What is not
// known to be open is closed.
func (c Candidacy) ClosureAt(now time.Time) Closure {
	switch {
	case c.Standing != election.Approved:
		return NoLongerStands
	case c.Capture != NotStarted && c.Capture != InProgress && c.Capture != Complete:
		return AlreadySent
	case c.open(now):
		return Open
	case !c.Calendar.CampaignsEnd.IsZero() && !now.Before(c.Calendar.CampaignsEnd):
		return CampaignsOver
	}
	return NotYet
}

// Reason says why the questionnaire takes no changes at now, or "".
func (c Candidacy) Reason(now time.Time) string { return c.Explain(c.ClosureAt(now), now) }

// Explain says a closure to the person it stops, with the server's clock, by
// which it was decided.
func (c Candidacy) Explain(why Closure, now time.Time) string {
	clock := " Son las " + es.Clock(now) + " h del " + es.Date(now) + " en el reloj del servidor."
	switch why {
	case NotYet:
		if c.Calendar.CaptureOpens.IsZero() {
			return "La captura aún no tiene fecha de inicio." + clock
		}
		return "La captura abre el " + es.FullDateTime(c.Calendar.CaptureOpens) + "." + clock
	case CampaignsOver:
		if c.Exception.After(c.Calendar.CampaignsEnd) {
			return "La excepción concedida a esta candidatura terminó el " + es.FullDateTime(c.Exception) + "." + clock
		}
		return "La captura cerró el " + es.FullDateTime(c.Calendar.CampaignsEnd) + ", al terminar las campañas." + clock
	case AlreadySent:
		return "Enviada: el cuestionario ya se validó y sus respuestas ya no se pueden cambiar aquí."
	case NoLongerStands:
		return "Esta candidatura ya no está vigente (" + es.Lower(es.Label(es.Standing, string(c.Standing))) + "); sus respuestas se conservan sin cambios."
	}
	return ""
}

// Closed is the cause of the Conflict that answers a save when the
// questionnaire takes no changes. Nothing was kept.
type Closed struct{ Why Closure }

// Error returns the closure's code, for the log.
func (c *Closed) Error() string { return "capture is closed: " + string(c.Why) }

// closed returns the Conflict for a save at now, or nil.
func (c Candidacy) closed(now time.Time) error {
	why := c.ClosureAt(now)
	if why == Open {
		return nil
	}
	return fault.Wrap(fault.Conflict, c.Explain(why, now), &Closed{why})
}
