package settings

import (
	"time"

	"conoceles/internal/fault"
)

// accessParameters are about who enters and how long data are kept.
var accessParameters = []Sheet{
	{
		Key: "accesos", Title: "Accesos y sesiones", Group: Security, source: process,
		Lead: "Rigen desde la siguiente vez que alguien entra.",
		Fields: []Field{
			{ID: "segundo_factor", Label: "Segundo factor", Hint: "A quién se exige. «Nadie» sólo cabe en una demostración.", Kind: Choice, column: "second_factor", Options: []Option{
				{"instituto", "a las personas del Instituto"}, {"todas", "a todas las personas"}, {"ninguna", "a nadie"},
			}},
			{ID: "vigencia_invitacion_horas", Label: "Vigencia de una invitación, en horas", Kind: Number, Least: 1, Most: 720, column: "invitation_hours"},
			{ID: "confirmacion_minutos", Label: "Minutos que vale confirmar quién eres", Hint: "Antes de un acto delicado.", Kind: Number, Least: 1, Most: 60, column: "step_up_minutes"},
			{ID: "sesiones_simultaneas", Label: "Sesiones simultáneas de una persona", Kind: Number, Least: 1, Most: 100, column: "max_sessions"},
			{ID: "acceso_partidos_dias", Label: "Días de acceso de los partidos después de las campañas", Kind: Number, Most: 365, column: "party_access_days"},
		},
	},
	{
		Key: "conservacion", Title: "Conservación de los datos", Group: Security, source: process, Acuerdo: true,
		Lead:   "Del informe final a la supresión, según el catálogo de disposición documental. Suprimir sigue siendo un acto de dos personas.",
		Fields: []Field{{ID: "meses_conservacion", Label: "Meses de conservación", Kind: Number, Least: 1, Most: 600, column: "retention_months"}},
	},
}

// workParameters are about the work of the Unidad de Transparencia.
var workParameters = []Sheet{
	{
		Key: "niveles", Title: "Niveles de la valoración cualitativa", Group: Work, Head: true, source: process, check: checkLevels,
		Lead: "Desde qué porcentaje de los puntos el nivel es alto o medio; lo demás es bajo.",
		Fields: []Field{
			{ID: "nivel_alto", Label: "Nivel alto, desde el porcentaje", Kind: Number, Least: 2, Most: 100, column: "score_high"},
			{ID: "nivel_medio", Label: "Nivel medio, desde el porcentaje", Kind: Number, Least: 1, Most: 99, column: "score_middle"},
		},
	},
	{
		Key: "rubrica", Title: "Rúbrica de la valoración cualitativa", Group: Work, Head: true, source: rubricSource{}, check: checkRubric,
		Lead: "Una variable por renglón, con sus niveles y puntos: «Dice metas: 0 No, 1 En parte, 2 Sí». Sin niveles vale 0 No, 1 Sí. " +
			"Una variable que cambia es otra: la anterior se retira y conserva los puntos que se le dieron.",
		Fields: rubricFields(),
	},
}

// checkLevels keeps the levels apart.
func checkLevels(_ Subject, v Values, _ time.Time) []fault.Field {
	if v.Int("nivel_medio") < v.Int("nivel_alto") {
		return nil
	}
	return []fault.Field{{ID: "nivel_medio", Message: "El nivel medio debe empezar antes que el alto"}}
}
