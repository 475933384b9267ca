package report

import (
	"context"
	"slices"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/internal/figures"
)

// stagesTable is the table of consents that goes office by office.
const stagesTable = "C-1"

// consents is R-9: how many declared what, and where their documents are. Who
// declared what stays in the register, which follows withdrawals: no cut keeps it.
func (s *source) consents(ctx context.Context) (figures.Report, error) {
	r := s.begin(Consents, sayRegistered, "La relación de cada candidatura, con sus fechas y la huella de su documento, está en el registro de consentimientos, siempre al día. Un corte sólo guarda cuántas son.",
		"Cuenta lo que está en pie: quien retiró su autorización cuenta como retirada, y no como la declaración que retiró.")
	now := inForce(s.all)
	ids := make([]int64, len(now))
	for i, f := range now {
		ids[i] = f.ID
	}
	standings := map[int64]consent.Standing{}
	for some := range slices.Chunk(ids, atOnce) {
		histories, err := consent.Histories(ctx, s.q, some...)
		if err != nil {
			return r, db.Fault(err)
		}
		for _, id := range some {
			standings[id] = consent.StandingOf(histories[id])
		}
		s.tell(tables, len(standings), len(ids))
	}
	at := func(title string, stage consent.Stage) measure {
		return measure{title, func(f *fact) bool { return standings[f.ID].Stage == stage }}
	}
	stages := tabulate(stagesTable, "En qué va cada consentimiento, por cargo", now, byOffice, at("Sin decidir", consent.Undecided), at("Sin documento", consent.NoDocument),
		at("En verificación", consent.Waiting), at("Verificado", consent.Confirmed), at("Rechazado", consent.Refused), at("Retirado", consent.Gone), registered)
	stages.Parts, stages.Whole, stages.Population = []int{1, 2, 3, 4, 5, 6}, 7, population(len(now))
	r.Tables = []figures.Table{stages, decisions("C-2", now, standings), media("C-3", now, standings)}
	return r, nil
}

// decisions counts Sí and No of each of the three authorisations that stand.
func decisions(id string, now []*fact, standings map[int64]consent.Standing) figures.Table {
	t := counts(id, "Qué se declaró en cada autorización", "Autorización", "Sí", "No", "Sin declaración en pie", "Total")
	t.Population, t.Parts, t.Whole, t.Chart = population(len(now)), []int{1, 2, 3}, 4, 1
	for i, label := range []string{"1. Tratamiento de sus datos", "2. Publicación de sus datos sensibles", "3. Informes con fines estadísticos"} {
		r := row(t, label)
		for _, f := range now {
			d, ok := standings[f.ID].Decided()
			switch {
			case !ok:
				r[3].N++
			case []bool{d.Processing, d.Publication, d.Statistics}[i]:
				r[1].N++
			default:
				r[2].N++
			}
			r[4].N++
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func media(id string, now []*fact, standings map[int64]consent.Standing) figures.Table {
	words := map[consent.Medium]group{consent.Online: {0, "En línea"}, consent.OnPaper: {1, "Documento recibido"}, consent.InPerson: {2, "Comparecencia"}, consent.ByLink: {3, "Liga"}}
	t := tabulate(id, "Por qué medio se declaró", now, grouping{"Medio", func(f *fact) group {
		if st := standings[f.ID]; st.Declaration.Decided != nil && st.Stage != consent.Undecided {
			return words[st.Declaration.Medium]
		}
		return group{9, "Sin declaración"}
	}}, measure{"Candidaturas", registered.of})
	t.Population, t.Chart = population(len(now)), 1
	return t
}
