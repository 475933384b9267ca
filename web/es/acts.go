package es

import "strings"

// actGroups name the family of an act of the bitácora: what its kind says before
// the dot.
var actGroups = map[string]string{
	"acto": "Registro", "agenda": "Agenda", "arco": "Derechos ARCO", "aviso": "Aviso de privacidad", "bitacora": "Bitácora", "cambios": "Cambios",
	"canarios": "Prueba", "captura": "Captura", "carta": "Cartas", "catalogo": "Catálogos", "consentimiento": "Consentimientos",
	"conservacion": "Conservación", "cuenta": "Cuentas", "demostracion": "Demostración", "identidad": "Identidad", "inhabiles": "Días inhábiles",
	"ine": "Datos del INE", "informe": "Informes", "lista": "Listas", "llaves": "Llaves", "modo": "Modo del sitio", "parametro": "Parámetros",
	"parametros": "Parámetros", "proceso": "Proceso", "publicacion": "Publicación", "registro": "Registros de la Unidad",
	"requerimiento": "Requerimientos", "respaldo": "Respaldos", "retiros": "Retiros", "revision": "Revisión", "secciones": "Secciones",
	"sesion": "Sesiones", "vista": "Vistas",
}

// Act says the kind of an act of the bitácora in words: «captura.validar» is
// «Captura: validar». A family without words here is said as it is.
func Act(kind string) string {
	family, verb, found := strings.Cut(kind, ".")
	if name, ok := actGroups[family]; ok {
		family = name
	}
	if !found || verb == "" {
		return family
	}
	return family + ": " + strings.ReplaceAll(verb, "_", " ")
}
