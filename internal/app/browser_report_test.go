package app_test

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/report"
)

// reports returns what makes reports, as the program makes it.
func (s *stage) reports() *report.Store {
	return report.New(s.app.Desk, s.app.Publisher, s.app.Keys, s.app.Consents, s.duties())
}

// reportCut makes a cut of a report and returns it.
func (s *stage) reportCut(kind report.Kind, label string) int64 {
	s.Helper()
	ctx, store, analyst := context.Background(), s.reports(), actorOf[auth.Reviewer](s, "verificador")
	id, err := store.Request(ctx, analyst, report.Ask{Key: uuid.NewString(), Kind: kind, Label: label, From: s.app.Now(), Until: s.app.Now()})
	if err == nil {
		err = store.Work(ctx)
	}
	if err != nil {
		s.Fatal(err)
	}
	job, err := store.Job(ctx, analyst, id)
	if err != nil || job.Cut == 0 {
		s.Fatalf("%s: %+v, %v", kind, job, err)
	}
	return job.Cut
}

// reportSamples returns the samples of reports: a cut of each of them, two of the
// advance, and one more that waits.
func reportSamples(s *stage) map[string]sample {
	s.Helper()
	const home, own = "/transparencia/informes", "/captura/informes"
	cut := func(id int64, more string) string { return home + "/cortes/" + strconv.FormatInt(id, 10) + more }
	april := s.reportCut(report.Advance, "Abril")
	may := s.reportCut(report.Advance, "Mayo")
	groups := s.reportCut(report.Groups, "Mayo")
	cuts := []string{cut(april, ""), cut(groups, "?vista=publica"), cut(s.reportCut(report.Breaches, ""), "")}
	s.releaseCut(may)
	s.releaseCut(groups)
	waiting, err := s.reports().Request(context.Background(), actorOf[auth.Reviewer](s, "verificador"), report.Ask{Key: uuid.NewString(), Kind: report.Lists})
	if err != nil {
		s.Fatal(err)
	}
	return map[string]sample{
		home:                                    {as: "auditoria", paths: []string{home}},
		home + "/{informe}":                     {as: "titular", paths: []string{home + "/avance"}},
		home + "/solicitudes/{peticion}":        {as: "verificador", paths: []string{home + "/solicitudes/" + strconv.FormatInt(waiting, 10)}},
		home + "/cortes/{corte}":                {as: "titular", paths: cuts},
		home + "/cortes/{corte}/comparar":       {as: "secretaria", paths: []string{cut(may, "/comparar?con="+strconv.FormatInt(april, 10))}},
		home + "/cortes/{corte}/tablas/{tabla}": {as: "titular", paths: []string{cut(april, "/tablas/T-9")}},
		home + "/cortes/{corte}/informe.pdf":    {as: "auditoria", paths: []string{cut(may, "/informe.pdf")}, file: true},
		home + "/cortes/{corte}/informe.xlsx":   {as: "secretaria", paths: []string{cut(may, "/informe.xlsx")}, file: true},
		own:                                     {as: "operador", paths: []string{own}},
		own + "/{informe}":                      {as: "operador", paths: []string{own + "/candidaturas"}},
		own + "/{informe}/tablas/{tabla}":       {as: "validador", paths: []string{own + "/candidaturas/tablas/L-1"}},
		own + "/{informe}/informe.pdf":          {as: "operador", paths: []string{own + "/avance/informe.pdf"}, file: true},
		own + "/{informe}/informe.xlsx":         {as: "operador", paths: []string{own + "/avance/informe.xlsx"}, file: true},
	}
}

// releaseCut makes a cut public, as its two persons do.
func (s *stage) releaseCut(id int64) {
	s.Helper()
	ctx, store, head := context.Background(), s.reports(), actorOf[auth.Head](s, "titular")
	err := store.Approve(ctx, head, report.Approval{ID: id, Key: uuid.NewString(), Acuerdo: "IEP/CEE/90/2027", On: s.app.Now()})
	if err == nil {
		err = store.Propose(ctx, actorOf[auth.Reviewer](s, "verificador"), id, uuid.NewString())
	}
	if err == nil {
		err = store.Release(ctx, head, id, uuid.NewString())
	}
	if err != nil {
		s.Fatal(err)
	}
}

// publicReportSamples returns those of the released reports, which reportSamples
// brings about.
func publicReportSamples() map[string]sample {
	const one = "/estadisticas/informes/{corte}"
	return map[string]sample{
		one:                  {paths: []string{"/estadisticas/informes/avance-2", "/estadisticas/informes/grupos-1"}},
		one + "/informe.pdf": {paths: []string{"/estadisticas/informes/avance-2/informe.pdf"}, file: true},
		one + "/{tabla}.csv": {paths: []string{"/estadisticas/informes/avance-2/T-1.csv"}, file: true},
	}
}

// reportValues are what the parameters of the routes of reports may be, with a cut
// of each report.
func (s *stage) reportValues() map[string][]string {
	s.Helper()
	var kinds []string
	made := s.text(`SELECT count(*)::text FROM desk.report_cuts`) != "0"
	for _, d := range report.Catalogue() {
		kinds = append(kinds, string(d.Kind))
		if !made {
			s.reportCut(d.Kind, "")
		}
	}
	if !made {
		if _, err := s.reports().Request(context.Background(), actorOf[auth.Reviewer](s, "verificador"), report.Ask{Key: uuid.NewString(), Kind: report.Lists}); err != nil {
			s.Fatal(err)
		}
	}
	if !made {
		id, err := strconv.ParseInt(s.text(`SELECT min(id)::text FROM desk.report_cuts WHERE kind = 'avance'`), 10, 64)
		if err != nil {
			s.Fatal(err)
		}
		s.releaseCut(id)
	}
	cuts := strings.Fields(s.text(`SELECT string_agg(id::text, ' ' ORDER BY id) FROM desk.report_cuts`))
	waiting := s.text(`SELECT max(id)::text FROM desk.report_jobs`)
	return map[string][]string{
		"informe": append(kinds, "no-existe"), "corte": append(cuts, "0", "avance-1"), "peticion": {waiting, "0"},
		"tabla": {"T-1", "T-1.csv", "no-existe"},
	}
}

// reportFixture brings about the situations of reports; ok is false for any other
// name.
//
//	informes-por-hacer  says the last cut that was asked for
//	informes-hechos     makes those that wait, and says the last one and one of groups
func (s *stage) reportFixture(name string) (values map[string]string, ok bool, err error) {
	const last = `SELECT COALESCE(max(id), 0)::text FROM desk.`
	switch name {
	case "informes-por-hacer":
		return map[string]string{"solicitud": s.text(last + `report_jobs`)}, true, nil
	case "informes-hechos":
		values = map[string]string{"solicitud": s.text(last + `report_jobs`), "hoy": s.app.Now().Format("02/01/2006")}
		err = s.reports().Work(context.Background())
		values["corte"] = s.text(last + `report_cuts`)
		values["grupos"] = strconv.FormatInt(s.reportCut(report.Groups, ""), 10)
		return values, true, err
	}
	return nil, false, nil
}
