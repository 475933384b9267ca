package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// placeInPath reads a number of the address; what is none is not there.
func placeInPath(r *http.Request, name string) (int, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, name), 10, 32)
	if err != nil || n < 1 {
		return 0, notFound()
	}
	return int(n), nil
}

// typedDay reads a day of a form; the zero time where none was written, and a
// message where it is none.
func typedDay(form url.Values, id string, fields *[]fault.Field) time.Time {
	text := strings.TrimSpace(form.Get(id))
	if text == "" {
		return time.Time{}
	}
	day, ok := parseDay(text)
	if !ok {
		*fields = append(*fields, fault.Field{ID: id, Message: "Escribe la fecha como día, mes y año: 14/03/2027"})
	}
	return day
}

func (h *Agenda) showItem(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	return h.itemPage(w, r, a, nil, nil)
}

// itemPage draws a line of the agenda, with what was typed in one of its forms when
// it was refused.
func (h *Agenda) itemPage(w http.ResponseWriter, r *http.Request, a auth.AgendaReader, typed url.Values, cause error) error {
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	f, err := h.Store.File(r.Context(), a, number)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, a, f.Name()), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.AgendaItemPage(deskpage.NewAgendaItem(frame, f, keeps(a), newKey, typed)))
}

func (h *Agenda) newItem(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	return h.newItemPage(w, r, k, url.Values{}, nil)
}

func (h *Agenda) newItemPage(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper, typed url.Values, cause error) error {
	frame, status := h.frameOf(r, k, "Agregar a la agenda"), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.AgendaFormPage(deskpage.NewAgendaForm(frame, 0, component.FormKeys{Key: newKey()}, typed)))
}

// sentItem reads the form of a line.
func sentItem(form url.Values, number int) (agenda.NewItem, error) {
	text := func(id string) string { return strings.TrimSpace(form.Get(id)) }
	var fields []fault.Field
	n := agenda.NewItem{
		Number: number, Seen: int(numberOf(form, component.VersionField)), Kind: agenda.Kind(text(agenda.FieldKind)), Reason: text(agenda.FieldReason),
		Key: form.Get(component.KeyField),
		Content: agenda.Content{
			Activity: firstRunes(text(agenda.FieldActivity), 20), Article: firstRunes(text(agenda.FieldArticle), 20), Title: text(agenda.FieldTitle),
			Detail: text(agenda.FieldDetail), Area: firstRunes(text(agenda.FieldArea), 200),
			From: typedDay(form, agenda.FieldFrom, &fields), Until: typedDay(form, agenda.FieldUntil, &fields),
		},
	}
	return n, fault.InvalidFields(fields)
}

func (h *Agenda) addItem(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	n, err := sentItem(form, 0)
	if err == nil {
		n.Number, err = h.Store.SaveItem(r.Context(), k, n)
	}
	if err != nil {
		return h.newItemPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "Quedó en la agenda.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(n.Number))
}

func (h *Agenda) editItem(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	return h.editItemPage(w, r, k, nil, nil)
}

func (h *Agenda) editItemPage(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper, typed url.Values, cause error) error {
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	f, err := h.Store.File(r.Context(), k, number)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, k, "Editar", layout.Crumb{Label: f.Name(), Href: deskpage.AgendaPath(number)}), http.StatusOK
	keys := newKeys(f.Version)
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
		// Who did not see the last version does not get its number with their text.
		keys.Version = typed.Get(component.VersionField)
	} else {
		typed = deskpage.AgendaValues(f.Item)
	}
	return serve.Page(w, r, status, deskpage.AgendaFormPage(deskpage.NewAgendaForm(frame, number, keys, typed)))
}

func (h *Agenda) saveItem(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	n, err := sentItem(form, number)
	if err == nil {
		_, err = h.Store.SaveItem(r.Context(), k, n)
	}
	if err != nil {
		return h.editItemPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "Se guardó; la versión anterior se conserva.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(number))
}

func (h *Agenda) printDispatch(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	pdf, err := h.Store.Letter(r.Context(), a, number)
	if err != nil {
		return err
	}
	return writePDF(w, "oficio-de-remision-"+strconv.Itoa(number)+".pdf", pdf)
}

func (h *Agenda) downloadBundle(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	zip, err := h.Store.Bundle(r.Context(), a, number)
	if fault.Is(err, fault.Conflict) {
		return h.itemPage(w, r, a, nil, err)
	}
	if err != nil {
		return err
	}
	return download(w, "remision-"+strconv.Itoa(number)+".zip", "application/zip", func(out io.Writer) error {
		_, err := out.Write(zip)
		return err
	})
}

func (h *Agenda) attachDocument(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	n := agenda.NewDocument{Item: number, Kind: agenda.DocumentKind(form.Get(agenda.FieldKind)), Key: form.Get(component.KeyField)}
	name, data, err := sentFile(r, agenda.FieldDocument)
	if err == nil && len(data) > 0 {
		var d *registry.Document
		if d, err = registry.NewDocument(name, data); err == nil {
			n.Name, n.Bytes = d.Name, d.Bytes
		}
	}
	if err == nil {
		err = h.Store.Attach(r.Context(), k, n)
	}
	if err != nil {
		return h.itemPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "El documento quedó agregado.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(number))
}

// downloadAgendaDocument gives a document back as a download that no browser opens
// inside the site (security.md, C4).
func (h *Agenda) downloadAgendaDocument(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	item, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	number, err := placeInPath(r, "documento")
	if err != nil {
		return err
	}
	d, err := h.Store.Document(r.Context(), a, item, number)
	if err != nil {
		return err
	}
	kept := registry.Document{Name: d.Name, Bytes: d.Bytes}
	w.Header().Set("Content-Security-Policy", "sandbox")
	return download(w, d.Name, kept.ContentType(), func(out io.Writer) error {
		_, err := out.Write(d.Bytes)
		return err
	})
}

func (h *Agenda) designatePerson(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	p := agenda.Person{Name: form.Get(agenda.FieldPerson), Org: form.Get(agenda.FieldOrg)}
	if err := h.Store.Designate(r.Context(), k, number, p, form.Get(component.KeyField)); err != nil {
		return h.itemPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "La persona quedó en la lista.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(number))
}

func (h *Agenda) recordAttendance(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	number, err := placeInPath(r, "numero")
	if err != nil {
		return err
	}
	var fields []fault.Field
	on := typedDay(form, agenda.FieldAttended, &fields)
	if err = fault.InvalidFields(fields); err == nil {
		err = h.Store.Attend(r.Context(), k, number, int(numberOf(form, agenda.FieldAttendee)), on, form.Get(component.KeyField))
	}
	if err != nil {
		return h.itemPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "La asistencia quedó registrada.")
	return serve.SeeOther(w, r, deskpage.AgendaPath(number))
}
