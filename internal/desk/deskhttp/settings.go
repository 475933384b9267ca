package deskhttp

import (
	"io"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/desk/settings"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Settings serves the parameters and the catalogues of a process, the releases
// of its interfaces and the register of what changed.
type Settings struct {
	*Face
	Store   *settings.Store
	Studio  *portrait.Studio
	Version string // of the program
}

// Mount lists the routes of parameters and catalogues. Saving and confirming ask
// again who it is; an emblem, which is a file, is proved when it is confirmed.
func (h *Settings) Mount(g serve.Group) {
	const (
		actors  = deskpage.NominatorsHome
		things  = deskpage.CataloguesHome + "/{catalogo}"
		changes = deskpage.ChangesHome
	)
	get(g, h.Sessions, deskpage.SettingsHome, "listSettings", h.listSettings)
	get(g, h.Sessions, deskpage.SettingsHome+"/{ficha}", "editSetting", h.edit(parameterPlace))
	postProven(g, h.Face, deskpage.SettingsHome+"/{ficha}", "saveSetting", h.save(parameterPlace))
	get(g, h.Sessions, actors, "listNominators", h.listNominators)
	get(g, h.Sessions, actors+"/nuevo", "newNominator", h.edit(newNominatorPlace))
	postProven(g, h.Face, actors+"/nuevo", "addNominator", h.save(newNominatorPlace))
	get(g, h.Sessions, actors+"/{actor}", "editNominator", h.edit(nominatorPlace))
	postProven(g, h.Face, actors+"/{actor}", "saveNominator", h.save(nominatorPlace))
	get(g, h.Sessions, actors+"/{actor}/emblema", "editEmblem", h.edit(emblemPlace))
	post(g, h.Sessions, actors+"/{actor}/emblema", "proposeEmblem", h.proposeEmblem, serve.Upload(portrait.MaxBytes+1<<20))
	get(g, h.Sessions, actors+"/{actor}/emblema.png", "showNominatorEmblem", h.showEmblem)
	get(g, h.Sessions, things, "listCatalogue", h.listCatalogue)
	get(g, h.Sessions, things+"/{entrada}", "editEntry", h.edit(entryPlace))
	postProven(g, h.Face, things+"/{entrada}", "saveEntry", h.save(entryPlace))
	get(g, h.Sessions, deskpage.ReleasesHome, "listReleases", h.listReleases)
	get(g, h.Sessions, changes, "listChanges", h.listChanges)
	get(g, h.Sessions, changes+".csv", "exportChanges", h.exportChanges)
	get(g, h.Sessions, changes+"/{id}", "showChange", h.showChange)
	get(g, h.Sessions, changes+"/{id}/imagen.png", "showChangeImage", h.showChangeImage)
	postProven(g, h.Face, changes+"/{id}/confirmar", "confirmChange", h.confirmChange)
	post(g, h.Sessions, changes+"/{id}/desechar", "discardChange", h.discardChange)
	post(g, h.Sessions, changes+"/{id}/informar", "reportChange", h.reportChange)
}

// placer finds which sheet an address names. A sheet of a catalogue has no
// address among the parameters.
type placer func(*http.Request) settings.Place

func parameterPlace(r *http.Request) settings.Place {
	key := chi.URLParam(r, "ficha")
	if settings.SheetOf(key).Group == settings.Catalogue {
		key = ""
	}
	return settings.Place{Sheet: key}
}

func newNominatorPlace(*http.Request) settings.Place {
	return settings.Place{Sheet: settings.NewNominator}
}

func nominatorPlace(r *http.Request) settings.Place {
	return settings.Place{Sheet: settings.Nominator, Ref: chi.URLParam(r, "actor")}
}

func emblemPlace(r *http.Request) settings.Place {
	return settings.Place{Sheet: settings.Emblem, Ref: chi.URLParam(r, "actor")}
}

func entryPlace(r *http.Request) settings.Place {
	key := chi.URLParam(r, "catalogo")
	for _, s := range settings.Catalogues() {
		if s.Key == key {
			return settings.Place{Sheet: key, Ref: chi.URLParam(r, "entrada")}
		}
	}
	return settings.Place{}
}

func (h *Settings) frameOf(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) deskpage.RegistryFrame {
	if len(crumbs) > 0 {
		crumbs = append(crumbs, layout.Crumb{Label: title})
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// crumbTo is where the list of a sheet is.
func crumbTo(s settings.Sheet) layout.Crumb {
	switch {
	case s.Group == settings.Releases:
		return layout.Crumb{Label: "Liberaciones", Href: deskpage.ReleasesHome}
	case s.Group != settings.Catalogue:
		return layout.Crumb{Label: "Parámetros", Href: deskpage.SettingsHome}
	case deskpage.CatalogueTitle(s.Key) != "" && s.Key != settings.Nominator:
		return layout.Crumb{Label: deskpage.CatalogueTitle(s.Key), Href: deskpage.CataloguesHome + "/" + s.Key}
	}
	return layout.Crumb{Label: deskpage.CatalogueTitle(settings.Nominator), Href: deskpage.NominatorsHome}
}

func (h *Settings) listSettings(w http.ResponseWriter, r *http.Request, a auth.SettingReader) error {
	p := deskpage.Settings{RegistryFrame: h.frameOf(r, a, "Parámetros del proceso"), Elsewhere: elsewhere(a)}
	for _, g := range settings.Groups() {
		group := deskpage.SettingGroup{Name: g}
		for _, s := range settings.Sheets(g) {
			sheet, sub, err := h.Store.Read(r.Context(), a, settings.Place{Sheet: s.Key})
			if err != nil {
				return err
			}
			group.Sheets = append(group.Sheets, deskpage.SettingSheet{Sheet: sheet, Subject: sub})
		}
		p.Groups = append(p.Groups, group)
	}
	for show, total := range map[string]*int{settings.Waiting: &p.Waiting, settings.Owing: &p.Owed} {
		var err error
		if _, *total, err = h.Store.Changes(r.Context(), a, settings.Filter{Show: show, Page: 1, Size: 1}); err != nil {
			return err
		}
	}
	return serve.Page(w, r, http.StatusOK, deskpage.SettingsPage(p))
}

// elsewhere are the parameters that have a page of their own.
func elsewhere(a auth.Actor) []layout.Link {
	switch a.(type) {
	case auth.Admin:
		return []layout.Link{
			{Label: "Inicio de la publicación", Href: "/registro/publicacion"},
			{Label: "Plazos de las solicitudes ARCO y días inhábiles", Href: deskpage.ArcoTermsURL},
		}
	case auth.Head:
		return []layout.Link{
			{Label: "Textos y plazos de los requerimientos", Href: deskpage.NoticesHome + "/textos"},
			{Label: "Fin de la publicación, bloqueo y supresión", Href: deskpage.RetentionHome},
		}
	}
	return nil
}

// edit draws a sheet.
func (h *Settings) edit(place placer) func(http.ResponseWriter, *http.Request, auth.SettingReader) error {
	return func(w http.ResponseWriter, r *http.Request, a auth.SettingReader) error {
		return h.sheetPage(w, r, a, place(r), nil, nil)
	}
}

// form returns the page of a sheet, with what was typed in it if anything was.
func (h *Settings) form(r *http.Request, a auth.SettingReader, p settings.Place, typed url.Values) (deskpage.SettingForm, error) {
	sheet, sub, err := h.Store.Read(r.Context(), a, p)
	if err != nil {
		return deskpage.SettingForm{}, err
	}
	keys := component.FormKeys{Key: newKey(), Version: sub.Version()}
	if typed != nil {
		keys = component.FormKeys{Key: typed.Get(component.KeyField), Version: typed.Get(component.VersionField)}
	}
	f := deskpage.NewSettingForm(h.frameOf(r, a, sheet.Title, crumbTo(sheet)), sheet, sub, keys, typed)
	f.May, f.Emblem = settings.MayChange(a, sheet), len(sub.Values["emblema"]) > 0
	if f.History, _, err = h.Store.Changes(r.Context(), a, settings.Filter{Place: p, Page: 1, Size: 20}); err != nil {
		return f, err
	}
	for i := range f.History {
		if f.History[i].Waits() {
			f.Pending = &f.History[i]
		}
	}
	return f, nil
}

// sheetPage draws a sheet, with why it was refused if it was.
func (h *Settings) sheetPage(w http.ResponseWriter, r *http.Request, a auth.SettingReader, p settings.Place, typed url.Values, cause error) error {
	f, err := h.form(r, a, p, typed)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&f.RegistryFrame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.SettingFormPage(f))
}

// save is the buttons of a sheet: see the effect, go back to change something,
// save or propose.
func (h *Settings) save(place placer) func(http.ResponseWriter, *http.Request, auth.Configurer) error {
	return func(w http.ResponseWriter, r *http.Request, c auth.Configurer) error {
		typed, err := textForm(r)
		if err != nil {
			return err
		}
		d := settings.Draft{Place: place(r), Version: typed.Get(component.VersionField), Typed: sheetValues(typed)}
		switch typed.Get(component.ActionField) {
		case deskpage.SettingChange:
			return h.sheetPage(w, r, c, d.Place, typed, nil)
		case deskpage.SettingSave:
			saved, err := h.Store.Save(r.Context(), c, typed.Get(component.KeyField), d)
			if err != nil {
				return h.sheetPage(w, r, c, d.Place, typed, err)
			}
			return h.saved(w, r, saved)
		}
		effects, err := h.Store.Preview(r.Context(), c, d)
		if err != nil {
			return h.sheetPage(w, r, c, d.Place, typed, err)
		}
		f, err := h.form(r, c, d.Place, typed)
		if err != nil {
			return err
		}
		f.Effects = effects
		return serve.Page(w, r, http.StatusOK, deskpage.SettingPreviewPage(f))
	}
}

// sheetValues are the fields of a sheet without those of every form.
func sheetValues(typed url.Values) url.Values {
	out := url.Values{}
	for name, values := range typed {
		if name != component.KeyField && name != component.VersionField && name != component.ActionField {
			out[name] = values
		}
	}
	return out
}

func (h *Settings) saved(w http.ResponseWriter, r *http.Request, s settings.Saved) error {
	said := "El cambio quedó hecho y ya rige."
	if s.Waits {
		said = "El cambio quedó propuesto. Falta que otra persona lo confirme."
	}
	h.Sessions.Flash(r.Context(), said)
	return serve.SeeOther(w, r, deskpage.ChangePath(s.ID))
}

// proposeEmblem recodes an image and proposes it.
func (h *Settings) proposeEmblem(w http.ResponseWriter, r *http.Request, a auth.Admin) error {
	typed, err := textForm(r)
	if err != nil {
		return err
	}
	d := settings.Draft{Place: emblemPlace(r), Version: typed.Get(component.VersionField), Typed: sheetValues(typed)}
	_, file, err := sentFile(r, "emblema")
	if err == nil && len(file) > 0 {
		d.Image, err = h.Studio.Emblem(r.Context(), file)
	}
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		err = fault.InvalidField("emblema", fields[0].Message) // the studio names the field of photographs
	}
	var saved settings.Saved
	if err == nil {
		saved, err = h.Store.Save(r.Context(), a, typed.Get(component.KeyField), d)
	}
	if err != nil {
		return h.sheetPage(w, r, a, d.Place, typed, err)
	}
	return h.saved(w, r, saved)
}

func (h *Settings) showEmblem(w http.ResponseWriter, r *http.Request, a auth.SettingReader) error {
	image, err := h.Store.Emblem(r.Context(), a, chi.URLParam(r, "actor"))
	if err != nil {
		return err
	}
	return png(w, image)
}

func png(w http.ResponseWriter, image []byte) error {
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(image)
	return err
}

func (h *Settings) listNominators(w http.ResponseWriter, r *http.Request, a auth.SettingReader) error {
	return h.cataloguePage(w, r, a, settings.Nominator)
}

func (h *Settings) listCatalogue(w http.ResponseWriter, r *http.Request, a auth.SettingReader) error {
	key := chi.URLParam(r, "catalogo")
	if key == settings.Nominator {
		return notFound() // it has an address of its own
	}
	return h.cataloguePage(w, r, a, key)
}

func (h *Settings) cataloguePage(w http.ResponseWriter, r *http.Request, a auth.SettingReader, key string) error {
	entries, err := h.Store.Entries(r.Context(), a, key)
	if err != nil {
		return err
	}
	return serve.Page(w, r, http.StatusOK, deskpage.CataloguePage(deskpage.Catalogue{
		RegistryFrame: h.frameOf(r, a, deskpage.CatalogueTitle(key), layout.Crumb{Label: "Parámetros", Href: deskpage.SettingsHome}),
		Key:           key, Entries: entries, May: settings.MayChange(a, settings.SheetOf(settings.NewNominator)),
	}))
}

func (h *Settings) listReleases(w http.ResponseWriter, r *http.Request, a auth.SettingReader) error {
	states, err := h.Store.States(r.Context(), a.Person().Process)
	if err != nil {
		return err
	}
	l := deskpage.ReleaseList{
		RegistryFrame: h.frameOf(r, a, "Liberación de las interfaces", layout.Crumb{Label: "Parámetros", Href: deskpage.SettingsHome}),
		States:        states, Version: h.Version,
	}
	for _, s := range states {
		l.Open = append(l.Open, s.OpenAt(h.Now()))
	}
	return serve.Page(w, r, http.StatusOK, deskpage.ReleasesPage(l))
}

func (h *Settings) exportChanges(w http.ResponseWriter, r *http.Request, a auth.ChangeReader) error {
	all, _, err := h.Store.Changes(r.Context(), a, settings.Filter{Page: 1, Size: 100_000})
	if err != nil {
		return err
	}
	return download(w, "control-de-cambios.csv", csvType, func(out io.Writer) error {
		header, rows := settings.Table(all)
		return tabular.WriteCSV(out, header, rows)
	})
}
