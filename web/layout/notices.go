package layout

import (
	"time"

	"conoceles/web/es"
)

func band(strong, text string) Notice {
	return Notice{Label: "Aviso: " + trimStop(strong), Strong: strong, Text: text}
}

func trimStop(s string) string {
	if n := len(s); n > 0 && s[n-1] == '.' {
		return s[:n-1]
	}
	return s
}

// DemoNotice says that everybody on the page is fictitious.
func DemoNotice() Notice {
	return band(es.Message("banda.demo.fuerte"), es.Message("banda.demo"))
}

// AlarmNotice says to whoever administers what cannot wait.
func AlarmNotice(text string) Notice {
	return band(es.Message("banda.alarma.fuerte"), text)
}

// DrillNotice says that nothing of this server is official.
func DrillNotice() Notice {
	return band(es.Message("banda.simulacro.fuerte"), es.Message("banda.simulacro"))
}

// ProcessNotice says which process the page belongs to, when it is not the one
// in force: an election, historical data ("consulta") or a drill ("simulacro").
func ProcessNotice(name, kind string) Notice {
	text := es.Message("banda.proceso.eleccion")
	switch kind {
	case "consulta":
		text = es.Message("banda.proceso.consulta")
	case "simulacro":
		text = es.Message("banda.proceso.simulacro")
	}
	return band(es.Message("banda.proceso.fuerte", name), text)
}

// BeforePublicationNotice says when candidacies will be public.
func BeforePublicationNotice(starts time.Time) Notice {
	return band(es.Message("banda.antes.fuerte", es.Date(starts)), es.Message("banda.antes"))
}

// CampaignNotice says that campaigns are under way.
func CampaignNotice() Notice {
	return band(es.Message("banda.campana.fuerte"), es.Message("banda.campana"))
}

// ReflectionNotice says that the days before the vote have begun.
func ReflectionNotice() Notice {
	return band(es.Message("banda.reflexion.fuerte"), es.Message("banda.reflexion"))
}

// ClosedNotice says that the process is over.
func ClosedNotice() Notice {
	return band(es.Message("banda.cerrado.fuerte"), es.Message("banda.cerrado"))
}

// PreviewNotice says that the page shows what nobody else can see yet.
func PreviewNotice() Notice {
	return band(es.Message("banda.previa.fuerte"), es.Message("banda.previa"))
}

// CutNotice says that the page is older than it should be.
func CutNotice(at time.Time) Notice {
	return band(es.Message("banda.corte.fuerte", es.Clock(at)), es.Message("banda.corte"))
}

// ReadOnlyNotice says that nothing can be saved for now.
func ReadOnlyNotice() Notice {
	return band(es.Message("banda.solo-lectura.fuerte"), es.Message("banda.solo-lectura"))
}
