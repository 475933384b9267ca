package sitehttp

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/maypok86/otter/v2"

	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/share"
	"conoceles/web/page/sitepage"
)

// cardWeight is how much memory the cards take; each is some 50 KB.
const cardWeight = 16 << 20

// cards draws the cards for social networks, one at a time, and keeps those of
// the present epoch: a robot that asks for all of them takes one core at most.
type cards struct {
	drawing *sync.Mutex
	cache   *otter.Cache[cardKey, []byte]
}

type cardKey struct {
	process, epoch int64
	slug           string
}

func newCards() cards {
	return cards{&sync.Mutex{}, otter.Must(&otter.Options[cardKey, []byte]{
		MaximumWeight: cardWeight, Weigher: func(_ cardKey, b []byte) uint32 { return uint32(len(b)) },
	})}
}

// showCard serves the card of a ficha: name, photograph and what the person
// stands for.
func (h *Handler) showCard(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.found(w, r, v, "/tarjeta.jpg", func(p site.Profile) error {
		tag := `W/"t` + strconv.FormatInt(v.Process.ID, 36) + "-" + strconv.FormatInt(v.Process.Epoch, 36) + `"`
		if kept(r, tag) {
			w.Header().Set("ETag", tag)
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		image, err := h.card(r, v, p)
		if err != nil {
			return err
		}
		return sendFile(w, "image/jpeg", tag, image)
	})
}

func (h *Handler) card(r *http.Request, v visit, p site.Profile) ([]byte, error) {
	key := cardKey{v.Process.ID, v.Process.Epoch, p.Slug}
	if image, ok := h.cards.cache.GetIfPresent(key); ok {
		return image, nil
	}
	c := share.Card{Site: v.Meta.Site.Title()}
	c.Name, c.StandsFor, c.Nominator, c.Notice = v.CardLines(p.Card)
	if p.PhotoLarge != "" {
		photo, err := h.store.Photo(r.Context(), p.PhotoLarge, v.now)
		if err != nil {
			return nil, err
		}
		c.Photo = photo
	}
	h.cards.drawing.Lock()
	defer h.cards.drawing.Unlock()
	if image, ok := h.cards.cache.GetIfPresent(key); ok {
		return image, nil // drawn while this one waited
	}
	image, err := c.JPEG()
	if err == nil {
		h.cards.cache.Set(key, image)
	}
	return image, err
}

// embedProfile shows the card of a ficha in the frame of any site.
func (h *Handler) embedProfile(w http.ResponseWriter, r *http.Request, v visit) error {
	serve.Embeddable(w)
	return h.kept.serve(w, r, v, func(w http.ResponseWriter, r *http.Request, v visit) error {
		return h.found(w, r, v, "/incrustar", func(p site.Profile) error {
			return serve.Page(w, r, http.StatusOK, sitepage.Embedded(v.Frame, p))
		})
	})
}
