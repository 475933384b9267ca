package election

import "time"

// Calendar holds the instants that decide what is open. Intervals are
// half-open: at its end a thing is already closed. A zero instant is a date the
// institute has not set.
type Calendar struct {
	CaptureOpens      time.Time
	CampaignsEnd      time.Time // capture and corrections close
	PublicationStarts time.Time // set by acuerdo, confirmed by a second person
	ElectionDay       time.Time // midnight, local time
	SiteUntil         time.Time
	CaptureDays       int // plazo_captura_dias: natural days from when a candidacy's clock starts
}

// CaptureOpen reports whether questionnaires can be captured at the instant now.
// Before its opening, and from the end of campaigns on, they cannot.
func (c Calendar) CaptureOpen(now time.Time) bool {
	return !c.CaptureOpens.IsZero() && !now.Before(c.CaptureOpens) &&
		(c.CampaignsEnd.IsZero() || now.Before(c.CampaignsEnd))
}

// CaptureDeadline returns when capture becomes late («extemporánea») for a
// candidacy whose clock started at start: the end of the day, in the zone of
// people, CaptureDays natural days later, never past the end of campaigns.
func (c Calendar) CaptureDeadline(start time.Time) time.Time {
	day := start.In(Zone())
	end := time.Date(day.Year(), day.Month(), day.Day()+c.CaptureDays+1, 0, 0, 0, 0, Zone())
	if !c.CampaignsEnd.IsZero() && c.CampaignsEnd.Before(end) {
		return c.CampaignsEnd
	}
	return end
}

// PublicationOpen reports whether the public site shows candidacies at now.
func (c Calendar) PublicationOpen(now time.Time) bool {
	return !c.PublicationStarts.IsZero() && !now.Before(c.PublicationStarts) &&
		(c.SiteUntil.IsZero() || now.Before(c.SiteUntil))
}

// Phase is the moment of a process, as a visitor is told.
type Phase string

// The phases of a process.
const (
	BeforePublication Phase = "antes"
	Campaign          Phase = "campana"
	Reflection        Phase = "reflexion" // from the end of campaigns to the election
	Afterwards        Phase = "despues"
	Closed            Phase = "cerrado"
)

// PhaseAt returns the phase at now.
func (c Calendar) PhaseAt(now time.Time) Phase {
	switch {
	case !c.SiteUntil.IsZero() && !now.Before(c.SiteUntil):
		return Closed
	case !c.PublicationOpen(now):
		return BeforePublication
	case !c.ElectionDay.IsZero() && !now.Before(c.ElectionDay.AddDate(0, 0, 1)):
		return Afterwards
	case !c.CampaignsEnd.IsZero() && !now.Before(c.CampaignsEnd):
		return Reflection
	default:
		return Campaign
	}
}
