package deskhttp

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/docket"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/serve"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Docket serves the registers of the Unidad de Transparencia: advice, incidents
// and cases that the Lineamientos do not foresee.
type Docket struct {
	*Face
	Store *docket.Store
}

// Mount lists the routes of the registers.
func (h *Docket) Mount(g serve.Group) {
	const of = deskpage.DocketHome + "/{registro}"
	document := serve.Upload(registry.MaxDocument + 1<<20)
	get(g, h.Sessions, of, "listDocket", h.listDocket)
	get(g, h.Sessions, of+"/exportar.csv", "exportDocket", h.exportDocket)
	get(g, h.Sessions, of+"/nuevo", "newDocketEntry", h.newEntry)
	post(g, h.Sessions, of+"/nuevo", "addDocketEntry", h.addEntry, document)
	get(g, h.Sessions, of+"/{numero}", "showDocketEntry", h.showEntry)
	post(g, h.Sessions, of+"/{numero}", "amendDocketEntry", h.amendEntry, document)
	get(g, h.Sessions, of+"/{numero}/documento", "downloadDocketDocument", h.downloadDocument)
}

func kindOfDocket(r *http.Request) docket.Kind { return docket.Kind(chi.URLParam(r, "registro")) }

func (h *Docket) frameOf(r *http.Request, a auth.Actor, k docket.Kind, title string) deskpage.RegistryFrame {
	var crumbs []layout.Crumb
	if title != k.Title() {
		crumbs = []layout.Crumb{{Label: k.Title(), Href: deskpage.DocketPath(k)}, {Label: title}}
	}
	f := h.page(r, a, title, crumbs...)
	return deskpage.RegistryFrame{Meta: f.Meta, Area: f.Area, Flash: f.Flash}
}

// docketFilter reads the filter of a register from an address. What is not
// understood is no filter.
func docketFilter(r *http.Request) (docket.Filter, error) {
	query := r.URL.Query()
	if err := serve.CheckText(query); err != nil {
		return docket.Filter{}, err
	}
	f := docket.Filter{Kind: kindOfDocket(r), Text: strings.TrimSpace(firstRunes(query.Get("q"), 200)), Page: pageOf(r), Size: pageSize}
	if a := docket.Answer(query.Get("estado")); a == docket.Unanswered || a == docket.Answered {
		f.Answer = a
	}
	f.From, _ = parseDay(query.Get("desde"))
	f.Until, _ = parseDay(query.Get("hasta"))
	return f, nil
}

func (h *Docket) listDocket(w http.ResponseWriter, r *http.Request, a auth.DocketReader) error {
	f, err := docketFilter(r)
	if err != nil {
		return err
	}
	versions, total, err := h.Store.Register(r.Context(), a, f)
	if err != nil {
		return err
	}
	_, keeps := a.(auth.DocketKeeper)
	return serve.Page(w, r, http.StatusOK, deskpage.DocketPage(deskpage.Docket{
		RegistryFrame: h.frameOf(r, a, f.Kind, f.Kind.Title()), Filter: f, Kinds: docket.For(a), Versions: versions, Total: total, Keeps: keeps,
		Values: r.URL.Query(),
	}))
}

// exportDocket sends the register, as the filter leaves it, as a file.
func (h *Docket) exportDocket(w http.ResponseWriter, r *http.Request, a auth.DocketReader) error {
	f, err := docketFilter(r)
	if err != nil {
		return err
	}
	f.Page, f.Size = 0, 0
	versions, _, err := h.Store.Register(r.Context(), a, f)
	if err != nil {
		return err
	}
	return download(w, string(f.Kind)+".csv", csvType, func(out io.Writer) error {
		header, rows := docket.Table(f.Kind, versions)
		return tabular.WriteCSV(out, header, rows)
	})
}

// formPage draws the form of a new entry.
func (h *Docket) formPage(w http.ResponseWriter, r *http.Request, k auth.DocketKeeper, values url.Values, cause error) error {
	kind := kindOfDocket(r)
	if !slices.Contains(docket.For(k), kind) {
		return notFound()
	}
	frame, status := h.frameOf(r, k, kind, "Registrar: "+kind.One()), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	return serve.Page(w, r, status, deskpage.DocketNewPage(deskpage.NewDocketForm(frame, kind, 0, component.FormKeys{Key: newKey()}, values)))
}

func (h *Docket) newEntry(w http.ResponseWriter, r *http.Request, k auth.DocketKeeper) error {
	return h.formPage(w, r, k, url.Values{}, nil)
}

// sentVersion reads the form of a version.
func sentVersion(r *http.Request, form url.Values, number int) (docket.NewVersion, error) {
	n := docket.NewVersion{
		Kind: kindOfDocket(r), Number: number, Key: form.Get(component.KeyField), Reason: form.Get(docket.FieldReason),
		Seen: int(numberOf(form, component.VersionField)),
	}
	var err error
	if n.Content, err = docket.Parse(n.Kind, form.Get, parseDay); err != nil {
		return n, err
	}
	name, data, err := sentFile(r, docket.FieldDocument)
	if err != nil || len(data) == 0 {
		return n, err
	}
	checked, err := registry.NewDocument(name, data)
	if err != nil {
		return n, err
	}
	n.Document = &docket.Document{Name: checked.Name, Bytes: checked.Bytes}
	return n, nil
}

func (h *Docket) addEntry(w http.ResponseWriter, r *http.Request, k auth.DocketKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	if !slices.Contains(docket.For(k), kindOfDocket(r)) {
		return notFound()
	}
	n, err := sentVersion(r, form, 0)
	number := 0
	if err == nil {
		number, err = h.Store.Save(r.Context(), k, n)
	}
	if err != nil {
		return h.formPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "Quedó registrado con el número "+es.Int(number)+".")
	return serve.SeeOther(w, r, deskpage.DocketPath(n.Kind, strconv.Itoa(number)))
}

// numberInPath reads the number of an entry; what is none is not there.
func numberInPath(r *http.Request) (int, error) {
	n, err := strconv.ParseInt(chi.URLParam(r, "numero"), 10, 32)
	if err != nil || n < 1 {
		return 0, notFound()
	}
	return int(n), nil
}

// entryPage draws an entry, with the form that amends it for whoever keeps the
// register: as the last version says, or as it was typed.
func (h *Docket) entryPage(w http.ResponseWriter, r *http.Request, a auth.DocketReader, typed url.Values, cause error) error {
	kind := kindOfDocket(r)
	number, err := numberInPath(r)
	if err != nil {
		return err
	}
	versions, err := h.Store.Entry(r.Context(), a, kind, number)
	if err != nil {
		return err
	}
	frame, status := h.frameOf(r, a, kind, versions[0].Subject), http.StatusOK
	if cause != nil {
		var ok bool
		if status, ok = refuse(&frame, cause); !ok {
			return cause
		}
	}
	p := deskpage.DocketEntry{RegistryFrame: frame, Kind: kind, Versions: versions}
	if _, keeps := a.(auth.DocketKeeper); keeps {
		keys := newKeys(versions[0].Version)
		if typed != nil {
			// Who did not see the last version does not get its number with their own
			// text: they would take its place by pressing again.
			keys.Version = typed.Get(component.VersionField)
		} else {
			typed = url.Values{}
			for _, f := range kind.Fields() {
				typed.Set(f.ID, versions[0].Value(f.ID))
			}
		}
		form := deskpage.NewDocketForm(frame, kind, number, keys, typed)
		p.Form = &form
	}
	return serve.Page(w, r, status, deskpage.DocketEntryPage(p))
}

func (h *Docket) showEntry(w http.ResponseWriter, r *http.Request, a auth.DocketReader) error {
	return h.entryPage(w, r, a, nil, nil)
}

func (h *Docket) amendEntry(w http.ResponseWriter, r *http.Request, k auth.DocketKeeper) error {
	form, err := textForm(r)
	if err != nil {
		return err
	}
	number, err := numberInPath(r)
	if err != nil {
		return err
	}
	n, err := sentVersion(r, form, number)
	if err == nil {
		_, err = h.Store.Save(r.Context(), k, n)
	}
	if err != nil {
		return h.entryPage(w, r, k, form, err)
	}
	h.Sessions.Flash(r.Context(), "Se guardó otra versión; la anterior se conserva.")
	return serve.SeeOther(w, r, deskpage.DocketPath(n.Kind, strconv.Itoa(number)))
}

// downloadDocument gives a document back as a download that no browser opens
// inside the site (security.md, C4).
func (h *Docket) downloadDocument(w http.ResponseWriter, r *http.Request, a auth.DocketReader) error {
	number, err := numberInPath(r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.URL.Query().Get("version"), 10, 32)
	if err != nil || version < 1 {
		return notFound()
	}
	d, err := h.Store.Document(r.Context(), a, kindOfDocket(r), number, int(version))
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
