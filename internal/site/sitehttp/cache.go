package sitehttp

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/maypok86/otter/v2"

	"conoceles/internal/serve"
	"conoceles/web/layout"
)

const (
	cacheWeight = 96 << 20 // bytes of pages, compressed: five thousand fichas and their lists
	longAddress = 300      // of a search nobody repeats
	brotliLevel = 5        // pages are compressed once and sent many times
	gzipLevel   = 6
)

// pageKey names a page at an epoch of its process. A publication makes new keys;
// nothing is ever told to leave. The frame holds what changes with the hour: the
// bands above the page and who signs it. The variant is what was read for this
// request alone.
type pageKey struct {
	process, epoch          int64
	frame, address, variant string
}

// keptPage is a page that went out whole and public, ready to be sent again.
type keptPage struct {
	tag, kind string
	gzip, zbr []byte
}

// pages keeps pages. Only what said that anybody may store it is kept, so a page
// that shows identity never is (security.md 0.2).
type pages struct {
	cache *otter.Cache[pageKey, *keptPage]
}

func newPages() pages {
	return pages{otter.Must(&otter.Options[pageKey, *keptPage]{
		MaximumWeight: cacheWeight,
		Weigher: func(k pageKey, p *keptPage) uint32 {
			return uint32(len(p.gzip) + len(p.zbr) + len(k.address) + len(k.frame))
		},
	})}
}

// serve answers from memory, or with show and keeps what it answered. Who
// accepts no compression is answered by show.
func (c pages) serve(w http.ResponseWriter, r *http.Request, v visit, show answer) error {
	if !v.cut.IsZero() {
		return c.recall(w, r, v)
	}
	coding := accepted(r.Header.Get("Accept-Encoding"))
	key := keyOf(r, v)
	if coding == "" || len(key.address) > longAddress {
		return show(w, r, v)
	}
	page, ok := c.cache.GetIfPresent(key)
	if !ok {
		rec := &capture{header: w.Header(), status: http.StatusOK}
		fresh := r.Clone(r.Context())
		fresh.Header.Del("If-None-Match") // the page is wanted, whoever has it
		fresh.Method = http.MethodGet
		if err := show(rec, fresh, v); err != nil {
			return err
		}
		if page = rec.keep(); page == nil {
			w.WriteHeader(rec.status)
			_, err := rec.body.WriteTo(w)
			return err
		}
		c.cache.Set(key, page)
	}
	return page.send(w, r, coding)
}

func keyOf(r *http.Request, v visit) pageKey {
	return pageKey{v.Process.ID, v.Process.Epoch, frameOf(v.Meta), r.URL.Path + "?" + r.URL.RawQuery, v.variant}
}

// frameOf says what of the frame does not follow from the epoch.
func frameOf(m layout.Meta) string {
	var b strings.Builder
	b.WriteString(m.Site.Title() + "\x00" + m.Site.Institute + "\x00" + m.Site.Version)
	for _, n := range m.Notices {
		b.WriteString("\x00" + n.Strong + n.Text)
	}
	return b.String()
}

// send writes the page in a coding that the visitor accepts.
func (p *keptPage) send(w http.ResponseWriter, r *http.Request, coding string) error {
	h := w.Header()
	serve.CachePublic(w, 0)
	h.Set("ETag", p.tag)
	h.Set("Vary", "Accept-Encoding")
	if kept(r, p.tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := p.gzip
	if coding == "br" {
		body = p.zbr
	}
	h.Set("Content-Type", p.kind)
	h.Set("Content-Encoding", coding)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}

// capture is an answer held back until it is known what it is.
type capture struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the real answer.
func (c *capture) Header() http.Header { return c.header }

// WriteHeader remembers the status.
func (c *capture) WriteHeader(status int) { c.status = status }

// Write holds back the body.
func (c *capture) Write(b []byte) (int, error) { return c.body.Write(b) }

// keep compresses a page that anybody may store; anything else is nil.
func (c *capture) keep() *keptPage {
	tag := c.header.Get("ETag")
	if c.status != http.StatusOK || tag == "" || !strings.HasPrefix(c.header.Get("Cache-Control"), "public") {
		return nil
	}
	plain := c.body.Bytes()
	return &keptPage{
		tag: tag, kind: c.header.Get("Content-Type"),
		gzip: compress(plain, func(w io.Writer) io.WriteCloser {
			z, err := gzip.NewWriterLevel(w, gzipLevel)
			if err != nil {
				panic(err) // the level is a constant
			}
			return z
		}),
		zbr: compress(plain, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotliLevel) }),
	}
}

func compress(plain []byte, writer func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	z := writer(&b)
	if _, err := z.Write(plain); err != nil {
		panic(err) // a buffer does not fail
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// accepted returns the best coding that a visitor accepts, or "".
func accepted(header string) string {
	best := ""
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.ReplaceAll(item, " ", ""), ";")
		if weight, ok := strings.CutPrefix(params, "q="); ok && strings.Trim(weight, "0.") == "" {
			continue
		}
		if name == "br" || name == "gzip" && best == "" {
			best = name
		}
	}
	return best
}
