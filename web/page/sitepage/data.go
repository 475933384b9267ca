package sitepage

import (
	"conoceles/internal/election"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// DataColumn is a column of a file with what it means.
type DataColumn struct{ Name, Meaning string }

// dictionary pairs each column with its meaning.
func dictionary(columns []DataColumn) []component.SummaryItem {
	out := make([]component.SummaryItem, len(columns))
	for i, c := range columns {
		out[i] = component.SummaryItem{Term: c.Name, Values: []string{c.Meaning}}
	}
	return out
}

func dataMeta(f Frame) layout.Meta {
	return f.titled("Datos abiertos", "Descarga las candidaturas de "+f.Process.Name+" en CSV.", layout.Crumb{Label: "Datos abiertos"})
}

// cut says of when the data is.
func cut(p site.Process) string {
	if p.ChangedAt.IsZero() {
		return "Sin cambios todavía."
	}
	return "Corte: " + es.FullDateTime(p.ChangedAt) + "."
}

// ProcessLine is a process in the list of all of them.
type ProcessLine struct {
	Name string
	Href string
	Note string
	Tag  component.Tag
}

// NewProcessLine says a process in one line. Open tells whether it shows its
// candidacies, closed whether it did and no longer does.
func NewProcessLine(p site.Process, href string, open, closed bool) ProcessLine {
	l := ProcessLine{Name: p.Name, Href: href, Note: es.Label(es.ProcessKind, string(p.Kind))}
	if p.Kind == election.Archive && p.Source != "" {
		l.Note += " · Fuente: " + p.Source
	}
	if !p.Calendar.ElectionDay.IsZero() {
		l.Note += " · Jornada: " + es.Date(p.Calendar.ElectionDay)
	}
	switch {
	case open:
		l.Tag = component.Tag{Text: "En consulta", Tone: component.Plain, Icon: component.IconCheck}
	case closed:
		l.Tag = component.Tag{Text: "Cerrado", Tone: component.Absent, Icon: component.IconLock}
	case !p.Calendar.PublicationStarts.IsZero():
		l.Tag = component.Tag{Text: "Inicia el " + es.Date(p.Calendar.PublicationStarts), Tone: component.Absent, Icon: component.IconEmpty}
	default:
		l.Tag = component.Tag{Text: "Sin fecha", Tone: component.Absent, Icon: component.IconEmpty}
	}
	return l
}

// waitingTitle is what every address of a process says before it opens.
func waitingTitle(p site.Process) string {
	if p.Calendar.PublicationStarts.IsZero() {
		return "La publicación aún no tiene fecha"
	}
	return "La publicación inicia el " + es.Date(p.Calendar.PublicationStarts)
}

// tombstone says why a candidacy is no longer on the ballot.
func tombstone(t site.Tombstone) string {
	when := ", desde el " + date(t.Since) + "."
	switch t.Standing {
	case election.Resigned:
		return "La persona renunció a la candidatura y ya no aparece en la boleta" + when
	case election.Died:
		return "La persona falleció y ya no aparece en la boleta" + when
	case election.Cancelled:
		return "El registro de la candidatura se canceló y ya no aparece en la boleta" + when
	}
	return "La candidatura se sustituyó y ya no aparece en la boleta" + when
}

func goneMeta(f Frame) layout.Meta {
	m := f.titled("Esta candidatura ya no está en la boleta", "", layout.Crumb{Label: "Candidaturas", Href: f.Path("/candidaturas")}, layout.Crumb{Label: "Fuera de la boleta"})
	m.NoIndex = true
	return m
}
