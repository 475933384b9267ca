package sitepage

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
	"conoceles/internal/site"
	"conoceles/web/component"
	"conoceles/web/es"
	"conoceles/web/layout"
)

// Verification is what the page of the public register shows.
type Verification struct {
	Checkpoints []site.Checkpoint // newest first
	Keys        []string
	Leaf        string // as it was typed
	Problem     string
	Proof       *LeafProof
}

// LeafProof says that a leaf is in the register.
type LeafProof struct {
	Index, Size int64
	Leaf        []byte
	Steps       int
}

// Size is how many leaves the register has.
func (v Verification) Size() int64 {
	if len(v.Checkpoints) == 0 {
		return 0
	}
	return v.Checkpoints[0].Size
}

func (p LeafProof) commitment() string { return base64.StdEncoding.EncodeToString(p.Leaf) }

func (p LeafProof) address() string {
	return "/verificacion/inclusion.json?hoja=" + strconv.FormatInt(p.Index, 10) + "&tamano=" + strconv.FormatInt(p.Size, 10)
}

func (v Verification) field() component.TextField {
	return component.TextField{
		Field: component.Field{ID: "hoja", Label: "Número de hoja", Hint: "Está en «Versiones» de cada ficha.", Error: v.Problem}, Value: v.Leaf,
		InputMode: "numeric", Width: component.Short,
	}
}

func (v Verification) problems() []component.FieldError {
	if v.Problem == "" {
		return nil
	}
	return []component.FieldError{{ID: "hoja", Message: v.Problem}}
}

func (v Verification) meta(f Frame) layout.Meta {
	title := "Verificación"
	m := f.titled(title, "Cómo comprobar que nada de lo publicado se cambió sin dejar huella.", layout.Crumb{Label: title})
	if v.Problem != "" {
		m.Title = "Error: " + title
	}
	return m
}

func checkpointAddress(c site.Checkpoint) string {
	return "/verificacion/sello.txt?tamano=" + strconv.FormatInt(c.Size, 10)
}

func instantOf(t time.Time) string { return es.FullDateTime(t.In(election.Zone())) }

// History is the public history of a candidacy, newest first.
type History struct {
	Meta     layout.Meta
	Name     string
	Back     string // its ficha
	File     string
	Withheld bool // something is in review, and so is read in no version
	Versions []HistoryVersion
	Older    int // that are only in the file
}

// HistoryVersion is something that happened to the page.
type HistoryVersion struct {
	ID      string
	Title   string
	When    string
	ISO     string
	Leaf    string // its number, or that it waits for one
	Proof   string // address, or ""
	Said    string // when there is no text to compare
	Changes []HistoryChange
}

// HistoryChange is a question whose answer changed.
type HistoryChange struct {
	Label string
	Text  string // what happened, where there are no two texts to compare
	Diff  *component.Change
}

// shownVersions is how many versions the page has: the file has all.
const shownVersions = 20

// NewHistory composes the history of a candidacy, oldest first, with what changed
// in each version.
func NewHistory(f Frame, p site.Profile, all []site.Version) (History, error) {
	title := "Versiones de " + p.Name
	h := History{
		Meta: f.titled(title, "Qué se publicó de "+p.Name+", cuándo cambió y en qué.", layout.Crumb{Label: "Candidaturas", Href: f.Path("/candidaturas")},
			layout.Crumb{Label: p.Name, Href: f.Profile(p.Slug)}, layout.Crumb{Label: "Versiones"}),
		Name: p.Name, Back: f.Profile(p.Slug), File: f.Profile(p.Slug) + "/versiones.json",
	}
	first := max(0, len(all)-shownVersions)
	h.Older = first
	var before site.Answers
	for i, v := range all {
		answers, hidden, err := v.Answers()
		if err != nil {
			return h, err
		}
		h.Withheld = h.Withheld || len(hidden) > 0
		if i >= first {
			h.Versions = append(h.Versions, f.historyVersion(v, before, answers))
		}
		before = answers
	}
	slices.Reverse(h.Versions)
	return h, nil
}

func (f Frame) historyVersion(v site.Version, before, after site.Answers) HistoryVersion {
	out := HistoryVersion{ID: "v" + strconv.Itoa(v.Place), When: instantOf(v.At), ISO: v.Instant(), Leaf: "Aún sin número: se le asigna en unos segundos"}
	if v.Index >= 0 {
		n := strconv.FormatInt(v.Index, 10)
		out.Leaf, out.Proof = n, "/verificacion?hoja="+n+"#hoja-t"
	}
	switch {
	case v.Kind == site.ChangeWithdrawn:
		out.Title, out.Said = "Dejó de publicarse", "La ficha salió del sitio."
		return out
	case v.Number == 0:
		out.Title, out.Said = "Datos del registro", "Se publicó lo que consta en el registro; el cuestionario no era público."
		return out
	}
	out.Title = "Versión " + es.Int(v.Number)
	if len(before) == 0 {
		out.Said = "El cuestionario se publicó por primera vez, o volvió a publicarse."
		return out
	}
	out.Changes = f.changes(before, after)
	if len(out.Changes) == 0 {
		out.Said = "Cambió un dato del registro, o cómo se presenta una respuesta; ningún texto que pueda leerse."
	}
	return out
}

// changes compares two versions question by question, in the order of the
// questionnaire. What either hides is not compared.
func (f Frame) changes(before, after site.Answers) []HistoryChange {
	var out []HistoryChange
	for _, page := range f.Catalog.Curricular.Pages {
		for _, part := range page.Parts {
			for _, q := range part.Questions {
				a, inBefore := before[q.ID]
				b, inAfter := after[q.ID]
				if !inBefore || !inAfter {
					continue
				}
				if c, ok := f.change(q, a, b); ok {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

func (f Frame) change(q questionnaire.Question, before, after site.Answer) (HistoryChange, bool) {
	c := HistoryChange{Label: q.Label}
	if q.Kind == questionnaire.Photo {
		c.Text = "Cambió la fotografía."
		return c, before.State != after.State || before.Value.Text != after.Value.Text
	}
	diff := component.NewChange("Antes", f.said(q, before), "Después", f.said(q, after))
	c.Diff = &diff
	return c, !diff.Same()
}

// said is an answer as one text.
func (f Frame) said(q questionnaire.Question, a site.Answer) string {
	if a.State != site.Published {
		return f.blank(a.State)
	}
	return strings.Join(q.Lines(a.Value), "\n")
}
