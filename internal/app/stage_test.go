package app_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/db/dbtest"
	"conoceles/internal/demo"
	"conoceles/internal/desk/registry"
	"conoceles/internal/serve"
)

// stage is the whole program over a database of its own with the demonstration
// in it.
type stage struct {
	testing.TB
	app     *app.App
	front   *serve.Front
	handler http.Handler
	pg      *dbtest.DB
}

func newStage(t testing.TB, size int) *stage {
	t.Helper()
	pg := dbtest.New(t)
	cfg, err := config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL": pg.DeskURL, "CONOCELES_SITE_DATABASE_URL": pg.SiteURL,
		"CONOCELES_KEYSET": filepath.Join(t.TempDir(), "llaves.json"),
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), cfg, quiet(), app.Both)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := a.Seeder(7, size).Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	front, handler, err := a.Handler(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &stage{t, a, front, handler, pg}
}

// text returns the single value of a query of the desk.
func (s *stage) text(sql string, args ...any) string {
	s.Helper()
	var out string
	if err := s.app.Desk.QueryRow(context.Background(), sql, args...).Scan(&out); err != nil {
		s.Fatal(err)
	}
	return out
}

// profiles returns the addresses of validated profiles.
func (s *stage) profiles() []string {
	s.Helper()
	rows, err := s.app.Desk.Query(context.Background(),
		`SELECT '/candidaturas/' || slug FROM desk.candidacies WHERE capture = 'validada' AND standing = 'aprobada' ORDER BY id LIMIT 2000`)
	if err != nil {
		s.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.Fatal(err)
	}
	return out
}

// anotherList writes a list of size regidurías of parties that the process does
// not have yet, so that every row is new.
func (s *stage) anotherList(size int) []byte {
	s.Helper()
	var places []string
	rows, err := s.app.Desk.Query(context.Background(), `SELECT name FROM desk.municipalities WHERE by_parties ORDER BY id`)
	if err != nil {
		s.Fatal(err)
	}
	if places, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		s.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("CARGO,MUNICIPIO,POSICION,CALIDAD,NOMBRES,APELLIDOS,SEXO,PARTIDO\r\n")
	for i := range size {
		place, rest := places[i%len(places)], i/len(places)
		name := string(rune('A'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26))
		fmt.Fprintf(&b, "REGIDURÍA,%s,%d,PROPIETARIA,Persona %s,Ejemplo Prueba,MUJER,B%03d\r\n", place, rest%3+1, name, rest/3)
	}
	return []byte(b.String())
}

func (s *stage) importList(csv []byte) {
	s.Helper()
	result, err := s.app.Registry.ImportCandidacies(context.Background(), registry.Command("prueba"), registry.ImportRequest{
		Process: demo.Key, Name: "lista.csv", Data: csv, Acuerdo: "A/1", ApprovedOn: time.Now(), CreateNominators: true,
	})
	if err != nil {
		s.Fatal(err, result.Rejections[:min(3, len(result.Rejections))])
	}
}
