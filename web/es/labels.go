package es

// Axis is a family of states or values with words of their own (ux.md 5.1).
// The same value may read differently on two axes: "completa" is a section that
// is done, and a record that still waits for its validation.
type Axis string

// The axes. Their values are those of the database.
const (
	Capture       Axis = "captura"
	Review        Axis = "revision"
	Standing      Axis = "vigencia"
	Publication   Axis = "publicacion"
	Identity      Axis = "identidad"
	Section       Axis = "seccion"
	Authorisation Axis = "autorizacion"
	Document      Axis = "documento"
	Rubro         Axis = "rubro"
	Sex           Axis = "sexo"
	Affirmative   Axis = "accion_afirmativa"
	NominatorKind Axis = "actor"
	ProcessKind   Axis = "proceso"
)

var labels = map[Axis]map[string]string{
	Capture: {
		"sin_iniciar": "Sin iniciar", "en_captura": "En captura", "completa": "Completa, falta validar",
		"validada": "Validada", "en_correccion": "En corrección",
	},
	Review: {"pendiente": "Pendiente", "verificada": "Verificada", "observada": "Observada"},
	Standing: {
		"aprobada": "Aprobada", "renuncia": "Renuncia", "fallecimiento": "Fallecimiento",
		"cancelada": "Cancelada", "sustituida": "Sustituida",
	},
	Publication: {"publicada": "Publicada", "sin_publicar": "Sin publicar"},
	Identity:    {"completo": "Completo", "incompleto": "Incompleto"},
	Section: {
		"sin_iniciar": "Sin iniciar", "en_captura": "En captura", "completa": "Completa",
		"por_corregir": "Por corregir", "no_disponible": "No disponible aún", "disponible": "Disponible",
	},
	Authorisation: {"sin_decidir": "Sin decidir", "si": "Sí", "no": "No", "retirada": "Retirada"},
	Document: {
		"pendiente": "Pendiente", "en_verificacion": "En verificación",
		"verificado": "Verificado", "rechazado": "Rechazado",
	},
	Rubro: {"en_pausa": "En pausa por observación", "por_aprobar": "Corrección por aprobar"},
	Sex:   {"mujer": "Mujer", "hombre": "Hombre", "no_binario": "No binario"},
	Affirmative: {
		"indigena": "Persona indígena", "discapacidad": "Persona con discapacidad",
		"afromexicana": "Persona afromexicana", "lgbttiq": "Persona de la diversidad sexual y de género",
		"joven": "Persona joven", "mayor": "Persona mayor", "migrante": "Persona migrante",
	},
	NominatorKind: {
		"partido": "Partido político", "coalicion": "Coalición",
		"candidatura_comun": "Candidatura común", "independiente": "Candidatura independiente",
	},
	ProcessKind: {"eleccion": "Elección", "consulta": "Consulta histórica", "simulacro": "Simulacro"},
}

// Label returns the word for a value of the axis, or the value itself when it
// has none. Spelling is forgiven: "en captura" and "en_captura" are one.
func Label(axis Axis, value string) string {
	if text, ok := labels[axis][key(value)]; ok {
		return text
	}
	return value
}

// Values returns how many values the axis has words for, by value.
func Values(axis Axis) map[string]string {
	out := make(map[string]string, len(labels[axis]))
	for value, text := range labels[axis] {
		out[value] = text
	}
	return out
}
