package rig

import (
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"conoceles/internal/evidence"
)

// Report is what an auditor reads of a run of load: what was asked of the program,
// on which machine, and what it answered. Its figures are lines of evidence too.
type Report struct {
	Began    time.Time
	Machine  string
	Short    bool
	Sections []*ReportSection
}

// ReportSection is one load.
type ReportSection struct {
	Title, What string // Spanish
	Lines       []evidence.Line
}

// runLoad names the evidence of load.
const runLoad = "carga"

// NewReport begins a report about this machine.
func NewReport(short bool) *Report {
	return &Report{
		Began: time.Now(), Short: short,
		Machine: fmt.Sprintf("%d procesadores, %s, %s; el programa, PostgreSQL y quien genera la carga comparten la máquina", runtime.NumCPU(), memory(), runtime.Version()),
	}
}

// memory says how much the machine has.
func memory() string {
	text, err := os.ReadFile("/proc/meminfo")
	var kib int64
	if err == nil {
		_, err = fmt.Sscanf(string(text), "MemTotal: %d kB", &kib)
	}
	if err != nil {
		return "memoria desconocida"
	}
	return fmt.Sprintf("%d MiB de memoria", kib>>10)
}

// Section begins a part of the report.
func (r *Report) Section(title, what string) *ReportSection {
	s := &ReportSection{Title: title, What: what}
	r.Sections = append(r.Sections, s)
	return s
}

// Put notes a figure. Without a goal, met says nothing.
func (s *ReportSection) Put(figure, goal, got string, met bool) {
	s.Lines = append(s.Lines, evidence.Line{Run: runLoad, Case: s.Title, Figure: figure, Goal: goal, Got: got, Met: met, At: time.Now()})
}

// Measured notes the figures of a load.
func (s *ReportSection) Measured(prefix string, m Measured) {
	s.Put(prefix+"solicitudes por segundo", "", fmt.Sprintf("%.0f (%d en %s)", m.Rps(), m.Requests, m.Took.Round(100*time.Millisecond)), true)
	s.Put(prefix+"tiempo de respuesta: mediana, 95 %, 99 %", "", fmt.Sprintf("%s, %s, %s", brief(m.P50), brief(m.P95), brief(m.P99)), true)
	s.Put(prefix+"errores", "0", fmt.Sprint(m.Broken), m.Broken == 0)
	s.Put(prefix+"despedidas con «vuelve a intentarlo»", "", fmt.Sprintf("%d (%.2f %%)", m.Refused, 100*float64(m.Refused)/float64(max(m.Requests, 1))), true)
}

func brief(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// Save writes the report, in Markdown and in HTML, and its lines, where the
// environment keeps evidence; nowhere if it does not.
func (r *Report) Save() error {
	dir := os.Getenv(evidence.Variable)
	if dir == "" {
		return nil
	}
	var errs []error
	for _, s := range r.Sections {
		for _, l := range s.Lines {
			errs = append(errs, evidence.PutIn(dir, l))
		}
	}
	errs = append(errs,
		os.WriteFile(filepath.Join(dir, "carga.md"), []byte(r.Markdown()), 0o644),
		os.WriteFile(filepath.Join(dir, "carga.html"), []byte(r.HTML()), 0o644))
	return errors.Join(errs...)
}

// Markdown is the report as text.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Prueba de carga\n\n%s\n\nInicio: %s. Máquina: %s.\n", r.Kind(), r.Began.UTC().Format("2006-01-02 15:04 UTC"), r.Machine)
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| cifra | esperado | obtenido | resultado |\n|---|---|---|---|\n", s.Title, s.What)
		for _, l := range s.Lines {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", l.Figure, l.Goal, l.Got, l.Verdict())
		}
	}
	return b.String()
}

// Kind says how long the run was.
func (r *Report) Kind() string {
	if r.Short {
		return "Versión breve: cada carga dura alrededor de un minuto. Las cifras orientan; las que valen son las de la versión completa."
	}
	return "Versión completa."
}

// reportStyle is the look of the report, on a screen or on paper.
const reportStyle = `body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #aaa;padding:.3rem .5rem;text-align:left;vertical-align:top}.no{font-weight:700;background:#fde7e7}`

// HTML is the report as a page that needs nothing else.
func (r *Report) HTML() string {
	var b strings.Builder
	put := func(format string, args ...string) {
		escaped := make([]any, len(args))
		for i, a := range args {
			escaped[i] = html.EscapeString(a)
		}
		fmt.Fprintf(&b, format, escaped...)
	}
	put("<!doctype html>\n<html lang=\"es-MX\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Prueba de carga</title>\n<style>")
	b.WriteString(reportStyle)
	put("</style></head>\n<body><main><h1>Prueba de carga</h1><p>%s</p><p>Inicio: %s UTC. Máquina: %s.</p>\n", r.Kind(), r.Began.UTC().Format("2006-01-02 15:04"), r.Machine)
	for _, s := range r.Sections {
		put("<section><h2>%s</h2><p>%s</p><table><thead><tr><th scope=\"col\">Cifra</th><th scope=\"col\">Esperado</th><th scope=\"col\">Obtenido</th><th scope=\"col\">Resultado</th></tr></thead><tbody>\n", s.Title, s.What)
		for _, l := range s.Lines {
			class := ""
			if l.Goal != "" && !l.Met {
				class = "no"
			}
			put("<tr class=\"%s\"><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", class, l.Figure, l.Goal, l.Got, l.Verdict())
		}
		put("</tbody></table></section>\n")
	}
	put("</main></body></html>\n")
	return b.String()
}
