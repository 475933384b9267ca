package sitepage

import (
	"slices"

	"conoceles/web/es"
	"conoceles/web/layout"
)

// ForCopy returns the frame of the pages of a copy of the site: it says so, of
// when it is and where the site is, and its menus lead only to what the copy has.
func (f Frame) ForCopy(copied func(address string) bool) Frame {
	f.Copy = true
	text := "No se actualiza y no incluye el cuestionario de identidad. El sitio está en " + f.Origin + "."
	strong := "Copia del sitio."
	if !f.Process.ChangedAt.IsZero() {
		strong = "Copia del sitio al " + es.DateTime(f.Process.ChangedAt) + "."
	}
	f.Meta.Notices = append([]layout.Notice{{Label: "Aviso: copia", Strong: strong, Text: text}}, f.Meta.Notices...)
	f.Meta.Nav = slices.DeleteFunc(slices.Clone(f.Meta.Nav), func(i layout.NavItem) bool { return !copied(i.Href) })
	f.Meta.Footer = slices.Clone(f.Meta.Footer)
	for i, g := range f.Meta.Footer {
		f.Meta.Footer[i].Links = slices.DeleteFunc(slices.Clone(g.Links), func(l layout.Link) bool { return !copied(l.Href) })
	}
	return f
}
