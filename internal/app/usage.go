package app

import (
	"context"
	"fmt"
	"time"

	"conoceles/internal/site/sitehttp"
)

// usageEvery is how long a page that somebody saw may stay uncounted.
const usageEvery = time.Minute

// agendaEvery is how late a deliverable may open after the act that opens it. Its
// terms count from the act all the same.
const agendaEvery = time.Minute

// lastUsageTime is how long the end may take to add what was counted last.
const lastUsageTime = 5 * time.Second

// counter returns who counts the pages of the public half; nil when there is no
// desk whose pool adds them.
func (a *App) counter() sitehttp.Counter {
	if a.Usage == nil {
		a.Log.Warn("this process counts no visits: it serves the public half alone, whose role only reads; one that has the desk counts those that it serves")
		return nil
	}
	return a.Usage
}

// lastUsage adds what was counted since the last time, while the pool is open.
func (a *App) lastUsage(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lastUsageTime)
	defer cancel()
	if err := a.Usage.Flush(ctx); err != nil {
		return fmt.Errorf("agregar el uso del sitio: %w", err)
	}
	return nil
}
