package app_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/url"
	"strconv"

	"conoceles/internal/desk/auth"
	parameters "conoceles/internal/desk/settings"
)

// adminSamples returns the samples of parameters, catalogues and the register of
// changes: one that waits, one that was done, and an emblem.
func adminSamples(s *stage) map[string]sample {
	s.Helper()
	admin := actorOf[auth.Admin](s, "informatica")
	actor := s.text(`SELECT n.id::text FROM desk.nominators n JOIN desk.processes p ON p.id = n.process_id WHERE p.demo AND n.acronym = 'VEREDA'`)
	joined := s.text(`SELECT n.id::text FROM desk.nominators n JOIN desk.processes p ON p.id = n.process_id WHERE p.demo AND n.kind = 'coalicion' LIMIT 1`)
	done := s.setting(admin, parameters.Place{Sheet: "plazos"}, url.Values{"plazo_captura_dias": {"16"}})
	waiting := s.setting(admin, parameters.Place{Sheet: "publicacion"}, url.Values{"licencia": {"Otra licencia"}})
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 136, 136))); err != nil {
		s.Fatal(err)
	}
	emblem := s.setting(admin, parameters.Place{Sheet: parameters.Emblem, Ref: actor}, nil, picture.Bytes()...)
	const home, actors, changes = "/administracion/parametros", "/administracion/actores", "/administracion/cambios"
	sheets := []string{home + "/identidad", home + "/rubrica", home + "/liberacion_captura"}
	return map[string]sample{
		home:                                   {as: "informatica", paths: []string{home}},
		home + "/{ficha}":                      {as: "informatica", paths: sheets},
		actors:                                 {as: "informatica", paths: []string{actors}},
		actors + "/nuevo":                      {as: "informatica", paths: []string{actors + "/nuevo"}},
		actors + "/{actor}":                    {as: "informatica", paths: each(actors+"/", joined)},
		actors + "/{actor}/emblema":            {as: "informatica", paths: []string{actors + "/" + joined + "/emblema"}},
		actors + "/{actor}/emblema.png":        {as: "auditoria", paths: []string{actors + "/" + joined + "/emblema.png"}, file: true},
		"/administracion/catalogos/{catalogo}": {as: "auditoria", paths: each("/administracion/catalogos/", "municipio")},
		"/administracion/catalogos/{catalogo}/{entrada}": {as: "informatica", paths: []string{"/administracion/catalogos/cargo/gubernatura"}},
		"/administracion/liberaciones":                   {as: "titular", paths: []string{"/administracion/liberaciones"}},
		changes:                                          {as: "secretaria", paths: []string{changes}},
		changes + ".csv":                                 {as: "auditoria", paths: []string{changes + ".csv"}, file: true},
		changes + "/{id}":                                {as: "titular", paths: each(changes+"/", done, waiting, emblem)},
		changes + "/{id}/imagen.png":                     {as: "secretaria", paths: []string{changes + "/" + emblem + "/imagen.png"}, file: true},
	}
}

// setting saves a change of a sheet as it is now, with these fields typed, and
// returns its number.
func (s *stage) setting(a auth.Admin, p parameters.Place, typed url.Values, image ...byte) string {
	s.Helper()
	ctx, store := context.Background(), parameters.New(s.app.Desk, s.app.Publisher)
	_, sub, err := store.Read(ctx, a, p)
	if err != nil {
		s.Fatal(err)
	}
	form := url.Values{
		parameters.ReasonField: {"Lo acordó el Consejo"}, parameters.AcuerdoField: {"ACUERDO/CEE/001"}, parameters.AcuerdoOnField: {"01/02/2024"},
	}
	for _, f := range sub.Fields {
		f.Type(form, sub.Values[f.ID])
	}
	for id, values := range typed {
		form[id] = values
	}
	saved, err := store.Save(ctx, a, "", parameters.Draft{Place: p, Version: sub.Version(), Typed: form, Image: image})
	if err != nil {
		s.Fatal(err)
	}
	return strconv.FormatInt(saved.ID, 10)
}
