package capture

import "time"

// ClockSQL is when the capture clock of a candidacy c, joined with its nominator
// n, started: the later of its approval and the instant at which whoever captures
// it received their credentials. NULL while those were not delivered.
const ClockSQL = `(SELECT GREATEST(c.clock_started_at, k.received_at) FROM desk.credential_deliveries k
    WHERE k.nominator_id = COALESCE(c.siglado_id, n.representative_id, c.nominator_id) ORDER BY k.id DESC LIMIT 1)`

// ExceptionSQL is until when an acuerdo or a court order lets a candidacy c be
// captured after the end of campaigns; NULL when none does.
const ExceptionSQL = `(SELECT x.until_at FROM desk.capture_exceptions x WHERE x.candidacy_id = c.id ORDER BY x.act_id DESC LIMIT 1)`

// Deadline returns when capture becomes late («extemporánea»); zero while the
// clock has not started. Who entered the ballot after the end of campaigns has
// the term of their exception.
func (c Candidacy) Deadline() time.Time {
	end := c.Calendar.CampaignsEnd
	switch {
	case c.ClockStarted.IsZero():
		return time.Time{}
	case !end.IsZero() && !c.ClockStarted.Before(end):
		return c.Exception
	}
	return c.Calendar.CaptureDeadline(c.ClockStarted)
}

// Late reports whether a save at now would be «extemporánea»: past its deadline,
// and still open.
func (c Candidacy) Late(now time.Time) bool {
	deadline := c.Deadline()
	return c.open(now) && !deadline.IsZero() && !now.Before(deadline)
}

// lateVersion reports whether what is written at now is to be marked as late. A
// correction has a term of its own.
func (c Candidacy) lateVersion(now time.Time) bool { return c.Capture != InCorrection && c.Late(now) }

// Excepted reports whether at now it is an exception that keeps capture open.
func (c Candidacy) Excepted(now time.Time) bool {
	end := c.Calendar.CampaignsEnd
	return !end.IsZero() && !now.Before(end) && now.Before(c.Exception)
}

// open reports whether the calendar, or an exception to it, lets capture at now.
func (c Candidacy) open(now time.Time) bool { return c.Calendar.CaptureOpen(now) || c.Excepted(now) }
