package app_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"conoceles/internal/webtest/browser"
)

const (
	inRegistry = "/registro/candidaturas/{folio}"
	inActs     = "/registro/actos/{id}"
	inLists    = "/registro/listas"
)

// registrySamples returns the samples of the registry: of the secretary who
// sends a list and captures an act, and of the other, who would confirm it.
func registrySamples(s *stage, enter func(as string) *browser.Page) map[string]sample {
	there := s.folio("sin_iniciar")
	list, act := sentList(s, enter("secretaria")), capturedAct(s, enter("secretaria"), there)
	acts := each("/registro/candidaturas/"+there+"/acto/", "sustitucion", "renuncia", "correccion", "cambio_siglado", "excepcion")
	all := map[string]sample{
		"/registro":                        {paths: []string{"/registro"}},
		"/registro/candidaturas":           {paths: each("/registro/candidaturas", "", "?q=nadie+se+llama+asi")},
		inRegistry:                         {paths: each("/registro/candidaturas/", there, s.folio("validada"))},
		inRegistry + "/acto/{clase}":       {paths: acts},
		"/registro/actos":                  {paths: []string{"/registro/actos"}},
		inActs:                             {as: "secretaria2", paths: []string{act}},
		inActs + "/documento":              {paths: []string{act + "/documento"}, file: true},
		inLists:                            {paths: []string{inLists}},
		inLists + "/plantilla.csv":         {paths: []string{inLists + "/plantilla.csv"}, file: true},
		inLists + "/plantilla.xlsx":        {paths: []string{inLists + "/plantilla.xlsx"}, file: true},
		inLists + "/ine":                   {paths: []string{inLists + "/ine"}},
		inLists + "/ine.csv":               {paths: []string{inLists + "/ine.csv"}, file: true},
		inLists + "/{archivo}":             {paths: []string{list.RequestURI()}},
		inLists + "/{archivo}/errores.csv": {paths: []string{list.Path + "/errores.csv?" + list.RawQuery}, file: true},
		"/registro/publicacion":            {as: "informatica", paths: []string{"/registro/publicacion"}},
	}
	for pattern, sample := range all {
		if sample.as == "" {
			sample.as = "secretaria"
			all[pattern] = sample
		}
	}
	return all
}

// sentList sends a list with a good row and a bad one, and returns where it is
// reviewed.
func sentList(s *stage, p *browser.Page) *url.URL {
	p.Open(inLists)
	p.Upload("Archivo", file(s, "lista.csv", "CARGO,MUNICIPIO,POSICION,CALIDAD,NOMBRES,APELLIDOS,SEXO,PARTIDO\r\n"+
		"REGIDURÍA,"+s.text(`SELECT name FROM desk.municipalities WHERE by_parties ORDER BY id LIMIT 1`)+",1,PROPIETARIA,Ensayo,Ejemplo Prueba,MUJER,NUEVO\r\n"+
		"REGIDURÍA,Ningún Lugar,1,PROPIETARIA,Boceto,Ejemplo Prueba,HOMBRE,NUEVO\r\n"))
	p.Click("checkbox", "Crear los partidos, coaliciones y candidaturas independientes que no estén en el catálogo")
	p.Click("button", "Revisar la lista")
	p.See("Todavía no se carga nada")
	return address(s, p)
}

// capturedAct captures an act that waits for another person, and returns where
// it is.
func capturedAct(s *stage, p *browser.Page, folio string) string {
	p.Open("/registro/candidaturas/" + folio + "/acto/renuncia")
	p.Type("Acuerdo o expediente", "ACUERDO/DEMO/009")
	p.Type("Fecha del acuerdo o expediente", s.app.Now().Format("02/01/2006"))
	p.Upload("Documento", file(s, "acuerdo.pdf", "%PDF-1.7 acuerdo"))
	p.Click("button", "Revisar el efecto")
	p.Click("button", "Capturar el acto")
	p.See("Falta que otra persona lo confirme")
	return address(s, p).Path
}

// file leaves a file for a browser to send.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// address returns where a page is.
func address(t testing.TB, p *browser.Page) *url.URL {
	t.Helper()
	u, err := url.Parse(p.URL())
	if err != nil {
		t.Fatal(err)
	}
	return u
}
