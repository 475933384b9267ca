package registry_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/questionnaire"
)

// office is a registry over a world, with an election made from the institute's
// catalogue and two persons of the Secretaría Ejecutiva.
type office struct {
	*desktest.World
	*registry.Registry
	Election int64
	One, Two auth.Secretary
}

const electionName = "Elección de prueba 2027"

func newOffice(t testing.TB) *office {
	t.Helper()
	w := desktest.New(t)
	c, err := registry.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{World: w, Registry: registry.New(w.Desk, w.Publisher, c)}
	day := time.Date(2027, 6, 6, 0, 0, 0, 0, election.Zone())
	w.Tx(func(ctx context.Context, tx *db.Tx) error {
		if err := w.Publisher.Process(ctx, tx, w.Process); err != nil {
			return err
		}
		o.Election, err = o.CreateProcess(ctx, tx, registry.NewProcess{
			Name: electionName, Kind: election.Election, FolioPrefix: "EP27", AgeReference: day,
			WithPrecincts: true, WithNominators: true,
			Calendar: election.Calendar{CaptureOpens: desktest.Start.AddDate(0, 0, -20), CampaignsEnd: day.AddDate(0, 0, -4), ElectionDay: day},
		})
		return err
	})
	w.Process = o.Election // accounts and publication are of the election from here on
	o.One, o.Two = o.secretary("una@instituto.mx"), o.secretary("dos@instituto.mx")
	return o
}

func (o *office) secretary(email string) auth.Secretary {
	id := o.Account(email, "secretaria", 0, 0)
	return auth.Secretary{Who: auth.Who{Account: id, Name: email, Process: o.Election}}
}

// list makes a CSV of an approved list from lines divided by bars.
func list(t testing.TB, header string, lines ...string) []byte {
	t.Helper()
	var rows [][]string
	for _, l := range lines {
		rows = append(rows, strings.Split(l, "|"))
	}
	var b bytes.Buffer
	if err := tabular.WriteCSV(&b, strings.Split(header, "|"), rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const shortHeader = "CARGO|DISTRITO|MUNICIPIO|POSICION|CALIDAD|NOMBRES|APELLIDOS|SEXO|PARTIDO|COALICION O CANDIDATURA COMUN"

// load imports a list as the first secretary.
func (o *office) load(data []byte, change ...func(*registry.ImportRequest)) (registry.Result, error) {
	req := registry.ImportRequest{Name: "lista.csv", Data: data, Acuerdo: "IEP/CEE/100/2027", ApprovedOn: time.Date(2027, 3, 30, 0, 0, 0, 0, time.UTC)}
	for _, c := range change {
		c(&req)
	}
	return o.ImportCandidacies(context.Background(), registry.OnBehalf(o.One), req)
}

// mustLoad is load for lists that must enter whole.
func (o *office) mustLoad(data []byte, change ...func(*registry.ImportRequest)) registry.Result {
	o.T.Helper()
	r, err := o.load(data, change...)
	if err != nil {
		o.T.Fatalf("load: %v\n%v", err, r.Rejections)
	}
	return r
}

// count runs a query that gives a number.
func (o *office) count(sql string, args ...any) int {
	o.T.Helper()
	var n int
	if err := o.Desk.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		o.T.Fatal(err)
	}
	return n
}

// text runs a query that gives a text.
func (o *office) text(sql string, args ...any) string {
	o.T.Helper()
	var s string
	if err := o.Desk.QueryRow(context.Background(), sql, args...).Scan(&s); err != nil {
		o.T.Fatal(err)
	}
	return s
}

// intact fails the test unless the site is what the desk says.
func (o *office) intact() {
	o.T.Helper()
	if d := o.Differences(); len(d) > 0 {
		o.T.Errorf("the site is not what the desk says: %v", d)
	}
}

// shared returns a file of the real data, or "" after saying that it is absent.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	dir := os.Getenv("CONOCELES_SHARED")
	if dir == "" {
		dir = "../../../../shared"
	}
	data, err := os.ReadFile(filepath.Join(dir, "data", name))
	if os.IsNotExist(err) {
		t.Logf("left out: %s is not here", name)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// answersOf is a record with a motive.
func answersOf(motive string) questionnaire.Answers {
	return questionnaire.Answers{questionnaire.Motive: {Text: motive}}
}
