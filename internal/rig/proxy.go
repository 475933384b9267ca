package rig

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy shares people out among nodes: what nginx does with the example of the
// README. It asks the health of each node and sends nobody to one that says no; a
// request that a node did not answer goes to the next one, a form too, for the key
// in it makes sure that it is done once.
type Proxy struct {
	Addr string

	client  *http.Client
	mu      sync.Mutex
	nodes   []string
	well    map[string]bool
	next    atomic.Int64
	Retried atomic.Int64 // requests that had to go to a second node
}

// checkEvery is how often a proxy asks for the health of its nodes.
const checkEvery = 50 * time.Millisecond

// NewProxy starts a proxy that lasts as long as the test.
func NewProxy(t testing.TB, nodes ...*Node) *Proxy {
	t.Helper()
	p := &Proxy{well: map[string]bool{}, client: &http.Client{
		Timeout:       25 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	for _, n := range nodes {
		p.nodes = append(p.nodes, n.Addr)
		p.well[n.Addr] = true
	}
	server := httptest.NewServer(p)
	p.Addr = server.Listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	watch.Go(func() { p.watch(ctx) })
	t.Cleanup(func() {
		stop()
		watch.Wait()
		server.CloseClientConnections()
		server.Close()
	})
	return p
}

func (p *Proxy) watch(ctx context.Context) {
	for ctx.Err() == nil {
		for _, addr := range p.nodes {
			word := health(addr)
			p.mu.Lock()
			p.well[addr] = word == "listo" || word == "degradado"
			p.mu.Unlock()
		}
		time.Sleep(checkEvery)
	}
}

// order returns the nodes to try, the well ones first.
func (p *Proxy) order() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn := int(p.next.Add(1)) % len(p.nodes)
	all := slices.Concat(p.nodes[turn:], p.nodes[:turn])
	slices.SortStableFunc(all, func(a, b string) int {
		switch {
		case p.well[a] == p.well[b]:
			return 0
		case p.well[a]:
			return -1
		}
		return 1
	})
	return all
}

// ServeHTTP asks one node, and the next where that one does not answer.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	for i, addr := range p.order() {
		if i > 0 {
			p.Retried.Add(1)
		}
		if p.pass(w, r, addr, body) == nil {
			return
		}
	}
	http.Error(w, "ningún nodo responde", http.StatusBadGateway)
}

// pass fails, with nothing written, where a node gives no whole answer.
func (p *Proxy) pass(w http.ResponseWriter, r *http.Request, addr string, body []byte) error {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+addr+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header, req.Host = r.Header.Clone(), r.Host
	req.Header.Set("X-Forwarded-For", "127.0.0.1")
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return err
	}
	header := w.Header()
	for name, values := range res.Header {
		if name != "Connection" && name != "Keep-Alive" {
			header[name] = values
		}
	}
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(text) // who asked may have gone
	return nil
}
