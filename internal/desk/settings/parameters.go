package settings

import (
	"time"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// processColumns are the parameters that are columns of the process.
const processColumns = `
  election_day, age_reference, capture_opens_at, campaigns_end_at, capture_days, review_days, remedy_days, correction_review_days,
  corrections_allowed, change_report_days, questionnaire_report_days, publish_requires, data_license, data_license_url,
  identity_public, stat_min_residual, stat_min_population, stat_rounding, stat_min_range, consent_email, second_factor,
  invitation_hours, step_up_minutes, max_sessions, party_access_days, retention_months, score_high, score_middle`

var process = row{
	readSQL: `SELECT '', to_jsonb(p) FROM (SELECT` + processColumns + ` FROM desk.processes WHERE id = $1 AND $2 = '') p`,
	writeSQL: `
UPDATE desk.processes p SET (` + processColumns + `) = (SELECT` + processColumns + ` FROM jsonb_populate_record(p, $3)) WHERE id = $1 AND $2 = ''`,
}

var institution = row{
	readSQL: `SELECT '', to_jsonb(i) FROM desk.institution i WHERE $1::bigint > 0 AND $2 = ''`,
	writeSQL: `
UPDATE desk.institution i SET (name, acronym, place, address, email, it_area) =
  (SELECT name, acronym, place, address, email, it_area FROM jsonb_populate_record(i, $3)) WHERE $1::bigint > 0 AND $2 = ''`,
}

// parameters are those of the calendar and of what the public sees.
var parameters = []Sheet{
	{
		Key: "fechas", Title: "Fechas del proceso", Group: Calendar, Reach: Public, Report: Modification, source: process, check: checkDates,
		Lead: "Deciden cuándo se captura, cuándo se cierra y cuándo deja de mostrarse la identidad.",
		Fields: []Field{
			{ID: "captura_abre", Label: "Inicio de la captura", Kind: Instant, Blank: true, column: "capture_opens_at"},
			{ID: "fin_campanas", Label: "Fin de campañas", Hint: "A esa hora se cierran la captura y las correcciones.", Kind: Instant, Blank: true, column: "campaigns_end_at"},
			{ID: "jornada", Label: "Jornada electoral", Hint: "Al terminar ese día la identidad deja el sitio.", Kind: Day, Blank: true, column: "election_day"},
			{ID: "fecha_edad", Label: "Fecha en que se calcula la edad", Kind: Day, Blank: true, column: "age_reference"},
		},
	},
	{
		Key: "plazos", Title: "Plazos", Group: Calendar, Report: Modification, source: process,
		Lead: "En días naturales. Los plazos que ya corren se cuentan de nuevo; lo que se marcó como extemporáneo no cambia.",
		Fields: []Field{
			days("plazo_captura_dias", "Plazo de captura", "Desde que se reciben los accesos o se aprueba la candidatura, lo que ocurra después.", 120, "capture_days"),
			days("plazo_revisar_dias", "Plazo para revisar lo validado", "De la Unidad de Transparencia, desde la validación.", 60, "review_days"),
			days("plazo_subsanar_dias", "Plazo para atender una observación", "De quien captura, desde que se aprueba la observación.", 60, "remedy_days"),
			days("plazo_revisar_correccion_dias", "Plazo para revisar una corrección", "De la Unidad de Transparencia, desde que se envía la corrección.", 60, "correction_review_days"),
			{
				ID: "correcciones_por_solicitud", Label: "Correcciones que puede solicitar cada candidatura", Kind: Number, Most: 20,
				Hint: "Cuántas puede pedir quien valida, sin contar las que causa una observación.", column: "corrections_allowed",
			},
			days("plazo_informar_cambio_dias", "Plazo para informar al INE una modificación", "De un entregable: artículo 11 de los Lineamientos.", 60, "change_report_days"),
			days("plazo_informar_cuestionario_dias", "Plazo para informar al INE un cambio de los cuestionarios", "", 60, "questionnaire_report_days"),
		},
	},
	{
		Key: "publicacion", Title: "Regla de publicación", Group: Publicity, Reach: Public, Report: Modification, source: process,
		Lead: "Qué hace falta para que un cuestionario curricular se muestre, y con qué licencia se usan los datos abiertos.",
		Fields: []Field{
			{ID: "publicar_requiere", Label: "Se publica", Kind: Choice, column: "publish_requires", Options: []Option{
				{"validacion_pp", "al validarlo el partido o la candidatura independiente"}, {"verificacion_ut", "al verificarlo la Unidad de Transparencia"},
			}},
			{ID: "licencia", Label: "Licencia de los datos abiertos", Kind: Line, column: "data_license"},
			{ID: "licencia_direccion", Label: "Dirección del texto de la licencia", Kind: Link, Most: 300, column: "data_license_url"},
		},
	},
	{
		Key: "identidad", Title: "Preguntas de identidad que son públicas", Group: Publicity, Reach: Public, Report: Questionnaire, Head: true, source: identitySource{process}, effect: identityEffect,
		Lead:   "De quien dio su consentimiento se muestran sólo respuestas afirmativas a estas preguntas. Quitar una la quita del sitio en ese instante.",
		Fields: []Field{{ID: "identidad_publica", Label: "Preguntas públicas", Kind: Choices, Blank: true, Options: identityQuestions(), column: "identity_public"}},
	},
	{
		Key: "cifras", Title: "Estadística pública de identidad", Group: Publicity, Reach: Public, source: process,
		Lead: "Debajo de estos mínimos una cifra no se publica, para que nadie pueda saber lo que otra persona respondió.",
		Fields: []Field{
			{ID: "minimo_residuo", Label: "Mínimo de personas sin distintivo público en una cifra", Kind: Number, Least: 3, Most: 1000, column: "stat_min_residual"},
			{ID: "minimo_poblacion", Label: "Mínimo de personas sin distintivo público en la población", Kind: Number, Least: 3, Most: 10000, column: "stat_min_population"},
			{ID: "redondeo", Label: "Base de redondeo", Kind: Number, Least: 5, Most: 100, column: "stat_rounding"},
			{ID: "minimo_amplitud", Label: "Mínimo de valores posibles de una cifra", Kind: Number, Least: 5, Most: 100, column: "stat_min_range"},
		},
	},
	{
		Key: "instituto", Title: "Datos del Instituto", Group: Publicity, Reach: Public, source: institution,
		Lead: "Aparecen en el encabezado del sitio, en los documentos y en los avisos de privacidad que se aprueben después.",
		Fields: []Field{
			{ID: "nombre", Label: "Nombre", Kind: Line, column: "name"},
			{ID: "siglas", Label: "Siglas", Kind: Line, Most: 30, column: "acronym"},
			{ID: "entidad", Label: "Entidad", Kind: Line, Most: 80, column: "place"},
			{ID: "domicilio", Label: "Domicilio", Kind: Line, Most: 300, Blank: true, column: "address"},
			{ID: "correo", Label: "Correo de la Unidad de Transparencia", Kind: Email, Blank: true, column: "email"},
			{ID: "area_informatica", Label: "Nombre del área de informática", Kind: Line, column: "it_area"},
		},
	},
	{
		Key: "correo_formatos", Title: "Correo que recibe los formatos", Group: Publicity, Reach: Public, source: process,
		Lead:   "A él envían las candidaturas independientes su formato de consentimiento firmado.",
		Fields: []Field{{ID: "correo_consentimientos", Label: "Correo", Kind: Email, Blank: true, column: "consent_email"}},
	},
	{
		Key: "avisos", Title: "Avisos de privacidad", Group: Publicity, Reach: Public, Report: Modification, Again: true, Head: true, source: noticeSource{}, effect: noticeEffect,
		Lead: "Pone en vigor los textos de este programa, con los datos del Instituto, tal como los aprobó el Comité de Transparencia.",
		Fields: []Field{{
			ID: "vuelve_a_preguntar", Label: "Cambian las finalidades", Kind: YesNo,
			Hint: "Si cambian, las decisiones que se tomaron caducan y cada persona decide de nuevo.",
		}},
	},
}

func days(id, label, hint string, most int, column string) Field {
	return Field{ID: id, Label: label, Hint: hint, Kind: Number, Least: 1, Most: most, column: column}
}

func identityQuestions() []Option {
	var out []Option
	for _, part := range questionnaire.Identity().Parts() {
		for _, q := range part.Questions {
			out = append(out, Option{string(q.ID), q.Label})
		}
	}
	return out
}

// checkDates keeps the calendar in order: nothing is captured after campaigns end,
// and campaigns end before election day does.
func checkDates(_ Subject, v Values, _ time.Time) []fault.Field {
	opens, closes, day := v.Time("captura_abre"), v.Time("fin_campanas"), v.Time("jornada")
	var out []fault.Field
	if !opens.IsZero() && !closes.IsZero() && !opens.Before(closes) {
		out = append(out, fault.Field{ID: "captura_abre", Message: "La captura debe abrir antes de que terminen las campañas"})
	}
	if !closes.IsZero() && !day.IsZero() && !closes.In(election.Zone()).Before(day) {
		out = append(out, fault.Field{ID: "fin_campanas", Message: "Las campañas deben terminar antes del día de la jornada"})
	}
	return out
}
