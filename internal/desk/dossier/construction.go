package dossier

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/asvs"
	"conoceles/internal/db"
	"conoceles/internal/evidence"
	"conoceles/internal/questionnaire"
	"conoceles/web/es"
)

//go:embed stages.txt
var stageList string

// stages are the ten of the proceso técnico operativo. Each screen that they name
// is one of the program.
func (s *Store) stages(context.Context, int64) ([]Block, error) {
	routes := map[string]bool{}
	for _, r := range s.source.Routes() {
		routes[r.Pattern] = true
	}
	var out []Block
	n := 0
	for cells, err := range lines(stageList, 7) {
		if err != nil {
			return nil, err
		}
		n++
		for screen := range strings.FieldsSeq(cells[6]) {
			if !routes[screen] {
				return nil, fmt.Errorf("stage %d: the program has no screen %s", n, screen)
			}
		}
		t := Table{Caption: cells[0], Widths: []float64{34, 142}, Head: []string{"Aspecto", "Descripción"}}
		for i, name := range []string{"Responsable", "Entrada", "Qué se hace", "Salida", "Control", "Pantallas"} {
			t.Rows = append(t.Rows, []string{name, cells[i+1]})
		}
		out = append(out, Block{Heading: strconv.Itoa(n) + ". " + cells[0], Sub: true}, Block{Table: &t})
	}
	if n != 10 {
		return nil, fmt.Errorf("there are %d stages, want 10", n)
	}
	return out, nil
}

// questionnaires are the versions in force, with the fingerprint that a test keeps.
func (s *Store) questionnaires(context.Context, int64) ([]Block, error) {
	t := Table{Caption: "Cuestionarios", Widths: []float64{52, 18, 106}, Head: []string{"Cuestionario", "Versión", "Huella de su definición (SHA-256)"}}
	for _, q := range []*questionnaire.Questionnaire{questionnaire.Curricular(), questionnaire.Identity()} {
		t.Rows = append(t.Rows, []string{q.Title, q.Version, q.Fingerprint()})
	}
	return one(t)
}

// modules are what the binary is made of, as it says itself.
func (s *Store) modules(context.Context, int64) ([]Block, error) {
	info := build()
	facts := Table{Caption: "El programa", Widths: []float64{50, 126}, Head: []string{"Dato", "Valor"}, Rows: [][]string{
		{"Versión", s.source.Version}, {"Módulo", info.Main.Path}, {"Compilador", info.GoVersion},
	}}
	for _, setting := range info.Settings {
		if name := map[string]string{"GOOS": "Sistema", "GOARCH": "Arquitectura", "CGO_ENABLED": "Usa C"}[setting.Key]; name != "" {
			facts.Rows = append(facts.Rows, []string{name, setting.Value})
		}
	}
	out := []Block{{Table: &facts}, {Heading: "Componentes de otros", Sub: true}}
	if len(info.Deps) == 0 {
		return append(out, Block{Text: "Este binario no dice de qué módulos se hizo."}), nil
	}
	t := Table{Caption: "Componentes de otros", Widths: []float64{66, 34, 76}, Head: []string{"Módulo", "Versión", "Huella"}}
	for _, d := range info.Deps {
		t.Rows = append(t.Rows, []string{d.Path, d.Version, d.Sum})
	}
	return append(out, Block{Table: &t}), nil
}

func (s *Store) variables(context.Context, int64) ([]Block, error) {
	t := Table{Caption: "Configuración", Widths: []float64{66, 78, 32}, Head: []string{"Variable", "Qué es", "Si falta"}}
	for _, v := range s.source.Variables {
		t.Rows = append(t.Rows, []string{v.Name, v.Meaning, v.Default})
	}
	return one(t)
}

// figures are those that the runs of tests and the drills left.
func (s *Store) figures(context.Context, int64) ([]Block, error) {
	var list []evidence.Line
	if s.source.Evidence != "" {
		var err error
		if list, err = evidence.Read(s.source.Evidence); err != nil {
			return nil, err
		}
	}
	if len(list) == 0 {
		return []Block{{Text: "No hay cifras a la vista de este programa. Las dejan «make faults», «make withdrawals», «make drill» y «conoceles simulacro», en la carpeta que nombra CONOCELES_EVIDENCE; este documento no afirma ninguna que no haya medido una corrida."}}, nil
	}
	t := Table{
		Caption: "Cifras de las corridas", Widths: []float64{20, 42, 42, 22, 28, 22},
		Head: []string{"Corrida", "Qué se intentó", "Cifra", "Esperado", "Obtenido", "Resultado"},
	}
	met, goals := 0, 0
	var last time.Time
	for _, l := range list {
		t.Rows = append(t.Rows, []string{l.Run, l.Case, l.Figure, l.Goal, l.Got, l.Verdict()})
		if l.Goal != "" {
			goals++
			if l.Met {
				met++
			}
		}
		if l.At.After(last) {
			last = l.At
		}
	}
	say := fmt.Sprintf("De %s con meta, %d la cumplen. La última corrida es del %s.", es.Plural(goals, "cifra", "cifras"), met, es.FullDateTime(last))
	return []Block{{Text: say}, {Table: &t}}, nil
}

//go:embed releases.txt
var releaseList string

// releases are the versions of the program, the newest first.
func (s *Store) releases(context.Context, int64) ([]Block, error) {
	t := Table{Caption: "Versiones del programa", Widths: []float64{20, 30, 126}, Head: []string{"Versión", "Liberada", "Qué trae"}}
	listed := false
	for cells, err := range lines(releaseList, 3) {
		if err != nil {
			return nil, err
		}
		listed = listed || cells[0] == s.source.Version
		t.Rows = append(t.Rows, cells)
	}
	say := "Este documento lo hizo la versión «" + s.source.Version + "»."
	if !listed {
		say += " No está en la lista: es anterior a su liberación."
	}
	return []Block{{Text: say}, {Table: &t}}, nil
}

// changes are those of parameters and catalogues of the process that are in force.
func (s *Store) changes(ctx context.Context, process int64) ([]Block, error) {
	const q = `
SELECT id, title, reason, acuerdo, decided_at, report_due_on, report_oficio FROM desk.setting_changes
WHERE process_id = $1 AND state = 'confirmado' ORDER BY decided_at, id`
	rows, err := s.desk.Query(ctx, q, process)
	if err != nil {
		return nil, err
	}
	t := Table{
		Caption: "Cambios confirmados", Widths: []float64{12, 44, 56, 22, 42},
		Head: []string{"Núm.", "Qué cambió", "Motivo", "Rige desde", "Acuerdo y aviso al INE"},
	}
	var id int64
	var title, reason, acuerdo, oficio string
	var at time.Time
	var due *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &title, &reason, &acuerdo, &at, &due, &oficio}, func() error {
		told := acuerdo
		switch {
		case oficio != "":
			told += "; oficio " + oficio
		case due != nil:
			told += "; por informar hasta el " + es.Date(*due)
		}
		t.Rows = append(t.Rows, []string{strconv.FormatInt(id, 10), title, reason, es.Date(at), strings.TrimPrefix(told, "; ")})
		return nil
	})
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(t.Rows) == 0 {
		return []Block{{Text: "En este proceso todavía no se ha cambiado ningún parámetro ni catálogo."}}, nil
	}
	return one(t)
}

//go:embed threats.txt
var threatList string

// Threat is what could happen, what keeps it from happening, and which tests say so.
type Threat struct {
	What, Measure string
	Tests         []string
}

// Threats lists the threats.
func Threats() ([]Threat, error) {
	var out []Threat
	for cells, err := range lines(threatList, 3) {
		if err != nil {
			return nil, err
		}
		out = append(out, Threat{cells[0], cells[1], strings.Fields(cells[2])})
	}
	return out, nil
}

func (s *Store) threats(context.Context, int64) ([]Block, error) {
	list, err := Threats()
	if err != nil {
		return nil, err
	}
	t := Table{Caption: "Amenazas y medidas", Widths: []float64{50, 78, 48}, Head: []string{"Amenaza", "Medida", "Prueba"}}
	for _, threat := range list {
		t.Rows = append(t.Rows, []string{threat.What, threat.Measure, strings.Join(threat.Tests, ", ")})
	}
	return one(t)
}

// requirements is the register of ASVS, after how much of it has a test.
func (s *Store) requirements(context.Context, int64) ([]Block, error) {
	list, err := asvs.Register()
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("the register of ASVS is empty")
	}
	total, tested := map[int]int{}, map[int]int{}
	t := Table{Caption: "Registro de ASVS", Widths: []float64{16, 12, 92, 56}, Head: []string{"Requisito", "Nivel", "Cómo se cumple", "Prueba"}}
	for _, r := range list {
		total[r.Level]++
		proof := "Sin prueba automática"
		if len(r.Tests) > 0 {
			tested[r.Level]++
			proof = strings.Join(r.Tests, ", ")
		}
		t.Rows = append(t.Rows, []string{r.ID, strconv.Itoa(r.Level), r.How, proof})
	}
	var items []string
	for _, level := range slices.Sorted(maps.Keys(total)) {
		items = append(items, fmt.Sprintf("Nivel %d: %d requisitos que aplican, %d con prueba automática.", level, total[level], tested[level]))
	}
	return []Block{{Items: items}, {Table: &t}}, nil
}
