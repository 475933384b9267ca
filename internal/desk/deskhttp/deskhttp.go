// Package deskhttp is the desk over HTTP: one file per screen group, each a
// small set of handlers with a Mount that lists its routes.
//
// A handler names its actor as a parameter (get and post supply it), returns an
// error instead of writing one, and draws a page of web/page/deskpage inside the
// Face of whoever asks. It never sees the public pool nor an identity answer.
package deskhttp

import (
	"context"
	"net/http"
	"strings"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/docket"
	"conoceles/internal/desk/guide"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/layout"
	"conoceles/web/page/deskpage"
)

// Face is what every page of the desk has around it, and what its handlers share.
type Face struct {
	Sessions *auth.Sessions
	// Site says who publishes, for the header and the footer.
	Site func(context.Context) layout.Site
	Now  func() time.Time
	// ReadOnly says that nothing can be saved for now; nil that everything can.
	ReadOnly func(context.Context) bool
	// Alarms says what whoever administers must look at; nil that nothing.
	Alarms func(context.Context) []string
	// Unmailed says that no mail server sends anything: a demonstration then
	// shows its e-mails on a page.
	Unmailed bool
}

// Bare returns the frame of a page for somebody who has not entered. It asks
// nothing of the database: it also frames failures.
func (f *Face) Bare(r *http.Request) (layout.Meta, layout.Area) {
	return layout.Meta{Site: f.Site(r.Context()), NoIndex: true, Help: layout.PrivateHelp()},
		layout.Area{Name: "Acceso", Home: "/entrar"}
}

// page returns the frame of a page with this title for an actor: their area,
// their menu, the message left for them.
func (f *Face) page(r *http.Request, a auth.Actor, title string, crumbs ...layout.Crumb) frame {
	m, area := f.Bare(r)
	m.Title, m.Crumbs = title, crumbs
	p := placeOf(a)
	who := a.Person()
	area.Name, area.Home = p.area, p.home
	area.Person = p.title + ": " + who.Name
	area.SignOut = "/salir"
	area.IdleSeconds = int(auth.IdleOf(a) / time.Second)
	area.KeepAlive = "/cuenta/sesion"
	if _, admin := a.(auth.Admin); admin && f.Unmailed && who.Demo {
		p.nav = append(p.nav, layout.Link{Label: "Correos sin enviar", Href: "/administracion/salida"})
	}
	p.nav = append(p.nav, layout.Link{Label: "Guía", Href: guide.For(a.Role()).Path()}, layout.Link{Label: "Tu cuenta", Href: deskpage.AccountPath})
	for _, n := range p.nav {
		current := r.URL.Path == n.Href || n.Href != p.home && strings.HasPrefix(r.URL.Path, n.Href+"/")
		m.Nav = append(m.Nav, layout.NavItem{Label: n.Label, Href: n.Href, Current: current})
	}
	if _, admin := a.(auth.Admin); admin && f.Alarms != nil {
		for _, text := range f.Alarms(r.Context()) {
			m.Notices = append(m.Notices, layout.AlarmNotice(text))
		}
	}
	if who.Demo {
		m.Notices = append(m.Notices, layout.DemoNotice())
	}
	if f.ReadOnly != nil && f.ReadOnly(r.Context()) {
		m.Notices = append(m.Notices, layout.ReadOnlyNotice())
	}
	return frame{Meta: m, Area: area, Flash: f.Sessions.TakeFlash(r.Context())}
}

// frame is what a page of the desk is drawn in.
type frame struct {
	Meta  layout.Meta
	Area  layout.Area
	Flash string // said once, at the top
}

// place is where an actor works.
type place struct {
	area, title, home string
	nav               []layout.Link
}

// placeOf returns the desk of each kind of actor.
func placeOf(a auth.Actor) place {
	capture := func(area, title string) place {
		return place{area: "Captura · " + area, title: title, home: "/captura", nav: []layout.Link{{Label: "Candidaturas", Href: "/captura"}, {Label: "Informes", Href: deskpage.OwnReportsHome}}}
	}
	switch v := a.(type) {
	case auth.Operator:
		return capture(v.NominatorName, "Captura")
	case auth.Validator:
		p := capture(v.NominatorName, "Validación")
		p.nav = append(p.nav, layout.Link{Label: "Personas", Href: deskpage.PartyPeoplePath}, layout.Link{Label: "Bitácora", Href: deskpage.AuditHome})
		return p
	case auth.Candidate:
		p := capture("Candidatura", "Candidatura")
		p.nav = append(p.nav, layout.Link{Label: "Tus datos", Href: deskpage.ArcoOwnPath}, layout.Link{Label: "Bitácora", Href: deskpage.AuditHome})
		return p
	case auth.Secretary:
		return place{area: "Registro · Secretaría Ejecutiva", title: "Secretaría Ejecutiva", home: "/registro", nav: []layout.Link{
			{Label: "Candidaturas", Href: "/registro/candidaturas"},
			{Label: "Actos", Href: "/registro/actos"},
			{Label: "Listas", Href: "/registro/listas"},
			{Label: "Publicación", Href: "/registro/publicacion"},
			{Label: "Informes", Href: deskpage.ReportsHome},
			{Label: "Accesos", Href: deskpage.RequestsPath},
			{Label: "Conservación", Href: deskpage.RetentionHome},
			{Label: "Agenda", Href: deskpage.AgendaHome},
			{Label: "Cambios", Href: deskpage.ChangesHome},
		}}
	case auth.Admin:
		return place{area: "Administración", title: "Informática", home: deskpage.PeoplePath, nav: []layout.Link{
			{Label: "Personas", Href: deskpage.PeoplePath},
			{Label: "Publicación", Href: "/registro/publicacion"},
			{Label: "Parámetros", Href: deskpage.SettingsHome},
			{Label: "Entregas", Href: deskpage.DeliveriesHome},
			{Label: "Incidentes", Href: deskpage.DocketPath(docket.Incidents)},
			{Label: "Agenda", Href: deskpage.AgendaHome},
			{Label: "Cambios", Href: deskpage.ChangesHome},
			{Label: "Operación", Href: deskpage.OperationHome},
			{Label: "Expediente", Href: deskpage.DossierHome},
			{Label: "Bitácora", Href: deskpage.AuditHome},
		}}
	case auth.Reviewer, auth.Head:
		p := place{area: "Unidad de Transparencia", title: "Transparencia", home: "/transparencia", nav: []layout.Link{
			{Label: "Pendientes", Href: "/transparencia"},
			{Label: "Revisión", Href: deskpage.ReviewHome},
			{Label: "Requerimientos", Href: deskpage.NoticesHome},
			{Label: "Consentimientos", Href: "/transparencia/consentimientos"},
			{Label: "Cartas", Href: "/transparencia/cartas"},
			{Label: "Entregas", Href: deskpage.DeliveriesHome},
			{Label: "Vistas", Href: deskpage.ReferralsHome},
			{Label: "Informes", Href: deskpage.ReportsHome},
			{Label: "Registros", Href: deskpage.DocketPath(docket.Advice)},
			{Label: "ARCO", Href: deskpage.ArcoHome},
			{Label: "Agenda", Href: deskpage.AgendaHome},
		}}
		if _, head := a.(auth.Head); head {
			p.nav = append(p.nav, layout.Link{Label: "Conservación", Href: deskpage.RetentionHome},
				layout.Link{Label: "Parámetros", Href: deskpage.SettingsHome}, layout.Link{Label: "Bitácora", Href: deskpage.AuditHome})
		}
		return p
	default:
		return place{area: "Consulta", title: "Auditoría", home: "/cuenta", nav: []layout.Link{
			{Label: "Vistas", Href: deskpage.ReferralsHome},
			{Label: "Informes", Href: deskpage.ReportsHome},
			{Label: "Registros", Href: deskpage.DocketPath(docket.Advice)},
			{Label: "ARCO", Href: deskpage.ArcoFigures},
			{Label: "Agenda", Href: deskpage.AgendaHome},
			{Label: "Parámetros", Href: deskpage.SettingsHome},
			{Label: "Expediente", Href: deskpage.DossierHome},
			{Label: "Bitácora", Href: deskpage.AuditHome},
		}}
	}
}

// home returns where an actor goes after entering.
func home(a auth.Actor) string { return placeOf(a).home }

// get mounts a page for actors of type A.
func get[A auth.Actor](g serve.Group, s *auth.Sessions, pattern, name string, h func(http.ResponseWriter, *http.Request, A) error, o ...serve.Option) {
	handler, roles := auth.As(s, h)
	g.Get(pattern, name, serve.Role(strings.Join(roles, " ")), handler, o...)
}

// post mounts an act for actors of type A.
func post[A auth.Actor](g serve.Group, s *auth.Sessions, pattern, name string, h func(http.ResponseWriter, *http.Request, A) error, o ...serve.Option) {
	handler, roles := auth.As(s, h)
	g.Post(pattern, name, serve.Role(strings.Join(roles, " ")), handler, o...)
}

// notFound is the one answer to what is not there and to what is not yours.
func notFound() error { return fault.New(fault.NotFound, "") }
