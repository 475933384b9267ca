package app_test

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"conoceles/internal/archtest"
)

const (
	besideRows    = 5_000           // a whole election of one state
	besideClients = 64              // who asks at once, each over a connection that stays open
	besideTime    = 3 * time.Second // of each page from each server
	besidePages   = 200             // different ones of a kind, at most
)

// BenchmarkBesideNginx asks the built program and nginx for the very same
// compressed bytes, one after the other, and prints what each does with a second
// of processor and how long the slowest hundredth takes. nginx has them as files,
// with the same headers, and writes its line of log like the program does.
//
// The processor that PostgreSQL spends for the program is not counted: nginx has
// nobody to ask.
func BenchmarkBesideNginx(b *testing.B) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		b.Skip("nginx is not installed, so nothing is compared: apt-get install nginx-light")
	}
	pg, cfg := seed(besideRows, time.Now).open(b)
	s := stageOver(b, pg, cfg)
	kinds := map[string][]string{
		"portada": {"/"}, "lista": {"/candidaturas"}, "boleta": nil, "filtro": nil, "perfil": s.profiles()[:besidePages],
		"perfil_con_identidad": asUser(b, pg.SuperURL, `SELECT '/candidaturas/' || c.slug FROM site.identity_publications p JOIN site.candidacies c ON c.id = p.candidacy_id ORDER BY c.id`),
	}
	for i := range 20 {
		kinds["boleta"] = append(kinds["boleta"], fmt.Sprintf("/boleta/%d", 300+i))
		kinds["filtro"] = append(kinds["filtro"], fmt.Sprintf("/candidaturas?sexo=mujer&grado=licenciatura&pagina=%d", 1+i))
	}
	ours := startBuilt(b, map[string]string{
		"CONOCELES_DATABASE_URL": pg.DeskURL, "CONOCELES_SITE_DATABASE_URL": pg.SiteURL, "CONOCELES_KEYSET": cfg.Keyset, "CONOCELES_DATA_DIR": filepath.Dir(cfg.Keyset),
	})
	site := b.TempDir()
	headers := map[string]http.Header{}
	files := map[string][]string{}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		kinds[kind], files[kind], headers[kind] = ours.copy(b, kind, kinds[kind], site)
	}
	theirs := startNginx(b, nginx, site, headers)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				us, they := ours.asked(b, kinds[kind]), theirs.asked(b, files[kind])
				b.ReportMetric(us.perSecond, "pet/cpu-s")
				b.ReportMetric(they.perSecond, "nginx-pet/cpu-s")
				b.ReportMetric(us.perSecond/they.perSecond, "razón")
				b.ReportMetric(us.slowest, "p99-ms")
				b.ReportMetric(they.slowest, "nginx-p99-ms")
			}
		})
	}
}

// server is a process that answers at an address.
type server struct {
	addr string
	pid  int
}

// begin starts a command whose server listens at addr, with its lines of log in a
// file, and waits until it does.
func begin(b *testing.B, cmd *exec.Cmd, addr string) server {
	b.Helper()
	log, err := os.Create(filepath.Join(b.TempDir(), "registro"))
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		_ = log.Close()
	})
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			return server{addr, cmd.Process.Pid}
		}
		if time.Since(start) > time.Minute {
			said, _ := os.ReadFile(log.Name())
			b.Fatalf("%s does not listen: %.2000s", cmd.Path, said)
		}
	}
}

// freeAddr is an address where nobody listens.
func freeAddr(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startBuilt builds the program and starts it with a configuration.
func startBuilt(b *testing.B, settings map[string]string) server {
	b.Helper()
	root, err := archtest.Root()
	if err != nil {
		b.Fatal(err)
	}
	binary, addr := filepath.Join(b.TempDir(), "conoceles"), freeAddr(b)
	if out, err := exec.Command("go", "build", "-o", binary, filepath.Join(root, "cmd/conoceles")).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(binary, "servir")
	cmd.Env = append(os.Environ(), "CONOCELES_ADDR="+addr)
	for name, value := range settings {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return begin(b, cmd, addr)
}

// startNginx starts nginx over a folder of files, each kind with its headers. It
// is told the little that Debian's configuration says of speed.
func startNginx(b *testing.B, nginx, site string, kinds map[string]http.Header) server {
	b.Helper()
	dir, addr := b.TempDir(), freeAddr(b)
	var c bytes.Buffer
	fmt.Fprintf(&c, "daemon off;\nmaster_process off;\npid %[1]s/pid;\nerror_log stderr;\nevents { worker_connections 768; }\nhttp {\nsendfile on;\ntcp_nopush on;\nserver_tokens off;\nkeepalive_requests 100000000;\naccess_log %[1]s/acceso;\n", dir)
	for _, name := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&c, "%s_temp_path %s/%s;\n", name, dir, name)
	}
	fmt.Fprintf(&c, "server {\nlisten %s;\nroot %s;\n", addr, site)
	for kind, header := range kinds {
		fmt.Fprintf(&c, "location /%s/ {\ndefault_type %q;\n", kind, header.Get("Content-Type"))
		for name, values := range header {
			if !slices.Contains([]string{"Content-Type", "Content-Length", "Date", "Etag", "Transfer-Encoding"}, name) {
				fmt.Fprintf(&c, "add_header %s %q;\n", name, values[0])
			}
		}
		c.WriteString("}\n")
	}
	c.WriteString("}\n}\n")
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, c.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return begin(b, exec.Command(nginx, "-c", conf, "-e", "stderr"), addr)
}

// copy asks for pages of a kind and writes what comes, as it comes, to files. It
// returns the pages that are there, their files and their headers.
func (s server) copy(b *testing.B, kind string, pages []string, site string) (there, files []string, header http.Header) {
	b.Helper()
	if err := os.Mkdir(filepath.Join(site, kind), 0o755); err != nil {
		b.Fatal(err)
	}
	for _, page := range pages {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+s.addr+page, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "br, gzip")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			b.Fatal(err)
		}
		if res.StatusCode != http.StatusOK {
			continue
		}
		name := kind + "/" + strconv.Itoa(len(files))
		if err := os.WriteFile(filepath.Join(site, name), body, 0o644); err != nil {
			b.Fatal(err)
		}
		there, files, header = append(there, page), append(files, "/"+name), res.Header
	}
	if len(there) == 0 {
		b.Fatalf("%s: no page of the kind is there", kind)
	}
	return there, files, header
}

// did is what a server did.
type did struct {
	perSecond float64 // requests, with a second of processor
	slowest   float64 // hundredth, in milliseconds
}

// asked asks for pages, again and again, from many connections.
func (s server) asked(b *testing.B, pages []string) did {
	b.Helper()
	var all sync.WaitGroup
	took := make([][]time.Duration, besideClients)
	failed := make([]error, besideClients)
	until, before := time.Now().Add(besideTime), s.processor(b)
	for i := range besideClients {
		all.Go(func() { took[i], failed[i] = s.ask(pages, i, until) })
	}
	all.Wait()
	spent := s.processor(b) - before
	if err := errors.Join(failed...); err != nil {
		b.Fatal(err)
	}
	every := slices.Concat(took...)
	slices.Sort(every)
	return did{float64(len(every)) / spent.Seconds(), float64(every[len(every)*99/100].Microseconds()) / 1000}
}

// ask asks for pages over one connection, from the i-th on.
func (s server) ask(pages []string, i int, until time.Time) (took []time.Duration, err error) {
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	for ; time.Now().Before(until); i++ {
		page := pages[i%len(pages)]
		start := time.Now()
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: conoceles.invalid\r\nAccept-Encoding: br, gzip\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0\r\nAccept: text/html\r\n\r\n", page); err != nil {
			return took, err
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return took, err
		}
		if _, err = io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
			return took, cmp.Or(err, fmt.Errorf("%s: %d", page, res.StatusCode))
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}

// processor is how much of it a process has used.
func (s server) processor(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err1, err2); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ
}
