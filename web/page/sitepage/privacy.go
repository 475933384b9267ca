package sitepage

import (
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// noticeTitles name the notices as the law does.
var noticeTitles = map[string]string{
	site.NoticeIntegral:   "Aviso de privacidad integral",
	site.NoticeSimplified: "Aviso de privacidad simplificado",
}

// noticeKinds is the order in which they are offered.
var noticeKinds = []string{site.NoticeSimplified, site.NoticeIntegral}

var privacyCrumb = layout.Crumb{Label: "Avisos de privacidad", Href: "/privacidad"}

func (f Frame) privacyMeta() layout.Meta {
	return f.titled("Avisos de privacidad", "Cómo se tratan los datos personales en este sistema y qué pasa cuando sólo lo visitas.", privacyCrumb)
}

func (f Frame) noticeMeta(n site.Notice) layout.Meta {
	title := noticeTitles[n.Kind]
	return f.titled(title, title+" del sistema «Candidatas y Candidatos, Conóceles».",
		layout.Crumb{Label: privacyCrumb.Label, Href: f.Path(privacyCrumb.Href)}, layout.Crumb{Label: title})
}

// approval says which version a notice is and who approved it.
func approval(n site.Notice) string {
	return "Versión " + es.Int(n.Version) + ", aprobada el " + date(n.ApprovedOn) + " por el Comité de Transparencia mediante el acuerdo " + n.Acuerdo + "."
}

// versions is the history of a notice, newest first.
func versions(all []site.Notice) []component.Event {
	var out []component.Event
	for i, n := range all {
		text := "Versión " + es.Int(n.Version) + ". Acuerdo " + n.Acuerdo + "."
		if i == 0 {
			text = "Versión " + es.Int(n.Version) + ", vigente. Acuerdo " + n.Acuerdo + "."
		}
		out = append(out, component.Event{When: date(n.ApprovedOn), Datetime: es.ISODate(n.ApprovedOn), Text: text})
	}
	return out
}

// noticeSummary is what a notice is for, in one sentence.
func noticeSummary(kind string) string {
	if kind == site.NoticeSimplified {
		return "Lo esencial en una página: quién trata los datos, para qué y cómo decir que no."
	}
	return "El texto completo: qué datos, con qué fundamento, a quién se transfieren, cuánto se conservan y cómo ejercer tus derechos."
}
