package sitehttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/site"
)

// warmth is which pages Warm has drawn.
type warmth struct {
	seen, done warmKey
}

// warmKey names a state of the site: its pages are the same while it is.
type warmKey struct {
	process, epoch int64
	frame          string
}

// warmLists is how many pages of the list are drawn.
const warmLists = 50

// Warm draws the pages of the process in force that nobody has visited since it
// last changed, so that they are in memory when the database is not: the front
// page, the lists, the ballots of each municipio and every ficha, without
// identity. It waits until two calls find the same site, rests after each page so
// many times what it took and stops as soon as the site changes. One call at a time.
func (h *Handler) Warm(ctx context.Context, rest int) error {
	v, ok, err := h.enter(warmRequest(ctx, "/"))
	if err != nil || !ok || !v.cut.IsZero() || !v.Process.OpenAt(v.now) {
		return err
	}
	key := warmKeyOf(v)
	if key != h.warmed.seen || key == h.warmed.done {
		h.warmed.seen = key
		return nil
	}
	slugs, err := h.store.Slugs(ctx, v.Process)
	if err != nil {
		return err
	}
	for _, p := range h.warmPages(v, len(slugs)) {
		if done, err := h.warmPage(ctx, key, rest, p.path, "", p.show); err != nil || !done {
			return err
		}
	}
	for _, slug := range slugs {
		draw := func(w http.ResponseWriter, r *http.Request, v visit) error {
			return h.drawProfile(w, r, v, site.Identity{})
		}
		if done, err := h.warmPage(ctx, key, rest, v.Profile(slug), slug, draw); err != nil || !done {
			return err
		}
	}
	h.warmed.done = key
	return nil
}

func warmKeyOf(v visit) warmKey { return warmKey{v.Process.ID, v.Process.Epoch, frameOf(v.Meta)} }

// warmPath is a page and what draws it.
type warmPath struct {
	path string
	show answer
}

func (h *Handler) warmPages(v visit, candidacies int) []warmPath {
	out := []warmPath{
		{"/", h.showHome},
		{"/candidaturas", h.searchCandidacies},
		{"/boleta", h.findBallot},
		{"/comparar", h.compare},
		{"/avance", h.showProgress},
		{"/ayuda", h.showHelp},
	}
	for n := 2; n <= min(warmLists, (candidacies+site.PageSize-1)/site.PageSize); n++ {
		out = append(out, warmPath{"/candidaturas?" + site.ParamPage + "=" + strconv.Itoa(n), h.searchCandidacies})
	}
	return out
}

// warmPage draws a page into memory, unless it is there. It is false when the site
// is no longer the one that is being drawn.
func (h *Handler) warmPage(ctx context.Context, key warmKey, rest int, path, slug string, show answer) (bool, error) {
	start := time.Now()
	r := warmRequest(ctx, path)
	if slug != "" {
		route := chi.NewRouteContext()
		route.URLParams.Add("slug", slug)
		r = r.WithContext(context.WithValue(ctx, chi.RouteCtxKey, route))
	}
	v, ok, err := h.enter(r)
	if err != nil || !ok || !v.cut.IsZero() || warmKeyOf(v) != key {
		return false, err
	}
	if _, there := h.kept.cache.GetIfPresent(keyOf(r, v)); there {
		return true, nil
	}
	nobody := &capture{header: http.Header{}, status: http.StatusOK}
	nobody.header.Set("Cache-Control", "public, max-age=0")
	if err := h.kept.serve(nobody, r, v, show); err != nil {
		return false, err
	}
	select {
	case <-time.After(time.Duration(rest) * time.Since(start)):
		return true, nil
	case <-ctx.Done():
		return false, nil
	}
}

// warmRequest is a visit of nobody.
func warmRequest(ctx context.Context, path string) *http.Request {
	u, err := url.Parse(path)
	if err != nil {
		panic(err) // a path of ours
	}
	r := (&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"Accept-Encoding": {"gzip"}}}).WithContext(ctx)
	return r
}
