package guide

import (
	"regexp"
	"strconv"
	"time"

	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/desk/consent"
)

// term is a length or a time that a guide says.
type term struct {
	said string
	// column is the parameter of a process that decides it, whose default is what
	// is said. A guide adds that the institute may have changed it. None if code
	// decides.
	column string
}

// named is a term in a text, by its name.
var named = regexp.MustCompile(`\[\[[a-z_]+\]\]`)

var terms = map[string]term{
	"contrasena":            {said: strconv.Itoa(auth.ShortestAlone) + " caracteres"},
	"contrasena_con_factor": {said: strconv.Itoa(auth.ShortestWithFactor) + " caracteres"},
	"recuperar":             {said: minutes(account.RecoveryLife)},
	"inactividad":           {said: minutes(auth.IdleLimit)},
	"inactividad_instituto": {said: minutes(auth.IdleOf(auth.Admin{}))},
	"foto":                  {said: megabytes(portrait.MaxBytes)},
	"documento":             {said: megabytes(consent.MaxDocument)},

	"invitacion":           {"72 horas", "invitation_hours"},
	"confirmacion":         {"5 minutos", "step_up_minutes"},
	"sesiones":             {"2 sesiones", "max_sessions"},
	"acceso_partidos":      {"3 días", "party_access_days"},
	"plazo_captura":        {"15 días naturales", "capture_days"},
	"plazo_revisar":        {"3 días naturales", "review_days"},
	"plazo_subsanar":       {"3 días naturales", "remedy_days"},
	"plazo_correccion":     {"2 días naturales", "correction_review_days"},
	"plazo_requerimiento":  {"3 días naturales", "notice_days"},
	"plazo_modificacion":   {"5 días", "change_report_days"},
	"plazo_cuestionario":   {"3 días", "questionnaire_report_days"},
	"plazo_arco_prevenir":  {"5 días hábiles", "arco_prevent_days"},
	"plazo_arco_responder": {"20 días hábiles", "arco_answer_days"},
	"plazo_arco_efectivo":  {"15 días hábiles", "arco_effect_days"},
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Minutes())) + " minutos" }

func megabytes(n int) string { return strconv.Itoa(n>>20) + " MB" }
