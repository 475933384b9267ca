package app

import (
	"context"
	"net/http"
	"sync"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/publish"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
)

const (
	watchEvery = 500 * time.Millisecond // how old the known mode may be
	watchTime  = 300 * time.Millisecond // to ask for it
	watchRest  = 2 * time.Second        // without asking a database that did not answer
	modeWait   = time.Minute            // what whoever is turned away is told to wait
)

// watch knows the mode of operation. It asks when a request comes and what it
// knows is old, so that a change reaches every node at its next request; when
// nobody answers, the last known mode stands.
type watch struct {
	q db.Querier // the primary

	mu    sync.Mutex
	known publish.Operation
	next  time.Time // when to ask again
}

func newWatch(q db.Querier) *watch { return &watch{q: q, known: publish.Normal} }

// operation returns the mode.
func (w *watch) operation(ctx context.Context) publish.Operation {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Now().Before(w.next) {
		return w.known
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), watchTime)
	defer cancel()
	var said publish.Operation
	err := w.q.QueryRow(ctx, `SELECT operation FROM site.mode`).Scan(&said)
	if err != nil {
		w.next = time.Now().Add(watchRest)
		return w.known
	}
	w.known, w.next = said, time.Now().Add(watchEvery)
	return w.known
}

// readOnly reports whether capture is closed.
func (w *watch) readOnly(ctx context.Context) bool { return w.operation(ctx) != publish.Normal }

// gate turns requests away as the mode says. What a person sent comes back with
// the answer (serve.NotDone).
func (w *watch) gate(r *http.Request, always bool) error {
	switch w.operation(r.Context()) {
	case publish.Maintenance:
		return turnedAway("Estamos en mantenimiento y volveremos pronto. Lo que ya estaba guardado no se perdió. Mientras tanto no se muestra ninguna información: si querías retirar un consentimiento, podrás hacerlo al volver.")
	case publish.ReadOnly:
		if r.Method == http.MethodPost && !always {
			return turnedAway("La captura está en pausa: se puede consultar, pero por ahora no se guardan cambios. Retirar un consentimiento sigue abierto.")
		}
	}
	return nil
}

func turnedAway(why string) error {
	return serve.After(modeWait, serve.NotDone(fault.New(fault.Unavailable, why)))
}
