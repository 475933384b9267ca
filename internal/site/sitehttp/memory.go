package sitehttp

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"conoceles/internal/fault"
	"conoceles/internal/site"
	"conoceles/web/layout"
)

// memory is what was last read of every process. While the database does not
// answer, pages that were already drawn at the last epoch that it told go on being
// served, with a band that says of when they are; identity is not among them, and
// what nobody had drawn says that it will be back.
type memory struct {
	mu       sync.Mutex
	all      []site.Process
	catalogs map[int64]*site.Catalog
	cut      time.Time // when it last answered
	rest     time.Time // nobody asks it again before
}

// rests is how long nobody asks a database that did not answer: a visit in a bad
// hour must not wait for it.
const rests = time.Second

// recollect returns what is remembered if the database is being left alone.
func (m *memory) recollect(now time.Time) (all []site.Process, cut time.Time, resting bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all, m.cut, now.Before(m.rest) && m.all != nil
}

// fails notes that the database did not answer.
func (m *memory) fails(now time.Time) (all []site.Process, cut time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rest = now.Add(rests)
	return m.all, m.cut
}

// answers notes what it said.
func (m *memory) answers(all []site.Process, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all, m.cut, m.rest = all, at, time.Time{}
}

func (m *memory) catalog(process int64) *site.Catalog {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.catalogs[process]
}

func (m *memory) keep(process int64, c *site.Catalog) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.catalogs == nil {
		m.catalogs = map[int64]*site.Catalog{}
	}
	m.catalogs[process] = c
}

// Remembers returns when the database last answered, if there is something to
// serve without it.
func (h *Handler) Remembers() (cut time.Time, some bool) {
	h.memory.mu.Lock()
	defer h.memory.mu.Unlock()
	return h.memory.cut, h.memory.all != nil && h.kept.cache.EstimatedSize() > 0
}

// processes reads the processes, or remembers them: then cut is when they were
// read, and zero otherwise.
func (h *Handler) processes(ctx context.Context) (all []site.Process, cut time.Time, err error) {
	if all, cut, resting := h.memory.recollect(time.Now()); resting {
		return all, cut, nil
	}
	all, _, err = h.reading.read(ctx, struct{}{}, h.readProcesses)
	if err == nil {
		h.memory.answers(all, h.options.Now())
		return all, time.Time{}, nil
	}
	if !down(err) {
		return nil, time.Time{}, err
	}
	if all, cut = h.memory.fails(time.Now()); all == nil {
		return nil, time.Time{}, err
	}
	return all, cut, nil
}

// readProcesses is a reading of the processes, for who asks now.
func (h *Handler) readProcesses(ctx context.Context, _ map[struct{}]bool) (map[struct{}][]site.Process, error) {
	all, err := h.store.Processes(ctx)
	return map[struct{}][]site.Process{{}: all}, err
}

// catalog is processes for the catalog of one of them.
func (h *Handler) catalog(ctx context.Context, v *visit) (err error) {
	if v.cut.IsZero() {
		v.Catalog, err = h.store.Catalog(ctx, v.Process)
		if err == nil {
			h.memory.keep(v.Process.ID, v.Catalog)
			return nil
		}
		if !down(err) {
			return err
		}
		_, v.cut = h.memory.fails(time.Now())
	}
	if v.Catalog = h.memory.catalog(v.Process.ID); v.Catalog == nil {
		return errNotKept
	}
	return nil
}

// down reports whether an error says that the database does not answer.
func down(err error) bool {
	return fault.Is(err, fault.Unavailable) || errors.Is(err, context.DeadlineExceeded)
}

// errNotKept is said of a page that was not drawn in time.
var errNotKept = fault.New(fault.Unavailable,
	"Por el momento sólo podemos mostrar las páginas que ya estaban listas, y ésta no lo estaba. Vuelve a intentarlo en unos minutos; nada se perdió.")

// recall sends a page from memory with the band that says of when it is; a
// document of the API says it in its "corte". Nobody keeps either: the next visit
// may find the database back.
func (c pages) recall(w http.ResponseWriter, r *http.Request, v visit) error {
	page, ok := c.cache.GetIfPresent(keyOf(r, v))
	if !ok {
		return errNotKept
	}
	z, err := gzip.NewReader(bytes.NewReader(page.gzip))
	if err != nil {
		return err
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	parts := [][]byte{plain}
	if before, after, ok := bytes.Cut(plain, []byte(beforeHeader)); ok {
		var band bytes.Buffer
		if err := layout.Bands(layout.CutNotice(v.cut)).Render(r.Context(), &band); err != nil {
			return err
		}
		parts = [][]byte{before, band.Bytes(), []byte(beforeHeader), after}
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", page.kind)
	w.WriteHeader(http.StatusOK)
	for _, part := range parts {
		if r.Method == http.MethodHead {
			break
		}
		if _, err := w.Write(part); err != nil {
			return nil // who asked has gone
		}
	}
	return nil
}

// beforeHeader is where the bands of a public page end. What has no header is not a
// page. It is searched for the whole of it, quotes too, which JSON escapes.
const beforeHeader = `<header class="cabeza">`
