package sitepage

import (
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// OpenData is what the page of open data shows.
type OpenData struct {
	Files           []DataFile
	Changes         []site.Change // the newest
	WithoutIdentity bool          // the page is of a copy of the site
}

// DataFile is a file with its hash, or without it when it could not be made yet.
type DataFile struct {
	Name   string
	Bytes  int64
	SHA256 string
}

// DataDictionary is what every column means.
type DataDictionary struct {
	Columns  []DataColumn
	Identity []DataColumn
	Tables   []site.TableComment
}

// DataColumn is a column of a file with what it means and the questions that fill it.
type DataColumn struct {
	Name, Meaning string
	Answers       []DataAnswer
}

// DataAnswer is a question as the dictionary describes it.
type DataAnswer struct {
	ID        questionnaire.ID
	Label     string
	Kind      questionnaire.Kind
	Rules     string
	Options   []string
	Mandatory bool
	Basis     string
}

// kindWords say what sort of thing answers a question.
var kindWords = map[questionnaire.Kind]string{
	questionnaire.ShortText: "texto de un renglón", questionnaire.LongText: "texto", questionnaire.Choice: "una opción", questionnaire.Choices: "varias opciones",
	questionnaire.YesNoPrefer: "sí, no o prefiero no contestar", questionnaire.Country: "país", questionnaire.Email: "correo electrónico",
	questionnaire.Phone: "teléfono de diez dígitos", questionnaire.Link: "dirección web", questionnaire.NamedLink: "red y dirección web",
	questionnaire.Postal: "código postal", questionnaire.Address: "domicilio", questionnaire.Photo: "fotografía", questionnaire.List: "lista de textos",
}

// words say a column: its meaning, and how its questions are answered.
func (c DataColumn) words() []string {
	out := []string{c.Meaning}
	for _, a := range c.Answers {
		text := "Pregunta " + string(a.ID)
		if len(c.Answers) == 1 && a.Label != "" && !strings.Contains(c.Name, a.Label) {
			text += " («" + a.Label + "»)"
		}
		text += ": " + kindWords[a.Kind]
		if a.Rules != "" {
			text += ", " + a.Rules
		}
		if a.Mandatory {
			text += "; obligatoria"
		}
		text += "."
		if len(a.Options) > 0 && a.Kind != questionnaire.YesNoPrefer {
			text += " Opciones: " + strings.Join(a.Options, "; ") + "."
		}
		if a.Basis != "" {
			text += " Fundamento: " + strings.TrimSuffix(a.Basis, ".") + "."
		}
		out = append(out, text)
	}
	return out
}

// dictionary pairs each column with its meaning.
func dictionary(columns []DataColumn) []component.SummaryItem {
	out := make([]component.SummaryItem, len(columns))
	for i, c := range columns {
		out[i] = component.SummaryItem{Term: c.Name, Values: c.words()}
	}
	return out
}

// tableWords pairs each column of a table with its legal term.
func tableWords(t site.TableComment) []component.SummaryItem {
	out := make([]component.SummaryItem, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = component.SummaryItem{Term: c.Name, Values: []string{c.Meaning + " (" + c.Type + ")."}}
	}
	return out
}

// fileNotes say what each file has.
var fileNotes = map[string]string{
	"candidaturas.csv":  "CSV en UTF-8, separado por comas. Para abrirlo sin riesgo en una hoja de cálculo, las celdas que empezarían una fórmula llevan un apóstrofo al inicio.",
	"candidaturas.json": "JSON en UTF-8: un objeto por candidatura, con los mismos nombres de columna.",
}

// download names a file with its format and size: "candidaturas.csv (1.2 MB)".
func (d DataFile) download() string {
	if d.SHA256 == "" {
		return "Descargar " + d.Name
	}
	return "Descargar " + d.Name + " (" + es.Size(int(d.Bytes)) + ")"
}

// events are the newest changes.
func (f Frame) events(changes []site.Change) []component.Event {
	out := make([]component.Event, len(changes))
	for i, c := range changes {
		out[i] = component.Event{When: es.DateTime(c.At), Datetime: es.ISODateTime(c.At), Text: changeWords(c)}
	}
	return out
}

// changeWords say a change in a line.
func changeWords(c site.Change) string {
	name := c.Name
	if name == "" {
		name = "una candidatura que ya no es pública"
	}
	switch c.Kind {
	case site.ChangePublished:
		return "Se publicó " + name + "."
	case site.ChangeEdited:
		return "Cambió " + name + "."
	case site.ChangeWithdrawn:
		return "Se retiró " + name + "."
	}
	return "Cambiaron los datos del proceso."
}

func dataMeta(f Frame) layout.Meta {
	return f.titled("Datos abiertos", "Descarga las candidaturas de "+f.Process.Name+" en CSV, Excel y JSON, o consúltalas con la API.", layout.Crumb{Label: "Datos abiertos"})
}

// dataCrumb is the way back to the page of open data.
func (f Frame) dataCrumb() layout.Crumb {
	return layout.Crumb{Label: "Datos abiertos", Href: f.Path("/datos")}
}

func dictionaryMeta(f Frame) layout.Meta {
	return f.titled("Diccionario de datos", "Qué significa cada columna de los datos abiertos de "+f.Process.Name+".", f.dataCrumb(), layout.Crumb{Label: "Diccionario"})
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

// TombstoneText says why a candidacy is no longer on the ballot and who took its
// place.
func TombstoneText(t site.Tombstone) string {
	text := tombstone(t)
	if t.SuccessorName != "" {
		text += " Ocupa su lugar " + t.SuccessorName + "."
	}
	return text
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

// changesSince is the day from which the page shows how to ask for changes.
func changesSince(f Frame) string {
	if f.Process.PublishedAt.IsZero() {
		return es.ISODate(f.Process.CreatedAt)
	}
	return es.ISODate(f.Process.PublishedAt)
}
