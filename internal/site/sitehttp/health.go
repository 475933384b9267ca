package sitehttp

import (
	"io"
	"net/http"
)

// alive says that the process answers, whatever became of its database.
func (h *Handler) alive(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, "vivo\n")
}

// ready says that it can serve, the database answers, and which version of the
// program does. Otherwise it fails with
// 503, and whoever balances the load looks elsewhere.
func (h *Handler) ready(w http.ResponseWriter, r *http.Request) error {
	if err := h.store.Ping(r.Context()); err != nil {
		return err
	}
	return plain(w, "listo, versión "+h.options.Site(r.Context()).Version+"\n")
}

func plain(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := io.WriteString(w, text)
	return err
}
