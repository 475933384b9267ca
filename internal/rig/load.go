package rig

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Load is requests to one address: as many as workers manage, or at a rate.
type Load struct {
	Addr    string
	Workers int
	// Rate is how many requests per second begin after some time; nil is as many as
	// the workers manage. A request that finds every worker busy waits, and its wait
	// counts: whoever asked waited too.
	Rate func(since time.Duration) float64
	For  time.Duration
	Path func(i int) string
	Form func(i int) string // what is sent, where it is; nil asks for pages
}

// Measured is what became of a load.
type Measured struct {
	Requests, Broken, Refused, Other int // Broken: 5xx but 503, or no answer; Refused: 503 and 429; Other: 4xx
	Took                             time.Duration
	Bytes                            int64
	P50, P95, P99, Worst             time.Duration
	FirstBroken                      string
}

// Rps returns the requests answered per second.
func (m Measured) Rps() float64 { return float64(m.Requests) / m.Took.Seconds() }

// Run runs a load until its time is over or ctx ends.
func (l Load) Run(ctx context.Context) Measured {
	ctx, cancel := context.WithTimeout(ctx, l.For)
	defer cancel()
	client := &http.Client{
		Timeout:       20 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: l.Workers, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	began := time.Now()
	turns := l.turns(ctx)
	parts := make([]tally, l.Workers)
	var all sync.WaitGroup
	for w := range l.Workers {
		all.Go(func() {
			for turn := range turns {
				parts[w].add(l.ask(client, turn.n), turn.due)
			}
		})
	}
	all.Wait()
	return sum(parts, time.Since(began))
}

// turn is a request to make, and since when somebody wants it.
type turn struct {
	n   int
	due time.Time
}

func (l Load) turns(ctx context.Context) <-chan turn {
	out := make(chan turn)
	go func() {
		defer close(out)
		began := time.Now()
		due := began
		for n := 0; ; n++ {
			if l.Rate == nil {
				due = time.Now()
			} else {
				due = due.Add(time.Duration(float64(time.Second) / max(l.Rate(due.Sub(began)), 1)))
				if wait := time.Until(due); wait > 0 {
					select {
					case <-time.After(wait):
					case <-ctx.Done():
						return
					}
				}
			}
			select {
			case out <- turn{n, due}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// Steady is a rate that does not change.
func Steady(rps float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return rps }
}

// outcome is one answer.
type outcome struct {
	status int
	bytes  int64
	what   string
	err    error
}

func (l Load) ask(client *http.Client, n int) outcome {
	path := l.Path(n)
	method, body := http.MethodGet, io.Reader(nil)
	if l.Form != nil {
		method, body = http.MethodPost, strings.NewReader(l.Form(n))
	}
	req, err := http.NewRequest(method, "http://"+l.Addr+path, body)
	if err != nil {
		return outcome{err: err}
	}
	req.Header.Set("Accept-Encoding", "gzip, br")
	if l.Form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://"+l.Addr)
	}
	res, err := client.Do(req)
	if err != nil {
		return outcome{what: path, err: err}
	}
	defer res.Body.Close()
	size, err := io.Copy(io.Discard, res.Body)
	return outcome{res.StatusCode, size, path, err}
}

// tally is what one worker saw.
type tally struct {
	Measured
	took []time.Duration
}

func (t *tally) add(o outcome, due time.Time) {
	t.Requests++
	t.Bytes += o.bytes
	switch {
	case o.status == http.StatusServiceUnavailable || o.status == http.StatusTooManyRequests:
		t.Refused++
		return
	case o.err != nil || o.status >= 500:
		t.Broken++
		if t.FirstBroken == "" {
			t.FirstBroken = fmt.Sprintf("%s: %d %v", o.what, o.status, o.err)
		}
		return
	case o.status >= 400:
		t.Other++
	}
	t.took = append(t.took, time.Since(due))
}

func sum(parts []tally, took time.Duration) Measured {
	out := Measured{Took: took}
	var all []time.Duration
	for _, p := range parts {
		out.Requests, out.Bytes = out.Requests+p.Requests, out.Bytes+p.Bytes
		out.Broken, out.Refused, out.Other = out.Broken+p.Broken, out.Refused+p.Refused, out.Other+p.Other
		if out.FirstBroken == "" {
			out.FirstBroken = p.FirstBroken
		}
		all = append(all, p.took...)
	}
	if slices.Sort(all); len(all) > 0 {
		at := func(percent int) time.Duration { return all[min(len(all)*percent/100, len(all)-1)] }
		out.P50, out.P95, out.P99, out.Worst = at(50), at(95), at(99), all[len(all)-1]
	}
	return out
}

// Usage is what a process has taken of the machine.
type Usage struct {
	CPU     time.Duration
	Memory  int64 // resident bytes
	Files   int   // open
	Threads int
}

// Usage reads what the node has taken so far.
func (n *Node) Usage() Usage { return usage(n, n.Pid()) }

func usage(t testing.TB, pid int) (u Usage) {
	t.Helper()
	dir := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(dir + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	fields := strings.Fields(string(rest)) // from the third of proc(5) on
	number := func(i int) int64 {
		v, _ := strconv.ParseInt(fields[i-3], 10, 64) // the kernel writes numbers
		return v
	}
	const tick = time.Second / 100 // of proc(5), the same on every Linux of today
	u.CPU = time.Duration(number(14)+number(15)) * tick
	u.Threads = int(number(20))
	u.Memory = number(24) * int64(os.Getpagesize())
	if files, err := os.ReadDir(dir + "/fd"); err == nil {
		u.Files = len(files)
	}
	return u
}

// ServerCPU returns what all the processes of the server have taken so far.
func (p *Postgres) ServerCPU() (all time.Duration) {
	for _, pid := range append([]int{p.pid}, children(p.pid)...) {
		if _, err := os.Stat("/proc/" + strconv.Itoa(pid)); err == nil {
			all += usage(p, pid).CPU
		}
	}
	return all
}
