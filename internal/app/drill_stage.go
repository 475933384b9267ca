package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/db/embedded"
	"conoceles/internal/document"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// drillFiles are the documents that people of a drill attach.
type drillFiles struct{}

// Open knows no file: what is attached is read whole.
func (drillFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadFile returns a document that says that it is of a drill, whatever its name.
func (drillFiles) ReadFile(string) ([]byte, error) {
	pdf := document.New("Documento de un simulacro", "Simulacro", time.Unix(0, 0).UTC())
	pdf.AddPage()
	pdf.Write("B", 20, 10, "SIMULACRO. Documento firmado ficticio.")
	return pdf.Bytes()
}

// drillCandidacies are those that the script acts upon, each by what it needs.
var drillCandidacies = map[string]string{
	"completa":      `n.acronym = 'RAIZ' AND c.capture = 'completa'`,
	"en-captura":    `n.acronym = 'RAIZ' AND c.capture = 'en_captura'`,
	"validada":      `n.acronym = 'RAIZ' AND c.capture = 'validada'`,
	"otra-validada": `n.acronym = 'RAIZ' AND c.capture = 'validada' AND c.role = 'propietaria' AND c.id > (SELECT min(x.id) FROM desk.candidacies x WHERE x.nominator_id = c.nominator_id AND x.capture = 'validada')`,
	"independiente": `c.id IN (SELECT g.candidacy_id FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id WHERE a.email = 'independiente@ejemplo.invalid')`,
	"con-identidad": `EXISTS (SELECT 1 FROM site.identity_publications i JOIN site.candidacies y ON y.id = i.candidacy_id JOIN site.identity_answers w ON w.publication_id = i.id WHERE y.slug = c.slug)`,
}

// fixture picks a candidacy.
func (d *drill) fixture(ctx context.Context, name string) (map[string]string, error) {
	if name == "acto" {
		var id string
		err := d.app.Desk.QueryRow(ctx, `SELECT max(id)::text FROM desk.acts`).Scan(&id)
		return map[string]string{"acto": id}, err
	}
	condition, ok := drillCandidacies[name]
	if !ok {
		return nil, fmt.Errorf("no hay situación %q", name)
	}
	q := `
SELECT c.folio, c.slug, p.given_names || ' ' || p.surnames,
  COALESCE((SELECT split_part(v.answers ->> 'propuesta_1', '. ', 1) FROM desk.answer_versions v WHERE v.candidacy_id = c.id AND v.part = 'propuesta_1' ORDER BY v.version DESC LIMIT 1), '')
FROM desk.candidacies c JOIN desk.persons p ON p.id = c.person_id JOIN desk.nominators n ON n.id = c.nominator_id
WHERE c.standing = 'aprobada' AND ` + condition + ` ORDER BY c.id LIMIT 1`
	var folio, slug, who, proposal string
	if err := d.app.Desk.QueryRow(ctx, q).Scan(&folio, &slug, &who, &proposal); err != nil {
		return nil, err
	}
	return map[string]string{"folio": folio, "slug": slug, "nombre": who, "propuesta": proposal, "hoy": d.today()}, nil
}

// act does what the script asks of the world: time, incidents, work in the
// background.
func (d *drill) act(ctx context.Context, verb, rest string) error {
	switch verb {
	case "etapa":
		return nil
	case "reloj":
		return d.jump(ctx, rest)
	case "modo":
		if err := d.app.SetMode(ctx, Mode(rest)); err != nil {
			return err
		}
		time.Sleep(2 * time.Second) // security.md 3.8
		return nil
	case "base":
		return d.database(ctx, rest)
	case "informes":
		return d.app.reports().Work(ctx)
	case "memoria":
		return errors.Join(d.app.public.Warm(ctx, 0), d.app.public.Warm(ctx, 0)) // seen twice the same, and then drawn
	}
	return fmt.Errorf("«%s» no es una palabra de este guion", verb)
}

// jump puts the clock an hour after a moment of the calendar.
func (d *drill) jump(ctx context.Context, to string) error {
	column := map[string]string{"fin-de-campanas": "campaigns_end_at", "jornada": "(election_day + 1)::timestamp AT TIME ZONE 'America/Mexico_City'"}[to]
	if column == "" {
		return fmt.Errorf("el calendario no tiene %q", to)
	}
	var at time.Time
	if err := d.app.Desk.QueryRow(ctx, `SELECT `+column+` FROM desk.processes WHERE kind = 'simulacro'`).Scan(&at); err != nil {
		return err
	}
	d.clock.set(at.Add(time.Hour))
	if err := d.app.duties().Daily(ctx); err != nil {
		return err
	}
	return d.app.openDue(ctx)
}

// start starts PostgreSQL, and leads its lasting address to where it listens now.
func (d *drill) start(ctx context.Context) error {
	server, err := embedded.Start(ctx, embedded.Options{Dir: d.data(), Log: d.log})
	if err != nil {
		return err
	}
	d.server = server
	at, err := url.Parse(server.URL(db.RoleDesk, database))
	if err != nil {
		return err
	}
	link := filepath.Join(d.link, "base")
	if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(at.Query().Get("host"), link)
}

// url is an address of the database that outlives its server.
func (d *drill) url(role string) string {
	at, err := url.Parse(d.server.URL(role, database))
	if err != nil {
		panic(err) // an address that the server itself made
	}
	q := at.Query()
	q.Set("host", filepath.Join(d.link, "base"))
	at.RawQuery = q.Encode()
	return at.String()
}

// database stops PostgreSQL, and starts it again where it was.
func (d *drill) database(ctx context.Context, what string) error {
	switch what {
	case "caida":
		err := d.server.Stop(ctx)
		d.server = nil
		return err
	case "vuelve":
		if err := d.start(ctx); err != nil {
			return err
		}
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) {
			if err := errors.Join(d.app.Desk.Ping(ctx), d.app.Site.Ping(ctx), d.app.Live.Ping(ctx)); err == nil || time.Now().After(deadline) {
				return err
			}
		}
	}
	return fmt.Errorf("la base puede caer o volver, no %q", what)
}

// PurgeDrill deletes a drill with all that it holds. It refuses a directory that is
// not of one, or whose database holds a process that is not fictitious.
func PurgeDrill(ctx context.Context, dir string) (err error) {
	refused := fault.New(fault.Invalid, "La carpeta "+dir+" no es de un simulacro: no se borra nada.")
	if _, err := os.Stat(filepath.Join(dir, drillMark)); err != nil {
		return refused
	}
	data := filepath.Join(dir, "datos")
	if _, err := os.Stat(data); err == nil {
		server, err := embedded.Start(ctx, embedded.Options{Dir: data})
		if err != nil {
			return err
		}
		real, err := realProcesses(ctx, server)
		if err := errors.Join(err, server.Stop(ctx)); err != nil {
			return err
		}
		if real > 0 {
			return fault.New(fault.Conflict, fmt.Sprintf("La base de %s tiene %d procesos que no son simulacros: no se borra nada.", dir, real))
		}
	}
	return os.RemoveAll(dir)
}

// realProcesses counts those that are not a drill.
func realProcesses(ctx context.Context, server *embedded.Server) (n int, err error) {
	desk, err := db.OpenDesk(ctx, server.URL(db.RoleDesk, database), time.Now, make([]byte, 32))
	if err != nil {
		return 0, err
	}
	defer desk.Close()
	err = desk.QueryRow(ctx, `SELECT count(*) FROM desk.processes WHERE kind <> $1`, string(election.Drill)).Scan(&n)
	return n, err
}
