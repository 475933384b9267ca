package opendata_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/internal/site/opendata"
	"conoceles/internal/site/sitetest"
)

// ine are the columns of INE's local file of 2022, as it names them.
var ine = strings.Split("PARTIDO_COALICION,CARGO,ENTIDAD,DISTRITO LOCAL,CIRCUNSCRIPCION,MUNICIPIO,NUM_LISTA_O_FORMULA,NOMBRE_CANDIDATO,TIPO_CANDIDATO,EDAD,SEXO,DIRECCION_CASA_CAMPAÑA,TELEFONO,CORREO_ELECTRONICO,PAGINA_WEB,REDES,ESCOLARIDAD,ESTATUS_ESCOLARIDAD,CURSOS,HISTORIA_PROFESIONAL,TRAYECTORIA_POLITICA,MOTIVO_CARGO_PUBLICO,PROPUESTA_1,PROPUESTA_2,PROPUESTA_GENERO", ",")

// export is the world's process as a file.
func export(t *testing.T, key string, query site.Query) (*site.Store, opendata.Export) {
	t.Helper()
	w := sitetest.New(t)
	s := site.New(w.Site, questionnaire.Edition)
	p := w.Process(s, key)
	c, err := s.Catalog(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return s, opendata.Export{
		Process: p, Catalog: c, Query: query, Cut: p.ChangedAt,
		Profile: func(slug string) string { return "https://ejemplo.invalid/candidaturas/" + slug },
	}
}

// table writes a file and reads it as a spreadsheet would.
func table(t *testing.T, key string, query site.Query) (raw string, rows []map[string]string) {
	t.Helper()
	s, e := export(t, key, query)
	var b bytes.Buffer
	if err := opendata.WriteCSV(t.Context(), &b, s, e); err != nil {
		t.Fatal(err)
	}
	raw = b.String()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(raw, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return raw, rows
}

func TestColumnsAreThoseOfINEThenOurs(t *testing.T) {
	want := append(append([]string{}, ine...), "ACCION_AFIRMATIVA", "ESTADO_CANDIDATURA", "FECHA_CORTE", "URL_PERFIL")
	if diff := cmp.Diff(want, opendata.Header()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, c := range opendata.Columns() {
		if c.Meaning == "" {
			t.Errorf("%s has no meaning in the dictionary", c.Name)
		}
	}
}

func TestAnElectionReadsAsINEWrites(t *testing.T) {
	raw, rows := table(t, sitetest.Open, site.Query{})
	if !strings.HasPrefix(raw, "\uFEFFPARTIDO_COALICION,") || strings.Count(raw, "\r\n") < 75 || strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\n") {
		t.Error("the file must begin with a byte-order mark and end its lines in CRLF")
	}
	if len(rows) != 74 {
		t.Fatalf("%d rows, want 74", len(rows))
	}
	bySlug := map[string]map[string]string{}
	for _, r := range rows {
		bySlug[strings.TrimPrefix(r["URL_PERFIL"], "https://ejemplo.invalid/candidaturas/")] = r
	}
	tests := []struct {
		slug string
		want map[string]string
	}{
		{"citlali-prueba-montes", map[string]string{
			"PARTIDO_COALICION": "RAÍZ COMÚN", "CARGO": "DIPUTACIÓN LOCAL MR", "ENTIDAD": "FICTICIA", "DISTRITO LOCAL": "2-CERRO ALTO",
			"CIRCUNSCRIPCION": "No aplica", "MUNICIPIO": "No aplica", "NUM_LISTA_O_FORMULA": "DEM-00010", "NOMBRE_CANDIDATO": "CITLALI PRUEBA MONTES",
			"TIPO_CANDIDATO": "PROPIETARIA", "EDAD": "52", "SEXO": "MUJER",
			"DIRECCION_CASA_CAMPAÑA": "Calle Inexistente, Ext. 0, Col. Centro, C. P. 62000, Arroyo Hondo",
			"TELEFONO":               "7770000000", "CORREO_ELECTRONICO": "citlali@ejemplo.invalid", "PAGINA_WEB": "https://www.ejemplo.invalid",
			"REDES": "https://www.facebook.com/ejemplo", "ESCOLARIDAD": "Doctorado", "ESTATUS_ESCOLARIDAD": "Título",
			"CURSOS":               "Diplomado en educación intercultural; Curso de lengua náhuatl",
			"HISTORIA_PROFESIONAL": "Directora de la Secundaria Imaginaria.\n\nMaestra de 1996 a 2004.",
			"PROPUESTA_2":          "'=Publicar cada mes el gasto.", "PROPUESTA_GENERO": "No proporcionó",
			"ACCION_AFIRMATIVA": "Persona indígena", "ESTADO_CANDIDATURA": "APROBADA", "FECHA_CORTE": "2027-04-06T14:30-06:00",
		}},
		{"abelardo-ejemplo-rios", map[string]string{
			"PARTIDO_COALICION": "JUNTAS Y JUNTOS POR FICTICIA", "DISTRITO LOCAL": "No aplica", "TIPO_CANDIDATO": "PROPIETARIO", "SEXO": "HOMBRE",
			"ESCOLARIDAD": "Sin estudios", "ESTATUS_ESCOLARIDAD": "No aplica", "CURSOS": "Sin cursos", "REDES": "No proporcionó",
			"ACCION_AFIRMATIVA": "No aplica",
		}},
		{"ximena-d-ejemplo-olmos", map[string]string{"PROPUESTA_1": "En revisión", "CURSOS": "Sin cursos"}},
		{"tomas-muestra-luna", map[string]string{"PARTIDO_COALICION": "CANDIDATURA INDEPENDIENTE", "CURSOS": "No proporcionó", "PROPUESTA_1": "No proporcionó"}},
		{"nadia-hipotetica-vera", map[string]string{"TIPO_CANDIDATO": "SUPLENTE", "ESCOLARIDAD": "No proporcionó"}},
		{"persona-lista-2-3-0", map[string]string{"CIRCUNSCRIPCION": "1", "NUM_LISTA_O_FORMULA": "3", "DISTRITO LOCAL": "No aplica"}},
		{"renata-demostrada-salgado", map[string]string{"MUNICIPIO": "ARROYO HONDO", "SEXO": "NO BINARIO", "TIPO_CANDIDATO": "PROPIETARIA"}},
	}
	for _, tt := range tests {
		for column, want := range tt.want {
			if got := bySlug[tt.slug][column]; got != want {
				t.Errorf("%s, %s: %q, want %q", tt.slug, column, got, want)
			}
		}
	}
}

func TestAnArchiveReadsAsItsSourceDid(t *testing.T) {
	_, rows := table(t, sitetest.Archive, site.Query{})
	want := []map[string]string{
		{
			"PARTIDO_COALICION": "VA POR FICTICIA.", "ENTIDAD": "QUINTANA FICTICIA", "DISTRITO LOCAL": "15-CHETUMAL", "NUM_LISTA_O_FORMULA": "236787",
			"ESCOLARIDAD": "Educación media superior", "ESTATUS_ESCOLARIDAD": "Trunca", "EDAD": "37",
		},
		{"ENTIDAD": "DURANGO FICTICIO", "DISTRITO LOCAL": "1-DURANGO", "EDAD": "No proporcionó", "ESCOLARIDAD": "No proporcionó"},
		{"MUNICIPIO": "CANELAS", "DISTRITO LOCAL": "No aplica"},
	}
	for i, cells := range want {
		for column, w := range cells {
			if got := rows[i][column]; got != w {
				t.Errorf("row %d, %s: %q, want %q", i, column, got, w)
			}
		}
	}
}

func TestAFileMayHoldPartOfTheCandidaciesOrNone(t *testing.T) {
	if _, rows := table(t, sitetest.Open, site.Query{Office: "gubernatura"}); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
	if raw, rows := table(t, sitetest.Open, site.Query{Text: "nadie"}); len(rows) != 0 || !strings.HasPrefix(raw, "\uFEFFPARTIDO") {
		t.Errorf("a file of nobody has %d rows and begins %.20q", len(rows), raw)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestAReaderThatLeavesStopsTheFile(t *testing.T) {
	s, e := export(t, sitetest.Open, site.Query{})
	gone := errors.New("gone")
	if err := opendata.WriteCSV(t.Context(), broken{gone}, s, e); !errors.Is(err, gone) {
		t.Errorf("err = %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	var b bytes.Buffer
	if err := opendata.WriteCSV(ctx, &b, s, e); err == nil || b.Len() > 0 {
		t.Errorf("err = %v after %d bytes", err, b.Len())
	}
}

func TestNormalise(t *testing.T) {
	tests := []struct{ column, source, ours string }{
		{"CURSOS", "", "No proporcionó"},
		{"CORREO_ELECTRONICO", " ", "No proporcionó"},
		{"PROPUESTA_GENERO", "No aplica", "No proporcionó"},
		{"HISTORIA_PROFESIONAL", " Uno\r\ndos\u00a0tres ", "Uno\ndos tres"},
		{"DIRECCION_CASA_CAMPAÑA", "Eduardo J. correa , Ext. 116, Col. centro , C. P. 20000", "Eduardo J. correa, Ext. 116, Col. centro, C. P. 20000"},
		{"ESTATUS_ESCOLARIDAD", "Trunca", "Trunco(a)"},
		{"REDES", "https://b.invalid, https://a.invalid", "https://a.invalid, https://b.invalid"},
		{"NOMBRE_CANDIDATO", "Jose\u0301  Perez", "JOSÉ PEREZ"},
		{"DISTRITO LOCAL", "No aplica", "No aplica"},
	}
	for _, tt := range tests {
		if got := opendata.Normalise(tt.column, tt.source); got != tt.ours {
			t.Errorf("Normalise(%s, %q) = %q, want %q", tt.column, tt.source, got, tt.ours)
		}
	}
	if a, b := opendata.Normalise("PROPUESTA_1", "Más agua"), opendata.Normalise("PROPUESTA_1", "Mas agua"); a == b {
		t.Error("losing an accent must not pass for a normalisation")
	}
	for _, n := range opendata.Normalisations() {
		if n.Why == "" {
			t.Error("a normalisation without its reason")
		}
	}
}

func FuzzRestoreUndoesNeutralise(f *testing.F) {
	for _, seed := range []string{"", "=1+1", "'=1+1", "''", "-5", "@x", "\tx", "+52", "'", "ñ", "＝1", "'＋1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		safe := opendata.Neutralise(cell)
		if safe != "" && strings.ContainsAny(string([]rune(safe)[:1]), "=+-@\t\r＝＋－＠") {
			t.Errorf("%q stays dangerous as %q", cell, safe)
		}
		if got := opendata.Restore(safe); got != cell {
			t.Errorf("Restore(Neutralise(%q)) = %q", cell, got)
		}
	})
}
