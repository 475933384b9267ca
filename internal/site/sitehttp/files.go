package sitehttp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
)

// fileTag changes with every publication of the process, and with what is asked.
func fileTag(p site.Process, q site.Query) string {
	sum := sha256.Sum256([]byte(q.Values().Encode()))
	return fmt.Sprintf(`W/"%d-%d-%s"`, p.ID, p.Epoch, hex.EncodeToString(sum[:6]))
}

// kept reports whether who asks has the answer with that tag.
func kept(r *http.Request, tag string) bool {
	for candidate := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// showPhoto serves a photograph as long as it is public. Its address says its
// content, and yet it is never kept unasked: a copy that a browser has is good
// only while the photograph is still published.
func (h *Handler) showPhoto(w http.ResponseWriter, r *http.Request) error {
	hash := chi.URLParam(r, "hash")
	if len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return fault.New(fault.NotFound, "")
	}
	tag := `"` + hash + `"`
	if kept(r, tag) {
		there, err := h.store.HasPhoto(r.Context(), hash, h.options.Now())
		if err != nil {
			return err
		}
		if !there {
			return fault.New(fault.NotFound, "")
		}
		serve.CachePublic(w, 0)
		w.Header().Set("ETag", tag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	image, err := h.store.Photo(r.Context(), hash, h.options.Now())
	if err != nil {
		return err
	}
	return sendFile(w, "image/jpeg", tag, image)
}

// showEmblem serves the emblem of a nominator while its process is open.
func (h *Handler) showEmblem(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "")
	}
	image, err := h.store.Emblem(r.Context(), id, h.options.Now())
	if err != nil {
		return err
	}
	return sendKept(w, r, "image/png", image)
}

// sendKept sends a small file under a tag of its content, or says that who asks
// already has it.
func sendKept(w http.ResponseWriter, r *http.Request, kind string, file []byte) error {
	sum := sha256.Sum256(file)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	if kept(r, tag) {
		serve.CachePublic(w, 0)
		w.Header().Set("ETag", tag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return sendFile(w, kind, tag, file)
}

func sendFile(w http.ResponseWriter, kind, tag string, file []byte) error {
	serve.CachePublic(w, 0)
	serve.Shareable(w)
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Length", strconv.Itoa(len(file)))
	header.Set("ETag", tag)
	_, err := w.Write(file)
	return err
}

// showSitemap tells search engines every page of the process in force, and where
// the other open ones begin. It has no dates: what moves in a ficha may be what
// nobody should notice.
func (h *Handler) showSitemap(w http.ResponseWriter, r *http.Request, v visit) error {
	slugs, err := h.store.Slugs(r.Context(), v.Process)
	if err != nil {
		return err
	}
	type place struct {
		Loc string `xml:"loc"`
	}
	type urlset struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []place  `xml:"url"`
	}
	var set urlset
	for _, path := range []string{"/", "/candidaturas", "/comparar", "/estadisticas", "/avance", "/datos", "/ayuda", "/accesibilidad", "/privacidad", "/procesos"} {
		set.URLs = append(set.URLs, place{h.options.BaseURL + path})
	}
	for _, m := range v.Catalog.Municipalities {
		set.URLs = append(set.URLs, place{h.options.BaseURL + v.Path("/boleta/municipio/"+m.Key)})
	}
	for _, p := range v.all {
		if p.ID != v.Process.ID && p.OpenAt(v.now) {
			set.URLs = append(set.URLs, place{h.options.BaseURL + "/procesos/" + p.Key})
		}
	}
	for _, slug := range slugs {
		set.URLs = append(set.URLs, place{h.options.BaseURL + v.Profile(slug)})
	}
	body, err := xml.Marshal(set)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, err = w.Write(append([]byte(xml.Header), body...))
	return err
}
