package app

import (
	"time"

	"conoceles/internal/desk/report"
)

// reportEvery is how late a cut may begin after somebody asks for it.
const reportEvery = time.Second

// reports returns what makes reports and keeps them.
func (a *App) reports() *report.Store {
	return report.New(a.Desk, a.Publisher, a.Keys, a.Consents, a.duties())
}
