package deskhttp

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/desk/report"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Agenda serves what the institute has to deliver, and when.
type Agenda struct {
	*Face
	Store   *agenda.Store
	Reports *report.Store // that keep the monthly report
	BaseURL string
}

// Mount lists the routes of the agenda.
func (h *Agenda) Mount(g serve.Group) {
	const home = deskpage.AgendaHome
	document := serve.Upload(registry.MaxDocument + 1<<20)
	get(g, h.Sessions, home, "listAgenda", h.listAgenda)
	get(g, h.Sessions, home+"/exportar.csv", "exportAgenda", h.exportAgenda)
	get(g, h.Sessions, home+"/calendario.ics", "downloadCalendar", h.downloadCalendar)
	post(g, h.Sessions, home+"/plan", "loadPlan", h.loadPlan)
	get(g, h.Sessions, home+"/mes/{mes}", "showAgendaMonth", h.showMonth)
	get(g, h.Sessions, home+"/nuevo", "newAgendaItem", h.newItem)
	post(g, h.Sessions, home+"/nuevo", "addAgendaItem", h.addItem)
	get(g, h.Sessions, home+"/hecho", "newAgendaEvent", h.newEvent)
	post(g, h.Sessions, home+"/hecho", "openDeliverable", h.openDeliverable)
	get(g, h.Sessions, home+"/ajustes", "showAgendaSettings", h.showSettings)
	post(g, h.Sessions, home+"/ajustes", "saveAgendaSettings", h.saveSettings)
	get(g, h.Sessions, home+"/informe/{mes}", "showMonthly", h.showMonthly)
	post(g, h.Sessions, home+"/informe/{mes}", "saveMonthly", h.saveMonthly)
	get(g, h.Sessions, home+"/informe/{mes}/informe.csv", "exportMonthly", h.exportMonthly)
	post(g, h.Sessions, home+"/informe/{mes}/anexar", "attachMonthly", h.attachMonthly)
	const of = home + "/{numero}"
	get(g, h.Sessions, of, "showAgendaItem", h.showItem)
	get(g, h.Sessions, of+"/editar", "editAgendaItem", h.editItem)
	post(g, h.Sessions, of+"/editar", "saveAgendaItem", h.saveItem)
	get(g, h.Sessions, of+"/pasos/{paso}", "editAgendaStep", h.editStep)
	post(g, h.Sessions, of+"/pasos/{paso}", "saveAgendaStep", h.saveStep)
	get(g, h.Sessions, of+"/oficio.pdf", "printDispatch", h.printDispatch)
	get(g, h.Sessions, of+"/documentos.zip", "downloadBundle", h.downloadBundle)
	post(g, h.Sessions, of+"/documentos", "attachDocument", h.attachDocument, document)
	get(g, h.Sessions, of+"/documentos/{documento}", "downloadAgendaDocument", h.downloadAgendaDocument)
	post(g, h.Sessions, of+"/personas", "designatePerson", h.designatePerson)
	post(g, h.Sessions, of+"/asistencia", "recordAttendance", h.recordAttendance)
}

func (h *Agenda) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if title != "Agenda" {
		crumbs = append(append([]layout.Crumb{{Label: "Agenda", Href: deskpage.AgendaHome}}, crumbs...), layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// keeps reports whether an actor writes in the agenda.
func keeps(a auth.AgendaReader) bool {
	_, ok := a.(auth.AgendaKeeper)
	return ok
}

// agendaFilter reads a filter from an address. What is not understood is no filter.
func agendaFilter(r *http.Request) (deskpage.AgendaFilter, error) {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return deskpage.AgendaFilter{}, err
	}
	f := deskpage.AgendaFilter{Text: strings.TrimSpace(firstRunes(query.Get("q"), 200))}
	if k := agenda.Kind(query.Get("clase")); k.Title() != "" {
		f.Kind = k
	}
	if s := agenda.State(query.Get("estado")); slices.Contains(agenda.States(), s) {
		f.State = s
	}
	return f, nil
}

func (h *Agenda) listAgenda(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	return h.agendaPage(w, r, a, nil)
}

func (h *Agenda) agendaPage(w http.ResponseWriter, r *http.Request, a auth.AgendaReader, cause error) error {
	f, err := agendaFilter(r)
	if err != nil {
		return err
	}
	all, err := h.Store.Agenda(r.Context(), a)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, a, "Agenda"), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.AgendaPage(deskpage.NewAgenda(frame, all, f, pageOf(r), keeps(a), newKey())))
}

func (h *Agenda) loadPlan(w http.ResponseWriter, r *http.Request, k auth.AgendaKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	n, err := h.Store.LoadPlan(r.Context(), k, form.Get(component.KeyField))
	if err != nil {
		return h.agendaPage(w, r, k, err)
	}
	h.Sessions.Flash(r.Context(), "El plan quedó cargado: "+es.Plural(n, "renglón", "renglones")+".")
	return serve.SeeOther(w, r, deskpage.AgendaHome)
}

func (h *Agenda) exportAgenda(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	all, err := h.Store.Agenda(r.Context(), a)
	if err != nil {
		return err
	}
	return download(w, "agenda.csv", csvType, func(out io.Writer) error {
		header, rows := all.Table()
		return tabular.WriteCSV(out, header, rows)
	})
}

func (h *Agenda) downloadCalendar(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	all, err := h.Store.Agenda(r.Context(), a)
	if err != nil {
		return err
	}
	return download(w, "agenda.ics", "text/calendar; charset=utf-8", func(out io.Writer) error {
		_, err := out.Write(all.ICS(a.Person().ProcessKey, h.BaseURL, h.Now()))
		return err
	})
}

// monthInPath reads the month of an address, «2024-03»; what is none is not there.
func monthInPath(r *http.Request) (time.Time, error) {
	m, ok := parseMonth(chi.URLParam(r, "mes"))
	if !ok {
		return m, notFound()
	}
	return m, nil
}

func (h *Agenda) showMonth(w http.ResponseWriter, r *http.Request, a auth.AgendaReader) error {
	month, err := monthInPath(r)
	if err != nil {
		return err
	}
	all, err := h.Store.Agenda(r.Context(), a)
	if err != nil {
		return err
	}
	p := deskpage.AgendaMonth{Month: month, Weeks: all.Month(month)}
	p.RegistryFrame = h.frameOf(r, a, es.Capital(p.Name()))
	return serve.Page(w, r, http.StatusOK, deskpage.AgendaMonthPage(p))
}
