package rig

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Slow is clients that hold on to a server: they send a header, or a body, one
// byte at a time, or read so.
type Slow struct {
	Header, Body, Read int // how many of each
	Path               string

	Opened      atomic.Int64
	Longest     atomic.Int64 // nanoseconds that one who sends was held
	LongestRead atomic.Int64 // and one who reads
}

// Run holds on until ctx ends, or the server lets go of every client.
func (s *Slow) Run(ctx context.Context, addr string) {
	var all sync.WaitGroup
	for kind, many := range []int{s.Header, s.Body, s.Read} {
		for range many {
			all.Go(func() { s.hold(ctx, addr, kind) })
		}
	}
	all.Wait()
}

func (s *Slow) hold(ctx context.Context, addr string, kind int) {
	c, err := net.DialTimeout("tcp", addr, 10*time.Second)
	if err != nil {
		return
	}
	defer c.Close()
	s.Opened.Add(1)
	began := time.Now()
	switch kind {
	case 0:
		_, _ = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n", s.Path)
	case 1:
		_, _ = fmt.Fprintf(c, "POST /entrar HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n")
	default:
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetReadBuffer(1024)
		}
		_, _ = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n", s.Path)
	}
	one := make([]byte, 1)
	for ctx.Err() == nil {
		if kind != 2 {
			if _, err := c.Write([]byte("a")); err != nil {
				break
			}
		}
		_ = c.SetReadDeadline(time.Now().Add(time.Second))
		_, err := c.Read(one)
		if timeout, ok := err.(net.Error); err != nil && (!ok || !timeout.Timeout()) {
			break
		}
		if kind == 2 {
			time.Sleep(time.Second)
		}
	}
	longest := &s.Longest
	if kind == 2 {
		longest = &s.LongestRead
	}
	held := int64(time.Since(began))
	for before := longest.Load(); held > before && !longest.CompareAndSwap(before, held); before = longest.Load() {
	}
}
