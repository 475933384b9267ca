package es

import "fmt"

// messages are the texts by code. Each says what happened and what to do next,
// never what the machine did. A code that some part of the program uses and is
// not here fails a test.
var messages = map[string]string{
	// Failures that become a page: title, then explanation.
	"fallo.400.titulo":       "No pudimos leer tu solicitud",
	"fallo.400":              "Algo en la dirección o en el formulario no llegó completo. Regresa y vuelve a intentarlo.",
	"fallo.403.titulo":       "No tienes permiso para ver esta página",
	"fallo.403":              "Tu cuenta no incluye esta acción. Si la necesitas, pídela a quien administra las cuentas de tu área o partido.",
	"fallo.404.titulo":       "No encontramos esta página",
	"fallo.404":              "Puede que la dirección tenga un error o que la página ya no exista.",
	"fallo.405.titulo":       "Esta página no admite esa acción",
	"fallo.405":              "Vuelve a la página anterior y usa los botones que aparecen en ella.",
	"fallo.409.titulo":       "Alguien guardó cambios antes que tú",
	"fallo.409":              "Lo que intentas guardar partió de una versión anterior. Abre de nuevo la página, revisa los cambios y vuelve a guardar.",
	"fallo.410.titulo":       "Esta página se retiró",
	"fallo.410":              "Lo que había aquí dejó de ser público y no volverá a publicarse en esta dirección.",
	"fallo.413.titulo":       "El archivo o texto excede el tamaño permitido",
	"fallo.413":              "No se guardó lo que enviaste; lo que ya estaba guardado sigue igual. Reduce el archivo o el texto y vuelve a intentarlo.",
	"fallo.415.titulo":       "No podemos leer este tipo de contenido",
	"fallo.415":              "Envía la información desde el formulario de la página.",
	"fallo.422.titulo":       "Hay datos por corregir",
	"fallo.422":              "Regresa, corrige lo que se indica y vuelve a guardar.",
	"fallo.429.titulo":       "Demasiadas solicitudes en poco tiempo",
	"fallo.429":              "Espera %s y vuelve a intentarlo. Así el sitio alcanza para todas las personas.",
	"fallo.500.titulo":       "Tuvimos un problema",
	"fallo.500":              "No es tu culpa y lo que ya estaba guardado no se perdió. Vuelve a intentarlo en unos minutos; si sigue igual, escríbenos con esta referencia.",
	"fallo.503.titulo":       "El servicio no está disponible por el momento",
	"fallo.503":              "Vuelve a intentarlo en %s. Lo que ya estaba guardado no se perdió.",
	"fallo.tuyo.titulo":      "Lo que escribiste sigue aquí",
	"fallo.tuyo":             "No pudimos confirmar si se guardó. No cierres esta página: espera un momento y vuelve a enviarlo. Si ya se había guardado, no se duplicará.",
	"fallo.tuyo.cerrado":     "No se guardó. No cierres esta página: cuando el servicio vuelva, envíalo otra vez desde aquí.",
	"fallo.tuyo.archivo":     "No pudimos confirmar si se guardó. Copia tu texto antes de volver al formulario, y elige otra vez el archivo.",
	"fallo.tuyo.texto":       "Tu texto",
	"fallo.tuyo.enviar":      "Volver a enviar",
	"fallo.tuyo.volver":      "Volver al formulario",
	"fallo.origen.titulo":    "No pudimos comprobar de dónde viene esta solicitud",
	"fallo.origen":           "Por seguridad, los formularios sólo se envían desde este mismo sitio. Vuelve a abrir la página y guarda otra vez.",
	"fallo.referencia":       "Referencia: %s",
	"fallo.referencia.pista": "Menciónala si nos escribes: con ella encontramos qué pasó.",

	// Forms.
	"formulario.caracteres": "El texto contiene caracteres no válidos. Vuelve a escribirlo o pégalo como texto sin formato.",

	// Bands above the header.
	"banda.demo.fuerte":         "Demostración.",
	"banda.demo":                "Todas las personas, partidos y cifras son ficticios.",
	"banda.proceso.fuerte":      "%s.",
	"banda.proceso.eleccion":    "Consultas un proceso distinto del vigente.",
	"banda.proceso.consulta":    "Consultas datos históricos.",
	"banda.alarma.fuerte":       "Alarma.",
	"banda.simulacro.fuerte":    "Simulacro.",
	"banda.simulacro":           "Todo lo que ves es ficticio y nada es oficial.",
	"banda.proceso.simulacro":   "Es un simulacro: nada de lo que ves es oficial.",
	"banda.antes.fuerte":        "La publicación inicia el %s.",
	"banda.antes":               "Hasta entonces este sitio no muestra candidaturas.",
	"banda.campana.fuerte":      "Campañas en curso.",
	"banda.campana":             "Las fichas se actualizan conforme se validan.",
	"banda.reflexion.fuerte":    "Periodo de reflexión.",
	"banda.reflexion":           "La información sigue disponible para consulta; no constituye propaganda electoral.",
	"banda.cerrado.fuerte":      "El proceso concluyó.",
	"banda.cerrado":             "Las fichas se conservan para consulta.",
	"banda.previa.fuerte":       "Vista previa: aún no es pública.",
	"banda.previa":              "Así se verá cuando se publique.",
	"banda.corte.fuerte":        "Información al corte de las %s h.",
	"banda.corte":               "Estamos trabajando para actualizarla. Mientras tanto no se muestran respuestas de identidad y algunas páginas pueden no abrir.",
	"banda.solo-lectura.fuerte": "Captura en pausa.",
	"banda.solo-lectura":        "Puedes consultar, pero por ahora no se guardan cambios.",
}

// Message returns the text of the code, with its arguments in place. An unknown
// code returns a text that is true of any failure: whoever reads it must not pay
// for our omission.
func Message(code string, args ...any) string {
	text, ok := messages[code]
	if !ok {
		return "No pudimos completar la acción. Vuelve a intentarlo."
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// HasMessage reports whether the code has a text of its own.
func HasMessage(code string) bool {
	_, ok := messages[code]
	return ok
}
