package component

import (
	"math"
	"strconv"
	"strings"

	"conoceles/web/es"
)

// Icon is one of the small drawings that go with a word, never instead of it.
type Icon int

// The icons.
const (
	NoIcon Icon = iota
	IconCheck
	IconHalf
	IconEmpty
	IconWarning
	IconLock
	IconSend
	IconCross
	IconSearch
)

// Tone is how a tag looks; the word says the same without it.
type Tone string

// The tones.
const (
	Plain     Tone = ""
	Solid     Tone = "tag--lleno"
	Good      Tone = "tag--ok"
	Attention Tone = "tag--aten"
	Bad       Tone = "tag--mal"
	Absent    Tone = "tag--nada"
)

// Tag is a state: icon and word.
type Tag struct {
	Text string
	Tone Tone
	Icon Icon
}

type looks struct {
	tone Tone
	icon Icon
}

// states says how each value of each axis looks; its word is es.Label's.
var states = map[es.Axis]map[string]looks{
	es.Capture: {
		"sin_iniciar": {Absent, IconEmpty}, "en_captura": {Plain, IconHalf}, "completa": {Plain, IconSend},
		"validada": {Solid, IconCheck}, "en_correccion": {Attention, IconHalf},
	},
	es.Review: {"pendiente": {Absent, IconEmpty}, "verificada": {Good, IconCheck}, "observada": {Attention, IconWarning}},
	es.Standing: {
		"aprobada": {Plain, IconCheck}, "renuncia": {Absent, IconCross}, "fallecimiento": {Absent, IconCross},
		"cancelada": {Absent, IconCross}, "sustituida": {Absent, IconCross},
	},
	es.Publication: {"publicada": {Solid, IconCheck}, "sin_publicar": {Absent, IconEmpty}},
	es.Identity:    {"completo": {Plain, IconCheck}, "incompleto": {Absent, IconEmpty}},
	es.Section: {
		"sin_iniciar": {Absent, IconEmpty}, "en_captura": {Plain, IconHalf}, "completa": {Plain, IconCheck},
		"por_corregir": {Bad, IconWarning}, "no_disponible": {Absent, IconLock}, "disponible": {Plain, IconCheck},
	},
	es.Authorisation: {
		"sin_decidir": {Absent, IconEmpty}, "si": {Plain, IconCheck}, "no": {Plain, IconCross}, "retirada": {Absent, IconCross},
	},
	es.Document: {
		"pendiente": {Absent, IconEmpty}, "en_verificacion": {Plain, IconHalf},
		"verificado": {Good, IconCheck}, "rechazado": {Bad, IconWarning},
	},
	es.Rubro: {"en_pausa": {Attention, IconWarning}, "por_aprobar": {Plain, IconHalf}},
}

// State returns the tag of a value, in the same words everywhere.
func State(axis es.Axis, value string) Tag {
	spelled := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(value))
	l := states[axis][spelled]
	return Tag{Text: es.Label(axis, value), Tone: l.tone, Icon: l.icon}
}

// ProgressBar is how much of something is done: a bar and, unless Silent, the
// figure beside it. Silent is for a figure that is already written above.
type ProgressBar struct {
	Done, Total int
	Silent      bool
}

func (p ProgressBar) width() string { return width(p.Done, p.Total) }

// width returns part of total in hundredths with one decimal, for an attribute.
func width(part, total int) string {
	if total <= 0 {
		return "0"
	}
	return hundredths(100 * float64(part) / float64(total))
}

func hundredths(x float64) string {
	if math.IsNaN(x) {
		x = 0
	}
	x = math.Round(min(max(x, 0), 100)*10) / 10
	return strconv.FormatFloat(x, 'f', -1, 64)
}
