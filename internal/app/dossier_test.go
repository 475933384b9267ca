package app_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/config"
	"conoceles/internal/demo"
	"conoceles/internal/desk/dossier"
	"conoceles/internal/evidence"
	"conoceles/internal/serve"
)

// dossierSamples returns those of the file of the system.
func dossierSamples() map[string]sample {
	const home = "/administracion/expediente"
	return map[string]sample{
		"/administracion/respaldos":         {as: "informatica", paths: []string{"/administracion/respaldos"}},
		home:                                {as: "informatica", paths: []string{home}},
		home + "/expediente.zip":            {as: "informatica", paths: []string{home + "/expediente.zip"}, file: true},
		home + "/{documento}":               {as: "auditoria", paths: []string{home + "/proceso-tecnico-operativo"}},
		home + "/{documento}/documento.pdf": {as: "auditoria", paths: []string{home + "/proceso-tecnico-operativo/documento.pdf"}, file: true},
	}
}

// TestTheFileOfTheSystem writes the file of the demonstration and reads it: every
// document is there as page and as paper, each says what the program is, and no
// script nor part of the desk is left out.
func TestTheFileOfTheSystem(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.app.Config.Evidence = t.TempDir()
	kept := evidence.Line{Run: "fallas", Case: "F3", Figure: "perdidos", Goal: "0", Got: "0 de 1,204", Met: true}
	if err := evidence.PutIn(s.app.Config.Evidence, kept); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "expediente")
	files, err := s.app.WriteDossier(context.Background(), demo.Key, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(files), 2*len(dossier.Titles())+2; got != want {
		t.Errorf("%d files, want %d", got, want)
	}
	for name, wants := range map[string][]string{
		"1-analisis.html":                  {"Art. 15 j", "35-consentimiento-de-independientes", "propuesta_genero", "/transparencia/revision/{folio}/aprobar"},
		"2-diseno.html":                    {"Capacidad", "sensitive", "candidacy_keys"},
		"3-proceso-tecnico-operativo.html": {"10. Cierre, bloqueo y supresión", "/registro/listas"},
		"4-formato-de-base-de-datos.html":  {"desk.candidacies", "Instituto electoral que opera el sistema"},
		"5-construccion.html":              {"CONOCELES_KEYSET", "Cuestionario curricular"},
		"6-pruebas.html":                   {"0 de 1,204", "cumple"},
		"7-control-de-cambios.html":        {"Entregable", "1.0"},
		"8-documento-de-seguridad.html":    {"TestTheGrid", "11.3.1"},
		"MANIFIESTO.sha256":                {"6-pruebas.pdf"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(strings.ToLower(string(text)), strings.ToLower(want)) {
				t.Errorf("%s has no %q", name, want)
			}
		}
	}
	if _, err := s.app.WriteDossier(context.Background(), demo.Key, dir); err == nil {
		t.Error("a file of the system is written over another")
	}
}

// TestNoDocumentNamesWhatIsNotThere takes a script, and then a screen, away.
func TestNoDocumentNamesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	scripts := fstest.MapFS{}
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		scripts[filepath.Base(name)] = &fstest.MapFile{Data: text}
	}
	routes := s.front.Routes().List()
	make := func() error {
		store := dossier.New(s.app.Desk, dossier.Source{Scripts: scripts, Routes: func() []serve.Route { return routes }, Variables: config.Variables()})
		_, err := store.All(context.Background(), demo.Key)
		return err
	}
	if err := make(); err != nil {
		t.Fatal(err)
	}
	script := scripts["31-arco.txt"]
	delete(scripts, "31-arco.txt")
	if err := make(); err == nil || !strings.Contains(err.Error(), "31-arco") {
		t.Errorf("without a script: %v", err)
	}
	scripts["31-arco.txt"] = script
	routes = slices.DeleteFunc(routes, func(r serve.Route) bool { return r.Pattern == "/registro/listas" })
	if err := make(); err == nil || !strings.Contains(err.Error(), "/registro/listas") {
		t.Errorf("without a screen: %v", err)
	}
}

// TestTheFileLeavesNothingOut compares its lists with what there is.
func TestTheFileLeavesNothingOut(t *testing.T) {
	duties, err := dossier.Duties()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, d := range duties {
		for _, name := range d.Scripts {
			told[name] = true
		}
	}
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if script := strings.TrimSuffix(filepath.Base(name), ".txt"); !told[script] {
			t.Errorf("%s proves no duty: give it one in duties.txt", script)
		}
	}
	whose, err := dossier.Belongings()
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, b := range whose {
		got = append(got, b.Prefix)
	}
	for _, b := range belongings {
		want = append(want, b.prefix)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("belongings.txt is not the grid: %s", diff)
	}
}
