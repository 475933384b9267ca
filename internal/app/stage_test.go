package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
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

// seeded is a demonstration that tests copy, with the keys that open its identity.
type seeded struct {
	dbtest.Template
	keyset []byte
}

// usual is the demonstration of nearly every test, as of now.
var usual = seed(600, time.Now)

// seed returns a demonstration about that large, as seeded at an instant.
func seed(size int, now func() time.Time) *seeded {
	s := &seeded{}
	s.Fill = func(ctx context.Context, pg *dbtest.DB) error {
		dir, err := os.MkdirTemp("", "llaves-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cfg, err := settings(pg, dir)
		if err != nil {
			return err
		}
		a, err := app.OpenAt(ctx, cfg, quiet(), app.Both, now)
		if err != nil {
			return err
		}
		if err := errors.Join(a.Seeder(7, size).Run(ctx), a.Close(ctx)); err != nil {
			return err
		}
		s.keyset, err = os.ReadFile(cfg.Keyset)
		return err
	}
	return s
}

// open returns a copy of the demonstration and the settings to open it with.
func (s *seeded) open(t testing.TB) (*dbtest.DB, config.Config) {
	t.Helper()
	pg := s.New(t)
	return pg, s.settings(t, pg)
}

// settings are those to open a database that has the demonstration.
func (s *seeded) settings(t testing.TB, pg *dbtest.DB) config.Config {
	t.Helper()
	cfg, err := settings(pg, t.TempDir())
	if err == nil {
		err = os.WriteFile(cfg.Keyset, s.keyset, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// settings are those of the program over a database, with its keys in dir.
func settings(pg *dbtest.DB, dir string) (config.Config, error) {
	return config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL": pg.DeskURL, "CONOCELES_SITE_DATABASE_URL": pg.SiteURL,
		"CONOCELES_OWNER_DATABASE_URL": pg.OwnerURL, "CONOCELES_KEYSET": filepath.Join(dir, "llaves.json"),
	})
}

// newStage returns the program over the usual demonstration.
func newStage(t testing.TB) *stage {
	t.Helper()
	return usual.stage(t)
}

func (s *seeded) stage(t testing.TB) *stage {
	t.Helper()
	pg, cfg := s.open(t)
	return stageOver(t, pg, cfg)
}

// stageOver returns the program over a database that has a demonstration.
func stageOver(t testing.TB, pg *dbtest.DB, cfg config.Config) *stage {
	t.Helper()
	return stageAt(t, pg, cfg, time.Now)
}

// stageAt is stageOver with a clock of its own.
func stageAt(t testing.TB, pg *dbtest.DB, cfg config.Config, now func() time.Time) *stage {
	t.Helper()
	a, err := app.OpenAt(context.Background(), cfg, quiet(), app.Both, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
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
