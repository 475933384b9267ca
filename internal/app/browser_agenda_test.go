package app_test

import (
	"context"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/demo"
	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/auth"
)

// agendaSamples returns the samples of the agenda, with its plan, a line that has
// documents, a training that has people, and some use of the site.
func agendaSamples(s *stage) map[string]sample {
	s.Helper()
	line, training, month := s.agenda()
	of := func(more string) []string { return []string{fmt.Sprintf("/agenda/%d%s", line, more)} }
	const home, use, one = "/agenda", "/agenda/uso", "/agenda/{numero}"
	return map[string]sample{
		home:                                {as: "auditoria", paths: []string{home, home + "?clase=capacitacion", home + "?q=nada+se+llama+asi"}},
		home + "/exportar.csv":              {as: "auditoria", paths: []string{home + "/exportar.csv"}, file: true},
		home + "/calendario.ics":            {as: "informatica", paths: []string{home + "/calendario.ics"}, file: true},
		home + "/mes/{mes}":                 {as: "auditoria", paths: []string{home + "/mes/" + month}},
		home + "/nuevo":                     {as: "informatica", paths: []string{home + "/nuevo"}},
		home + "/hecho":                     {as: "secretaria", paths: []string{home + "/hecho"}},
		home + "/ajustes":                   {as: "titular", paths: []string{home + "/ajustes"}},
		home + "/informe/{mes}":             {as: "verificador", paths: []string{home + "/informe/" + month}},
		home + "/informe/{mes}/informe.csv": {as: "auditoria", paths: []string{home + "/informe/" + month + "/informe.csv"}, file: true},
		one:                                 {as: "secretaria", paths: []string{of("")[0], fmt.Sprintf("/agenda/%d", training)}},
		one + "/editar":                     {as: "verificador", paths: of("/editar")},
		one + "/pasos/{paso}":               {as: "secretaria", paths: of("/pasos/4")},
		one + "/oficio.pdf":                 {as: "secretaria", paths: of("/oficio.pdf"), file: true},
		one + "/documentos.zip":             {as: "secretaria", paths: of("/documentos.zip"), file: true},
		one + "/documentos/{documento}":     {as: "auditoria", paths: of("/documentos/1"), file: true},
		use:                                 {as: "auditoria", paths: []string{use, use + "?desde=01/01/2020&hasta=02/01/2020"}},
		use + ".csv":                        {as: "informatica", paths: []string{use + ".csv"}, file: true},
		use + ".xlsx":                       {as: "secretaria", paths: []string{use + ".xlsx"}, file: true},
	}
}

// agenda fills the plan of the demonstration, and returns the number of a line with documents, that of a
// training with people, and a month in which things are due.
func (s *stage) agenda() (line, training int, month string) {
	s.Helper()
	ctx := context.Background()
	var keeper auth.Reviewer
	const who = `
SELECT a.id, g.process_id FROM desk.accounts a JOIN desk.grants g ON g.account_id = a.id JOIN desk.processes p ON p.id = g.process_id
WHERE a.email = 'verificador@ejemplo.invalid' AND p.key = $1`
	if err := s.app.Desk.QueryRow(ctx, who, demo.Key).Scan(&keeper.Account, &keeper.Process); err != nil {
		s.Fatal(err)
	}
	store := agenda.New(s.app.Desk)
	try := func(err error) {
		if err != nil {
			s.Helper()
			s.Fatal(err)
		}
	}
	all, err := store.Agenda(ctx, keeper)
	try(err)
	for _, i := range all.Items {
		switch {
		case i.Activity == "11.12":
			line = i.Number
		case i.Kind == agenda.Training:
			training = i.Number
		case i.Activity == "11.5":
			month = i.Steps[3].Due.Format("2006-01")
		}
	}
	try(store.Attach(ctx, keeper, agenda.NewDocument{Item: line, Kind: "acuerdo", Name: "acuerdo-de-inicio.pdf", Bytes: []byte("%PDF-1.4")}))
	for _, name := range []string{"Persona Inventada", "Otra Persona Inventada"} {
		try(store.Designate(ctx, keeper, training, agenda.Person{Name: name, Org: "Raíz Común"}, ""))
	}
	try(store.Attend(ctx, keeper, training, 1, agenda.Today(time.Now()), ""))
	_, err = store.Open(ctx, keeper, agenda.NewEvent{Event: agenda.Modification, Day: agenda.Today(time.Now()), About: "cambió el plan de trabajo"})
	try(err)
	try(s.app.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		const seen = `
INSERT INTO desk.usage_counts (process_id, day, class, seen, arrivals)
SELECT $1, (now() - make_interval(days => d))::date, c, 40 + 7 * d, 11 + 3 * d
FROM generate_series(0, 9) d, unnest(ARRAY['portada', 'ficha', 'busqueda', 'descarga']) c`
		return tx.Exec(ctx, seen, keeper.Process)
	}))
	return line, training, month
}
