package registry

import (
	"slices"

	"conoceles/internal/election"
)

// readNominator finds who nominates, or adds it when the request says so.
func (l *listReader) readNominator(c cellReader, r *listRow) {
	party, coalition := c.short("PARTIDO"), c.short(coalitionColumn)
	switch {
	case party == "":
		c.reject("PARTIDO", "falta; escribe las siglas o INDEPENDIENTE")
	case isIndependent(party):
		r.seat.nominator = l.independent(c, r, coalition)
	case coalition == "" || sameWords(coalition, party):
		r.seat.nominator = l.find(c, "PARTIDO", party, election.Party)
	default:
		r.siglado = l.find(c, "PARTIDO", party, election.Party)
		r.seat.nominator = l.find(c, coalitionColumn, coalition, coalitionKind(coalition))
		if r.siglado != nil && r.seat.nominator != nil {
			l.checkMember(c, r)
		}
	}
}

// find returns the nominator that text names.
func (l *listReader) find(c cellReader, column, text string, kind election.NominatorKind) *nominator {
	n := l.contest.nominator(text)
	switch {
	case n != nil && column == coalitionColumn && (n.kind == election.Party || n.kind == election.Independent):
		c.reject(column, "«%s» no es una coalición ni una candidatura común", text)
		return nil
	case n != nil:
		return n
	case !l.options.CreateNominators:
		c.reject(column, "«%s» no está entre quienes postulan en este proceso; agrégalo al catálogo o acepta crear los que falten", text)
		return nil
	}
	n = l.contest.addNominator(kind, text)
	for _, part := range memberNames(text) {
		if m := l.contest.nominator(part); m != nil && m.kind == election.Party && kind != election.Party {
			n.join(m)
		}
	}
	c.warn(column, "se creará «%s», por verificar", text)
	return n
}

// checkMember makes sure that the siglado party belongs to the coalition.
func (l *listReader) checkMember(c cellReader, r *listRow) {
	coalition, party := r.seat.nominator, r.siglado
	switch {
	case party.kind != election.Party:
		c.reject("PARTIDO", "«%s» no es un partido; escribe el que sigla la candidatura", party.acronym)
	case slices.Contains(coalition.members, party):
	case l.options.CreateNominators:
		coalition.join(party)
	default:
		c.reject("PARTIDO", "«%s» no integra «%s»", party.acronym, coalition.name)
	}
}

// independent returns the planilla of an independent: the one that the
// coalition column names, else the one of the place.
func (l *listReader) independent(c cellReader, r *listRow, name string) *nominator {
	if name == "" {
		name = "Independiente " + r.place
	}
	n := l.contest.nominator(name)
	switch {
	case n != nil && n.kind != election.Independent:
		c.reject(coalitionColumn, "«%s» no es una candidatura independiente", name)
		return nil
	case n != nil:
		return n
	case !l.options.CreateNominators:
		c.reject("PARTIDO", "la candidatura independiente «%s» no está en el catálogo; agrégala o acepta crear las que falten", name)
		return nil
	}
	c.warn("PARTIDO", "se creará «%s», por verificar", name)
	return l.contest.addNominator(election.Independent, name)
}
