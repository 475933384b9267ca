package serve

import "net/http"

// readByOthers says that any site may read the answer, a failure too. Nothing is
// said of credentials, so browsers send none.
func readByOthers(h HandlerFunc) HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", "ETag, Link, Retry-After, Content-Disposition")
		Shareable(w)
		return h(w, r)
	}
}

// preflight answers a browser that asks whether it may read.
func preflight(w http.ResponseWriter, _ *http.Request) error {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Allow-Methods", "GET, HEAD")
	header.Set("Access-Control-Allow-Headers", "If-None-Match, Accept")
	header.Set("Access-Control-Max-Age", "86400")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}
