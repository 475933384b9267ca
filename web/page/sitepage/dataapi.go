package sitepage

import "conoceles/web/layout"

// endpoint is an address of the API with what it gives.
type endpoint struct {
	Path, Gives string
	Example     string // of an address, below the API
}

var endpoints = []endpoint{
	{"/candidaturas", "Las candidaturas, con los mismos filtros que la lista del sitio (q, cargo, distrito, municipio, actor, sexo, edad, grado, accion, estado, orden) y en páginas de 24. «siguiente» dice la dirección de la página que sigue.", "/candidaturas?cargo=gubernatura&estado=publicado"},
	{"/candidaturas/{id}", "Una candidatura con cada respuesta y su estado. El id es el de la dirección de su ficha.", ""},
	{"/boletas/{seccion}", "Todo lo que vota quien vota en una sección, por papeleta, quien postula y fórmula.", "/boletas/0148"},
	{"/catalogos", "Cargos, distritos, municipios, quienes postulan, opciones de los filtros y preguntas.", "/catalogos"},
	{"/estadisticas", "Las cifras de la página de estadísticas. Las de identidad no están: se cuentan en el momento y tienen su propio archivo.", "/estadisticas"},
}

// SandboxCase is a sección of the demonstration made to try a program against.
type SandboxCase struct {
	Precinct int
	What     string // Spanish: what its ballot has that others may not
}

// Sandbox lists the fictitious secciones of the demonstration, one for each case
// that a program should try. internal/demo makes them.
var Sandbox = []SandboxCase{
	{9901, "Todas las papeletas, con candidaturas publicadas."},
	{9902, "Un municipio que elige por sistemas normativos: no hay papeleta de ayuntamiento."},
	{9903, "Un municipio que vota en varios distritos: la sección dice cuál le toca."},
	{9904, "Una candidatura que el partido no ha capturado (estado no_capturada)."},
	{9905, "Una candidatura independiente que no proporcionó información (estado no_respondio)."},
	{9906, "Una respuesta en pausa (estado en_revision)."},
	{9907, "Una persona que fue sustituida: su id responde 410 y dice quién ocupa su lugar."},
	{9908, "Una persona que renunció sin que nadie ocupe su lugar: su fórmula tiene sólo suplente."},
	{9909, "Una fórmula con sólo propietaria: la de la gubernatura."},
	{9910, "Una coalición, cuya candidatura se sigla a uno de sus partidos."},
	{9911, "Un apellido con partículas o con apóstrofo."},
	{9912, "Textos con renglones, emojis, comillas y signos que parecen código o fórmula."},
	{9913, "Un cuestionario con sólo lo obligatorio: sin cursos, redes ni casa de campaña."},
}

// exampleAnswer is what a candidacy looks like, shortened.
const exampleAnswer = `{
  "id": "ana-ejemplo-ruiz",
  "nombre": "Ana Ejemplo Ruiz",
  "cargo": "presidencia",
  "municipio": "99001",
  "actor": "horizonte",
  "estado": "publicada",
  "respuestas": {
    "propuesta_1": { "estado": "publicada", "respuesta": "Agua todos los días…" },
    "propuesta_2": { "estado": "en_revision" }
  }
}`

func apiMeta(f Frame) layout.Meta {
	return f.titled("API", "Cómo leer las candidaturas de "+f.Process.Name+" desde un programa.", f.dataCrumb(), layout.Crumb{Label: "API"})
}

// apiAddress is the address of something of the API.
func (f Frame) apiAddress(path string) string { return f.Origin + f.Path("/api/v1"+path) }
