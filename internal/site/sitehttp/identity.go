package sitehttp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/page/sitepage"
)

// identityTime is how long a ficha waits for the primary before it goes out
// without identity.
const identityTime = time.Second

// showProfile reads the identity of who the page is about, now and from the
// primary, and only then looks for the page. The state of the questionnaire is
// part of the key under which a page is kept, so a kept page is served only while
// its state is still the true one; a page that shows answers is never kept.
func (h *Handler) showProfile(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.cut.IsZero() {
		return h.kept.recall(w, r, v) // drawn by Warm, without identity
	}
	identity := h.identity(r, v)
	draw := func(w http.ResponseWriter, r *http.Request, v visit) error { return h.drawProfile(w, r, v, identity) }
	if identity.State == site.IdentityPublic {
		serve.Live(w)
		return draw(w, r, v)
	}
	v.variant = string(identity.State)
	return h.kept.serve(w, r, v, draw)
}

// identity reads what may be shown, or nothing at all: whatever fails here costs
// the page its answers and nothing more.
func (h *Handler) identity(r *http.Request, v visit) site.Identity {
	if !v.Process.AsksIdentity() || h.options.WithoutIdentity {
		return site.Identity{}
	}
	ctx, cancel := context.WithTimeout(r.Context(), identityTime)
	defer cancel()
	identity, err := h.store.Identity(ctx, v.Process, v.Catalog, chi.URLParam(r, "slug"))
	if err != nil && !fault.Is(err, fault.NotFound) && r.Context().Err() == nil {
		h.options.Log.LogAttrs(r.Context(), slog.LevelError, "identidad sin leer",
			slog.String("peticion", serve.RequestID(r.Context())), slog.String("error", err.Error()))
	}
	return identity
}

// drawProfile answers a slug: the profile, a permanent redirection to the slug
// of today, or 410 with who succeeded.
func (h *Handler) drawProfile(w http.ResponseWriter, r *http.Request, v visit, identity site.Identity) error {
	found, err := h.store.Lookup(r.Context(), v.Process, chi.URLParam(r, "slug"))
	switch {
	case err != nil:
		return err
	case found.MovedTo != "":
		http.Redirect(w, r, v.Profile(found.MovedTo), http.StatusMovedPermanently)
		return nil
	case found.Tombstone != nil:
		return serve.Page(w, r, http.StatusGone, sitepage.Gone(v.Frame, *found.Tombstone))
	}
	return serve.Page(w, r, http.StatusOK, sitepage.Profile(v.Frame, *found.Profile, identity))
}
