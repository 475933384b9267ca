package rig_test

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/rig"
)

var (
	loads     = flag.String("carga", "", "breve o completa: mide la carga")
	loadSize  = flag.Int("candidaturas", 5000, "candidaturas del proceso que se carga")
	soakFor   = flag.Duration("remojo", 45*time.Minute, "cuánto dura la carga sostenida")
	growth100 = flag.Bool("cien-mil", false, "mide también con 100,000 candidaturas")
)

// lasting is how long a load lasts, by its length in the long run and in the short one.
func lasting(long, short time.Duration) time.Duration {
	if *loads == "breve" {
		return short
	}
	return long
}

// stagedLoad is a site under load and the report of it.
type stagedLoad struct {
	*rig.Site
	node     *rig.Node
	report   *rig.Report
	profiles []string
	calm     rig.Measured // of the public alone
}

// TestLoad measures the loads of security.md 3.2 and writes the report of them.
func TestLoad(t *testing.T) {
	if *loads == "" { // it is for «make load»
		return
	}
	s := newSite(t, *loadSize)
	node := s.Start()
	l := &stagedLoad{Site: s, node: node, report: rig.NewReport(*loads == "breve"), profiles: s.Profiles()}
	for _, tt := range []struct {
		name string
		run  func(*testing.T, *stagedLoad)
	}{
		{"publico", publicLoad},
		{"tumulto", flashCrowd},
		{"sostenida", soak},
		{"ultima-noche", deadlineStorm},
		{"clientes-lentos", slowClients},
		{"abuso", expensiveAbuse},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, l) })
	}
	t.Run("crecimiento", func(t *testing.T) { growth(t, l.report) })
	if err := l.report.Save(); err != nil {
		t.Error(err)
	}
	t.Log("\n" + l.report.Markdown())
}

// spread turns a number into another one, so that what is asked for is all over.
func spread(i int) int { return int(uint32(i) * 2654435761 >> 8) }

var (
	filters = []string{"/candidaturas?sexo=mujer", "/candidaturas?grado=licenciatura", "/candidaturas?sexo=hombre&grado=maestria", "/candidaturas?cargo=regiduria"}
	sought  = []string{"citlali", "marisol", "quimera", "montes", "leyenda", "santiago", "ximena", "fabula", "arroyo", "sierra", "emiliano", "ensayo"}
)

// mixed is the public of security.md 3.2: fichas, lists, filters, searches, the
// front page and ballots, and now and then a file.
func (l *stagedLoad) mixed(i int) string {
	n := spread(i)
	switch r := n % 1000; {
	case r < 500:
		return l.profiles[(n/1000)%len(l.profiles)]
	case r < 700:
		return fmt.Sprintf("/candidaturas?pagina=%d", 1+(n/1000)%40)
	case r < 850:
		return fmt.Sprintf("%s&pagina=%d", filters[(n/1000)%len(filters)], 1+(n/4000)%5)
	case r < 950:
		return "/candidaturas?q=" + sought[(n/1000)%len(sought)] + "&pagina=" + fmt.Sprint(1+(n/12000)%3)
	case r < 999:
		return []string{"/", "/boleta", "/boleta/321"}[(n/1000)%3]
	}
	return "/datos/candidaturas.csv"
}

func (l *stagedLoad) public(workers int, rate func(time.Duration) float64, d time.Duration) rig.Measured {
	return rig.Load{Addr: l.node.Addr, Workers: workers, Rate: rate, For: d, Path: l.mixed}.Run(context.Background())
}

// publicLoad is L1.
func publicLoad(t *testing.T, l *stagedLoad) {
	l.public(16, nil, lasting(30*time.Second, 10*time.Second)) // the first visits draw the pages
	cpu, database := l.node.Usage().CPU, l.Postgres.ServerCPU()
	l.calm = l.public(32, nil, lasting(10*time.Minute, 20*time.Second))
	cpu, database = l.node.Usage().CPU-cpu, l.Postgres.ServerCPU()-database
	s := l.report.Section("Público mixto", fmt.Sprintf("%d candidaturas; fichas 50 %%, listas 20 %%, filtros 15 %%, búsquedas 10 %%, portada y boleta 4.9 %%, archivos 0.1 %%. 32 visitantes que piden sin pausa.", len(l.profiles)))
	s.Measured("", l.calm)
	s.Put("rendimiento", "≥ 2,500 por segundo", fmt.Sprintf("%.0f", l.calm.Rps()), l.calm.Rps() >= 2500)
	s.Put("99 de cada 100 en menos de", "100 ms", l.calm.P99.Round(time.Millisecond).String(), l.calm.P99 < 100*time.Millisecond)
	n := float64(l.calm.Requests)
	s.Put("costo por visita: procesador del programa y de PostgreSQL, y bytes", "",
		fmt.Sprintf("%.0f µs, %.0f µs y %.0f bytes", float64(cpu.Microseconds())/n, float64(database.Microseconds())/n, float64(l.calm.Bytes)/n), true)
	s.Put("memoria del programa", "", fmt.Sprintf("%d MiB", l.node.Usage().Memory>>20), true)
	failOnBroken(t, l.calm)
}

func failOnBroken(t *testing.T, m rig.Measured) {
	t.Helper()
	if m.Broken > 0 || m.Requests == 0 {
		t.Errorf("of %d requests %d broke: %s", m.Requests, m.Broken, m.FirstBroken)
	}
}

// flashCrowd is L2: from nobody to 3,000 requests a second in five seconds.
func flashCrowd(t *testing.T, l *stagedLoad) {
	const peak = 3000
	ramp := func(since time.Duration) float64 { return min(peak, peak*since.Seconds()/5) }
	crowd := l.public(256, ramp, lasting(time.Minute, 15*time.Second))
	after := l.public(16, rig.Steady(200), lasting(20*time.Second, 5*time.Second))
	s := l.report.Section("Tumulto", "De nadie a 3,000 solicitudes por segundo en cinco segundos. Quien genera la carga usa los mismos procesadores: lo que no alcanza a pedirse espera, y esa espera cuenta.")
	s.Measured("durante: ", crowd)
	share := 100 * float64(crowd.Refused) / float64(max(crowd.Requests, 1))
	s.Put("despedidas", "menos de 1 %", fmt.Sprintf("%.2f %%", share), share < 1)
	s.Measured("después, a 200 por segundo: ", after)
	failOnBroken(t, crowd)
	failOnBroken(t, after)
}

// soak is L3.
func soak(t *testing.T, l *stagedLoad) {
	d := *soakFor
	if *loads == "breve" {
		d = min(d, 40*time.Second)
	}
	var samples []rig.Usage
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		for ctx.Err() == nil {
			samples = append(samples, l.node.Usage())
			time.Sleep(max(d/200, 500*time.Millisecond))
		}
	})
	m := l.public(32, rig.Steady(300), d)
	stop()
	all.Wait()
	half := samples[len(samples)/2:]
	slope := slopePerHour(half, d/time.Duration(len(samples)))
	s := l.report.Section("Carga sostenida", fmt.Sprintf("300 solicitudes por segundo durante %s.", d))
	s.Measured("", m)
	goal, met := "menos de 1 MiB por hora", slope < 1<<20
	if d < 30*time.Minute {
		goal, met = "", true // the noise of a minute says nothing of an hour
	}
	s.Put("pendiente de la memoria, segunda mitad", goal, fmt.Sprintf("%.2f MiB por hora (de %d a %d MiB)", slope/(1<<20), half[0].Memory>>20, half[len(half)-1].Memory>>20), met)
	s.Put("archivos abiertos e hilos, al inicio y al final", "", fmt.Sprintf("%d y %d; %d y %d", samples[0].Files, samples[0].Threads, half[len(half)-1].Files, half[len(half)-1].Threads), true)
	failOnBroken(t, m)
}

// slopePerHour is the least-squares slope of memory, in bytes per hour.
func slopePerHour(u []rig.Usage, every time.Duration) float64 {
	var sx, sy, sxx, sxy, n float64
	for i, at := range u {
		x, y := (time.Duration(i) * every).Hours(), float64(at.Memory)
		sx, sy, sxx, sxy, n = sx+x, sy+y, sxx+x*x, sxy+x*y, n+1
	}
	if n*sxx == sx*sx {
		return 0
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// deadlineStorm is L4 and L5: 500 people save drafts, 2,000 read, somebody withdraws
// a consent each second.
func deadlineStorm(t *testing.T, l *stagedLoad) {
	const writing, reading = 500, 2000
	d := lasting(10*time.Minute, 40*time.Second)
	who := rig.Somebody(l.node.Addr)
	if err := who.Enter("operador"); err != nil {
		t.Fatal(err)
	}
	sections := l.Sections()
	var writers []*rig.Writer
	for i := range writing {
		writers = append(writers, &rig.Writer{Person: who, Section: sections[i%len(sections)], Shared: len(sections) < writing})
	}
	ctx, stop := context.WithTimeout(context.Background(), d)
	defer stop()
	var all sync.WaitGroup
	var saved, conflicts, refused, broken, withdrawn, stale atomic.Int64
	took := make([][]time.Duration, writing)
	for i, w := range writers {
		all.Go(func() {
			time.Sleep(time.Duration(i) * 20 * time.Millisecond) // nobody begins at once
			for n := 0; ctx.Err() == nil; n++ {
				began := time.Now()
				ok, err := w.Save(fmt.Sprintf("Texto %d de la última noche, vez %d. %s", i, n, strings.Repeat("Trabajé en mi comunidad. ", 20)))
				took[i] = append(took[i], time.Since(began))
				switch {
				case ok:
					saved.Add(1)
				case err != nil || w.Status >= 500 && w.Status != 503:
					broken.Add(1)
				case w.Status == 503:
					refused.Add(1)
				default:
					conflicts.Add(1)
				}
				select {
				case <-time.After(10 * time.Second):
				case <-ctx.Done():
				}
			}
		})
	}
	all.Go(func() { l.withdrawEachSecond(ctx, t, &withdrawn, &stale) })
	// Two thousand people who look at a page every eight seconds.
	readers := l.public(64, rig.Steady(reading/8), d)
	all.Wait()
	acked, lost := l.Lost(writers)
	p99 := percentile(took, 99)
	s := l.report.Section("Última noche", fmt.Sprintf("%d personas guardan un borrador cada diez segundos durante %s, %d leen, y cada segundo se retira un consentimiento.", writing, d, reading))
	s.Put("guardados reconocidos y conflictos con otra persona", "", fmt.Sprintf("%d y %d", saved.Load(), conflicts.Load()), true)
	s.Put("guardados despedidos con su texto en pantalla", "", fmt.Sprint(refused.Load()), true)
	s.Put("guardados con error", "0", fmt.Sprint(broken.Load()), broken.Load() == 0)
	s.Put("guardados reconocidos que se perdieron", "0", fmt.Sprintf("%d de %d revisados", lost, acked), lost == 0)
	s.Put("99 de cada 100 guardados en menos de", "750 ms", p99.Round(time.Millisecond).String(), p99 < 750*time.Millisecond)
	s.Put("retiros, y lecturas que después mostraron lo retirado", "0", fmt.Sprintf("%d en %d retiros", stale.Load(), withdrawn.Load()), stale.Load() == 0)
	s.Measured("lecturas: ", readers)
	failOnBroken(t, readers)
	if lost > 0 || acked == 0 || broken.Load() > 0 || stale.Load() > 0 || withdrawn.Load() == 0 {
		t.Errorf("%d of %d saves lost, %d broken; %d stale reads in %d withdrawals", lost, acked, broken.Load(), stale.Load(), withdrawn.Load())
	}
}

func percentile(parts [][]time.Duration, percent int) time.Duration {
	all := []time.Duration{}
	for _, p := range parts {
		all = append(all, p...)
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)*percent/100, len(all)-1)]
}

func (l *stagedLoad) withdrawEachSecond(ctx context.Context, t *testing.T, withdrawn, stale *atomic.Int64) {
	folios, fichas := l.Exposed()
	err := l.With(time.Now, func(a *app.App) error {
		acts, err := rig.Acts(a)
		if err != nil {
			return err
		}
		for i := 0; ctx.Err() == nil; i++ {
			n := i % len(folios)
			if err := acts.Withdraw(context.WithoutCancel(ctx), folios[n]); err == nil {
				withdrawn.Add(1)
				if got, err := rig.Somebody(l.node.Addr).Get(fichas[n]); err == nil && strings.HasPrefix(got.Header.Get("Cache-Control"), "private") {
					stale.Add(1)
				}
			}
			_ = acts.Grant(context.WithoutCancel(ctx), folios[n]) // if it is not, the next withdrawal does nothing
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// slowClients is L6: clients that hold on to the server while the public reads.
func slowClients(t *testing.T, l *stagedLoad) {
	slow := &rig.Slow{Header: 5000, Body: 1000, Read: 1000, Path: "/candidaturas"}
	ctx, stop := context.WithTimeout(context.Background(), lasting(5*time.Minute, 50*time.Second))
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { slow.Run(ctx, l.node.Addr) })
	time.Sleep(3 * time.Second)
	held := l.node.Usage().Files
	m := l.public(64, rig.Steady(500), lasting(time.Minute, 20*time.Second))
	all.Wait()
	longest := time.Duration(slow.Longest.Load())
	reading := time.Duration(slow.LongestRead.Load())
	s := l.report.Section("Clientes lentos", "5,000 que mandan el encabezado letra por letra, 1,000 el cuerpo y 1,000 que leen así, mientras el público pide 500 por segundo.")
	s.Put("conexiones lentas abiertas, y archivos abiertos del programa con ellas", "", fmt.Sprintf("%d y %d", slow.Opened.Load(), held), true)
	s.Put("la que más duró leyendo despacio", "", reading.Round(100*time.Millisecond).String(), true)
	s.Put("la que más duró mandando despacio", "hasta 35 s", longest.Round(100*time.Millisecond).String(), longest <= 36*time.Second)
	s.Measured("público: ", m)
	s.Put("99 de cada 100 en menos de", "300 ms", m.P99.Round(time.Millisecond).String(), m.P99 < 300*time.Millisecond)
	failOnBroken(t, m)
	if slow.Opened.Load() < 1000 {
		t.Errorf("only %d slow clients came in: the load had no effect", slow.Opened.Load())
	}
}

// expensiveAbuse is L7: what costs most, all at once, while the public reads.
func expensiveAbuse(t *testing.T, l *stagedLoad) {
	d := lasting(3*time.Minute, 20*time.Second)
	before := l.node.Usage().Memory
	ctx := context.Background()
	var all sync.WaitGroup
	var searches, exports, logins rig.Measured
	all.Go(func() {
		searches = rig.Load{Addr: l.node.Addr, Workers: 32, Rate: rig.Steady(100), For: d, Path: func(i int) string {
			return "/candidaturas?q=" + url.QueryEscape(fmt.Sprintf("%s%d", strings.Repeat("a%_.*", i%8+1), i)) + fmt.Sprintf("&pagina=%d", 1+spread(i)%9999)
		}}.Run(ctx)
	})
	all.Go(func() {
		exports = rig.Load{Addr: l.node.Addr, Workers: 200, For: d, Path: func(i int) string {
			return []string{"/datos/candidaturas.xlsx", "/datos/candidaturas.json", "/datos/candidaturas.csv", "/datos/identidad.csv"}[i%4]
		}}.Run(ctx)
	})
	all.Go(func() {
		logins = rig.Load{
			Addr: l.node.Addr, Workers: 64, Rate: rig.Steady(500), For: d, Path: func(int) string { return "/entrar" },
			Form: func(i int) string {
				return fmt.Sprintf("correo=nadie%d%%40ejemplo.invalid&contrasena=una-cualquiera", i%50)
			},
		}.Run(ctx)
	})
	m := l.public(32, rig.Steady(100), d)
	all.Wait()
	grown := l.node.Usage().Memory - before
	s := l.report.Section("Abuso de lo costoso", "A la vez: 100 búsquedas por segundo con comodines y páginas que no existen, 200 descargas en paralelo sin pausa y 500 intentos de entrar por segundo; el público pide 100 por segundo.")
	s.Measured("público: ", m)
	s.Put("99 de cada 100 en menos de", "300 ms", m.P99.Round(time.Millisecond).String(), m.P99 < 300*time.Millisecond)
	s.Measured("búsquedas: ", searches)
	s.Measured("descargas: ", exports)
	s.Measured("intentos de entrar: ", logins)
	s.Put("memoria que creció", "hasta 100 MiB", fmt.Sprintf("%d MiB", grown>>20), grown <= 100<<20)
	failOnBroken(t, m)
}

// growth measures each operation at several sizes of the process, with addresses
// that nobody repeats, so that what is measured is the work and not the memory.
func growth(t *testing.T, report *rig.Report) {
	sizes := []int{1000, 10_000}
	if *growth100 {
		sizes = append(sizes, 100_000)
	}
	s := report.Section("Crecimiento", "Mediana de cada operación, de a una y sin repetir dirección, según el número de candidaturas.")
	operations := []struct {
		name string
		path func(l *stagedLoad, i int) string
	}{
		{"ficha", func(l *stagedLoad, i int) string { return l.profiles[spread(i)%len(l.profiles)] }},
		{"lista", func(l *stagedLoad, i int) string { return fmt.Sprintf("/candidaturas?pagina=%d&n=%d", 1+i%40, i) }},
		{"filtro", func(l *stagedLoad, i int) string { return fmt.Sprintf("%s&pagina=%d&n=%d", filters[i%4], 1+i%3, i) }},
		{"búsqueda", func(l *stagedLoad, i int) string {
			return fmt.Sprintf("/candidaturas?q=%s+%s&n=%d", sought[i%12], sought[(i/12+5)%12], i)
		}},
		{"boleta", func(_ *stagedLoad, i int) string { return fmt.Sprintf("/boleta/%d?n=%d", 300+i%60, i) }},
	}
	got := make([][]string, len(operations))
	for _, size := range sizes {
		site := newSite(t, size)
		l := &stagedLoad{Site: site, node: site.Start(), profiles: site.Profiles()}
		for i, o := range operations {
			m := rig.Load{Addr: l.node.Addr, Workers: 1, For: lasting(20*time.Second, 3*time.Second), Path: func(n int) string { return o.path(l, n) }}.Run(context.Background())
			failOnBroken(t, m)
			got[i] = append(got[i], fmt.Sprintf("%.1f ms", float64(m.P50.Microseconds())/1000))
		}
		l.node.Stop()
	}
	for i, o := range operations {
		s.Put(fmt.Sprintf("%s: con %v candidaturas", o.name, sizes), "", strings.Join(got[i], " → "), true)
	}
}
