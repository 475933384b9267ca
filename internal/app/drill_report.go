package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"conoceles/internal/desk/dossier"
	"conoceles/internal/evidence"
	"conoceles/web/es"
	"conoceles/web/page/deskpage"
)

// Document is the report as a document, to be read, printed or filed.
func (r DrillReport) Document() dossier.Document {
	d := dossier.Document{
		Title: dossier.Title{Key: "simulacro", Name: "Evidencia del simulacro", Basis: "Lineamientos, art. 8: pruebas y simulacros"},
		At:    r.End, Version: Version, Head: r.Head,
	}
	say := fmt.Sprintf("Se intentaron %s en %s, con personas ficticias y en una base de datos aparte. %s.",
		es.Plural(len(r.Steps), "cosa", "cosas"), es.Plural(int(r.End.Sub(r.Start).Seconds()), "segundo", "segundos"), r.verdict())
	d.Blocks = []dossier.Block{{Text: say}}
	stage := ""
	var t *dossier.Table
	for i, s := range r.Steps {
		if s.Stage != stage {
			stage = s.Stage
			t = &dossier.Table{Caption: stage, Widths: []float64{12, 24, 56, 56, 28}, Head: []string{"Núm.", "Hora del simulacro", "Qué se intentó", "Qué se esperaba", "Qué se obtuvo"}}
			d.Blocks = append(d.Blocks, dossier.Block{Heading: stage, Sub: true}, dossier.Block{Table: t})
		}
		got := "Lo esperado"
		if !s.Met() {
			got = "DISTINTO. " + strings.Join(s.Obtained, "; ")
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), es.FullDateTime(s.At), s.Tried, strings.Join(s.Expected, "; "), got})
	}
	return d
}

func (r DrillReport) verdict() string {
	switch n := r.Failed(); n {
	case 0:
		return "Todas salieron como se esperaba"
	case 1:
		return "Una no salió como se esperaba"
	default:
		return fmt.Sprintf("%d no salieron como se esperaba", n)
	}
}

// Write leaves the report in a directory, as page, PDF and Markdown, and a line of
// evidence of each stage where lines are kept: "" is nowhere.
func (r DrillReport) Write(ctx context.Context, dir, lines string) error {
	d := r.Document()
	files, err := deskpage.DossierFile(ctx, "evidencia", d)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Bytes, 0o644); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "evidencia.md"), []byte(d.Markdown()), 0o644); err != nil || lines == "" {
		return err
	}
	for _, b := range r.stages() {
		if err := evidence.PutIn(lines, b); err != nil {
			return err
		}
	}
	return nil
}

// stages are the lines of evidence, one of each stage.
func (r DrillReport) stages() []evidence.Line {
	var out []evidence.Line
	met, all := 0, 0
	for i, s := range r.Steps {
		all++
		if s.Met() {
			met++
		}
		if i+1 < len(r.Steps) && r.Steps[i+1].Stage == s.Stage {
			continue
		}
		out = append(out, evidence.Line{
			Run: "simulacro", Case: s.Stage, Figure: "cosas que salieron como se esperaba", Goal: "todas",
			Got: fmt.Sprintf("%d de %d", met, all), Met: met == all, At: r.End,
		})
		met, all = 0, 0
	}
	return out
}
