package deskhttp

import (
	"net/http"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture"
	"conoceles/internal/serve"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// showPreview draws the ficha as the public will see it.
func (h *Capture) showPreview(w http.ResponseWriter, r *http.Request, a auth.Capturer) error {
	p, err := h.Store.Preview(r.Context(), a, folioOf(r))
	if err != nil {
		return err
	}
	v := deskpage.CapturePreview{
		CaptureFrame: h.frame(r, a, "Vista previa de "+p.Name(), inside(p.Candidacy, "Vista previa")...),
		Preview:      p, Base: "/procesos/" + a.Person().ProcessKey,
	}
	if p.Capture != capture.Validated || !p.Published {
		v.Meta.Notices = append(v.Meta.Notices, layout.PreviewNotice())
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CapturePreviewPage(v))
}
