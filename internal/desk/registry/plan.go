package registry

import (
	"fmt"
	"slices"
	"strings"

	"conoceles/internal/election"
)

// plan is what a list asks of the registry: who enters and who changes.
type plan struct {
	enter  []*listRow
	change []edit
}

// edit is a candidacy with the data that a list corrects.
type edit struct {
	old *candidacy
	row *listRow
}

// planner compares the rows of a list with what there is.
type planner struct {
	contest *contest
	result  *Result
	byFolio map[string]*candidacy
	byPlace map[place][]*candidacy // newest last
	names   map[string]int         // folded names already seen: row, or 0 for the registry
}

func newPlanner(c *contest, all []*candidacy, r *Result) *planner {
	p := &planner{c, r, map[string]*candidacy{}, map[place][]*candidacy{}, map[string]int{}}
	for _, one := range all {
		p.byFolio[one.Folio] = one
		if one.RegistryFolio != "" {
			p.byFolio[one.RegistryFolio] = one
		}
		p.byPlace[one.place()] = append(p.byPlace[one.place()], one)
	}
	return p
}

// plan sorts the rows into new, changed, unchanged and rejected.
func (p *planner) plan(rows []*listRow) plan {
	rows = p.withoutRepeated(rows)
	var out plan
	for _, row := range rows {
		old, ok := p.match(row)
		switch {
		case !ok:
		case old == nil:
			p.result.New++
			p.result.Entering = append(p.result.Entering, Line{row.line, row.person.full(), row.describe()})
			out.enter = append(out.enter, row)
		case !old.inForce():
			p.result.Unchanged++
			p.result.warn(row.line, "", "%s ya no está en la boleta (%s); no se cambia", old.person().full(), old.Standing)
		default:
			if what := differences(old, row); len(what) == 0 {
				p.result.Unchanged++
			} else if old.CorrectedBy != "" {
				p.result.Unchanged++
				p.result.warn(row.line, "", "difiere en %s de lo que corrigió el acto «%s»; se conserva lo corregido",
					strings.Join(what, ", "), old.CorrectedBy)
			} else {
				p.result.Changed++
				p.result.Changes = append(p.result.Changes, Line{row.line, row.person.full(), strings.Join(what, ", ")})
				out.change = append(out.change, edit{old, row})
			}
		}
	}
	p.warnHomonyms(out.enter)
	p.warnTickets(rows)
	return out
}

// withoutRepeated rejects the rows that repeat a folio or a place of another.
func (p *planner) withoutRepeated(rows []*listRow) []*listRow {
	folios, seats := map[string]int{}, map[seat]int{}
	return slices.DeleteFunc(rows, func(r *listRow) bool {
		s := r.seat
		s.state = nil
		if first, ok := seats[s]; ok {
			p.result.reject(r.line, "", "repite el cargo, lugar, posición, calidad y actor de la fila %d", first)
			return true
		}
		if first, ok := folios[r.folio]; ok && r.folio != "" {
			p.result.reject(r.line, "FOLIO", "«%s» es también el de la fila %d", r.folio, first)
			return true
		}
		seats[s], folios[r.folio] = r.line, r.line
		return false
	})
}

// match returns the candidacy that the row is about, nil for a new one, or
// false when the row was rejected: a list never puts a person in the place of
// another.
func (p *planner) match(row *listRow) (*candidacy, bool) {
	if old := p.byFolio[row.folio]; old != nil && row.folio != "" {
		return p.matchFolio(old, row)
	}
	if row.seat.nominator.id == 0 {
		return nil, true
	}
	here := p.byPlace[row.seat.place()]
	for _, old := range slices.Backward(here) {
		if samePerson(old.person(), row.person) {
			return old, true
		}
	}
	if len(here) == 0 {
		return nil, true
	}
	p.refuseSubstitution(here[len(here)-1], row)
	return nil, false
}

func (p *planner) matchFolio(old *candidacy, row *listRow) (*candidacy, bool) {
	switch {
	case !samePerson(old.person(), row.person):
		p.refuseSubstitution(old, row)
	case old.inForce() && row.seat.place() != old.place():
		p.result.reject(row.line, "FOLIO", "%s está registrada en otro cargo, lugar, posición, calidad o actor; captura el cambio en %s",
			row.folio, actAddress(old, ""))
	default:
		return old, true
	}
	return nil, false
}

func (p *planner) refuseSubstitution(old *candidacy, row *listRow) {
	state := "está registrada"
	if !old.inForce() {
		state = "estuvo registrada"
	}
	p.result.reject(row.line, "NOMBRES", "ahí %s otra persona, %s: es una sustitución; captúrala en %s",
		state, old.person().full(), actAddress(old, Substitution))
}

// actAddress is where an act about a candidacy is captured.
func actAddress(c *candidacy, kind ActKind) string {
	if kind == "" {
		return "/registro/candidaturas/" + c.Folio
	}
	return "/registro/candidaturas/" + c.Folio + "/acto/" + string(kind)
}

// describe says where the row stands.
func (r *listRow) describe() string {
	return fmt.Sprintf("%s, %s, posición %d, %s, %s", r.seat.office.Name, r.place, r.seat.position, r.seat.role, r.seat.nominator.acronym)
}

// differences names what the row would change. A blank says nothing: a list
// without a column, or with an empty cell, erases no datum.
func differences(old *candidacy, row *listRow) []string {
	var what []string
	note := func(differs bool, name string) {
		if differs {
			what = append(what, name)
		}
	}
	p := row.person
	note(p.Given != old.Given || p.Surnames != old.Surnames, "nombre")
	note(p.Nickname != "" && p.Nickname != old.Nickname, "sobrenombre")
	note(p.Sex != old.Sex, "sexo")
	note(p.Birth != nil && (old.Birth == nil || !p.Birth.Equal(*old.Birth)), "fecha de nacimiento")
	note(p.Email != "" && p.Email != old.Email, "correo")
	note(p.Phone != "" && p.Phone != old.Phone, "teléfono")
	note(row.siglado != nil && row.siglado.id != deref(old.SigladoID), "partido que sigla")
	note(row.consecutive != nil && !equalRef(row.consecutive, old.Consecutive), "elección consecutiva")
	note(len(row.actions) > 0 && !slices.Equal(row.actions, old.Actions), "acción afirmativa")
	note(row.folio != "" && row.folio != old.RegistryFolio && row.folio != old.Folio, "folio de registro")
	note(row.acuerdo != "" && row.acuerdo != old.Acuerdo, "acuerdo")
	note(row.approved != nil && (old.ApprovedOn == nil || !row.approved.Equal(*old.ApprovedOn)), "fecha del acuerdo")
	return what
}

// warnHomonyms says which names enter twice: they may be two persons, or one in
// two contests, and only people can tell.
func (p *planner) warnHomonyms(rows []*listRow) {
	for _, all := range p.byPlace {
		for _, c := range all {
			p.names[strings.Join(words(c.person().full()), " ")] = 0
		}
	}
	for _, r := range rows {
		key := strings.Join(words(r.person.full()), " ")
		switch first, seen := p.names[key]; {
		case seen && first > 0:
			p.result.warn(r.line, "NOMBRES", "se llama igual que la persona de la fila %d; se registran por separado", first)
		case seen:
			p.result.warn(r.line, "NOMBRES", "se llama igual que otra persona ya registrada; se registran por separado")
		default:
			p.names[key] = r.line
		}
	}
}

// warnTickets says which fórmulas pair different sexes. Registration is not the
// system's power: it warns and never blocks (domain 2.2).
func (p *planner) warnTickets(rows []*listRow) {
	partners := map[seat]*listRow{}
	for _, r := range rows {
		s := r.seat
		s.role, s.state = "", nil
		partner := partners[s]
		if partner == nil && s.nominator.id != 0 {
			partner = p.registeredPartner(r)
		}
		if partner != nil && partner.person.Sex != r.person.Sex {
			p.result.warn(r.line, "SEXO", "la fórmula con %s es de distinto sexo; revísalo", partner.person.full())
		}
		partners[s] = r
	}
}

// registeredPartner returns the other half of the ticket when it was registered
// before.
func (p *planner) registeredPartner(r *listRow) *listRow {
	other := r.seat
	other.role = election.Propietaria
	if r.seat.role == election.Propietaria {
		other.role = election.Suplente
	}
	for _, c := range p.byPlace[other.place()] {
		if c.inForce() {
			return &listRow{person: c.person()}
		}
	}
	return nil
}
