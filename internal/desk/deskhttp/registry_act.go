package deskhttp

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/page/deskpage"
)

// actForm returns the form of the act that the address names, or NotFound.
func (h *Registry) actForm(r *http.Request, s auth.Secretary) (deskpage.RegistryActForm, error) {
	kind := registry.ActKind(chi.URLParam(r, "clase"))
	if kind.Title() == "" || kind == registry.PublicationStart {
		return deskpage.RegistryActForm{}, notFound()
	}
	c, err := h.Store.Candidacy(r.Context(), s, chi.URLParam(r, "folio"))
	return deskpage.RegistryActForm{
		RegistryFrame: h.frameOf(r, s, kind.Title(), crumbCandidacies), Candidacy: c, Kind: kind,
		Keys: component.FormKeys{Key: newKey()},
	}, err
}

func (h *Registry) editAct(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	f, err := h.actForm(r, s)
	if err != nil {
		return err
	}
	f.Values = url.Values{}
	if f.Kind == registry.Correction {
		f.Values = registrationForm(f.Candidacy.Registration)
	}
	return serve.Page(w, r, http.StatusOK, deskpage.RegistryActFormPage(f))
}

// captureAct is the three buttons of the form: see the effect, go back to
// change something, capture.
func (h *Registry) captureAct(w http.ResponseWriter, r *http.Request, s auth.Secretary) error {
	form, err := serve.Form(r)
	if err != nil {
		return err
	}
	f, err := h.actForm(r, s)
	if err != nil {
		return err
	}
	f.Values, f.Keys.Key = form, form.Get(component.KeyField)
	act, err := h.readAct(r, s, &f)
	if err == nil && form.Get(component.ActionField) == deskpage.ActChange {
		return serve.Page(w, r, http.StatusOK, deskpage.RegistryActFormPage(f))
	}
	if err == nil && form.Get(component.ActionField) == deskpage.ActCapture {
		var id int64
		if id, err = h.Store.Capture(r.Context(), s, f.Keys.Key, act); err == nil {
			return h.captured(w, r, s, f.Token, id)
		}
	} else if err == nil {
		if f.Effect, err = h.Store.Preview(r.Context(), s, act); err == nil {
			return serve.Page(w, r, http.StatusOK, deskpage.RegistryActPreviewPage(f))
		}
	}
	status, ok := refuse(&f.RegistryFrame, err)
	if !ok {
		return err
	}
	return serve.Page(w, r, status, deskpage.RegistryActFormPage(f))
}

// captured ends a capture: the document that waited is in the act now.
func (h *Registry) captured(w http.ResponseWriter, r *http.Request, s auth.Secretary, token string, id int64) error {
	if token != "" {
		if err := h.Store.Release(r.Context(), s, token); err != nil {
			return err
		}
	}
	h.Sessions.Flash(r.Context(), "El acto quedó capturado. Falta que otra persona lo confirme.")
	return serve.SeeOther(w, r, "/registro/actos/"+strconv.FormatInt(id, 10))
}

// readAct reads the form. The document just sent, or the one that waits under
// the token, goes with it.
func (h *Registry) readAct(r *http.Request, s auth.Secretary, f *deskpage.RegistryActForm) (registry.NewAct, error) {
	if err := serve.CheckText(f.Values); err != nil {
		return registry.NewAct{}, err
	}
	document, err := h.document(r, s, f)
	if err != nil {
		return registry.NewAct{}, err
	}
	get := func(id string) string { return strings.TrimSpace(f.Values.Get(id)) }
	a := registry.NewAct{
		Kind: f.Kind, Folio: f.Candidacy.Folio, Basis: get(deskpage.ActBasis), Document: document, Siglado: get(deskpage.ActSiglado),
	}
	var fields []fault.Field
	day := func(id string) *time.Time {
		t, ok := parseDay(get(id))
		switch {
		case get(id) == "":
			return nil
		case !ok:
			fields = append(fields, fault.Field{ID: id, Message: "Escribe la fecha como día, mes y año: 14/03/2027"})
			return nil
		}
		return &t
	}
	if f.Kind == registry.Exception {
		a.Until = instantOf(get(deskpage.ActUntil), get(deskpage.ActUntilHour))
	}
	if d := day(deskpage.ActDate); d != nil {
		a.BasisDate = *d
	}
	if f.Kind == registry.Substitution || f.Kind == registry.Correction {
		a.Person = registry.Registration{
			GivenNames: get(deskpage.ActNames), Surnames: get(deskpage.ActSurnames), Nickname: get(deskpage.ActNickname),
			Sex: get(deskpage.ActSex), BirthDate: day(deskpage.ActBirth), Email: get(deskpage.ActEmail), Phone: get(deskpage.ActPhone),
			Actions: f.Values[deskpage.ActActions], Consecutive: yesNo(get(deskpage.ActConsecutive)), Position: f.Candidacy.Registration.Position,
		}
		if text := get(deskpage.ActPosition); text != "" {
			a.Person.Position, _ = strconv.Atoi(text) // 0, which is refused, for what is no number
		}
	}
	return a, fault.InvalidFields(fields)
}

// document returns the document of the form, and keeps one that was just sent
// until the act is captured.
func (h *Registry) document(r *http.Request, s auth.Secretary, f *deskpage.RegistryActForm) (*registry.Document, error) {
	sent, err := sentDocument(r)
	if err != nil {
		return nil, err
	}
	if sent != nil {
		f.Document = sent.Name
		f.Token, err = h.Store.Hold(r.Context(), s, registry.ForDocument, sent.Name, sent.Bytes)
		return sent, err
	}
	token := f.Values.Get(deskpage.ActToken)
	if token == "" {
		return nil, nil
	}
	name, data, err := h.Store.Held(r.Context(), s, registry.ForDocument, token)
	if fault.Is(err, fault.Invalid) {
		return nil, fault.InvalidField(deskpage.ActDocument, "El documento ya no está: elígelo otra vez")
	}
	f.Document, f.Token = name, token
	return &registry.Document{Name: name, Bytes: data}, err
}

// sentDocument returns the document of a form with files, nil when none came.
func sentDocument(r *http.Request) (*registry.Document, error) {
	name, data, err := sentFile(r, deskpage.ActDocument)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	return registry.NewDocument(name, data)
}

// sentFile returns a file of the form; no bytes when none was chosen.
func sentFile(r *http.Request, field string) (string, []byte, error) {
	if r.MultipartForm == nil {
		return "", nil, nil
	}
	file, header, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	return header.Filename, data, err
}

func yesNo(text string) *bool {
	switch text {
	case "si", "no":
		yes := text == "si"
		return &yes
	}
	return nil
}

// registrationForm is the form filled with what the registry says.
func registrationForm(p registry.Registration) url.Values {
	v := url.Values{
		deskpage.ActNames: {p.GivenNames}, deskpage.ActSurnames: {p.Surnames}, deskpage.ActNickname: {p.Nickname},
		deskpage.ActSex: {p.Sex}, deskpage.ActEmail: {p.Email}, deskpage.ActPhone: {p.Phone},
		deskpage.ActActions: p.Actions, deskpage.ActPosition: {strconv.Itoa(p.Position)},
	}
	if p.BirthDate != nil {
		v.Set(deskpage.ActBirth, p.BirthDate.Format("02/01/2006"))
	}
	if p.Consecutive != nil {
		v.Set(deskpage.ActConsecutive, map[bool]string{true: "si", false: "no"}[*p.Consecutive])
	}
	return v
}
