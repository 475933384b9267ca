package registry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"conoceles/internal/desk/registry"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// ayala is a fórmula for the presidencia of Ayala by one party.
var ayala = []string{
	"PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba Ríos|M|MC|",
	"PRESIDENCIA MUNICIPAL||Ayala||SUPLENTE|Eva|Muestra Paz|M|MC|",
}

func TestAListEntersWithFolioAddressAndClock(t *testing.T) {
	o := newOffice(t)
	r := o.mustLoad(list(t, shortHeader,
		append(ayala,
			"Diputación MR|5-TEMIXCO|||propietario|José|De la O|H|PAN|",
			"DIPUTACION LOCAL RP||||PROPIETARIA|Luz|Ejemplo Sol|NB|PT|")...,
	), func(q *registry.ImportRequest) { q.AcceptRejected = true })
	want := registry.Result{Rows: 4, New: 3, Rejected: 1}
	if got := (registry.Result{Rows: r.Rows, New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, Rejected: r.Rejected}); got.Rows != want.Rows || got.New != want.New || got.Rejected != want.Rejected {
		t.Errorf("rows %d new %d rejected %d, want 4, 3, 1", r.Rows, r.New, r.Rejected)
	}
	if got, want := r.Rejections[0].String(), "Fila 5, POSICION: falta; Diputación de representación proporcional se postula en lista con orden"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got := o.text(`SELECT string_agg(folio || ' ' || slug || ' ' || standing || ' ' || acuerdo, ', ' ORDER BY folio) FROM desk.candidacies WHERE process_id = $1`, o.Election)
	wantRows := "EP27-00001 ana-prueba-rios aprobada IEP/CEE/100/2027, EP27-00002 eva-muestra-paz aprobada IEP/CEE/100/2027, EP27-00003 jose-de-la-o aprobada IEP/CEE/100/2027"
	if got != wantRows {
		t.Errorf("got  %s\nwant %s", got, wantRows)
	}
	if n := o.count(`SELECT count(*) FROM audit.entries WHERE kind = 'lista.importar' AND process_id IS NOT NULL AND details ->> 'nuevas' = '3'`); n != 1 {
		t.Errorf("%d entries in the bitácora, want 1", n)
	}
	if n := o.count(`SELECT count(*) FROM desk.imports WHERE rows_read = 4 AND rows_new = 3 AND rows_rejected = 1`); n != 1 {
		t.Errorf("%d imports on record, want 1", n)
	}
}

func TestEachMistakeIsRejectedWithItsCellAndNothingEnters(t *testing.T) {
	o := newOffice(t)
	tests := []struct{ name, row, want string }{
		{"office", "PRESIDENCIA DEL CLUB||Ayala||PROPIETARIA|Ana|Prueba|M|MC|", "CARGO"},
		{"municipality", "PRESIDENCIA MUNICIPAL||Macondo||PROPIETARIA|Ana|Prueba|M|MC|", "MUNICIPIO"},
		{"sistemas normativos", "PRESIDENCIA MUNICIPAL||Coatetelco||PROPIETARIA|Ana|Prueba|M|MC|", "MUNICIPIO"},
		{"district", "DIPUTACIÓN MR|13|||PROPIETARIA|Ana|Prueba|M|MC|", "DISTRITO"},
		{"role", "PRESIDENCIA MUNICIPAL||Ayala||TERCERA|Ana|Prueba|M|MC|", "CALIDAD"},
		{"governor without suplente", "GUBERNATURA||||SUPLENTE|Ana|Prueba|M|MC|", "CALIDAD"},
		{"position", "REGIDURIA||Ayala|uno|PROPIETARIA|Ana|Prueba|M|MC|", "POSICION"},
		{"no name", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA||Prueba|M|MC|", "NOMBRES"},
		{"markup in a name", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|<b>Ana</b>|Prueba|M|MC|", "NOMBRES"},
		{"control characters", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|An\x07a|Prueba|M|MC|", "NOMBRES"},
		{"no surnames", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana||M|MC|", "APELLIDOS"},
		{"sex", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba|Z|MC|", "SEXO"},
		{"no party", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba|M||", "PARTIDO"},
		{"unknown party", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba|M|XYZ|", "PARTIDO"},
		{"unknown coalition", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba|M|PT|Todo por todas", "COALICION O CANDIDATURA COMUN"},
		{"party of another coalition", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba|M|PAN|SHHM", "PARTIDO"},
		{"unknown independent", "PRESIDENCIA MUNICIPAL||Tepoztlán||PROPIETARIA|Ana|Prueba|M|INDEPENDIENTE|", "PARTIDO"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := o.load(list(t, shortHeader, ayala[0], tt.row))
			if !fault.Is(err, fault.Invalid) || r.Applied || r.Rejected != 1 {
				t.Fatalf("err %v, applied %t, rejected %d: %v", err, r.Applied, r.Rejected, r.Rejections)
			}
			if got := r.Rejections[0]; got.Row != 3 || got.Column != tt.want || got.Text == "" {
				t.Errorf("got row %d column %q (%s), want 3 %q", got.Row, got.Column, got.Text, tt.want)
			}
		})
	}
	if n := o.count(`SELECT count(*) FROM desk.candidacies`); n != 0 {
		t.Errorf("%d candidacies entered from refused lists", n)
	}
	if n := o.count(`SELECT count(*) FROM audit.entries WHERE kind = 'lista.importar'`); n != 0 {
		t.Errorf("%d entries about lists that did not enter", n)
	}
}

func TestOptionalDataAreRead(t *testing.T) {
	o := newOffice(t)
	const header = "CARGO|MUNICIPIO|CALIDAD|NOMBRES|PRIMER_APELLIDO|SEGUNDO_APELLIDO|SOBRENOMBRE|SEXO|FECHA DE NACIMIENTO|PARTIDO|ACCION_AFIRMATIVA|ELECCION_CONSECUTIVA|CORREO|TELEFONO|FOLIO|ACUERDO|FECHA_ACUERDO"
	o.mustLoad(list(t, header,
		"SINDICATURA|Jonacatepec|PROPIETARIA|Ana|Prueba|Ríos|La Maestra|M|14/03/1985|morena|Indígena, Persona Joven|SÍ|ana@ejemplo.mx|+52 777 123 4567|R-9|IEP/7|2027-03-29",
		"SINDICATURA|17004|SUPLENTE|Eva|Muestra||| MUJER |1990-12-01|PVEM||no|||||"))
	got := o.text(`
SELECT string_agg(concat_ws('|', p.given_names, p.surnames, p.nickname, p.sex, p.birth_date, p.email, p.phone, m.name, c.affirmative_actions::text,
  c.consecutive, c.registry_folio, c.acuerdo, c.approved_on), E'\n' ORDER BY c.id)
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id JOIN desk.municipalities m ON m.id = c.municipality_id`)
	want := "Ana|Prueba Ríos|La Maestra|mujer|1985-03-14|ana@ejemplo.mx|7771234567|Jonacatepec de Leandro Valle|{indigena,joven}|t|R-9|IEP/7|2027-03-29\n" +
		"Eva|Muestra||mujer|1990-12-01|||Ayala|{}|f||IEP/CEE/100/2027|2027-03-30"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, tt := range []struct{ cells, column string }{
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M|31/02/1985|MC||||||||", "FECHA_NACIMIENTO"},
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M|2015-01-01|MC||||||||", "FECHA_NACIMIENTO"},
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M||MC|zurda|||||||", "ACCION_AFIRMATIVA"},
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M||MC||quizá||||||", "ELECCION_CONSECUTIVA"},
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M||MC|||ana arroba|||||", "CORREO"},
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M||MC||||123||||", "TELEFONO"},
		{"SINDICATURA|Ayala|PROPIETARIA|Ana|Prueba|||M||MC|||||||ayer", "FECHA_ACUERDO"},
	} {
		r, err := o.load(list(t, header, tt.cells))
		if err == nil || len(r.Rejections) != 1 || r.Rejections[0].Column != tt.column {
			t.Errorf("%s: got %v, %v", tt.column, err, r.Rejections)
		}
	}
}

func TestWholeFilesThatAreNotListsAreRefusedInWords(t *testing.T) {
	o := newOffice(t)
	for name, data := range map[string][]byte{
		"empty":         {},
		"header only":   list(t, shortHeader),
		"other columns": list(t, "NOMBRE COMPLETO|EDAD", "Ana|30"),
		"no surnames":   list(t, strings.Replace(shortHeader, "|APELLIDOS", "", 1), "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|M|MC|"),
		"column twice":  list(t, shortHeader+"|SEXO", ayala[0]+"|M"),
		"a PDF":         []byte("%PDF-1.7 lista"),
		"BIFF of Excel": append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...),
		"HTML":          []byte("<html><body><table><tr><td>CARGO</td></tr></table></body></html>"),
		"a ZIP":         []byte("PK\x03\x04 no es un libro"),
		"NUL":           []byte("CARGO,SEXO\nA\x00,M\n"),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.load(data)
			if !fault.Is(err, fault.Invalid) || fault.MessageOf(err) == "" && len(fault.FieldsOf(err)) == 0 {
				t.Errorf("got %v, want words for whoever sent it", err)
			}
		})
	}
}

func TestLoadingTheSameListAgainChangesNothing(t *testing.T) {
	o := newOffice(t)
	data := list(t, shortHeader, append(ayala,
		"REGIDURÍA||Ayala|1|PROPIETARIA|Sol|Ficticia|M|PT|SHHM",
		"PRESIDENCIA MUNICIPAL||Tepoztlán||PROPIETARIA|Ir|Libre|H|INDEPENDIENTE|Tepoztlán Vive")...)
	create := func(q *registry.ImportRequest) { q.CreateNominators = true }
	first := o.mustLoad(data, create)
	digest := func() string {
		return o.text(`SELECT md5(string_agg(c::text || p::text, '' ORDER BY c.id)) FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id`)
	}
	before := digest()
	for range 2 {
		again := o.mustLoad(data)
		if again.New != 0 || again.Changed != 0 || again.Unchanged != first.New {
			t.Errorf("again: new %d, changed %d, unchanged %d; want 0, 0, %d", again.New, again.Changed, again.Unchanged, first.New)
		}
	}
	if digest() != before {
		t.Error("the registry is not the same after loading the same list again")
	}
}

// Whatever rows a list brings, loading it again changes nothing, a dry run says
// what the real one does, and the site stays what the desk says.
func TestAnyListLoadsOnce(t *testing.T) {
	o := newOffice(t)
	o.Open()
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, label) }
		var lines []string
		for range rapid.IntRange(1, 6).Draw(rt, "rows") {
			lines = append(lines, strings.Join([]string{
				pick("office", "PRESIDENCIA", "Regiduría", "SÍNDICO", "DIPUTACIÓN MR", "GUBERNATURA", "ALCALDE"),
				pick("district", "", "1", "12", "99"),
				pick("town", "Ayala", "CUAUTLA", "17007", "Narnia", "Hueyapan"),
				pick("position", "", "1", "2", "x"),
				pick("role", "PROPIETARIA", "suplente"),
				pick("given", "Ana", "José", "Łucja", "  Eva  Luz "),
				pick("surnames", "De la O", "Ñáñez", "O’Hara", "Ruiz-Paz", "7"),
				pick("sex", "M", "HOMBRE", "NB", "?"),
				pick("party", "MC", "pan", "Morena", "INDEPENDIENTE", "XYZ", "PT"),
				pick("coalition", "", "SHHM", "Alianza MC-PAN", "Planilla Uno"),
			}, "|"))
		}
		data := list(t, shortHeader, lines...)
		options := func(q *registry.ImportRequest) { q.AcceptRejected, q.CreateNominators = true, true }
		dry, err := o.load(data, options, func(q *registry.ImportRequest) { q.Simulate = true })
		if err != nil {
			rt.Fatal(err)
		}
		first, err := o.load(data, options)
		if err != nil {
			rt.Fatal(err)
		}
		if dry.New != first.New || dry.Changed != first.Changed || dry.Rejected != first.Rejected {
			rt.Errorf("the dry run said %+v, loading did %+v", dry, first)
		}
		if n := first.New + first.Changed + first.Unchanged + first.Rejected; n != first.Rows {
			rt.Errorf("%d of %d rows accounted for", n, first.Rows)
		}
		again, err := o.load(data, options)
		if err != nil || again.New != 0 || again.Changed != 0 || again.Rejected != first.Rejected {
			rt.Errorf("again: %v, new %d, changed %d, rejected %d; want 0, 0, %d\n%s", err, again.New, again.Changed, again.Rejected, first.Rejected, data)
		}
	})
	o.intact()
}

func TestACoalitionIsCapturedByWhoSiglaAndAnIndependentByItself(t *testing.T) {
	o := newOffice(t)
	o.mustLoad(list(t, shortHeader,
		"PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Sol|Ficticia|M|PT|Sigamos Haciendo Historia en Morelos",
		"PRESIDENCIA MUNICIPAL||Cuautla||PROPIETARIA|Luz|Ficticia|M|PAN|Candidatura común PAN, PRI",
		"PRESIDENCIA MUNICIPAL||Mazatepec||PROPIETARIA|Mar|Libre|M|INDEPENDIENTE|",
		"SINDICATURA||Mazatepec||PROPIETARIA|Río|Libre|H|INDEPENDIENTE|",
		"PRESIDENCIA MUNICIPAL||Yautepec||PROPIETARIA|Flor|Nueva|M|Flores|Flores-Jardines-PRD",
	), func(q *registry.ImportRequest) { q.CreateNominators = true })
	got := o.text(`
SELECT string_agg(concat_ws(' ', p.given_names || ':', n.kind, n.acronym, '<-', s.acronym, '(' ||
  (SELECT string_agg(x.acronym, '+' ORDER BY x.registry_order) FROM desk.nominator_members k JOIN desk.nominators x ON x.id = k.party_id WHERE k.nominator_id = n.id) || ')'), E'\n' ORDER BY c.id)
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id JOIN desk.nominators n ON n.id = c.nominator_id LEFT JOIN desk.nominators s ON s.id = c.siglado_id`)
	want := `Sol: coalicion SHHM <- PT (PT+PVEM+MORENA+NAM+MAS+PES)
Luz: candidatura_comun Candidatura común PAN, PRI <- PAN (PAN+PRI)
Mar: independiente Independiente Mazatepec <-
Río: independiente Independiente Mazatepec <-
Flor: coalicion Flores-Jardines-PRD <- Flores (PRD+Flores)`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnotherPersonInATakenPlaceIsASubstitution(t *testing.T) {
	o := newOffice(t)
	o.mustLoad(list(t, shortHeader, ayala...))
	tests := []struct {
		name, row string
		new, same int
		changed   int
		refused   bool
	}{
		{"another person", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Olga|Distinta Mar|M|MC|", 0, 0, 0, true},
		{"a sister", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ada|Prueba Ríos|M|MC|", 0, 0, 0, true},
		{"a namesake of the other sex, one letter apart", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba Rios Sol|H|MC|", 0, 0, 0, true},
		{"the same without accents is a correction", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Prueba Rios|M|MC|", 0, 0, 1, false},
		{"a mistyped letter is a correction", "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana|Pruebo Ríos|M|MC|", 0, 0, 1, false},
		{"the same person", ayala[0], 0, 1, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := o.load(list(t, shortHeader, tt.row), func(q *registry.ImportRequest) { q.Simulate = true })
			if err != nil {
				t.Fatal(err)
			}
			if r.New != tt.new || r.Unchanged != tt.same || r.Changed != tt.changed || (r.Rejected == 1) != tt.refused {
				t.Errorf("new %d, same %d, changed %d, rejected %d: %v", r.New, r.Unchanged, r.Changed, r.Rejected, r.Rejections)
			}
			if tt.refused && !strings.Contains(r.Rejections[0].Text, "es una sustitución; captúrala en /registro/candidaturas/EP27-00001/acto/sustitucion") {
				t.Errorf("it does not say where: %s", r.Rejections[0].Text)
			}
		})
	}
}

func TestAFolioNamesTheCandidacy(t *testing.T) {
	o := newOffice(t)
	const header = shortHeader + "|FOLIO"
	o.mustLoad(list(t, header, ayala[0]+"|R-1", ayala[1]+"|R-2"))
	o.Open()

	r := o.mustLoad(list(t, header, "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Ana María|Prueba Ríos|M|MC||R-1"))
	if r.Changed != 1 || r.Changes[0].What != "nombre" {
		t.Fatalf("changed %d: %v", r.Changed, r.Changes)
	}
	if got := o.text(`SELECT slug FROM site.candidacies WHERE name = 'Ana María Prueba Ríos'`); got != "ana-maria-prueba-rios" {
		t.Errorf("its address is %q", got)
	}
	if n := o.count(`SELECT count(*) FROM site.moved WHERE slug = 'ana-prueba-rios'`); n != 1 {
		t.Error("the former address leads nowhere")
	}
	o.intact()
	for name, row := range map[string]string{
		"another person": "PRESIDENCIA MUNICIPAL||Ayala||PROPIETARIA|Olga|Distinta|M|MC||R-1",
		"another place":  "PRESIDENCIA MUNICIPAL||Cuautla||PROPIETARIA|Ana María|Prueba Ríos|M|MC||R-1",
	} {
		if r, err := o.load(list(t, header, row)); err == nil {
			t.Errorf("%s under the folio: %+v", name, r)
		}
	}
}

func TestRowsThatRepeatAnotherNameIt(t *testing.T) {
	o := newOffice(t)
	r, err := o.load(list(t, shortHeader, ayala[0], ayala[0]))
	if err == nil || r.Rejections[0].String() != "Fila 3: repite el cargo, lugar, posición, calidad y actor de la fila 2" {
		t.Errorf("%v %v", err, r.Rejections)
	}
}

func TestDoubtsAreWarningsAndStopNothing(t *testing.T) {
	o := newOffice(t)
	r := o.mustLoad(list(t, shortHeader,
		ayala[0],
		"PRESIDENCIA MUNICIPAL||Ayala||SUPLENTE|Leo|Muestra|H|MC|",
		"PRESIDENCIA MUNICIPAL||Cuautla||PROPIETARIA|ANA|PRUEBA RIOS|M|MC|",
		"REGIDURÍA||Ayala|12|PROPIETARIA|Sol|Ficticia|M|MC|"))
	var got []string
	for _, w := range r.Warnings {
		got = append(got, w.String())
	}
	want := []string{
		"Columna APELLIDOS: los apellidos vienen juntos y así se guardan; no se separan",
		"Fila 3, SEXO: la fórmula con Ana Prueba Ríos es de distinto sexo; revísalo",
		"Fila 4, NOMBRES: se llama igual que la persona de la fila 2; se registran por separado",
		"Fila 5, POSICION: Ayala tiene 7 regidurías en el catálogo; esta dice 12",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := o.text(`SELECT string_agg(slug, ' ' ORDER BY slug) FROM desk.slugs WHERE slug LIKE 'ana-%'`); got != "ana-prueba-rios ana-prueba-rios-2" {
		t.Errorf("the addresses of the namesakes are %q", got)
	}
}

func TestADryRunSaysTheSameAndChangesNothing(t *testing.T) {
	o := newOffice(t)
	req := registry.ImportRequest{
		Process: "Proceso que no existe 2015", Name: "lista.csv", Data: list(t, shortHeader, ayala...), Simulate: true, CreateNominators: true,
	}
	dry, err := o.ImportCandidacies(context.Background(), registry.Command("importar"), req)
	if err != nil || dry.New != 2 || dry.Applied || !dry.Simulated {
		t.Fatalf("%v %+v", err, dry)
	}
	if n := o.count(`SELECT count(*) FROM desk.processes WHERE name LIKE '%2015' OR folio_prefix = 'PROEXI15'`); n != 0 {
		t.Error("the dry run made the process")
	}
	req.Simulate = false
	real, err := o.ImportCandidacies(context.Background(), registry.Command("importar"), req)
	if err != nil || real.New != dry.New || !real.Applied {
		t.Errorf("%v: dry %d new, real %d", err, dry.New, real.New)
	}
	if kind := o.text(`SELECT kind FROM desk.processes WHERE name LIKE '%2015'`); kind != string(election.Archive) {
		t.Errorf("the process made is %q", kind)
	}
}

func TestTheJSONOfAResultHasTheWordsOfTheContract(t *testing.T) {
	text, err := json.Marshal(registry.Result{Rows: 5, New: 1, Changed: 1, Unchanged: 1, Rejected: 2, Warned: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"filas":5`, `"nuevas":1`, `"cambiadas":1`, `"sin_cambio":1`, `"rechazadas":2`, `"avisos":3`} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}

func TestASecretaryLoadsOnlyIntoTheirProcess(t *testing.T) {
	o := newOffice(t)
	r := o.mustLoad(list(t, shortHeader, ayala...), func(q *registry.ImportRequest) { q.Process = "prueba-2027" })
	if r.Process != electionName {
		t.Errorf("loaded into %q", r.Process)
	}
	if _, err := o.ImportCandidacies(context.Background(), registry.Author{}, registry.ImportRequest{Data: list(t, shortHeader, ayala...)}); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody loaded a list: %v", err)
	}
}

func TestTheCatalogueOfSecciones(t *testing.T) {
	o := newOffice(t)
	if n := o.count(`SELECT count(*) FROM desk.precincts WHERE process_id = $1`, o.Election); n != 945 {
		t.Fatalf("%d secciones, want 945", n)
	}
	req := registry.ImportRequest{Process: electionName, Name: "secciones.csv", Data: list(t, "SECCION|CVE_MUNICIPIO|DISTRITO_LOCAL", "1|17001|11", "2|17004|10", "9001|17004|10")}
	r, err := o.ImportPrecincts(context.Background(), registry.Command("importar"), req)
	if err != nil || r.New != 1 || r.Changed != 1 || r.Unchanged != 1 {
		t.Errorf("%v: new %d, changed %d, unchanged %d", err, r.New, r.Changed, r.Unchanged)
	}
	req.Data = list(t, "SECCION|CVE_MUNICIPIO|DISTRITO_LOCAL", "0|17001|11", "3|17999|11", "4|17001|15", "5|17001|11", "5|17001|11")
	r, err = o.ImportPrecincts(context.Background(), registry.Command("importar"), req)
	if err == nil || r.Rejected != 4 {
		t.Errorf("%v: %v", err, r.Rejections)
	}
}

// BenchmarkImport says how long a list of 5,000 candidacies takes to enter an
// election that is public.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		o := newOffice(b)
		o.Open()
		var lines []string
		for i := range 5000 {
			lines = append(lines, fmt.Sprintf("REGIDURÍA||%d|%d|%s|Nombre%s|Apellido%s|%s|MC|", 17001+i%33, i/66+1,
				[]string{"PROPIETARIA", "SUPLENTE"}[i/33%2], letters(i), letters(i*7), []string{"H", "M"}[i%2]))
		}
		data := list(b, shortHeader, lines...)
		b.StartTimer()
		o.mustLoad(data)
	}
}

// letters writes a number without digits, which no name has.
func letters(n int) string {
	s := ""
	for n++; n > 0; n /= 26 {
		s += string(rune('a' + n%26))
	}
	return s
}
