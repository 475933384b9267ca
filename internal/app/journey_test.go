package app_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http/httptest"
	"strings"
	"testing"

	"conoceles/internal/webtest/browser"
)

// TestFromAnApprovedListToAPublicProfile is the main job, whole, in a browser:
// the Secretaría Ejecutiva loads a list, a party's operator captures one
// questionnaire, its validator validates it, and a citizen finds it by sección
// and by name and reads it.
func TestFromAnApprovedListToAPublicProfile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	who := &people{t: t, base: server.URL, pages: map[string]*browser.Page{}}
	const person = "Amapola Itzel Boceto De la O"
	place := s.text(`
SELECT m.name FROM desk.municipalities m WHERE m.by_parties
  AND NOT EXISTS (SELECT 1 FROM desk.candidacies c WHERE c.municipality_id = m.id AND c.nominator_id IN (SELECT id FROM desk.nominators WHERE acronym = 'RAIZ'))
ORDER BY m.id LIMIT 1`)

	t.Log("The Secretaría Ejecutiva loads the list, after reading what it would do.")
	p := who.as("secretaria")
	p.Open("/registro/listas")
	p.Upload("Archivo", file(t, "lista.csv", "CARGO,MUNICIPIO,POSICION,CALIDAD,NOMBRES,APELLIDOS,SEXO,FECHA_NACIMIENTO,PARTIDO\r\n"+
		"PRESIDENCIA MUNICIPAL,"+place+",1,PROPIETARIA,Amapola Itzel,Boceto De la O,MUJER,1985-03-14,RAIZ\r\n"))
	p.Type("Acuerdo que aprobó la lista", "ACUERDO/DEMO/010")
	p.Type("Fecha del acuerdo", s.app.Now().Format("02/01/2006"))
	p.Click("button", "Revisar la lista")
	p.See("Todavía no se carga nada")
	p.See(person)
	p.Click("button", "Cargar la lista")
	p.See("1 candidatura")
	folio := s.text(`SELECT c.folio FROM desk.candidacies c JOIN desk.persons x ON x.id = c.person_id WHERE x.given_names = 'Amapola Itzel'`)

	t.Log("It is already on the ballot, and says that nobody captured it.")
	citizen := browser.New(t).Page()
	citizen.WithoutScripts()
	citizen.Open(server.URL + "/candidaturas?q=boceto+de+la+o+amapola")
	citizen.Click("link", person)
	citizen.See("El partido no la ha capturado")

	t.Log("The operator captures one questionnaire.")
	p = who.as("operador")
	p.Open("/captura/" + folio)
	p.See("no tiene efectos respecto a la determinación sobre el registro de las personas candidatas")
	p.Open("/captura/" + folio + "/foto")
	p.Upload("Elige la fotografía", file(t, "retrato.jpg", portraitJPEG(t)))
	p.Click("button", "Subir la fotografía")
	write := func(page, label, text string) {
		t.Helper()
		p.Open("/captura/" + folio + "/curricular/" + page)
		p.Type(label, text)
		p.Click("button", "Guardar y continuar")
	}
	p.Open("/captura/" + folio + "/curricular/contacto")
	p.Type("Página web", "https://www.ejemplo.mx/amapola")
	p.Click("button", "Guardar y continuar")
	p.Open("/captura/" + folio + "/curricular/formacion")
	p.Click("radio", "Licenciatura")
	p.Click("radio", "Título")
	p.Click("button", "Guardar y continuar")
	long := func(first string) string {
		return first + strings.Repeat(" Este texto es de prueba y tiene los caracteres que pide el cuestionario.", 5)
	}
	write("historia", "Historia profesional y/o laboral", long("Trabajé veinte años en una imprenta imaginaria."))
	write("trayectoria", "Trayectoria política y/o participación social en organizaciones ciudadanas o de la sociedad civil", long("Fundé un comité ficticio."))
	write("motivo", "¿Por qué quiere ocupar un cargo público?", long("Porque las cuentas deben estar a la vista."))
	p.Open("/captura/" + folio + "/curricular/propuestas")
	p.Type("Propuesta 1", long("Abrir una biblioteca de ejemplo."))
	p.Type("Propuesta 2", long("Publicar cada gasto."))
	p.Click("button", "Guardar y continuar")
	p.Open("/captura/" + folio)
	p.See("9 de 9")

	t.Log("The validator reads it as the public will, declares, and validates.")
	p = who.as("validador")
	p.Open("/captura/" + folio + "/vista-previa")
	p.See("Abrir una biblioteca de ejemplo.")
	p.Open("/captura/" + folio + "/validar")
	p.Click("checkbox", declaration)
	p.Click("button", "Continuar a confirmar")
	p.See("será pública")
	p.Click("button", "Validar y hacer pública")
	p.See(folio + "-V1")

	t.Log("A citizen finds it by sección and by name, without scripts, and reads it.")
	section := s.text(`SELECT p.number::text FROM desk.precincts p JOIN desk.municipalities m ON m.id = p.municipality_id WHERE m.name = $1 ORDER BY p.number LIMIT 1`, place)
	citizen.Open(server.URL + "/")
	citizen.Type("Sección electoral", section)
	citizen.Click("button", "Ver mis candidaturas")
	citizen.See(person)
	citizen.Open(server.URL + "/candidaturas?q=AMAPOLA+de+la+o")
	citizen.Click("link", person)
	citizen.See("Abrir una biblioteca de ejemplo.")
	citizen.See("No constituye propaganda electoral")
	if len(citizen.Cookies()) != 0 {
		t.Error("the public site left a cookie")
	}
	if d, err := s.app.Publisher.Verify(t.Context(), s.app.Desk); err != nil || len(d) != 0 {
		t.Errorf("after the journey, the site differs: %v %v", d, err)
	}
}

// portraitJPEG draws something large enough to be a photograph.
func portraitJPEG(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 900, 1100))
	for y := range 1100 {
		for x := range 900 {
			img.Set(x, y, color.RGBA{uint8(x / 4), uint8(y / 5), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
