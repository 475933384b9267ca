package agenda

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/notify"
	"conoceles/internal/election"
	"conoceles/web/es"
)

// overdueHour is from which hour of the day, where people are, they are written to.
const overdueHour = 7

// overdueRow is a step whose date passed, of which nobody was told.
type overdueRow struct {
	Process int64
	Step    int64
	Kind    string
	Due     time.Time
	Title   string
	Key     string
	Area    string
}

const overdueSQL = `
SELECT i.process_id AS process, t.id AS step, t.kind, s.due_on AS due, v.title, COALESCE(NULLIF(v.activity, ''), NULLIF('Entregable ' || v.article, 'Entregable '), '') AS key, v.area
FROM desk.agenda_items i JOIN desk.agenda_steps t ON t.item_id = i.id
JOIN LATERAL (SELECT * FROM desk.agenda_step_versions w WHERE w.step_id = t.id ORDER BY w.version DESC LIMIT 1) s ON true
JOIN LATERAL (SELECT * FROM desk.agenda_versions w WHERE w.item_id = i.id ORDER BY w.version DESC LIMIT 1) v ON true
WHERE s.due_on < $1 AND s.done_on IS NULL AND NOT s.waived
  AND NOT EXISTS (SELECT 1 FROM desk.agenda_reminders r WHERE r.step_id = t.id AND r.due_on = s.due_on)
ORDER BY i.process_id, s.due_on, i.number, t.position`

// inCharge returns the role of who answers for a step: the Secretaría of what is
// sent to INE and of what the Comisión and the Consejo approve, which it convenes;
// of the rest, who the area is.
func (r overdueRow) inCharge() string {
	area := strings.ToLower(r.Area)
	switch {
	case StepKind(r.Kind) == Dispatch:
		return "secretaria"
	case strings.Contains(area, "transparencia"):
		return "titular"
	case strings.Contains(area, "inform"), strings.Contains(area, "utsic"):
		return "administracion"
	}
	return "secretaria"
}

// tellOverdue writes once, to who is in charge, of each step whose date passed. A
// step whose date is moved and passes again is told again.
func (s *Store) tellOverdue(ctx context.Context) error {
	now := s.desk.Now()
	if now.In(election.Zone()).Hour() < overdueHour {
		return nil
	}
	rows, err := s.desk.Query(ctx, overdueSQL, Today(now))
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[overdueRow])
	if err != nil {
		return db.Fault(err)
	}
	of := map[int64][]overdueRow{}
	var processes []int64
	for _, r := range all {
		if len(of[r.Process]) == 0 {
			processes = append(processes, r.Process)
		}
		of[r.Process] = append(of[r.Process], r)
	}
	for _, p := range processes {
		if err := s.tellProcess(ctx, p, of[p]); err != nil {
			return err
		}
	}
	return nil
}

// someone is an account in charge of something.
type someone struct {
	ID    int64
	Email string
	Role  string
}

// tellProcess writes to each account one message of all that it has overdue: to
// all of them or, if it fails, to none, who are told the next time. Who is not
// there yet is told when they are.
func (s *Store) tellProcess(ctx context.Context, process int64, all []overdueRow) error {
	const who = `
SELECT a.id, a.email, g.role FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id AND a.active
WHERE g.process_id = $1 AND g.role IN ('secretaria', 'titular', 'administracion') ORDER BY a.id`
	rows, err := s.desk.Query(ctx, who, process)
	if err != nil {
		return err
	}
	accounts, err := pgx.CollectRows(rows, pgx.RowToStructByName[someone])
	if err != nil {
		return db.Fault(err)
	}
	theirs := func(a someone) []overdueRow {
		return slices.DeleteFunc(slices.Clone(all), func(r overdueRow) bool { return r.inCharge() != a.Role })
	}
	accounts = slices.DeleteFunc(accounts, func(a someone) bool { return len(theirs(a)) == 0 })
	if len(accounts) == 0 {
		return nil
	}
	action := db.Action{Kind: "agenda.aviso", Process: process, Object: "agenda", Details: map[string]string{"pasos": es.Int(len(all)), "cuentas": es.Int(len(accounts))}}
	_, err = s.desk.Do(ctx, db.System{Name: "agenda"}, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		for _, a := range accounts {
			if err := tell(ctx, tx, process, a, theirs(a)); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	return err
}

func tell(ctx context.Context, tx *db.Tx, process int64, a someone, all []overdueRow) error {
	for _, r := range all {
		const once = `INSERT INTO desk.agenda_reminders (step_id, due_on, account_id, at) VALUES ($1, $2, $3, $4)`
		if err := tx.Exec(ctx, once, r.Step, r.Due, a.ID, tx.Now()); err != nil {
			return err
		}
	}
	subject, body := overdueWords(all)
	return notify.Put(ctx, tx, notify.Message{
		Process: process, Kind: "agenda.vencido", Channel: notify.Mail, Recipient: a.Email, Subject: subject, Body: body,
	})
}

// toldAtOnce is how many steps a message names.
const toldAtOnce = 15

func overdueWords(all []overdueRow) (subject, body string) {
	subject = "Agenda: " + es.Plural(len(all), "paso venció", "pasos vencieron") + " sin registrarse"
	var lines []string
	for i, r := range all {
		if i == toldAtOnce {
			lines = append(lines, "… y "+es.Int(len(all)-i)+" más.")
			break
		}
		name := r.Title
		if r.Key != "" {
			name = r.Key + ". " + r.Title
		}
		lines = append(lines, "- "+name+": "+StepKind(r.Kind).Title()+", venció el "+dayText(r.Due)+".")
	}
	return subject, strings.Join([]string{
		subject + ".", strings.Join(lines, "\n"),
		"Entra a Conóceles, en Agenda, para registrar lo que ya se hizo, o mover la fecha con su motivo. Este aviso se envía una vez.",
	}, "\n\n")
}
