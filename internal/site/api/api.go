// Package api is what programs read of the site (/api/v1): the same candidacies,
// ballots, catalogues and counts as the pages, as JSON with Spanish names.
//
// It holds the documents and how they are made from what package site reads; the
// routes are in sitehttp. The description of the API for programs (OpenAPI 3.1)
// is OpenAPI, and a test validates every answer against it, so a field cannot be
// added here and forgotten there.
//
// Everything is named as in the addresses of the site: a candidacy by its slug, an
// office, a district or a nominator by the word that filters the list. These names
// last: a slug is never used again for somebody else.
//
// Of identity a document says what the ficha says, and only where the caller read
// it for the same request.
package api

import (
	_ "embed"
	"net/url"
	"strconv"
	"strings"

	"conoceles/internal/site"
	"conoceles/web/es"
)

// openAPI is the description, with a placeholder for where the API lives.
//
//go:embed openapi.json
var openAPI string

// placeholder stands in openAPI for the address of the API.
const placeholder = "https://ejemplo.invalid/api/v1"

// OpenAPI returns the description of an API that lives at an address.
func OpenAPI(address string) []byte { return []byte(strings.ReplaceAll(openAPI, placeholder, address)) }

// Site is what a document needs to know of where it is read.
type Site struct {
	Process site.Process
	Catalog *site.Catalog
	Origin  string // of the site: "https://…"
	Home    string // path of the process in pages: "/procesos/{clave}"
	API     string // address of the API: "https://…/api/v1"
}

// page is the address of a page of the process.
func (s Site) page(path string) string { return s.Origin + s.Home + path }

// Candidacy is a candidacy among others. What it does not have is null.
type Candidacy struct {
	ID           string   `json:"id"`
	Number       int64    `json:"numero"`
	URL          string   `json:"url"`
	Self         string   `json:"api"`
	Folio        string   `json:"folio"`
	Name         string   `json:"nombre"`
	Nickname     *string  `json:"sobrenombre"`
	Sex          string   `json:"sexo"`
	Age          *int     `json:"edad"`
	Office       string   `json:"cargo"`
	State        *string  `json:"entidad"`
	District     *string  `json:"distrito"`
	Municipality *string  `json:"municipio"`
	Position     int      `json:"posicion"`
	Role         string   `json:"calidad"`
	Nominator    string   `json:"actor"`
	Siglado      *string  `json:"siglado"`
	Actions      []string `json:"acciones_afirmativas"`
	Elected      bool     `json:"electa"`
	Record       string   `json:"estado"`
	Degree       *string  `json:"grado_estudios"`
	Photo        *string  `json:"foto"`
}

// Candidacy describes a card.
func (s Site) Candidacy(k site.Card) Candidacy {
	c := s.Catalog
	out := Candidacy{
		ID: k.Slug, Number: k.ID, URL: s.page("/candidaturas/" + url.PathEscape(k.Slug)), Self: s.API + "/candidaturas/" + url.PathEscape(k.Slug),
		Folio: k.Folio, Name: k.Name, Nickname: some(k.Nickname), Sex: string(k.Sex), Office: c.Office(k.OfficeID).Key,
		State: some(c.StateOf(k)), District: some(c.District(k.DistrictID).Key), Municipality: some(c.Municipality(k.MunicipalityID).Key),
		Position: k.Position, Role: string(k.Role), Nominator: c.Nominator(k.NominatorID).Slug, Siglado: some(c.Nominator(k.SigladoID).Slug),
		Actions: []string{}, Elected: k.Elected, Record: string(k.State), Degree: some(k.Degree),
	}
	if k.Age != 0 {
		out.Age = &k.Age
	}
	for _, a := range k.AffirmativeActions {
		out.Actions = append(out.Actions, string(a))
	}
	if k.PhotoLarge != "" {
		photo := s.Origin + "/fotos/" + k.PhotoLarge + ".jpg"
		out.Photo = &photo
	}
	return out
}

// Page is a page of candidacies.
type Page struct {
	Process     string      `json:"proceso"`
	Cut         *string     `json:"corte"`
	Total       int         `json:"total"`
	Published   int         `json:"publicadas"`
	Unpublished int         `json:"sin_publicar"`
	Number      int         `json:"pagina"`
	Pages       int         `json:"paginas"`
	Size        int         `json:"por_pagina"`
	Previous    *string     `json:"anterior"`
	Next        *string     `json:"siguiente"`
	Candidacies []Candidacy `json:"candidaturas"`
}

// Page describes a page of the results of a search.
func (s Site) Page(q site.Query, r site.Results) Page {
	out := Page{
		Process: s.Process.Key, Cut: s.cut(), Total: r.Total, Published: r.Published, Unpublished: r.Unpublished,
		Number: r.Page, Pages: r.Pages, Size: site.PageSize, Candidacies: make([]Candidacy, len(r.Cards)),
	}
	for i, k := range r.Cards {
		out.Candidacies[i] = s.Candidacy(k)
	}
	address := func(page int) *string {
		q.Page = page
		to := s.API + "/candidaturas"
		if v := q.Values().Encode(); v != "" {
			to += "?" + v
		}
		return &to
	}
	if r.Page > 1 {
		out.Previous = address(r.Page - 1)
	}
	if r.Page < r.Pages {
		out.Next = address(r.Page + 1)
	}
	return out
}

// cut is the instant of the data.
func (s Site) cut() *string {
	if s.Process.ChangedAt.IsZero() {
		return nil
	}
	return some(es.ISODateTime(s.Process.ChangedAt))
}

// some is a text, or null for none.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// precinctText says the number of a sección as the credential has it: four digits.
func precinctText(n int) string {
	text := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 4-len(text))) + text
}
