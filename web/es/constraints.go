package es

// constraints are the messages of the rules that the database keeps, by the
// constraint's name. What is broken here is nearly always a race or a file: the
// forms check the same rule first, with a better place to say it.
var constraints = map[string]string{
	"institution_only_one":          "Ya hay un instituto registrado; edita sus datos en vez de agregar otro.",
	"processes_key_unique":          "Ya existe un proceso con esa clave. Elige otra.",
	"processes_key_form":            "La clave del proceso lleva sólo minúsculas, números y guiones, como «local-2027».",
	"processes_name_unique":         "Ya existe un proceso con ese nombre. Elige otro.",
	"processes_kind":                "El tipo de proceso debe ser elección, consulta o simulacro.",
	"processes_folio_prefix_unique": "Otro proceso ya usa ese prefijo de folio. Elige otro.",
	"processes_capture_days":        "El plazo de captura debe ser de al menos un día.",
	"processes_publish_requires":    "Elige si se publica al validar el partido o al verificar la Unidad de Transparencia.",
	"processes_calendar":            "La captura debe abrir antes de que terminen las campañas.",
	"states_name_unique":            "Esa entidad ya está en el proceso.",
	"districts_number":              "El número de distrito debe ser mayor que cero.",
	"districts_number_unique":       "Ese distrito ya está en el proceso.",
	"municipalities_councillors":    "El número de regidurías no puede ser negativo.",
	"municipalities_code_unique":    "Ya existe un municipio con esa clave en el proceso.",
	"precincts_number":              "El número de sección va del 1 al 9999.",
	"offices_key_form":              "La clave del cargo lleva sólo minúsculas, números y guiones bajos.",
	"offices_ambit":                 "El ámbito del cargo debe ser estado, circunscripción, distrito o municipio.",
	"offices_key_unique":            "Ya existe un cargo con esa clave en el proceso.",
	"nominators_kind":               "El tipo de actor debe ser partido, coalición, candidatura común o independiente.",
	"nominators_acronym_present":    "Escribe las siglas de quien postula.",
	"nominators_name_present":       "Escribe el nombre de quien postula.",
	"nominators_acronym_unique":     "Otro actor del proceso ya usa esas siglas.",
	"nominator_members_not_itself":  "Una coalición no puede integrarse a sí misma.",

	"persons_given_names_present":       "Escribe el nombre de la persona candidata.",
	"persons_sex":                       "El sexo debe ser mujer, hombre o no binario.",
	"persons_age_given":                 "La edad debe estar entre 18 y 120 años.",
	"candidacies_position":              "La posición debe ser un número desde 1.",
	"candidacies_role":                  "La calidad debe ser propietaria o suplente.",
	"candidacies_affirmative_actions":   "Elige acciones afirmativas del catálogo.",
	"candidacies_replaces_once":         "Esa candidatura ya fue sustituida por otra.",
	"candidacies_place_unique":          "Ese lugar de la boleta ya lo ocupa otra candidatura en vigor.",
	"candidacies_registry_folio_unique": "Otra candidatura del proceso ya tiene ese folio.",
	"candidacies_source_key_unique":     "La fuente repite esa candidatura: mismo folio y mismo nombre.",
	"notices_markdown_present":          "Escribe el texto del aviso de privacidad.",
	"notices_version_unique":            "Ya existe esa versión del aviso de privacidad.",

	"accounts_email_unique": "Ya existe una cuenta con ese correo: una persona, una cuenta.",
	"acts_basis_present":    "Escribe el número de acuerdo o de expediente.",
	"acts_two_persons":      "Este acto lo debe confirmar otra persona, no quien lo capturó.",
	"acts_one_pending":      "Esta candidatura ya tiene un acto por confirmar. Confírmalo o deséchalo primero.",

	"processes_review_days":            "El plazo para revisar debe ser de al menos un día.",
	"processes_remedy_days":            "El plazo para atender una observación debe ser de al menos un día.",
	"processes_correction_review_days": "El plazo para revisar una corrección debe ser de al menos un día.",
	"processes_corrections_allowed":    "El número de correcciones por solicitud no puede ser negativo.",
	"reviews_two_persons":              "Nadie decide lo que propuso: lo debe decidir otra persona titular.",
	"reviews_returned_reason":          "Escribe por qué devuelves la propuesta.",
	"reviews_one_pending":              "Esta candidatura ya tiene una propuesta por decidir. Recarga la página.",
	"remarks_causes":                   "Elige supuestos del artículo 18 o reglas de la fotografía.",
	"remarks_observation":              "Una observación lleva al menos un supuesto y qué debe corregirse.",
	"corrections_parts":                "Elige al menos un rubro para corregir.",
	"corrections_one_open":             "Esta candidatura ya tiene una corrección en curso.",

	"credential_deliveries_receiver": "Escribe el nombre de quien recibió los accesos.",
	"credential_deliveries_past":     "La recepción no puede ser posterior a este momento.",
	"processes_score_levels":         "Los niveles de la valoración van de menor a mayor, hasta 100 %.",
	"rubric_variables_name":          "Escribe qué se busca en el texto.",
	"rubric_variables_once":          "El rubro ya tiene una variable en ese lugar.",
	"rubric_levels_name":             "Escribe el nombre del nivel.",
	"rubric_levels_points":           "Los puntos de un nivel no pueden ser negativos.",
}

// Constraint returns the message of the constraint, or "" when it has none: then
// the failure is a defect of the program, not something a person can mend.
func Constraint(name string) string { return constraints[name] }
