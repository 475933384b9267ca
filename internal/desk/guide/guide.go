// Package guide has the guides of /ayuda/guias: what each person who works with
// the system does, step by step and in plain words, and the manual of whoever
// runs the machine.
//
// A guide is a Markdown text beside this file, written for one role. Three things
// in it are checked against the program, so that it cannot drift:
//
//   - a link leads to a screen that its role may open. A screen whose address has
//     a parameter, as /captura/{folio}/validar, is written as a link too, and drawn
//     without one: nobody can open it without choosing a candidacy;
//   - what is between «» is written on some screen;
//   - [[a name]] is a term: a length or a time that the code or the schema knows
//     (terms.go).
//
// [[acceso]] and [[fallas]] are the parts that every guide shares. Nothing here
// asks the database: a guide is there when the rest is not.
package guide

import (
	"embed"
	"regexp"
	"strings"
)

// Home is the address of the list of guides.
const Home = "/ayuda/guias"

// Guide is one guide.
type Guide struct {
	Key   string // of its address and of its file
	Title string
	For   string // whom it is for, in a sentence
	Role  string // the role whose screens it names; none if it is for everybody
}

// Everybody is the key of the guide of what all of them must know.
const Everybody = "comun"

// guides are all of them, in the order in which they are listed. That of a role
// is the first with it.
var guides = []Guide{
	{Everybody, "Lo que conviene saber antes de empezar", "Para todas las personas que capturan, revisan o consultan.", ""},
	{"captura", "Guía de captura del partido", "Para quien captura los cuestionarios de las candidaturas de un partido.", "operador"},
	{"validacion", "Guía de validación del partido", "Para la persona responsable de validar por un partido.", "validador"},
	{"candidatura", "Guía de la persona candidata", "Para quien tiene cuenta propia: candidaturas de partido e independientes.", "candidata"},
	{"analisis", "Guía de análisis de Transparencia", "Para quien revisa en la Unidad de Transparencia.", "verificador"},
	{"titular", "Guía de la titularidad de Transparencia", "Para la persona titular de la Unidad de Transparencia.", "titular"},
	{"secretaria", "Guía de la Secretaría Ejecutiva", "Para quien lleva el registro de candidaturas y remite los entregables.", "secretaria"},
	{"informatica", "Guía de la unidad de informática", "Para quien administra personas, parámetros y liberaciones.", "administracion"},
	{"consulta", "Guía de consulta", "Para la Comisión, el Consejo y quien audita.", "auditoria"},
	{"operacion", "Manual de operación", "Para quien instala, vigila, respalda y recupera el sistema.", "administracion"},
}

// All returns every guide, in order.
func All() []Guide { return guides }

// Find returns the guide of a key.
func Find(key string) (g Guide, ok bool) {
	for _, g := range guides {
		if g.Key == key {
			return g, true
		}
	}
	return Guide{}, false
}

// For returns the guide of a role; that of everybody, of a role without one.
func For(role string) Guide {
	for _, g := range guides {
		if g.Role == role {
			return g
		}
	}
	return guides[0]
}

// Path returns the address of the guide.
func (g Guide) Path() string { return Home + "/" + g.Key }

// Text returns the guide in Markdown, as it is drawn.
func (g Guide) Text() string { return draw(g.source()) }

// Topics returns the topics of the trainings and the guides that teach each, in
// Markdown.
func Topics() string { return draw(read("temario")) }

//go:embed texts/*.md
var texts embed.FS

// read returns a text; one that is not there was never written, and panics.
func read(name string) string {
	b, err := texts.ReadFile("texts/" + name + ".md")
	if err != nil {
		panic(err)
	}
	return string(b)
}

// source is the guide with its shared parts in place, and its terms by name.
func (g Guide) source() string {
	return strings.NewReplacer("[[acceso]]", read("acceso"), "[[fallas]]", read("fallas")).Replace(read(g.Key))
}

// link is a link to a screen: its words and its address.
var link = regexp.MustCompile(`\[([^\]\[]+)\]\((/[^)]*)\)`)

// draw says the terms, and leaves as words the screens that no link can open.
func draw(source string) string {
	source = named.ReplaceAllStringFunc(source, func(name string) string { return terms[strings.Trim(name, "[]")].said })
	return link.ReplaceAllStringFunc(source, func(l string) string {
		if m := link.FindStringSubmatch(l); strings.Contains(m[2], "{") {
			return "**" + m[1] + "**"
		}
		return l
	})
}
