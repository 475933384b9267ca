package deskhttp

import (
	"net/http"
	"net/url"
	"strings"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/report"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// unitReader is whoever makes reports, who also reads them.
type unitReader interface {
	auth.Transparency
	auth.ReportReader
}

// decide does an act on the cut that an address names and goes back to it, with a
// message if it was done and with why not if it was not.
func (h *Report) decide(w http.ResponseWriter, r *http.Request, a unitReader, done string, act func(id int64, form url.Values) error) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	id, err := numberIn(r, "corte")
	if err != nil {
		return err
	}
	cause := act(id, form)
	if cause == nil {
		h.Sessions.Flash(r.Context(), done)
		return serve.SeeOther(w, r, deskpage.ReportCutPath(id))
	}
	if fault.Is(cause, fault.NotFound) {
		return cause
	}
	p, err := h.cut(r, a, form)
	if err != nil {
		return err
	}
	status, ok := refuse(&p.RegistryFrame, cause)
	if !ok {
		return cause
	}
	return serve.Page(w, r, status, deskpage.ReportCutPage(p))
}

func (h *Report) write(w http.ResponseWriter, r *http.Request, a unitReader) error {
	return h.decide(w, r, a, "Los textos quedaron guardados.", func(id int64, form url.Values) error {
		text := report.Writing{ID: id, Key: form.Get(component.KeyField), Bodies: map[string]string{}, Bases: map[string]int{}}
		for name := range form {
			if base, ok := strings.CutPrefix(name, report.BaseField("")); ok && form.Has(base) {
				text.Bodies[base], text.Bases[base] = form.Get(base), versionOf(form.Get(name))
			}
		}
		return h.Store.Write(r.Context(), a, text)
	})
}

func (h *Report) approve(w http.ResponseWriter, r *http.Request, a auth.Head) error {
	return h.decide(w, r, a, "El acuerdo quedó registrado.", func(id int64, form url.Values) error {
		on, _ := parseDay(strings.TrimSpace(form.Get(report.AcuerdoOnField)))
		return h.Store.Approve(r.Context(), a, report.Approval{ID: id, Key: form.Get(component.KeyField), Acuerdo: form.Get(report.AcuerdoField), On: on})
	})
}

func (h *Report) propose(w http.ResponseWriter, r *http.Request, a unitReader) error {
	return h.decide(w, r, a, "Quedó propuesto: otra persona confirma que sea público.", func(id int64, form url.Values) error {
		return h.Store.Propose(r.Context(), a, id, form.Get(component.KeyField))
	})
}

func (h *Report) release(w http.ResponseWriter, r *http.Request, a auth.Head) error {
	return h.decide(w, r, a, "El informe ya es público.", func(id int64, form url.Values) error {
		return h.Store.Release(r.Context(), a, id, form.Get(component.KeyField))
	})
}
