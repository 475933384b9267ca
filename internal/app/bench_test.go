package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"conoceles/internal/archtest"
)

// Benchmarks print figures; they assert nothing. `make bench` runs them.

// sizes are those at which growth is measured.
var sizes = []int{5_000, 50_000}

// A request of a visit: its path may depend on how many were made before, so that
// what is measured is the query and not the memory of the last answer. The words
// are of the demonstration, so that each finds something.
type request struct {
	name string
	path func(i int) string
}

var requests = []request{
	{"portada", always("/")},
	{"boleta", func(i int) string { return fmt.Sprintf("/boleta/%d", 300+i%60) }},
	{"lista", always("/candidaturas")},
	{"lista_profunda", func(i int) string { return fmt.Sprintf("/candidaturas?pagina=%d", 100+i%100) }},
	{"filtro", func(i int) string {
		return fmt.Sprintf("/candidaturas?sexo=mujer&grado=licenciatura&pagina=%d", 1+i%20)
	}},
	{"nombre", func(i int) string {
		return "/candidaturas?q=" + url.QueryEscape(words[i%len(words)]+" "+words[(i/len(words)+3)%len(words)])
	}},
	{"nombre_parcial", func(i int) string {
		return "/candidaturas?pagina=" + strconv.Itoa(1+i%3) + "&q=" + url.QueryEscape(words[i%len(words)][:3])
	}},
}

func always(path string) func(int) string { return func(int) string { return path } }

// words are of names; some pairs find many, some nobody.
var words = []string{
	"citlali", "marisol", "quimera", "nunez", "montes", "leyenda", "santiago", "penaflor", "ximena", "fabula", "zuniga", "arroyo",
	"de la o", "tonatiuh", "prueba", "hipotetica", "D'Arco", "yolotzin", "ensayo", "lagunas", "muestra", "sierra", "emiliano",
}

func BenchmarkSite(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("candidaturas=%d", size), func(b *testing.B) {
			s := seed(size, time.Now).stage(b)
			profiles := s.profiles()
			for _, r := range append(slices.Clone(requests), request{"perfil", func(i int) string { return profiles[i%len(profiles)] }}) {
				b.Run(r.name, func(b *testing.B) { visit(b, s.handler, r.path) })
			}
		})
	}
}

// visit asks for paths and reports the median and the worst of a hundred.
func visit(b *testing.B, h http.Handler, path func(int) string) {
	b.Helper()
	var took []time.Duration
	var bytes int
	for i := 0; b.Loop(); i++ {
		req := httptest.NewRequest(http.MethodGet, path(i), nil)
		req.Header.Set("Accept-Encoding", "gzip")
		rec := httptest.NewRecorder()
		start := time.Now()
		h.ServeHTTP(rec, req)
		took = append(took, time.Since(start))
		if rec.Code != http.StatusOK {
			b.Fatalf("%s: %d", path(i), rec.Code)
		}
		bytes = rec.Body.Len()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(bytes), "bytes")
}

// importRows is a whole election of one state.
const importRows = 5_000

// BenchmarkImport loads a list into a process already open to the public, so
// that every row is also published.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s := newStage(b)
		list := s.anotherList(importRows)
		b.StartTimer()
		start := time.Now()
		s.importList(list)
		b.ReportMetric(importRows/time.Since(start).Seconds(), "filas/s")
	}
}

func BenchmarkSeedAndVerify(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("candidaturas=%d", size), func(b *testing.B) {
			for b.Loop() {
				start := time.Now()
				s := seed(size, time.Now).stage(b)
				b.ReportMetric(time.Since(start).Seconds(), "sembrar-s")
				start = time.Now()
				if d, err := s.app.Publisher.Verify(context.Background(), s.app.Desk); err != nil || len(d) != 0 {
					b.Fatal(len(d), err)
				}
				b.ReportMetric(time.Since(start).Seconds(), "verificar-s")
			}
		})
	}
}

// BenchmarkFirstAnswer starts the built program on an empty directory and
// reports how long the first page takes, and the most memory it used while a
// thousand pages were asked.
func BenchmarkFirstAnswer(b *testing.B) {
	root, err := archtest.Root()
	if err != nil {
		b.Fatal(err)
	}
	binary := filepath.Join(b.TempDir(), "conoceles")
	if out, err := exec.Command("go", "build", "-o", binary, filepath.Join(root, "cmd/conoceles")).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		cold, stop := start(b, binary)
		b.ReportMetric(cold.Seconds(), "vacio-s")
		b.ReportMetric(float64(stop())/1024, "memoria-MiB")
	}
}

// start runs the binary on an empty directory until it answers. stop visits it,
// stops it and returns its peak memory in KiB.
func start(b *testing.B, binary string) (took time.Duration, stop func() int) {
	b.Helper()
	dir := b.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another account
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := exec.Command(binary, "servir", "--demo")
	cmd.Env = append(os.Environ(), "CONOCELES_DATA_DIR="+filepath.Join(dir, "datos"), "CONOCELES_ADDR="+addr)
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for {
		if res, err := http.Get("http://" + addr + "/"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(begin) > time.Minute {
			b.Fatal("no answer in a minute")
		}
		time.Sleep(2 * time.Millisecond)
	}
	return time.Since(begin), func() int {
		for i := range 1000 {
			if res, err := http.Get("http://" + addr + requests[i%len(requests)].path(i)); err == nil {
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		}
		peak := peakMemory(b, cmd.Process.Pid)
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		return peak
	}
}

func peakMemory(b *testing.B, pid int) int {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kib, err := strconv.Atoi(strings.Fields(v)[0])
			if err != nil {
				b.Fatal(err)
			}
			return kib
		}
	}
	b.Fatal("no VmHWM")
	return 0
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
