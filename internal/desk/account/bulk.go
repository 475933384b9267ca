package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/registry"
	"conoceles/internal/desk/registry/tabular"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// ForPeople is what a list of people waits for between its two steps.
const ForPeople registry.Purpose = "personas"

// FileField is the field of the file with a list of people.
const FileField = "archivo"

// mostPeople is how many one list may invite: each gets a message.
const mostPeople = 2000

// columns are those of a list of people.
var columns = []tabular.Column{
	{Name: "CORREO", Aliases: []string{"CORREO ELECTRÓNICO", "EMAIL"}, Required: true},
	{Name: "NOMBRE", Aliases: []string{"NOMBRE COMPLETO"}, Required: true},
	{Name: "FUNCION", Required: true},
	{Name: "ACTOR", Aliases: []string{"PARTIDO", "SIGLAS"}},
	{Name: "CANDIDATURA", Aliases: []string{"FOLIO"}},
	{Name: "HASTA", Aliases: []string{"VIGENCIA"}},
}

// columnOf is the column of each field, for what is wrong with a cell.
var columnOf = map[string]string{
	EmailField: "CORREO", NameField: "NOMBRE", RoleField: "FUNCION", NominatorField: "ACTOR", FolioField: "CANDIDATURA", UntilField: "HASTA",
}

// WriteTemplate writes an empty list, to fill in.
func WriteTemplate(w io.Writer) error {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	return tabular.WriteCSV(w, header, nil)
}

// Plan is what a list of people would do.
type Plan struct {
	People   []NewPerson       // in the order of the file
	Problems []tabular.Problem // by cell; with a fatal one nothing is done
}

// Ready reports whether the list may be loaded: it has somebody, and nothing wrong.
func (p Plan) Ready() bool {
	return len(p.People) > 0 && !slices.ContainsFunc(p.Problems, func(x tabular.Problem) bool { return x.Level == tabular.Fatal })
}

// Check says what a list of people would do, and everything that is wrong with it,
// cell by cell. A file that is no list is Invalid, on FileField.
func (s *Store) Check(ctx context.Context, a auth.Admin, data []byte) (Plan, error) {
	return s.plan(ctx, s.desk, a, data, s.desk.Now())
}

// Load invites everybody in a list, or nobody: Invalid when it is not Ready.
func (s *Store) Load(ctx context.Context, a auth.Admin, key string, data []byte) (int, error) {
	action := db.Action{Kind: "cuenta.invitar_lista", Process: a.Process, Object: "proceso " + strconv.FormatInt(a.Process, 10), Key: key, Payload: data, Details: map[string]string{}}
	done, err := s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		p, err := s.plan(ctx, tx, a, data, tx.Now())
		if err != nil {
			return "", err
		}
		if !p.Ready() {
			return "", fault.InvalidField(FileField, "La lista tiene algo que corregir: nadie quedó invitado")
		}
		for _, n := range p.People {
			at, _, err := locate(ctx, tx, a.Process, n)
			if err != nil {
				return "", err
			}
			if _, err := s.admit(ctx, tx, a.Process, a.Account, n, at); err != nil {
				return "", err
			}
		}
		action.Details["personas"] = strconv.Itoa(len(p.People))
		return strconv.Itoa(len(p.People)), nil
	})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(done.Result)
}

// known is what the process has when a list is read.
type known struct {
	granted map[string]bool // addresses with a role
}

func (s *Store) plan(ctx context.Context, q db.Querier, a auth.Admin, data []byte, now time.Time) (Plan, error) {
	table, err := tabular.Read(bytes.NewReader(data))
	if refusal, ok := errors.AsType[*tabular.Refusal](err); ok {
		return Plan{}, fault.InvalidField(FileField, refusal.Reason)
	}
	if err != nil {
		return Plan{}, err
	}
	if len(table.Rows) > mostPeople {
		return Plan{}, fault.InvalidField(FileField, fmt.Sprintf("La lista tiene %d personas: envíala en partes de %d", len(table.Rows), mostPeople))
	}
	cols, problems := table.Match(columns)
	p := Plan{Problems: append(table.Problems, problems...)}
	if slices.ContainsFunc(p.Problems, func(x tabular.Problem) bool { return x.Level == tabular.Fatal }) {
		return p, nil
	}
	k, err := s.known(ctx, q, a.Process)
	if err != nil {
		return p, err
	}
	seen := map[string]int{}
	for _, row := range table.Rows {
		n, fields := readPerson(cols, row)
		fields = append(fields, n.check(now)...)
		_, missing, err := locate(ctx, q, a.Process, n)
		if err != nil {
			return p, err
		}
		fields = append(append(fields, missing...), k.check(n, row.Line, seen)...)
		for _, f := range fields {
			p.Problems = append(p.Problems, tabular.Problem{Level: tabular.Fatal, Line: row.Line, Column: columnOf[f.ID], Text: f.Message})
		}
		p.People = append(p.People, n)
	}
	return p, nil
}

// readPerson reads a row.
func readPerson(cols tabular.Columns, row tabular.Row) (NewPerson, []fault.Field) {
	n := NewPerson{
		Email: cols.Short(row, "CORREO"), Name: cols.Short(row, "NOMBRE"), Role: cols.Short(row, "FUNCION"),
		Acronym: cols.Short(row, "ACTOR"), Folio: cols.Short(row, "CANDIDATURA"),
	}.tidy()
	var fields []fault.Field
	if text := cols.Short(row, "HASTA"); text != "" {
		day, ok := ParseDay(text)
		if !ok {
			fields = append(fields, fault.Field{ID: UntilField, Message: "Escribe la fecha como día, mes y año: 30/03/2027"})
		}
		n.Until = day
	}
	return n, fields
}

// ParseDay reads the day on which a role ends, dd/mm/aaaa or aaaa-mm-dd: the role
// lasts to the end of it.
func ParseDay(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if t, err := time.ParseInLocation(layout, text, election.Zone()); err == nil && t.Year() > 1900 && t.Year() < 2200 {
			return t.AddDate(0, 0, 1), true
		}
	}
	return time.Time{}, false
}

func (s *Store) known(ctx context.Context, q db.Querier, process int64) (known, error) {
	rows, err := q.Query(ctx, `SELECT a.email FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id WHERE g.process_id = $1
UNION SELECT email FROM desk.accounts WHERE NOT active`, process)
	if err != nil {
		return known{}, db.Fault(err)
	}
	emails, err := pgx.CollectRows(rows, pgx.RowTo[string])
	k := known{granted: map[string]bool{}}
	for _, e := range emails {
		k.granted[e] = true
	}
	return k, db.Fault(err)
}

// check returns what is wrong with a person among the others of the list and of
// the process.
func (k known) check(n NewPerson, line int, seen map[string]int) []fault.Field {
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	if auth.OfInstitute(n.Role) {
		wrong(RoleField, "Las funciones del Instituto se dan de una en una, con dos personas")
	}
	if k.granted[n.Email] {
		wrong(EmailField, "Ese correo ya tiene una función en el proceso, o su cuenta está suspendida")
	}
	for _, key := range []struct{ value, field, text string }{
		{n.Email, EmailField, "Ese correo ya está en el renglón %d: una persona, una cuenta"},
		{n.Folio, FolioField, "Esa candidatura ya está en el renglón %d"},
	} {
		if key.value == "" {
			continue
		}
		if first, again := seen[key.field+key.value]; again {
			wrong(key.field, fmt.Sprintf(key.text, first))
			continue
		}
		seen[key.field+key.value] = line
	}
	return fields
}
