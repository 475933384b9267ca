package app_test

import (
	"io/fs"
	"os"
	"path/filepath"

	"conoceles/internal/desk/canary"
)

// checkCopy copies the site to files and looks in each: what anybody may see of
// the curricular questionnaire is there, and of identity nothing, not even what is
// public today, for no withdrawal reaches a copy.
func checkCopy(w *world, c *census) {
	dir := filepath.Join(w.TempDir(), "copia")
	if _, err := w.app.Export(w.Context(), dir, ""); err != nil {
		w.Fatal(err)
	}
	seen := map[string]bool{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		for value, k := range c.in(b) {
			seen[value] = true
			if k.Class != canary.CurricularOwn || !k.Visible() {
				w.Errorf("the copy has the canary %s, %s, in %s", value, k.Class, name)
			}
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	for value, k := range c.by {
		if k.Class == canary.CurricularOwn && k.Visible() && !seen[value] {
			w.Errorf("the copy has not %s of %s, which is public", k.What, c.of[value].Folio)
		}
	}
}
