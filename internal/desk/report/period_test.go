package report_test

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"conoceles/internal/desk/agenda"
	"conoceles/internal/desk/report"
	"conoceles/internal/desk/usage"
	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/web/figure"
)

func date(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// make makes the cut that is asked for.
func (o *office) make(a report.Ask) report.File {
	o.T.Helper()
	ctx := context.Background()
	a.Key = uuid.NewString()
	id, err := o.store.Request(ctx, o.analyst, a)
	if err == nil {
		err = o.store.Work(ctx)
	}
	if err != nil {
		o.T.Fatal(err)
	}
	job, err := o.store.Job(ctx, o.analyst, id)
	if err != nil || job.Cut == 0 {
		o.T.Fatalf("%+v, %v", job, err)
	}
	return o.open(job.Cut)
}

// R-1 is drafted from the agenda, with its text, and does not follow it afterwards.
func TestTheMonthlyReportIsKeptAsItWas(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	plan := agenda.New(o.Desk)
	if _, err := plan.LoadPlan(ctx, o.analyst, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	march := date("2027-03-01")
	if _, err := o.store.MonthlyDocument(ctx, o.head, march); !fault.Is(err, fault.Conflict) {
		t.Errorf("the document of a month without cuts: %v, want a Conflict", err)
	}
	if err := plan.SaveText(ctx, o.analyst, march, "Se capacitó.\r\n", 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	f := o.make(report.Ask{Kind: report.Monthly, From: date("2027-03-15")})
	if f.Name() != "Marzo de 2027, versión 1" || !f.Draft() || !f.FromOn.Equal(march) || f.UntilOn.Day() != 31 {
		t.Errorf("got %q, from %v to %v", f.Name(), f.FromOn, f.UntilOn)
	}
	if text := f.Texts[0]; text.Body != "Se capacitó." || text.Version != 1 {
		t.Errorf("the text is %+v, want that of the agenda", text)
	}
	m, err := plan.Monthly(ctx, o.analyst, march)
	if err != nil {
		t.Fatal(err)
	}
	_, rows := m.Rows()
	activities, _ := f.Report.Table("M-2")
	states, _ := f.Report.Table("M-1")
	if len(activities.Rows) != len(rows) || states.Total[states.Whole].N != len(rows) || len(rows) == 0 {
		t.Errorf("%d activities and a total of %d, want %d", len(activities.Rows), states.Total[states.Whole].N, len(rows))
	}
	i := m.Items[0]
	step := i.Steps[0]
	err = plan.SaveStep(ctx, o.head, agenda.NewStep{
		Number: i.Number, Position: step.Position, Seen: step.Version, Due: step.Due, Done: date("2027-03-02"), Document: "Minuta 9", Key: uuid.NewString(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if again := o.open(f.ID); again.Hash != f.Hash {
		t.Error("the cut followed the agenda")
	}
	second := o.make(report.Ask{Kind: report.Monthly, From: march})
	if done, _ := second.Report.Table("M-3"); second.Version != 2 || len(done.Rows) != 1 || done.Rows[0][4].Text != "Minuta 9" {
		t.Errorf("version %d says that it was done: %v", second.Version, figure.Rows(done, figure.Text))
	}
	if made, err := o.store.OfMonth(ctx, o.analyst, march); err != nil || len(made) != 2 || made[0].ID != second.ID {
		t.Errorf("the cuts of the month are %+v (%v)", made, err)
	}
	if made, err := o.store.OfMonth(ctx, o.analyst, date("2027-02-01")); err != nil || len(made) != 0 {
		t.Errorf("the cuts of another month are %+v (%v)", made, err)
	}
	o.approve(second.ID)
	pdf, err := o.store.MonthlyDocument(ctx, o.head, march)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("%d bytes, %v", len(pdf), err)
	}
}

// R-10 is of its days, adds up, and does not follow the visits that come later.
func TestTheUseOfTheSiteIsKeptAsItWas(t *testing.T) {
	o := newOffice(t)
	counter := usage.New(o.Desk)
	see := func() {
		counter.Count(o.Process, string(usage.Profile), true)
		counter.Count(o.Process, string(usage.Download), false)
		counter.Count(o.Process, string(usage.API), false)
		if err := counter.Flush(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	see()
	today := agenda.Today(o.Now())
	f := o.make(report.Ask{Kind: report.Usage, From: today.AddDate(0, 0, -5), Until: today})
	see()
	for id, want := range map[string][]string{"U-1": {"Total", "3", "1"}, "U-2": {"Total", "1", "1", "1", "1"}} {
		table, _ := o.open(f.ID).Report.Table(id)
		rows := figure.Rows(table, figure.Plain)
		if got := rows[len(rows)-1]; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", id, got, want)
		}
	}
	if table, _ := o.make(report.Ask{Kind: report.Usage, From: today.AddDate(0, 0, 1), Until: today.AddDate(0, 0, 1)}).Report.Table("U-2"); len(table.Rows) != 0 {
		t.Errorf("tomorrow has %v", table.Rows)
	}
}

func TestADayThatIsNotUnderstoodIsRefused(t *testing.T) {
	o := newOffice(t)
	today := agenda.Today(o.Now())
	for _, tt := range []struct {
		name  string
		ask   report.Ask
		field string
	}{
		{"no month", report.Ask{Kind: report.Monthly}, report.MonthField},
		{"a month to come", report.Ask{Kind: report.Monthly, From: today.AddDate(0, 2, 0)}, report.MonthField},
		{"no first day", report.Ask{Kind: report.Usage, Until: today}, report.FromField},
		{"no last day", report.Ask{Kind: report.Usage, From: today}, report.UntilField},
		{"the wrong way round", report.Ask{Kind: report.Usage, From: today, Until: today.AddDate(0, 0, -1)}, report.UntilField},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.ask.Key = uuid.NewString()
			_, err := o.store.Request(context.Background(), o.analyst, tt.ask)
			if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].ID != tt.field {
				t.Errorf("got %v, want a message for %s", err, tt.field)
			}
		})
	}
}

// Whoever waits for a cut, of any report, sees it advance and never go back.
func TestEveryCutTellsHowFarItHasCome(t *testing.T) {
	o := newOffice(t)
	party := o.Nominator(election.Party, "HOR")
	o.grow([]person{{nominator: party, answers: answered(), consents: []decisions{yesToAll}}, {nominator: party}})
	for _, d := range report.Catalogue() {
		steps, err := o.store.Steps(context.Background(), o.Process, d.Kind, agenda.Today(o.Now()))
		if err != nil {
			t.Fatal(err)
		}
		if len(slices.Compact(slices.Clone(steps))) < 3 || !slices.IsSorted(steps) || steps[0] != 0 || steps[len(steps)-1] > 95 {
			t.Errorf("%s goes through %v", d.Kind, steps)
		}
	}
}
