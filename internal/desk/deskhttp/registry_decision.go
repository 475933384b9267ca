package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

func (h *Registry) listActs(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	p := deskpage.RegistryActs{RegistryFrame: h.frameOf(r, s, "Actos del registro"), Page: pageOf(r), Size: pageSize}
	switch state := r.URL.Query().Get("estado"); state {
	case "por_confirmar", "confirmado", "desechado":
		p.State = state
	}
	var err error
	if p.Acts, p.Total, err = h.Store.Acts(r.Context(), s, p.State, p.Page, p.Size); err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RegistryActsPage(p))
}

// actPage draws an act with the answer to what was asked of it, if any.
func (h *Registry) actPage(w http.ResponseWriter, r *http.Request, s auth.Secretary, motive string, cause error) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	p, err := h.act(r, s, id, "/registro/actos/")
	if err != nil {
		return err
	}
	p.RegistryFrame = h.frameOf(r, s, p.Kind.Title(), crumbActs)
	p.Motive = motive
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.RegistryActPage(p))
}

// act reads an act with its effect, for whoever may decide it.
func (h *Registry) act(r *http.Request, p auth.Proposer, id int64, base string) (deskpage.RegistryAct, error) {
	a, effect, problem, err := h.Store.Act(r.Context(), p, id)
	return deskpage.RegistryAct{
		Act: a, Effect: effect, Problem: fault.MessageOf(problem), Own: a.CapturedByID == p.AccountID(),
		Keys: component.FormKeys{Key: newKey()}, Base: base + strconv.FormatInt(id, 10),
	}, err
}

func (h *Registry) showAct(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	return h.actPage(w, r, s, "", nil)
}

func (h *Registry) confirmAct(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	if err := h.Store.Confirm(r.Context(), s, form.Get(component.KeyField), id); err != nil {
		return h.actPage(w, r, s, "", err)
	}
	h.Sessions.Flash(r.Context(), "El acto quedó confirmado y su efecto ya está en el registro.")
	return serve.SeeOther(w, r, "/registro/actos/"+strconv.FormatInt(id, 10))
}

func (h *Registry) discardAct(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	form, id, err := decisionOf(r)
	if err != nil {
		return err
	}
	motive := form.Get("motivo")
	if err := h.Store.Discard(r.Context(), s, form.Get(component.KeyField), id, motive); err != nil {
		return h.actPage(w, r, s, motive, err)
	}
	h.Sessions.Flash(r.Context(), "El acto quedó desechado. Nada cambió en el registro.")
	return serve.SeeOther(w, r, "/registro/actos/"+strconv.FormatInt(id, 10))
}

// decisionOf reads the form that decides an act.
func decisionOf(r *http.Request) (url.Values, int64, error) {
	form, err := serve.Form(r)
	if err == nil {
		err = serve.CheckText(form)
	}
	if err != nil {
		return nil, 0, err
	}
	id, err := idOf(r)
	return form, id, err
}

// idOf reads the number of an act in the address.
func idOf(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id < 1 {
		return 0, notFound()
	}
	return id, nil
}

// downloadActDocument gives the document back as a download that no browser
// opens inside the site (security.md, C4).
func (h *Registry) downloadActDocument(w http.ResponseWriter, r *http.Request, p auth.Proposer) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	d, err := h.Store.ActDocument(r.Context(), p, id)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", "sandbox")
	return download(w, d.Name, d.ContentType(), func(out io.Writer) error {
		_, err := out.Write(d.Bytes)
		return err
	})
}

// download writes a file for keeping.
func download(w http.ResponseWriter, name, kind string, write func(io.Writer) error) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	w.Header().Set("Cache-Control", "no-store")
	return write(w)
}
