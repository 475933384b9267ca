package deskhttp

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/page/deskpage"
)

func (h *Registry) editList(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	return h.listPage(w, r, s, url.Values{}, nil)
}

// listPage draws the form that sends a list, with why it was refused, if it was.
func (h *Registry) listPage(w http.ResponseWriter, r *http.Request, s auth.Secretary, values url.Values, cause error) error {
	p := deskpage.RegistryLists{
		RegistryFrame: h.frameOf(r, s, "Cargar una lista"), Keys: component.FormKeys{Key: newKey()}, Values: values,
	}
	var err error
	if p.Imports, err = h.Store.Imports(r.Context(), s, 20); err != nil {
		return err
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.RegistryListsPage(p))
}

// uploadList keeps the file and leads to its review. One that cannot be read is
// refused here, in words.
func (h *Registry) uploadList(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	form, err := serve.Form(r)
	if err == nil {
		err = serve.CheckText(form)
	}
	if err != nil {
		return err
	}
	name, data, err := sentFile(r, deskpage.ListFile)
	if err != nil {
		return err
	}
	req, err := listRequest(form)
	switch {
	case err != nil:
	case len(data) == 0:
		err = fault.InvalidField(deskpage.ListFile, "Elige el archivo de la lista")
	default:
		req.Name, req.Data, req.Simulate = name, data, true
		_, err = h.Store.ImportCandidacies(r.Context(), registry.OnBehalf(s), req)
		err = aboutFile(err)
	}
	if err != nil {
		return h.listPage(w, r, s, form, err)
	}
	token, err := h.Store.Hold(r.Context(), s, registry.ForList, firstRunes(name, 120), data)
	if err != nil {
		return err
	}
	return serve.SeeOther(w, r, "/registro/listas/"+token+"?"+listQuery(form))
}

// aboutFile ties what is wrong with a whole file to the field that sent it.
func aboutFile(err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	if len(fault.FieldsOf(err)) == 0 {
		return fault.InvalidField(deskpage.ListFile, fault.MessageOf(err))
	}
	var fields []fault.Field
	for _, f := range fault.FieldsOf(err) {
		fields = append(fields, fault.Field{ID: deskpage.ListFile, Message: f.Message})
	}
	return fault.InvalidFields(fields)
}

// listQuery carries what was chosen with the file to its review.
func listQuery(form url.Values) string {
	q := url.Values{}
	for _, id := range []string{deskpage.ListBasis, deskpage.ListDate, deskpage.ListCreate} {
		if v := form.Get(id); v != "" {
			q.Set(id, v)
		}
	}
	return q.Encode()
}

// listRequest reads what goes with a list.
func listRequest(v url.Values) (registry.ImportRequest, error) {
	req := registry.ImportRequest{
		Acuerdo: firstRunes(v.Get(deskpage.ListBasis), 200), CreateNominators: v.Get(deskpage.ListCreate) == "si",
		AcceptRejected: v.Get(deskpage.ListRejected) == "si", Key: v.Get(component.KeyField),
	}
	if text := v.Get(deskpage.ListDate); text != "" {
		day, ok := parseDay(text)
		if !ok {
			return req, fault.InvalidField(deskpage.ListDate, "Escribe la fecha como día, mes y año: 30/03/2027")
		}
		req.ApprovedOn = day
	}
	return req, nil
}

// held returns the request of a list that waits, with what its address chose.
func (h *Registry) held(r *http.Request, s auth.Secretary) (registry.ImportRequest, error) {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return registry.ImportRequest{}, err
	}
	req, err := listRequest(query)
	if err != nil {
		return req, err
	}
	req.Name, req.Data, err = h.Store.Held(r.Context(), s, registry.ForList, chi.URLParam(r, "archivo"))
	return req, err
}

// dryRun says what the list that waits would do.
func (h *Registry) dryRun(ctx context.Context, s auth.Secretary, req registry.ImportRequest) (registry.Result, error) {
	req.Simulate, req.Key = true, ""
	return h.Store.ImportCandidacies(ctx, registry.OnBehalf(s), req)
}

func (h *Registry) reviewList(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	req, err := h.held(r, s)
	if err != nil {
		return h.listPage(w, r, s, r.URL.Query(), err)
	}
	return h.reviewPage(w, r, s, req, nil)
}

// reviewPage draws what the list would do now, with why it was not loaded, if it
// was asked and could not be.
func (h *Registry) reviewPage(w http.ResponseWriter, r *http.Request, s auth.Secretary, req registry.ImportRequest, cause error) error {
	result, err := h.dryRun(r.Context(), s, req)
	if err != nil {
		return h.listPage(w, r, s, r.URL.Query(), aboutFile(err))
	}
	query := "?" + listQuery(r.URL.Query())
	here := "/registro/listas/" + url.PathEscape(chi.URLParam(r, "archivo"))
	p := deskpage.RegistryDryRun{
		RegistryFrame: h.frameOf(r, s, "Revisar la lista", crumbLists), Result: result, File: req.Name,
		Address: here + query, ErrorsHref: here + "/errores.csv" + query, Keys: component.FormKeys{Key: newKey()},
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&p.RegistryFrame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.RegistryDryRunPage(p))
}

func (h *Registry) downloadRejections(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	req, err := h.held(r, s)
	if err != nil {
		return err
	}
	result, err := h.dryRun(r.Context(), s, req)
	if err != nil {
		return err
	}
	return download(w, "errores.csv", csvType, func(out io.Writer) error { return registry.WriteRemarks(out, result.Rejections) })
}

const csvType = "text/csv; charset=utf-8"

func (h *Registry) loadList(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	form, err := serve.Form(r)
	if err == nil {
		err = serve.CheckText(form)
	}
	if err != nil {
		return err
	}
	req, err := h.held(r, s)
	if err != nil {
		return h.listPage(w, r, s, r.URL.Query(), err)
	}
	req.Key, req.AcceptRejected = form.Get(component.KeyField), form.Get(deskpage.ListRejected) == "si"
	result, err := h.Store.ImportCandidacies(r.Context(), registry.OnBehalf(s), req)
	if err != nil {
		return h.reviewPage(w, r, s, req, err)
	}
	h.Sessions.Flash(r.Context(), "La lista quedó cargada: "+es.Plural(result.New, "candidatura nueva", "candidaturas nuevas")+", "+
		es.Plural(result.Changed, "cambiada", "cambiadas")+".")
	return serve.SeeOther(w, r, "/registro/listas")
}

func (h *Registry) downloadTemplateCSV(w http.ResponseWriter, _ *http.Request, _ auth.Secretary) error {
	return download(w, "plantilla.csv", csvType, func(out io.Writer) error {
		return tabular.WriteCSV(out, registry.TemplateHeader(), nil)
	})
}

func (h *Registry) downloadTemplateXLSX(w http.ResponseWriter, _ *http.Request, _ auth.Secretary) error {
	var b bytes.Buffer // a workbook that fails half way must not leave
	if err := tabular.WriteXLSX(&b, "CANDIDATURAS", registry.TemplateHeader(), nil); err != nil {
		return err
	}
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return download(w, "plantilla.xlsx", kind, func(out io.Writer) error {
		_, err := b.WriteTo(out)
		return err
	})
}

// dayOf reads the day of an address; today when there is none.
func (h *Registry) dayOf(r *http.Request) time.Time {
	if day, ok := parseDay(r.URL.Query().Get("fecha")); ok {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, election.Zone())
	}
	return h.Now().In(election.Zone())
}

func (h *Registry) showMovements(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	p := deskpage.RegistryDaily{RegistryFrame: h.frameOf(r, s, "Movimientos para el INE", crumbLists), Day: h.dayOf(r)}
	var err error
	if p.Movements, err = h.Store.Movements(r.Context(), s, p.Day); err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RegistryDailyPage(p))
}

func (h *Registry) downloadMovements(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	day := h.dayOf(r)
	all, err := h.Store.Movements(r.Context(), s, day)
	if err != nil {
		return err
	}
	return download(w, "movimientos-"+day.Format(time.DateOnly)+".csv", csvType, func(out io.Writer) error {
		return registry.WriteMovements(out, all)
	})
}
