package demo

import (
	"fmt"
	"strconv"

	"conoceles/internal/election"
)

// Names as anybody has; surnames that nobody does.
var (
	womenNames = []string{"Citlali", "Marisol", "Ximena", "Abril", "Renata", "Itzel", "Jimena", "Paloma", "Nayeli", "Lucero", "Amparo", "Consuelo", "Frida", "Guadalupe", "Rocío", "Yolotzin", "Violeta", "Irene", "Noemí", "Socorro"}
	menNames   = []string{"Emiliano", "Tonatiuh", "Santiago", "Leonardo", "Ulises", "Gael", "Ramiro", "Octavio", "Cuauhtémoc", "Fidel", "Abelardo", "Rubén", "Saúl", "Íñigo", "Wenceslao", "Evaristo", "Joel", "Matías", "Noé", "Teodoro"}
	bothNames  = []string{"Ariel", "Cruz", "Yael", "Akira", "Trinidad", "Dani"}
	surnames   = []string{"Prueba", "Ejemplo", "Inventada", "Ficticio", "Hipotética", "Supuesto", "Imaginaria", "Demostrado", "Ensayo", "Muestra", "Figurada", "Modelo", "Boceto", "Maqueta", "Simulado", "Novela", "Quimera", "Utopía", "Leyenda", "Fábula"}
	seconds    = []string{"Montes", "Tapia", "Vera", "De la O", "Núñez", "D’Arco", "Peñaflor", "Güemes", "Ybarra", "Zúñiga", "Ríos", "Del Monte", "Cuevas", "Lagunas", "Prados", "Llanos", "Arroyo", "Del Río", "Campos", "Sierra"}
	nicknames  = []string{"Lic.", "Profe", "Maestra", "Don", "Doña", "Chava", "La Güera", "El Profe"}
)

// person invents somebody for an entry.
func (w *World) person(e *Entry, year int) {
	switch n := w.rng.IntN(100); {
	case n < 51:
		e.Sex, e.Given = election.Woman, w.pick(womenNames)
	case n < 99:
		e.Sex, e.Given = election.Man, w.pick(menNames)
	default:
		e.Sex, e.Given = election.NonBinary, w.pick(bothNames)
	}
	w.named(e)
	age := 21 + w.rng.IntN(50)
	e.Birth = fmt.Sprintf("%04d-%02d-%02d", year-age, 1+w.rng.IntN(12), 1+w.rng.IntN(28))
	e.Consecutive = w.rng.IntN(20) == 0
	if w.rng.IntN(9) == 0 {
		all := election.AffirmativeActions()
		e.Affirmative = []election.AffirmativeAction{all[w.rng.IntN(len(all))]}
	}
}

// named completes the name of an entry whose sex and first name are set.
func (w *World) named(e *Entry) {
	if e.Sex == election.Woman && w.rng.IntN(3) == 0 {
		e.Given += " " + w.pick(womenNames)
	}
	if e.Sex == election.Man && w.rng.IntN(3) == 0 {
		e.Given += " " + w.pick(menNames)
	}
	e.Surname1, e.Surname2 = w.pick(surnames), w.pick(seconds)
	if w.rng.IntN(12) == 0 {
		e.Nickname = w.pick(nicknames) + " " + e.Given
	}
}

// fill enrols people until the list has about size: first what the whole state
// votes, then ayuntamientos in turns, so that every municipality has a contest.
func (w *World) fill(size int, districts []int, places []Place, year int) {
	for _, n := range w.Nominators {
		if n.Kind != election.Party {
			continue
		}
		if w.coalitionOf(n.Acronym) == "" {
			w.enrol(year, Entry{Office: "gubernatura", Position: 1, Party: n.Acronym}, false)
		}
		for _, d := range districts {
			w.enrol(year, Entry{Office: "diputacion_mr", District: d, Position: 1, Party: n.Acronym}, true)
		}
		for p := 1; p <= 8; p++ {
			w.enrol(year, Entry{Office: "diputacion_rp", Position: p, Party: n.Acronym}, true)
		}
	}
	for _, n := range w.Nominators {
		if n.Kind == election.Coalition {
			w.enrol(year, Entry{Office: "gubernatura", Position: 1, Party: n.Members[0], Coalition: n.Acronym}, false)
		}
	}
	w.independents(year, places)
	for round := 0; len(w.List) < size; round++ {
		if !w.ayuntamientos(size, round, places, year) {
			return
		}
	}
}

// ayuntamientos enrols one planilla for each place, each round of another party.
// It reports whether it enrolled any.
func (w *World) ayuntamientos(size, round int, places []Place, year int) bool {
	all := w.partyAcronyms()
	if round >= len(all) {
		return false
	}
	for i, place := range places {
		if len(w.List) >= size {
			return true
		}
		w.planilla(year, place, all[(i+round)%len(all)], "")
	}
	return true
}

// planilla enrols a whole ayuntamiento: presidencia, sindicatura, regidurías.
func (w *World) planilla(year int, place Place, party, coalition string) {
	w.enrol(year, Entry{Office: "presidencia", Municipal: place.Code, Position: 1, Party: party, Coalition: coalition}, true)
	w.enrol(year, Entry{Office: "sindicatura", Municipal: place.Code, Position: 1, Party: party, Coalition: coalition}, true)
	for p := 1; p <= place.Councillors; p++ {
		w.enrol(year, Entry{Office: "regiduria", Municipal: place.Code, Position: p, Party: party, Coalition: coalition}, true)
	}
}

// independents enrols the planillas without a party.
func (w *World) independents(year int, places []Place) {
	i := 0
	for _, n := range w.Nominators {
		if n.Kind == election.Independent && len(places) > 0 {
			w.planilla(year, places[(i*7+3)%len(places)], "INDEPENDIENTE", n.Acronym)
			i++
		}
	}
}

// enrol adds a propietaria and, with pair, a suplente of the same sex.
func (w *World) enrol(year int, e Entry, pair bool) {
	e.Role = election.Propietaria
	w.person(&e, year)
	w.List = append(w.List, e)
	if !pair {
		return
	}
	s := e
	s.Role, s.Nickname, s.Consecutive, s.Affirmative = election.Suplente, "", false, e.Affirmative
	s.Given = map[election.Sex]string{
		election.Woman: w.pick(womenNames), election.Man: w.pick(menNames), election.NonBinary: w.pick(bothNames),
	}[e.Sex]
	w.named(&s)
	s.Birth = strconv.Itoa(year-19-w.rng.IntN(45)) + e.Birth[4:]
	w.List = append(w.List, s)
}

func (w *World) pick(from []string) string { return from[w.rng.IntN(len(from))] }

func (w *World) partyAcronyms() []string {
	var out []string
	for _, n := range w.Nominators {
		if n.Kind == election.Party {
			out = append(out, n.Acronym)
		}
	}
	return out
}

// coalitionOf returns the coalition in which a party stands for gubernatura.
func (w *World) coalitionOf(acronym string) string {
	for _, n := range w.Nominators {
		for _, m := range n.Members {
			if m == acronym {
				return n.Acronym
			}
		}
	}
	return ""
}
