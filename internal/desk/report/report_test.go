package report_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/duty"
	"conoceles/internal/desk/internal/identity"
	"conoceles/internal/desk/keys"
	"conoceles/internal/desk/publish"
	"conoceles/internal/desk/report"
	"conoceles/internal/questionnaire"
)

// office is a world with the Unidad de Transparencia in it, which makes reports.
type office struct {
	*desktest.World
	store    *report.Store
	consents *consent.Store
	seal     *identity.Store
	serial   int
	analyst  auth.Reviewer
	head     auth.Head
	other    auth.Head
}

func newOffice(t testing.TB) *office {
	t.Helper()
	w := desktest.New(t)
	ring, err := keys.Open(filepath.Join(t.TempDir(), "llaves.json"))
	if err != nil {
		t.Fatal(err)
	}
	w.Publisher = publish.New(ring)
	o := &office{World: w, seal: identity.New(ring), consents: consent.New(w.Desk, w.Publisher, ring, "https://conoceles.invalid")}
	o.store = report.New(w.Desk, w.Publisher, ring, o.consents, duty.New(w.Desk, o.consents, questionnaire.Edition))
	o.work(w.Process)
	return o
}

// work moves the unit to a process.
func (o *office) work(process int64) {
	o.Process = process
	who := func(name, role string) auth.Who {
		return auth.Who{Account: o.Account(strings.ToLower(name)+uuid.NewString()[:8]+"@instituto.mx", role, 0, 0), Name: name, Process: process}
	}
	o.analyst = auth.Reviewer{Who: who("Analista", "verificador")}
	o.head, o.other = auth.Head{Who: who("Titular", "titular")}, auth.Head{Who: who("Suplente", "titular")}
}

// cut makes a cut of a report now, and opens it as the analyst.
func (o *office) cut(kind report.Kind, label string) report.File {
	o.T.Helper()
	ctx := context.Background()
	id, err := o.store.Request(ctx, o.analyst, report.Ask{Key: uuid.NewString(), Kind: kind, Label: label, From: o.Now(), Until: o.Now()})
	if err != nil {
		o.T.Fatal(err)
	}
	if err := o.store.Work(ctx); err != nil {
		o.T.Fatal(err)
	}
	job, err := o.store.Job(ctx, o.analyst, id)
	if err != nil || job.Failed != "" || job.Cut == 0 {
		o.T.Fatalf("the cut of %s was not made: %+v, %v", kind, job, err)
	}
	return o.open(job.Cut)
}

func (o *office) open(id int64) report.File {
	o.T.Helper()
	f, err := o.store.Open(context.Background(), o.analyst, id)
	if err != nil {
		o.T.Fatal(err)
	}
	return f
}
