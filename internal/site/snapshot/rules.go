package snapshot

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"conoceles/internal/site"
)

// Rules say which addresses of the site a copy has, and in which files.
type Rules struct {
	Base string // of the addresses of the process
}

// Copied reports whether the copy has what an address leads to.
func (r Rules) Copied(address string) bool {
	_, ok := r.File(address)
	return ok
}

// pages are the first segments of what is copied of a process, and files those of
// what is the same for all.
var (
	pages = []string{"", "candidaturas", "boleta", "estadisticas", "avance", "datos", "ayuda", "privacidad", "consentimiento"}
	files = []string{"accesibilidad", "fotos", "emblemas", "estatico"}
)

// apart are the addresses below those that only a server, or only the site
// itself, has a use for.
var apart = []string{"imprimir", "incrustar", "tarjeta.jpg", "qr.svg", "versiones", "versiones.json", "api", "identidad.csv"}

// lists are the searches that the copy has: all the candidacies, those of an
// office, of a contest and of a nominator; and the choice of a district.
var lists = [][]string{
	{}, {site.ParamOffice}, {site.ParamOffice, site.ParamDistrict}, {site.ParamMunicipality}, {site.ParamNominator},
}

// File returns the file of the copy that an address of the site is in, relative
// to its directory. ok is false for what the copy leaves out.
func (r Rules) File(address string) (file string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
		return "", false
	}
	within, ofProcess := strings.CutPrefix(u.Path, r.Base)
	if ofProcess && within != "" && within[0] != '/' {
		within, ofProcess = u.Path, false
	}
	if !ofProcess {
		within = u.Path
	}
	segments := strings.Split(strings.Trim(path.Clean("/"+within), "/"), "/")
	head, last := segments[0], segments[len(segments)-1]
	switch {
	case len(segments) > 1 && slices.Contains(apart, last):
		return "", false
	case slices.Contains(files, head), ofProcess && slices.Contains(pages, head):
	default:
		return "", false
	}
	place, ok := search(strings.Join(segments, "/"), u.Query())
	if !ok {
		return "", false
	}
	if path.Ext(last) != "" && len(u.Query()) == 0 {
		return place, true
	}
	return path.Join(place, "index.html"), true
}

// search returns where a page lives given its search. Only the list of candidacies
// and the choice of a district have searches in a copy.
func search(page string, v url.Values) (string, bool) {
	if len(v) == 0 {
		return page, true
	}
	number := v.Get(site.ParamPage)
	v.Del(site.ParamPage)
	for name, values := range v {
		if len(values) != 1 || !plain(values[0]) {
			return "", false
		}
		if values[0] == "" {
			v.Del(name)
		}
	}
	if !plain(number) {
		return "", false
	}
	if strings.HasPrefix(page, "boleta/municipio/") {
		d := v.Get(site.ParamDistrict)
		return page + "/distrito/" + d, number == "" && len(v) == 1 && d != ""
	}
	if page != "candidaturas" {
		return "", false
	}
	for _, names := range lists {
		if len(names) != len(v) || slices.ContainsFunc(names, func(n string) bool { return !v.Has(n) }) {
			continue
		}
		if len(names) > 0 || number != "" {
			page += "/lista"
		}
		for _, n := range names {
			page += "/" + n + "/" + v.Get(n)
		}
		if number != "" {
			page += "/pagina/" + number
		}
		return page, true
	}
	return "", false
}

// plain reports whether a value can be the name of a directory.
func plain(value string) bool {
	return value != "." && value != ".." && !strings.ContainsAny(value, "/\\\x00") && len(value) <= 100
}
