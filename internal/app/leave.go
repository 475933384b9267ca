package app

import (
	"context"
	"net/http"
	"time"
)

// linger returns a context that ends some time after ctx does, as the
// configuration says. Meanwhile the program answers as ever and its health says
// that it leaves, so that a proxy sends people elsewhere and nobody finds the door
// closed. Without its database it does not linger: there is nothing to answer.
func (a *App) linger(ctx context.Context) context.Context {
	last, end := context.WithCancelCause(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		a.leaving.Store(true)
		select {
		case <-a.gone:
		case <-time.After(a.Config.Drain):
		}
		end(context.Cause(ctx))
	})
	return last
}

// farewell closes each connection with its answer once the program leaves: a proxy
// that keeps connections open would otherwise send a request into one that ends.
func (a *App) farewell(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
