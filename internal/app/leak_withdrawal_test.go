package app_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/desk/canary"
)

// cycles is how often a person consents and withdraws under load. «make
// withdrawals» makes it long.
var cycles = flag.Int("retiros", 40, "cycles of consent and withdrawal under load")

const readers = 64

// turn counts the reads that began after the last act was acknowledged. Each act
// waits for some, however slow the machine: without them it would prove nothing.
type turn struct{ acted, since atomic.Int64 }

func (t *turn) begin() {
	t.since.Store(0)
	t.acted.Store(time.Now().UnixNano())
}

func (t *turn) read(start time.Time) {
	if start.UnixNano() > t.acted.Load() {
		t.since.Add(1)
	}
}

// wait lets some reads pass, and a little more.
func (t *turn) wait() {
	t.begin()
	for deadline := time.Now().Add(5 * time.Second); t.since.Load() < 3 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(time.Duration(rand.IntN(10)) * time.Millisecond)
}

// read is one answer to a reader.
type read struct {
	start, end time.Time
	shown      bool
}

// span is the time between the acknowledgement of a withdrawal and the next
// consent.
type span struct{ from, to time.Time }

// checkWithdrawal reads with two nodes the page of somebody who consents and
// withdraws, while connections to the database are cut at random, and then checks
// the history: no read that began after a withdrawal was acknowledged, and ended
// before the next consent began, shows anything (security.md 2.3 c).
func checkWithdrawal(w *world) {
	who := w.person(canary.Cell{Answers: canary.Answered, Consent: canary.Rejected, Record: canary.Validated})
	secret := ""
	for _, k := range who.Canaries {
		if k.Class == canary.Identity && k.What == "p03_pueblo" {
			secret = k.Value
		}
	}
	nodes := []http.Handler{w.handler, w.open().handler}
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	histories, now := make([][]read, readers), &turn{}
	for i := range readers {
		path := "/candidaturas/" + who.Slug
		if i%16 == 0 {
			path = "/datos/identidad.csv"
		}
		all.Go(func() { histories[i] = readOn(ctx, nodes[i%2], path, secret, now) })
	}
	var cuts atomic.Int64
	all.Go(func() { w.cutConnections(ctx, &cuts) })

	spans := w.consentAndWithdraw(who.Folio, now)
	stop()
	all.Wait()
	judgeHistory(w, slices.Concat(histories...), spans, cuts.Load())
}

// readOn asks a node for a page, again and again, with pauses that leave the
// machine some room: a read should be short beside a span.
func readOn(ctx context.Context, node http.Handler, path, secret string, now *turn) (history []read) {
	v := &visitor{w: &world{stage: &stage{handler: node}}}
	for ctx.Err() == nil {
		start := time.Now()
		r := v.get(path)
		history = append(history, read{start, time.Now(), bytes.Contains(r.text(), []byte(secret))})
		now.read(start)
		time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
	}
	return history
}

// cutConnections ends a connection to the database now and then, whoever's.
func (w *world) cutConnections(ctx context.Context, cuts *atomic.Int64) {
	c, err := pgx.Connect(ctx, w.pg.SuperURL)
	if err != nil {
		w.Error(err)
		return
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	const cut = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY random() LIMIT 1`
	for ctx.Err() == nil {
		if _, err := c.Exec(ctx, cut); err == nil {
			cuts.Add(1)
		}
		time.Sleep(time.Duration(50+rand.IntN(200)) * time.Millisecond)
	}
}

// consentAndWithdraw goes through the cycles. An act that fails, for the
// connection it had was cut, is done again until it is acknowledged.
func (w *world) consentAndWithdraw(folio string, now *turn) (spans []span) {
	w.Helper()
	ctx := context.Background()
	insist := func(act func(context.Context, string) error) {
		w.Helper()
		for deadline := time.Now().Add(time.Minute); ; {
			err := act(ctx, folio)
			if err == nil {
				return
			}
			if time.Now().After(deadline) {
				w.Fatalf("the act is never acknowledged: %v", err)
			}
		}
	}
	for range *cycles {
		if len(spans) > 0 {
			spans[len(spans)-1].to = time.Now()
		}
		insist(w.acts.Grant)
		now.wait()
		insist(w.acts.Withdraw)
		spans = append(spans, span{from: time.Now()})
		now.wait()
	}
	spans[len(spans)-1].to = time.Now()
	return spans
}

func judgeHistory(w *world, history []read, spans []span, cuts int64) {
	w.Helper()
	shown, within, stale := 0, 0, 0
	for _, r := range history {
		if r.shown {
			shown++
		}
		i, _ := slices.BinarySearchFunc(spans, r.start, func(s span, t time.Time) int { return s.from.Compare(t) })
		if i == 0 || !r.end.Before(spans[i-1].to) {
			continue
		}
		within++
		if r.shown {
			stale++
		}
	}
	w.Logf("%d cycles, %d reads: %d with content, %d after a withdrawal; %d connections cut", len(spans), len(history), shown, within, cuts)
	noted(w, "retiros", "Retirar consentimientos bajo carga, con conexiones que se cortan", "lecturas que muestran lo retirado, de las hechas tras un retiro", "0",
		fmt.Sprintf("%d de %d (%d retiros, %d lecturas en todo, %d conexiones cortadas)", stale, within, len(spans), len(history), cuts), stale == 0)
	if stale > 0 {
		w.Errorf("%d reads that began after a withdrawal was acknowledged show what was withdrawn", stale)
	}
	if shown < len(spans)/2 || within < len(spans) || cuts == 0 {
		w.Error("the load was none: too few reads of content, or after a withdrawal, or no connection was cut")
	}
}
