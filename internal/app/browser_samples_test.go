package app_test

import (
	"context"
	"maps"
	"time"

	"conoceles/internal/demo"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/webtest/browser"
)

// sample is how to reach a route in the demonstration.
type sample struct {
	as    string   // the account before its @; nobody if empty
	paths []string // what to look at
	file  bool     // it answers something that is not a page

	budget *browser.Budget // what it may weigh, when not what all of its surface may
}

// elsewhere is where the same handlers serve any process.
const elsewhere = "/procesos/{clave}"

// samples returns a sample of each route that a page or a file answers. The
// routes under /procesos take the first of those of the process in force.
func samples(s *stage, enter func(as string) *browser.Page) map[string]sample {
	all := plainSamples(s)
	maps.Copy(all, registrySamples(s, enter))
	all[inFolio+"/curricular/{pagina}/diferencias/{conflicto}"] = sample{as: "operador", paths: []string{conflict(s, enter)}}
	all[inFolio+"/validar/confirmar"] = sample{as: "validador", paths: []string{confirmation(s, s.folio("completa"), enter)}}
	return all
}

// plainSamples are those that need no browser to be brought about.
func plainSamples(s *stage) map[string]sample {
	all := identitySamples(s)
	maps.Copy(all, reviewSamples(s))
	maps.Copy(all, noticeSamples(s))
	maps.Copy(all, docketSamples(s))
	maps.Copy(all, reportSamples(s))
	maps.Copy(all, agendaSamples(s))
	maps.Copy(all, arcoSamples(s))
	maps.Copy(all, accountSamples(s))
	maps.Copy(all, adminSamples(s))
	maps.Copy(all, dossierSamples())
	maps.Copy(all, guideSamples())
	half, complete, validated := s.folio("en_captura"), s.folio("completa"), s.folio("validada")
	open := public(s)
	maps.Copy(open, siteSamples(s))
	maps.Copy(open, publicReportSamples())
	maps.Copy(open, historySamples(s))
	maps.Copy(all, logSamples(s))
	maps.Copy(open, dataSamples(s))
	for pattern, sample := range open {
		all[pattern] = sample
		there := sample
		there.paths = []string{"/procesos/" + demo.Key + sample.paths[0]}
		all[elsewhere+pattern] = there
	}
	for pattern, sample := range map[string]sample{
		"/":                    {paths: []string{"/"}},
		elsewhere:              {paths: []string{"/procesos/" + demo.Key}},
		elsewhere + "/":        {paths: []string{"/procesos/" + demo.Key + "/"}},
		"/procesos":            {paths: []string{"/procesos"}},
		"/accesibilidad":       {paths: []string{"/accesibilidad"}},
		"/fotos/{hash}.jpg":    {paths: []string{"/fotos/" + s.photo(validated) + ".jpg"}, file: true},
		"/emblemas/{id}.png":   {paths: []string{"/emblemas/" + s.text(`SELECT id::text FROM desk.nominators WHERE emblem IS NOT NULL ORDER BY id LIMIT 1`) + ".png"}, file: true},
		"/estatico/*":          {paths: []string{"/estatico/marca.svg"}, file: true},
		"/sitemap.xml":         {paths: []string{"/sitemap.xml"}, file: true},
		"/robots.txt":          {paths: []string{"/robots.txt"}, file: true},
		"/salud/vivo":          {paths: []string{"/salud/vivo"}, file: true},
		"/salud/listo":         {paths: []string{"/salud/listo"}, file: true},
		"/retirar/{token}":     {paths: []string{withdrawalLink(s)}},
		"/entrar":              {paths: []string{"/entrar"}},
		"/cuenta":              {as: "auditoria", paths: []string{"/cuenta"}},
		"/cuenta/sesion":       {as: "operador", paths: []string{"/cuenta/sesion"}, file: true},
		"/captura":             {as: "operador", paths: []string{"/captura", "/captura?estado=validada"}},
		"/captura/{folio}":     {as: "operador", paths: each("/captura/", half, complete, validated)},
		inFolio + "/foto":      {as: "operador", paths: []string{"/captura/" + half + "/foto"}},
		inFolio + "/acuse":     {as: "operador", paths: []string{"/captura/" + validated + "/acuse"}},
		inFolio + "/acuse.pdf": {as: "operador", paths: []string{"/captura/" + validated + "/acuse.pdf"}, file: true},
		inFolio + "/curricular/{pagina}": {as: "operador", paths: each("/captura/"+half+"/curricular/",
			"contacto", "formacion", "historia", "trayectoria", "motivo", "propuestas")},
		inFolio + "/foto/encuadre":           {as: "operador", paths: []string{"/captura/" + complete + "/foto/encuadre"}},
		inFolio + "/foto/encuadre/vista.jpg": {as: "operador", paths: []string{"/captura/" + complete + "/foto/encuadre/vista.jpg"}, file: true},
		inFolio + "/foto/{hash}.jpg":         {as: "operador", paths: []string{"/captura/" + complete + "/foto/" + s.photo(complete) + ".jpg"}, file: true},
		inFolio + "/vista-previa":            {as: "validador", paths: each("/captura/", half+"/vista-previa", complete+"/vista-previa")},
		inFolio + "/validar":                 {as: "validador", paths: each("/captura/", half+"/validar", complete+"/validar")},
	} {
		all[pattern] = sample
	}
	return all
}

const (
	inFolio     = "/captura/{folio}"
	motiveLabel = "¿Por qué quiere ocupar un cargo público?"
)

// public returns the samples of the routes of a process.
func public(s *stage) map[string]sample {
	municipality := s.text(`SELECT code FROM desk.municipalities WHERE by_parties ORDER BY code LIMIT 1`)
	untouched := s.text(`SELECT slug FROM desk.candidacies WHERE capture = 'sin_iniciar' AND standing = 'aprobada' ORDER BY id LIMIT 1`)
	return map[string]sample{
		"/candidaturas":                 {paths: []string{"/candidaturas", "/candidaturas?vista=tabla", "/candidaturas?q=nadie+se+llama+asi"}},
		"/candidaturas/{slug}":          {paths: []string{s.profiles()[0], "/candidaturas/" + untouched}},
		"/boleta":                       {paths: []string{"/boleta"}},
		"/boleta/{seccion}":             {paths: []string{"/boleta/" + s.text(`SELECT number::text FROM desk.precincts ORDER BY number LIMIT 1`)}},
		"/boleta/municipio/{municipio}": {paths: []string{"/boleta/municipio/" + municipality}},
		"/privacidad":                   {paths: []string{"/privacidad"}},
		"/privacidad/{aviso}":           {paths: []string{"/privacidad/integral"}},
		"/consentimiento/formato.pdf":   {paths: []string{"/consentimiento/formato.pdf"}, file: true},
		"/ayuda":                        {paths: []string{"/ayuda"}},
	}
}

// folio returns a candidacy that the demonstration's operator captures and that
// has come so far.
func (s *stage) folio(state string) string {
	s.Helper()
	return s.text(`
SELECT c.folio FROM desk.candidacies c JOIN desk.nominators n ON n.id = c.nominator_id
WHERE n.acronym = 'RAIZ' AND c.standing = 'aprobada' AND c.capture = $1 ORDER BY c.id LIMIT 1`, state)
}

// photo returns the photograph of a candidacy.
func (s *stage) photo(folio string) string {
	s.Helper()
	return s.text(`
SELECT p.hash FROM desk.photos p JOIN desk.answer_versions v ON strpos(v.answers::text, p.hash) > 0
JOIN desk.candidacies c ON c.id = v.candidacy_id WHERE c.folio = $1 LIMIT 1`, folio)
}

// withdrawalLink registers a consent received in person, and returns the link that
// the person is sent.
func withdrawalLink(s *stage) string {
	s.Helper()
	yes, no := true, false
	var who auth.Who
	const reviewer = `SELECT account_id, process_id FROM desk.grants WHERE role = 'verificador' ORDER BY account_id LIMIT 1`
	if err := s.app.Desk.QueryRow(context.Background(), reviewer).Scan(&who.Account, &who.Process); err != nil {
		s.Fatal(err)
	}
	err := s.app.Consents.Register(context.Background(), consent.AsReviewer{Reviewer: auth.Reviewer{Who: who}}, consent.Registration{
		Folio: s.text(`
SELECT folio FROM desk.candidacies c WHERE standing = 'aprobada' AND NOT EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id)
ORDER BY id DESC LIMIT 1`),
		Medium: consent.InPerson, Decided: consent.Declaration{Processing: &yes, Publication: &yes, Statistics: &no}, ReceivedOn: time.Now(),
		File: consent.Document{Bytes: []byte("%PDF-1.4\n%%EOF\n")},
	})
	if err != nil {
		s.Fatal(err)
	}
	return s.text(`SELECT substring(body from '/retirar/[A-Za-z0-9_-]+') FROM desk.outbox ORDER BY id DESC LIMIT 1`)
}

// conflict makes two persons write the same section, and returns where the
// second one chooses.
func conflict(s *stage, enter func(as string) *browser.Page) string {
	folio := s.folio("en_captura")
	address := "/captura/" + folio + "/curricular/motivo"
	first, second := enter("validador"), enter("operador")
	first.Open(address)
	second.Open(address)
	write := func(p *browser.Page, text string) {
		p.Type(motiveLabel, text)
		p.Click("button", "Guardar y volver a la lista")
	}
	write(first, "Quiero servir a mi comunidad.")
	write(second, "Quiero que haya agua en cada colonia.")
	second.Console() // a conflict answers 409
	return address + "/diferencias/" + s.text(`SELECT max(id)::text FROM desk.conflicts`)
}

const declaration = "Declaro que revisé estas respuestas, que son veraces y que cuento con la autorización de la persona candidata para publicarlas."

// confirmation declares that a questionnaire was reviewed, and returns where
// that leads.
func confirmation(s *stage, folio string, enter func(as string) *browser.Page) string {
	p := enter("validador")
	p.Open("/captura/" + folio + "/validar")
	p.Click("checkbox", declaration)
	p.Click("button", "Continuar a confirmar")
	return address(s, p).RequestURI()
}

// each puts a beginning before each end.
func each(beginning string, ends ...string) []string {
	var out []string
	for _, end := range ends {
		out = append(out, beginning+end)
	}
	return out
}
