package serve

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
)

const htmlType = "text/html; charset=utf-8"

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Page draws the component and then writes it with the status. An error means
// that nothing was written. Where the handler declared the page public it gets a
// weak ETag and a matching If-None-Match a 304; where it declared nothing,
// nobody may store the page.
func Page(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Render(r.Context(), b); err != nil {
		return err
	}
	return write(w, r, status, htmlType, b.Bytes())
}

// JSON writes v as JSON, under the same rules as Page.
func JSON(w http.ResponseWriter, r *http.Request, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return write(w, r, status, "application/json; charset=utf-8", append(b, '\n'))
}

func write(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	switch cache := h.Get("Cache-Control"); {
	case cache == "":
		h.Set("Cache-Control", "no-store")
	case status == http.StatusOK && strings.HasPrefix(cache, "public"):
		tag := weakTag(body)
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked may have gone: there is nobody to tell
	return nil
}

func weakTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// matches compares weakly, as If-None-Match asks.
func matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || candidate != "" && strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// SeeOther answers a POST that went well: the browser goes on to path, which is
// always of this site.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.HasPrefix(path, "/\\") {
		path = "/"
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// CachePublic lets anybody keep the answer for the time given and then
// revalidate it. Never for a page that shows identity.
func CachePublic(w http.ResponseWriter, keep time.Duration) {
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(keep.Seconds())))
}

// Live marks an answer that shows identity: read now from the primary, stored by
// nobody else, archived by no search engine (security.md 0.2).
func Live(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("X-Robots-Tag", "noarchive")
}
