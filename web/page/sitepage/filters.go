package sitepage

import (
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

func homeMeta(f Frame) layout.Meta {
	m := f.titled(f.homeHeadline(), "Trayectoria y propuestas de todas las personas candidatas en "+f.territory()+".")
	m.Wide = true
	return m
}

func (f Frame) officeOptions() []component.Option {
	var out []component.Option
	for _, o := range f.Catalog.Offices {
		out = append(out, component.Option{Value: o.Key, Label: o.Name})
	}
	return out
}

func (f Frame) districtOptions() []component.Option {
	var out []component.Option
	for _, d := range f.Catalog.Districts {
		out = append(out, component.Option{Value: d.Key, Label: districtName(d)})
	}
	return out
}

func districtName(d site.District) string {
	name := es.District(d.Number)
	if d.Seat != "" {
		name += ", " + d.Seat
	}
	if d.State != "" {
		name = d.State + ": " + name
	}
	return name
}

func (f Frame) municipalityOptions() []component.Option {
	var out []component.Option
	for _, m := range f.Catalog.Municipalities {
		out = append(out, component.Option{Value: m.Key, Label: municipalityName(m)})
	}
	return out
}

func municipalityName(m site.Municipality) string {
	if m.State != "" {
		return m.State + ": " + m.Name
	}
	return m.Name
}

// nominatorOptions offers each name in addresses once.
func (f Frame) nominatorOptions() []component.Option {
	var out []component.Option
	seen := map[string]bool{}
	for _, n := range f.Catalog.Nominators {
		if !seen[n.Slug] {
			seen[n.Slug] = true
			out = append(out, component.Option{Value: n.Slug, Label: n.Name})
		}
	}
	return out
}

func (f Frame) sexOptions() []component.Option {
	var out []component.Option
	for _, s := range f.Catalog.Sexes {
		out = append(out, component.Option{Value: string(s), Label: es.Label(es.Sex, string(s))})
	}
	return out
}

func ageOptions() []component.Option {
	var out []component.Option
	for _, b := range election.AgeBands() {
		out = append(out, component.Option{Value: b.Key, Label: bandName(b)})
	}
	return out
}

func bandName(b election.AgeBand) string {
	if b.To == 0 {
		return "De " + es.Int(b.From) + " años o más"
	}
	return "De " + es.Int(b.From) + " a " + es.Int(b.To) + " años"
}

func (f Frame) degreeOptions() []component.Option {
	var out []component.Option
	for _, d := range f.Catalog.Degrees {
		out = append(out, component.Option{Value: d.Value, Label: d.Label})
	}
	return out
}

func (f Frame) actionOptions() []component.Option {
	var out []component.Option
	for _, a := range f.Catalog.Actions {
		out = append(out, component.Option{Value: string(a), Label: es.Label(es.Affirmative, string(a))})
	}
	return out
}

func orderOptions() []component.Option {
	return []component.Option{
		{Value: site.OrderBallot, Label: "Orden de la boleta"},
		{Value: site.OrderSurname, Label: "Primer apellido, A a Z"},
		{Value: site.OrderNominator, Label: "Partido, A a Z"},
	}
}

// label says a filter in force in the words of its list.
func (f Frame) label(q site.Query, name string) string {
	value := q.Value(name)
	var options []component.Option
	switch name {
	case site.ParamText:
		return "«" + value + "»"
	case site.ParamOffice:
		options = f.officeOptions()
	case site.ParamDistrict:
		options = f.districtOptions()
	case site.ParamMunicipality:
		options = f.municipalityOptions()
	case site.ParamNominator:
		options = f.nominatorOptions()
	case site.ParamSex:
		return es.Label(es.Sex, value)
	case site.ParamAge:
		options = ageOptions()
	case site.ParamDegree:
		return f.degree(value)
	case site.ParamAction:
		return es.Label(es.Affirmative, value)
	case site.ParamState:
		if value == site.StatePublished {
			return "Cuestionario publicado"
		}
		return "Cuestionario sin publicar"
	}
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// chips are the filters in force, each with the address without it.
func (f Frame) chips(q site.Query) []component.Chip {
	var out []component.Chip
	for _, name := range q.Active() {
		out = append(out, component.Chip{Label: f.label(q, name), Href: f.Search(q.Without(name))})
	}
	return out
}

// headline names what was asked for: "Diputación por distrito, distrito 02".
func (f Frame) headline(q site.Query) string {
	parts := []string{"Candidaturas"}
	if q.Office != "" {
		parts[0] = f.label(q, site.ParamOffice)
	}
	if d, ok := f.Catalog.DistrictByKey(q.District); ok {
		parts = append(parts, es.Lower(es.District(d.Number)))
	}
	if m, ok := f.Catalog.MunicipalityByKey(q.Municipality); ok {
		parts = append(parts, municipalityName(m))
	}
	if q.Text != "" {
		parts = append(parts, "«"+q.Text+"»")
	}
	return strings.Join(parts, ", ")
}
