// Package dossier writes the file of the system: the documentary evidence of the
// four stages that article 8 of the Lineamientos demands (análisis, diseño,
// construcción, pruebas) and the documents that the Consejo approves.
//
// What a person wrote of a document is a text of texts/, beside this code, in
// which a line «[[name]]» is the place of a table; the table is made from the
// program itself, so that the document cannot say what the program no longer is:
//
//	acceptance scripts ──┐
//	questionnaires       │
//	table of routes      ├─> tables ─┐
//	live catalogue       │           ├─> Document ─┬─> page and file in HTML
//	configuration, build │  texts ───┘             └─> PDF
//	evidence of runs ────┘
//
// A text or a list that names a script, a screen or a table that is not there is
// an error: no document is made.
package dossier

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
)

// Title is what a document is called, and what asks for it.
type Title struct {
	Key   string // of its address and its files
	Name  string
	Basis string
}

var titles = []Title{
	{"analisis", "Análisis", "Lineamientos, art. 8: análisis"},
	{"diseno", "Diseño", "Lineamientos, art. 8: diseño"},
	{"proceso-tecnico-operativo", "Proceso técnico operativo", "Lineamientos, arts. 1 y 11; actividad 11.6"},
	{"formato-de-base-de-datos", "Formato de base de datos", "Lineamientos, art. 11; actividad 11.11"},
	{"construccion", "Construcción", "Lineamientos, art. 8: construcción"},
	{"pruebas", "Pruebas", "Lineamientos, art. 8: pruebas"},
	{"control-de-cambios", "Control de cambios", "Lineamientos, art. 11, entregables 10, 11 y 12"},
	{"documento-de-seguridad", "Documento de seguridad", "Ley de protección de datos personales en posesión de sujetos obligados"},
}

// Titles lists the documents, in order.
func Titles() []Title { return slices.Clone(titles) }

// Source is what of the program the documents are made from.
type Source struct {
	Version   string
	Scripts   fs.FS // the acceptance scripts
	Routes    func() []serve.Route
	Variables []config.Variable
	Evidence  string // the directory of the figures of runs; "" for none
}

// Store makes documents. It is safe for concurrent use.
type Store struct {
	desk   *db.Desk
	source Source
}

// New returns a Store over the desk's pool.
func New(desk *db.Desk, source Source) *Store { return &Store{desk, source} }

// Document is one of the documents, as it is today.
type Document struct {
	Title
	Number  int // from 1
	At      time.Time
	Version string
	Head    Head
	Blocks  []Block
}

// Head is who answers for a document.
type Head struct {
	Institution, Address, Unit, Process string
}

// Block is a piece of a document: one of its fields is set.
type Block struct {
	Heading string
	Sub     bool // of Heading: of the second order
	Text    string
	Items   []string
	Table   *Table
}

// Table is a table of words. Widths are what each column takes, in any unit.
type Table struct {
	Caption string
	Widths  []float64
	Head    []string
	Rows    [][]string
}

// Read returns a document for whoever administers or audits.
func (s *Store) Read(ctx context.Context, a auth.Overseer, key string) (Document, error) {
	return s.document(ctx, a.Person().Process, key)
}

// ReadAll returns every document for whoever administers or audits.
func (s *Store) ReadAll(ctx context.Context, a auth.Overseer) ([]Document, error) {
	return s.all(ctx, a.Person().Process)
}

// All returns every document of a process that its key names, for a command.
func (s *Store) All(ctx context.Context, process string) ([]Document, error) {
	var id int64
	if err := s.desk.QueryRow(ctx, `SELECT id FROM desk.processes WHERE key = $1`, process).Scan(&id); err != nil {
		return nil, fault.Wrap(fault.NotFound, "No hay un proceso con la clave «"+process+"».", err)
	}
	return s.all(ctx, id)
}

func (s *Store) all(ctx context.Context, process int64) ([]Document, error) {
	var out []Document
	for _, t := range titles {
		d, err := s.document(ctx, process, t.Key)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", t.Key, err)
		}
		out = append(out, d)
	}
	return out, nil
}

//go:embed texts/*.txt
var texts embed.FS

func (s *Store) document(ctx context.Context, process int64, key string) (Document, error) {
	n := slices.IndexFunc(titles, func(t Title) bool { return t.Key == key })
	if n < 0 {
		return Document{}, fault.New(fault.NotFound, "")
	}
	text, err := texts.ReadFile("texts/" + key + ".txt")
	if err != nil {
		return Document{}, err
	}
	d := Document{Title: titles[n], Number: n + 1, At: s.desk.Now(), Version: s.source.Version}
	const q = `
SELECT COALESCE(i.name, ''), COALESCE(i.address, ''), COALESCE(i.it_area, ''), p.name
FROM desk.processes p LEFT JOIN desk.institution i ON true WHERE p.id = $1`
	if err := s.desk.QueryRow(ctx, q, process).Scan(&d.Head.Institution, &d.Head.Address, &d.Head.Unit, &d.Head.Process); err != nil {
		return Document{}, db.Fault(err)
	}
	d.Blocks, err = s.blocks(ctx, process, string(text))
	return d, err
}

// blocks reads a text: «# » and «## » begin headings, «- » items, «[[name]]» is a
// table, and an empty line ends a paragraph.
func (s *Store) blocks(ctx context.Context, process int64, text string) ([]Block, error) {
	var out []Block
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		paragraph = strings.TrimSpace(paragraph)
		switch {
		case strings.HasPrefix(paragraph, "[["):
			name := strings.Trim(paragraph, "[]")
			make, ok := tables[name]
			if !ok {
				return nil, fmt.Errorf("a text asks for the table %q, and there is none", name)
			}
			made, err := make(s, ctx, process)
			if err != nil {
				return nil, fmt.Errorf("table %s: %w", name, err)
			}
			out = append(out, made...)
		case strings.HasPrefix(paragraph, "## "):
			out = append(out, Block{Heading: paragraph[3:], Sub: true})
		case strings.HasPrefix(paragraph, "# "):
			out = append(out, Block{Heading: paragraph[2:]})
		case strings.HasPrefix(paragraph, "- "):
			var items []string
			for item := range strings.SplitSeq(paragraph, "\n- ") {
				items = append(items, joined(strings.TrimPrefix(item, "- ")))
			}
			out = append(out, Block{Items: items})
		default:
			out = append(out, Block{Text: joined(paragraph)})
		}
	}
	return out, nil
}

// joined is a paragraph whose lines were cut to be read in a file.
func joined(text string) string { return strings.Join(strings.Fields(text), " ") }

// tables are what a text may ask for.
var tables = map[string]func(*Store, context.Context, int64) ([]Block, error){
	"deberes":       (*Store).duties,
	"guiones":       (*Store).scripts,
	"informacion":   (*Store).information,
	"niveles":       (*Store).levels,
	"rutas":         (*Store).routes,
	"modelo":        (*Store).model,
	"formato":       (*Store).format,
	"etapas":        (*Store).stages,
	"cuestionarios": (*Store).questionnaires,
	"modulos":       (*Store).modules,
	"configuracion": (*Store).variables,
	"cifras":        (*Store).figures,
	"versiones":     (*Store).releases,
	"cambios":       (*Store).changes,
	"amenazas":      (*Store).threats,
	"asvs":          (*Store).requirements,
}

// one is a table as blocks.
func one(t Table) ([]Block, error) { return []Block{{Table: &t}}, nil }

// build is what the binary says of how it was made.
func build() *debug.BuildInfo {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return &debug.BuildInfo{}
	}
	return info
}
