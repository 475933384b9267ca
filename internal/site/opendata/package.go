package opendata

import (
	"strconv"

	"conoceles/internal/site"
	"conoceles/web/es"
)

// Package is a Frictionless Data Package (datapackage.json): what the files of a
// process are, for programs.
type Package struct {
	Profile     string     `json:"profile"`
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Homepage    string     `json:"homepage"`
	Version     string     `json:"version"` // grows with every change of the process
	Created     string     `json:"created"` // the cut
	Keywords    []string   `json:"keywords"`
	Licenses    []License  `json:"licenses"`
	Sources     []Source   `json:"sources"`
	Resources   []Resource `json:"resources"`
}

// License is under which terms the files are used.
type License struct {
	Title string `json:"title"`
	Path  string `json:"path"`
}

// Source is who published the data.
type Source struct {
	Title string `json:"title"`
	Email string `json:"email,omitempty"`
}

// Resource is a file.
type Resource struct {
	Profile     string   `json:"profile"`
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Path        string   `json:"path"`
	Format      string   `json:"format"`
	Mediatype   string   `json:"mediatype"`
	Encoding    string   `json:"encoding,omitempty"`
	Bytes       int64    `json:"bytes,omitempty"`
	Hash        string   `json:"hash,omitempty"`
	Dialect     *Dialect `json:"dialect,omitempty"`
	Schema      *Schema  `json:"schema,omitempty"`
}

// Dialect is how the CSV is written.
type Dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
	DoubleQuote    bool   `json:"doubleQuote"`
	Header         bool   `json:"header"`
}

// Schema is the columns of a table.
type Schema struct {
	Fields        []Field  `json:"fields"`
	MissingValues []string `json:"missingValues"`
}

// Field is a column. Every one is text: «No proporcionó» may be in any.
type Field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Description string       `json:"description"`
	Constraints *Constraints `json:"constraints,omitempty"`
}

// Constraints are the limits of a column that every cell keeps.
type Constraints struct {
	Required bool `json:"required,omitempty"`
	Unique   bool `json:"unique,omitempty"`
}

// Names of the files.
const (
	CSVName      = "candidaturas.csv"
	JSONName     = "candidaturas.json"
	WorkbookName = "candidaturas.xlsx"
	IdentityName = "identidad.csv"
)

// Describe returns the package of a process. home is the address of its page of
// open data, csv and json are the files as they are now. Neither the workbook nor
// the identity file has a hash: who downloads them gets what may be shown then.
func Describe(e Export, home string, csv, json *File) Package {
	p := e.Process
	out := Package{
		Profile: "data-package", Name: "candidaturas-" + site.Slug(p.Key), Title: "Candidaturas. " + p.Name,
		Description: "Candidaturas registradas y vigentes, con lo que cada una publicó en «Candidatas y Candidatos, Conóceles».",
		Homepage:    home, Created: es.ISODateTime(e.Cut), Version: version(p.Epoch),
		Keywords: []string{"candidaturas", "elecciones", "Conóceles"},
		Licenses: []License{{p.LicenseName, p.LicenseURL}},
		Sources:  []Source{{e.Catalog.Institution.Name, e.Catalog.Institution.Email}},
	}
	if p.Source != "" {
		out.Sources = append(out.Sources, Source{Title: p.Source})
	}
	rows := &Schema{Fields: fields(Dictionary(e.Catalog.Curricular)), MissingValues: []string{NotProvided, NotApplies}}
	dialect := &Dialect{",", "\r\n", true, true}
	out.Resources = []Resource{
		{
			Profile: "tabular-data-resource", Name: "candidaturas", Title: "Candidaturas", Path: home + "/" + CSVName, Format: "csv", Mediatype: "text/csv",
			Description: "Un renglón por candidatura, en el orden de la boleta. Las celdas que una hoja de cálculo tomaría por fórmula llevan un apóstrofo al inicio.",
			Encoding:    "utf-8", Bytes: csv.Size, Hash: "sha256:" + csv.SHA256, Dialect: dialect, Schema: rows,
		},
		{
			Profile: "data-resource", Name: "candidaturas-json", Title: "Candidaturas (JSON)", Path: home + "/" + JSONName, Format: "json",
			Mediatype: "application/json", Description: "Los mismos renglones, un objeto por candidatura.",
			Encoding: "utf-8", Bytes: json.Size, Hash: "sha256:" + json.SHA256, Schema: rows,
		},
		{
			Profile: "data-resource", Name: "candidaturas-xlsx", Title: "Candidaturas (libro de Excel)", Path: home + "/" + WorkbookName, Format: "xlsx",
			Mediatype: WorkbookType, Description: "Los mismos renglones y, donde lo hay, el cuestionario de identidad en la segunda hoja.",
		},
	}
	if p.AsksIdentity() && !e.WithoutIdentity {
		entries := Dictionary(e.Catalog.Curricular)[:identified]
		for i := range entries {
			entries[i].Name = IdentityHeader(e.Catalog.Identity)[i]
		}
		out.Resources = append(out.Resources, Resource{
			Profile: "tabular-data-resource", Name: "identidad", Title: "Cuestionario de identidad: respuestas públicas", Path: home + "/" + IdentityName,
			Format: "csv", Mediatype: "text/csv", Encoding: "utf-8", Dialect: dialect,
			Description: "Un renglón por candidatura. Se lee al descargarlo: si alguien retira su autorización, la siguiente descarga ya no tiene sus respuestas. Vuelve a descargarlo con frecuencia.",
			Schema:      &Schema{Fields: fields(append(entries, IdentityDictionary(e.Catalog.Identity)...)), MissingValues: []string{NotAvailable}},
		})
	}
	return out
}

// WorkbookType is the media type of a workbook.
const WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func fields(entries []Entry) []Field {
	out := make([]Field, len(entries))
	for i, e := range entries {
		out[i] = Field{Name: e.Name, Type: "string", Description: e.Meaning}
		if e.Name == "URL_PERFIL" {
			out[i].Constraints = &Constraints{Required: true, Unique: true}
		}
	}
	return out
}

// version is the number of the last change, as a version.
func version(epoch int64) string { return "1.0." + strconv.FormatInt(epoch, 10) }
