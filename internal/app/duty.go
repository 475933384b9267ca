package app

import (
	"time"

	"conoceles/internal/desk/duty"
)

// dutyEvery is how late the daily round may begin. Each one does little until the
// round of the day is due.
const dutyEvery = time.Minute

// duties returns what requires the questionnaires that are owed.
func (a *App) duties() *duty.Store {
	return duty.New(a.Desk, a.Consents, a.Publisher.Curricular)
}
