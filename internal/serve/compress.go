package serve

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// worthwhile is the size under which compressing costs more than it saves.
const worthwhile = 1 << 10

// Levels for answers made in the moment: nearly the size of the best, at a small
// part of its cost.
const (
	brotliLevel = 4
	gzipLevel   = 5
)

// encoder is a compressing writer that can be used again.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

var encoders = map[string]*sync.Pool{
	"br": {New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }},
	"gzip": {New: func() any {
		z, err := gzip.NewWriterLevel(nil, gzipLevel)
		if err != nil {
			panic(err) // the level is a constant
		}
		return z
	}},
}

// compressed compresses text for who accepts it. It decides at the first write:
// pages arrive whole, so a small first write is a small answer.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		coding := accepted(r.Header.Get("Accept-Encoding"))
		if coding == "" || r.Method == http.MethodHead {
			w.Header().Add("Vary", "Accept-Encoding")
			next.ServeHTTP(w, r)
			return
		}
		c := &compressor{ResponseWriter: w, coding: coding}
		next.ServeHTTP(c, r)
		c.close()
	})
}

// compressor is an answer that may turn out to be compressed.
type compressor struct {
	http.ResponseWriter
	coding  string
	status  int
	begun   bool
	encoder encoder
}

// WriteHeader waits for the first write to know whether to compress.
func (c *compressor) WriteHeader(status int) {
	if status < http.StatusOK { // informational: not the answer yet
		c.ResponseWriter.WriteHeader(status)
		return
	}
	if c.status == 0 {
		c.status = status
	}
}

// Write compresses or passes through, as decided by the first one.
func (c *compressor) Write(b []byte) (int, error) {
	c.begin(len(b))
	if c.encoder != nil {
		return c.encoder.Write(b)
	}
	return c.ResponseWriter.Write(b)
}

// FlushError sends what there is, for answers that take long.
func (c *compressor) FlushError() error {
	c.begin(0)
	if c.encoder != nil {
		if err := c.encoder.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach what is inside.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *compressor) begin(size int) {
	if c.begun {
		return
	}
	c.begun = true
	if c.status == 0 {
		c.status = http.StatusOK
	}
	h := c.Header()
	if !strings.Contains(h.Get("Vary"), "Accept-Encoding") {
		h.Add("Vary", "Accept-Encoding")
	}
	if size >= worthwhile && compressible(h, c.status) {
		h.Set("Content-Encoding", c.coding)
		h.Del("Content-Length")
		c.encoder = encoders[c.coding].Get().(encoder)
		c.encoder.Reset(c.ResponseWriter)
	}
	c.ResponseWriter.WriteHeader(c.status)
}

// close ends the answer. It is not reached after a panic: an encoder in an
// unknown state is not used again.
func (c *compressor) close() {
	if !c.begun && c.status != 0 {
		c.begin(0)
	}
	if c.encoder == nil {
		return
	}
	_ = c.encoder.Close()
	encoders[c.coding].Put(c.encoder)
}

func compressible(h http.Header, status int) bool {
	if h.Get("Content-Encoding") != "" || status == http.StatusPartialContent {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch kind {
	case "application/json", "application/atom+xml", "application/xml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

// accepted returns the best coding that the header accepts: br, gzip or none.
func accepted(header string) string {
	best := ""
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			if weight, err := strconv.ParseFloat(q, 64); err != nil || weight == 0 {
				continue
			}
		}
		if name == "br" || name == "gzip" && best == "" {
			best = name
		}
	}
	return best
}
