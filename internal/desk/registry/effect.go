package registry

import (
	"fmt"
	"strings"
	"time"

	"conoceles/internal/election"
	"conoceles/web/es"
)

// effect says, one sentence each, what confirming the act would do now.
func (s *subject) effect(k ActKind, p payload, basisDate time.Time) []string {
	name := s.person().full()
	at := fmt.Sprintf("%s, %s (%s)", s.Office, s.Place, s.Nominator)
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch k {
	case Substitution:
		entering := p.Person.person().full()
		say("Entra %s a %s, %s, con folio propio y sin ninguna respuesta.", entering, at, s.Role)
		say("Su plazo de captura empieza al confirmar y vence el %s.", es.Date(s.deadline()))
		if s.inForce() {
			say("%s sale de la boleta como sustituida.", name)
			out = append(out, s.leaving()...)
		}
		if s.Published {
			say("La dirección de %s dirá que la sustituyó %s.", name, entering)
		}
	case Resignation, Death, Cancellation:
		say("%s sale de la boleta (%s) y su lugar en %s queda vacante.", name, strings.ToLower(k.Title()), at)
		out = append(out, s.leaving()...)
	case Reinstatement:
		say("%s vuelve a la boleta en %s, con lo que había capturado.", name, at)
		if s.Published {
			say("Su perfil vuelve al sitio público al confirmar.")
		}
		say("Su cuenta de captura, si tenía, debe asignarse de nuevo.")
	case Correction:
		out = append(out, s.correctionEffect(p)...)
	case SigladoChange:
		say("%s pasa a ser siglada por %s, que desde entonces captura su cuestionario.", name, s.siglado)
	case Exception:
		return append(out,
			fmt.Sprintf("%s se captura, se corrige y se valida hasta el %s, en el reloj del servidor; a esa hora se cierra.", name, es.FullDateTime(*p.Until)),
			"Ninguna otra candidatura se abre.")
	case Elected:
		say("El perfil y los datos abiertos dirán que %s resultó electa.", name)
	}
	say("Entra en la lista para el INE del %s.", es.Date(s.Now))
	return out
}

// leaving says what happens with the page and the accounts of who leaves.
func (s *subject) leaving() []string {
	var out []string
	if s.Published {
		out = append(out, "Su perfil deja el sitio público al confirmar.")
	}
	if s.Accounts > 0 {
		out = append(out, es.Plural(s.Accounts, "cuenta pierde", "cuentas pierden")+" el acceso a esta candidatura.")
	}
	return out
}

// correctionEffect says each datum before and after.
func (s *subject) correctionEffect(p payload) []string {
	probe := *s.candidacy
	before := s.registration()
	changed := probe.correct(*p.Before, *p.Person)
	after := probe.registration()
	values := map[string][2]string{
		"nombre":               {before.person().full(), after.person().full()},
		"sobrenombre":          {before.Nickname, after.Nickname},
		"sexo":                 {es.Label(es.Sex, before.Sex), es.Label(es.Sex, after.Sex)},
		"fecha de nacimiento":  {dayOf(before.BirthDate), dayOf(after.BirthDate)},
		"correo":               {before.Email, after.Email},
		"teléfono":             {before.Phone, after.Phone},
		"elección consecutiva": {yesNo(before.Consecutive), yesNo(after.Consecutive)},
		"acción afirmativa":    {actionsText(before.Actions), actionsText(after.Actions)},
		"posición":             {fmt.Sprint(before.Position), fmt.Sprint(after.Position)},
	}
	var out []string
	for _, what := range changed {
		v := values[what]
		out = append(out, fmt.Sprintf("Cambia %s: de «%s» a «%s».", what, or(v[0], "sin dato"), or(v[1], "sin dato")))
		if what == "nombre" && s.Published {
			out = append(out, "La dirección pública cambia con el nombre; la anterior lleva a la nueva.")
		}
	}
	return out
}

// deadline is when the capture of somebody who entered now becomes late.
func (s *subject) deadline() time.Time {
	c := election.Calendar{CaptureDays: s.CaptureDays, CampaignsEnd: deref(s.CampaignsEnd)}
	return c.CaptureDeadline(s.Now).Add(-time.Second)
}

func dayOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return es.Date(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, election.Zone()))
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "sí"
	}
	return "no"
}

func actionsText(actions []string) string {
	var labels []string
	for _, a := range actions {
		labels = append(labels, strings.ToLower(es.Label(es.Affirmative, a)))
	}
	return es.List(labels...)
}
