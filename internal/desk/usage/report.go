package usage

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/web/es"
)

// Store reads what was counted. It is safe for concurrent use.
type Store struct{ desk *db.Desk }

// NewStore returns a Store over the desk's pool.
func NewStore(desk *db.Desk) *Store { return &Store{desk} }

// Day is what was counted in a day.
type Day struct {
	Day    time.Time
	Visits int
	Pages  int // without downloads
	Files  int
	Calls  int // of programs to the API
}

// Report is the use of the site in some days, both included.
type Report struct {
	From     time.Time
	Until    time.Time
	Days     []Day // those in which something was counted, in order
	ByClass  map[Class]int
	Visits   int
	Pages    int
	Files    int
	Calls    int
	Arrivals map[Class]int // visits that began in the class
}

type row struct {
	Day      time.Time
	Class    string
	Seen     int
	Arrivals int
}

// Use returns report R-10 of the actor's process, as it is now. A zero from is
// since the first day, a zero until is to the last.
func (s *Store) Use(ctx context.Context, r auth.AgendaReader, from, until time.Time) (Report, error) {
	return Read(ctx, s.desk, r.Person().Process, from, until)
}

// Read returns the use of the site of a process in some days, for whoever keeps it.
func Read(ctx context.Context, q db.Querier, process int64, from, until time.Time) (Report, error) {
	out := Report{From: from, Until: until, ByClass: map[Class]int{}, Arrivals: map[Class]int{}}
	const sql = `
SELECT day, class, seen::int, arrivals::int FROM desk.usage_counts
WHERE process_id = $1 AND day BETWEEN COALESCE($2, '-infinity'::date) AND COALESCE($3, 'infinity'::date) ORDER BY day, class`
	rows, err := q.Query(ctx, sql, process, optional(from), optional(until))
	if err != nil {
		return out, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return out, db.Fault(err)
	}
	for _, f := range found {
		out.add(f)
	}
	return out, nil
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (r *Report) add(f row) {
	if n := len(r.Days); n == 0 || !r.Days[n-1].Day.Equal(f.Day) {
		r.Days = append(r.Days, Day{Day: f.Day})
	}
	d := &r.Days[len(r.Days)-1]
	r.ByClass[Class(f.Class)] += f.Seen
	r.Arrivals[Class(f.Class)] += f.Arrivals
	d.Visits, r.Visits = d.Visits+f.Arrivals, r.Visits+f.Arrivals
	switch Class(f.Class) {
	case Download:
		d.Files, r.Files = d.Files+f.Seen, r.Files+f.Seen
	case API:
		d.Calls, r.Calls = d.Calls+f.Seen, r.Calls+f.Seen
	default:
		d.Pages, r.Pages = d.Pages+f.Seen, r.Pages+f.Seen
	}
}

// Busiest returns the day with most visits; the zero Day when there is none.
func (r Report) Busiest() Day {
	var most Day
	for _, d := range r.Days {
		if d.Visits > most.Visits {
			most = d
		}
	}
	return most
}

// Says returns what the report says of its days, in a sentence.
func (r Report) Says() string {
	if len(r.Days) == 0 {
		return "Sin consultas en esos días."
	}
	first, last := r.Days[0].Day, r.Days[len(r.Days)-1].Day
	return "Del " + dayText(first) + " al " + dayText(last) + ": " + es.Plural(r.Visits, "visita", "visitas") + ", " +
		es.Plural(r.Pages, "página vista", "páginas vistas") + ", " + es.Plural(r.Files, "archivo descargado", "archivos descargados") + " y " +
		es.Plural(r.Calls, "consulta de la API", "consultas de la API") + "."
}

// dayText says a day that is a date and no instant.
func dayText(d time.Time) string {
	return es.Date(time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, es.Zone))
}

// Method says how it was counted, for whoever reads the figures.
const Method = "Se cuentan páginas por día y por clase, sin direcciones de red, cookies ni datos de quien consulta. " +
	"Una visita es una página a la que se llegó desde fuera del sitio. Lo que los programas piden a la API se cuenta aparte y no es visita. No se cuentan los programas que dicen serlo ni las páginas que un navegador pide por adelantado. " +
	"Lo que responde una caché intermedia, o un servidor que sólo tiene el sitio y no puede escribir en la base, no llega a contarse: las cifras son un mínimo."

// ByDay returns the table by day, as a file has it.
func (r Report) ByDay() (header []string, rows [][]string) {
	for _, d := range r.Days {
		rows = append(rows, []string{d.Day.Format(time.DateOnly), strconv.Itoa(d.Visits), strconv.Itoa(d.Pages), strconv.Itoa(d.Files), strconv.Itoa(d.Calls)})
	}
	return []string{"FECHA", "VISITAS", "PAGINAS", "DESCARGAS", "API"}, append(rows, []string{"TOTAL", strconv.Itoa(r.Visits), strconv.Itoa(r.Pages), strconv.Itoa(r.Files), strconv.Itoa(r.Calls)})
}

// ByKind returns the table by class, as a file has it.
func (r Report) ByKind() (header []string, rows [][]string) {
	for _, c := range Classes() {
		rows = append(rows, []string{c.Title(), strconv.Itoa(r.ByClass[c])})
	}
	return []string{"CLASE", "VECES"}, append(rows, []string{"TOTAL", strconv.Itoa(r.Pages + r.Files + r.Calls)})
}
