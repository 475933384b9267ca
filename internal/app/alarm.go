package app

import (
	"context"
	"path/filepath"
	"time"

	"conoceles/internal/desk/operation"
	"conoceles/internal/serve/metrics"
)

// alarmEvery is how old what is said of an alarm may be.
const alarmEvery = time.Minute

// watched is what watches the operation, over the disk that has the database that
// this program runs itself or, with none, the keyset.
func (a *App) watched() *operation.Store {
	dir := filepath.Dir(a.Config.Keyset)
	if a.Config.Embedded() {
		dir = a.Config.DataDir
	}
	return operation.New(a.Desk, dir, a.Mail.Send != nil)
}

// look reads the gauges, for whoever asks until the next look.
func (a *App) look(ctx context.Context) error {
	list, err := a.watched().Gauges(ctx)
	if err != nil {
		return err
	}
	a.gauges.Store(&list)
	return nil
}

// raised returns the alarms of the last look.
func (a *App) raised() (out []operation.Gauge) {
	if list := a.gauges.Load(); list != nil {
		for _, g := range *list {
			if g.Raised {
				out = append(out, g)
			}
		}
	}
	return out
}

// alarmTexts are what the pages of the systems unit say of the alarms.
func (a *App) alarmTexts(context.Context) (out []string) {
	for _, g := range a.raised() {
		out = append(out, g.Name+": "+g.State+". "+g.Mend)
	}
	return out
}

// countAlarms makes metrics of the gauges.
func (a *App) countAlarms(m *metrics.Metrics) {
	for _, key := range []string{"disco", "respaldo", "correo", "informes"} {
		m.Watch(key, func() (amount float64, raised bool) {
			if list := a.gauges.Load(); list != nil {
				for _, g := range *list {
					if g.Key == key {
						return g.Amount, g.Raised
					}
				}
			}
			return 0, false
		})
	}
}
