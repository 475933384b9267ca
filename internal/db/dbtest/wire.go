package dbtest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Wire is what lies between a program and its database, in the hands of a test:
// it can be cut, mended and slow, and can lose the one reply that matters.
//
//	wire := dbtest.NewWire(t, pg)
//	desk, err := db.OpenDesk(ctx, wire.URL(pg.DeskURL), …)
//	wire.Cut()
//
// Acted says how many times it did what it was told: a fault that had no effect
// proves nothing, and a test that did not ask is not a test.
type Wire struct {
	socket string // of the server
	dir    string
	listen net.Listener

	mu    sync.Mutex
	cut   bool
	delay time.Duration
	trap  *trap
	acted int
	conns map[net.Conn]bool
}

// trap cuts a connection around the next message that says something.
type trap struct {
	says  []byte
	after bool // the message arrives and its reply does not
	cut   bool // and nothing else passes
}

// NewWire lays a wire to the server of a database. It lasts as long as the test.
func NewWire(t testing.TB, pg *DB) *Wire {
	t.Helper()
	u, err := url.Parse(pg.DeskURL)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "cable-") // a short path: sockets have room for 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	name := ".s.PGSQL." + u.Query().Get("port")
	w := &Wire{socket: filepath.Join(u.Query().Get("host"), name), dir: dir, conns: map[net.Conn]bool{}}
	if w.listen, err = net.Listen("unix", filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	go w.accept()
	t.Cleanup(func() {
		_ = w.listen.Close()
		w.Cut()
		_ = os.RemoveAll(dir)
	})
	return w
}

// URL returns an address of the server through the wire.
func (w *Wire) URL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic("dbtest: " + err.Error()) // it is an address of ours
	}
	q := u.Query()
	q.Set("host", w.dir)
	u.RawQuery = q.Encode()
	return u.String()
}

// Cut breaks every connection and refuses new ones.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for c := range w.conns {
		w.acted++
		_ = c.Close()
	}
}

// Mend lets everything through again.
func (w *Wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut, w.delay, w.trap = false, 0, nil
}

// Slow makes every message to the server wait.
func (w *Wire) Slow(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay = d
}

// LoseReply cuts the connection of the next message that says text, once the
// server has attended it.
func (w *Wire) LoseReply(text string) { w.set(&trap{says: []byte(text), after: true}) }

// LoseReplyAndCut is LoseReply, and from then on nothing passes: nobody can ask
// what became of the message.
func (w *Wire) LoseReplyAndCut(text string) { w.set(&trap{says: []byte(text), after: true, cut: true}) }

// LoseMessage cuts the connection of the next message that says text, before the
// server sees it.
func (w *Wire) LoseMessage(text string) { w.set(&trap{says: []byte(text)}) }

func (w *Wire) set(t *trap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trap = t
}

// Acted returns how many connections were cut, refused, delayed or trapped.
func (w *Wire) Acted() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acted
}

func (w *Wire) accept() {
	for {
		c, err := w.listen.Accept()
		if err != nil {
			return
		}
		go w.join(c)
	}
}

// join carries what a client says and what it is answered.
func (w *Wire) join(client net.Conn) {
	defer client.Close()
	if !w.keep(client) {
		return
	}
	defer w.forget(client)
	server, err := net.Dial("unix", w.socket)
	if err != nil {
		return
	}
	defer server.Close()
	lost := make(chan struct{}) // closed when no reply is to arrive any more
	go func() {
		defer client.Close()
		w.replies(client, server, lost)
	}()
	w.messages(client, server, lost)
}

func (w *Wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		w.acted++
		return false
	}
	w.conns[c] = true
	return true
}

func (w *Wire) forget(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, c)
}

// messages carries from the client to the server.
func (w *Wire) messages(client, server net.Conn, lost chan struct{}) {
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if n > 0 {
			caught := w.catch(buf[:n])
			if caught != nil && !caught.after {
				return
			}
			if caught != nil {
				close(lost)
			}
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
			if caught != nil { // the replies end when the server has spoken
				_, _ = io.Copy(io.Discard, client)
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// catch returns the trap that a message falls into, after the delay of the wire.
func (w *Wire) catch(message []byte) *trap {
	w.mu.Lock()
	delay, t := w.delay, w.trap
	if t != nil && !bytes.Contains(message, t.says) {
		t = nil
	}
	if t != nil {
		w.trap, w.cut = nil, t.cut
	}
	if t != nil || delay > 0 {
		w.acted++
	}
	w.mu.Unlock()
	time.Sleep(delay)
	return t
}

// replies carries from the server to the client, until one is to be lost.
func (w *Wire) replies(client, server net.Conn, lost chan struct{}) {
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		select {
		case <-lost:
			return // the server answered, and nobody hears it
		default:
		}
		if n > 0 {
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
