package rig_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/rig"
)

var (
	nodeKills   = flag.Int("caidas", 2, "cuántas veces se mata al programa mientras guarda")
	deploys     = flag.Int("relevos", 1, "cuántas veces se releva a los nodos bajo carga")
	dbRestarts  = flag.Int("reinicios", 0, "cuántas veces se reinicia PostgreSQL bajo carga")
	deployPause = 400 * time.Millisecond // between two nodes
)

// TestFaultsOfProcesses are F1, F2, F15 and F18, over one demonstration.
func TestFaultsOfProcesses(t *testing.T) {
	t.Parallel()
	s := newSite(t, 600)
	s.Set("DRAIN", "300ms")
	for _, tt := range []struct {
		name  string
		times int
		run   func(*testing.T, *rig.Site)
	}{
		{"killed", *nodeKills, killedProgram},
		{"replaced", *deploys, replacedNodes},
		{"socket", *deploys, oneNodeReplaced},
		{"restarted", *dbRestarts, restartedDatabase},
	} {
		if tt.times == 0 { // it is for the long round
			continue
		}
		t.Run(tt.name, func(t *testing.T) { tt.run(t, s.In(t)) })
	}
}

// newSite is the demonstration over a PostgreSQL of its own.
func newSite(t *testing.T, size int) *rig.Site {
	t.Helper()
	return rig.Seed(t, rig.NewPostgres(t, open(t)), size)
}

// crowd is who uses a site during a fault: readers of fichas and people who write.
type crowd struct {
	*testing.T
	writers []*rig.Writer
	people  []*rig.Person
	paths   []string

	stop              context.CancelFunc
	all               sync.WaitGroup
	reads, saves      atomic.Int64
	failed            atomic.Int64 // answers that were none, or 5xx
	unserved          atomic.Int64 // of those, reads
	mu                sync.Mutex
	lastFailure       string
	firstBad, lastBad time.Time
}

// gather sends people to an address.
func gather(t *testing.T, s *rig.Site, addr string, readers, writers int) *crowd {
	t.Helper()
	c := &crowd{T: t, paths: append(s.Profiles(), "/", "/candidaturas", "/candidaturas?pagina=2", "/boleta")}
	who := rig.Somebody(addr)
	if err := who.Enter("operador"); err != nil {
		t.Fatal(err)
	}
	for _, section := range s.Sections()[:writers] {
		c.writers = append(c.writers, &rig.Writer{Person: who, Section: section})
	}
	for range readers {
		c.people = append(c.people, rig.Somebody(addr))
	}
	return c
}

// begin sets everybody going, with pauses that leave the machine some room.
func (c *crowd) begin() {
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	for _, p := range c.people {
		c.all.Go(func() {
			for ctx.Err() == nil {
				path := c.paths[rand.IntN(len(c.paths))]
				got, err := p.Get(path)
				c.reads.Add(1)
				if err != nil || got.Status >= 500 {
					c.unserved.Add(1)
					c.fails("GET "+path, got.Status, err)
				}
				time.Sleep(time.Duration(10+rand.IntN(40)) * time.Millisecond)
			}
		})
	}
	for i, w := range c.writers {
		c.all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				ok, err := w.Save(fmt.Sprintf("Texto %d del guardado %d.", i, n))
				if ok {
					c.saves.Add(1)
				} else if err != nil || w.Status >= 500 {
					c.fails("POST "+w.Path, w.Status, err)
				}
				time.Sleep(time.Duration(20+rand.IntN(60)) * time.Millisecond)
			}
		})
	}
}

func (c *crowd) fails(what string, status int, err error) {
	c.failed.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastFailure = fmt.Sprintf("%s: %d %v", what, status, err)
	if c.firstBad.IsZero() {
		c.firstBad = time.Now()
	}
	c.lastBad = time.Now()
}

// badFor returns how long it was from the first failure to the last, and forgets.
func (c *crowd) badFor() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	took := c.lastBad.Sub(c.firstBad)
	c.firstBad, c.lastBad = time.Time{}, time.Time{}
	return took
}

// end stops everybody, says what they did and keeps as evidence what was lost; it
// fails if what was acknowledged to a writer is not there.
func (c *crowd) end(s *rig.Site, fault string, times int) {
	c.Helper()
	c.stop()
	c.all.Wait()
	acked, lost := s.Lost(c.writers)
	notedLosses(c, fault, lost, acked, times)
	c.Logf("%d reads, %d saves acknowledged, %d lost; %d requests failed, %d of them reads %s", c.reads.Load(), acked, lost, c.failed.Load(), c.unserved.Load(), c.lastFailure)
	if lost > 0 || acked == 0 || c.reads.Load() == 0 && len(c.people) > 0 {
		c.Errorf("%d of %d acknowledged saves were lost", lost, acked)
	}
}

// killedProgram is F1 and F2 with one node: it is killed while
// people save and read, whoever watches over it starts it again, and it answers
// within two seconds with every acknowledged save there.
func killedProgram(t *testing.T, s *rig.Site) {
	node := s.Start()
	c := gather(t, s, node.Addr, 2, 6)
	c.begin()
	for deadline := time.Now().Add(30 * time.Second); c.saves.Load() < 10 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	var worst time.Duration
	for i := range *nodeKills {
		time.Sleep(100*time.Millisecond + rand.N(200*time.Millisecond))
		before := c.failed.Load()
		node.Kill()
		time.Sleep(50 * time.Millisecond)
		if c.failed.Load() == before {
			time.Sleep(150 * time.Millisecond)
		}
		if c.failed.Load() == before {
			t.Fatalf("death %d: nobody noticed: the fault had no effect", i)
		}
		worst = max(worst, node.Restart())
	}
	c.end(s, "F1 Matar el programa mientras guarda", *nodeKills)
	noted(t, "fallas", "F1 Matar el programa mientras guarda", "lo más que tardó en volver", "hasta 2 s", worst.Round(time.Millisecond).String(), worst <= 2*time.Second)
	t.Logf("%d deaths of the program; the slowest start took %s", *nodeKills, worst)
	if *nodeKills > 10 && worst > 2*time.Second { // a long round, on a machine that does nothing else
		t.Errorf("a start took %s, more than two seconds", worst)
	}
	verify(t, s)
}

// verify fails unless the site is what it should be and the bitácora whole.
func verify(t *testing.T, s *rig.Site) {
	t.Helper()
	err := s.With(time.Now, func(a *app.App) error {
		if d, err := a.Publisher.Verify(context.Background(), a.Desk); err != nil || len(d) != 0 {
			return fmt.Errorf("%d differences of the site: %w", len(d), err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// replacedNodes is F18 and F2: nodes behind a proxy are replaced one
// at a time while people read and save, and no request fails; killed without a word,
// neither, for the others answer. A single node does it with the socket that systemd
// keeps.
func replacedNodes(t *testing.T, s *rig.Site) {
	nodes := []*rig.Node{s.Start(), s.Start()}
	proxy := rig.NewProxy(t, nodes...)
	c := gather(t, s, proxy.Addr, 4, 8)
	c.begin()
	for range *deploys {
		for _, n := range nodes {
			pid := n.Pid()
			n.Stop()
			n.Restart()
			if n.Pid() == pid {
				t.Fatal("the process is the same: nothing was replaced")
			}
			time.Sleep(deployPause)
		}
	}
	if c.failed.Load() > 0 {
		t.Errorf("%d requests failed in %d replacements: %s", c.failed.Load(), 2**deploys, c.lastFailure)
	}
	for range *deploys {
		for _, n := range nodes {
			n.Kill()
			time.Sleep(deployPause)
			n.Restart()
			time.Sleep(deployPause / 4)
		}
	}
	const replacing = "F18 y F2 Relevar y matar nodos, por turno, bajo carga"
	c.end(s, replacing, 4**deploys)
	noted(t, "fallas", replacing, "solicitudes que fallaron", "0", fmt.Sprintf("%d de %d", c.failed.Load(), c.reads.Load()+c.saves.Load()), c.failed.Load() == 0)
	if c.failed.Load() > 0 {
		t.Errorf("%d requests failed when nodes were killed: %s", c.failed.Load(), c.lastFailure)
	}
	if proxy.Retried.Load() == 0 {
		t.Error("no request ever went to a second node: the deaths had no effect")
	}
	t.Logf("%d replacements and %d deaths, %d requests went to a second node", 2**deploys, 2**deploys, proxy.Retried.Load())

	// The control: without saying that it leaves, and with nowhere else to go, a
	// node that is replaced fails somebody.
	alone := gather(t, s, nodes[0].Addr, 4, 2)
	alone.begin()
	time.Sleep(deployPause)
	nodes[0].Stop()
	nodes[0].Restart()
	alone.stop()
	alone.all.Wait()
	if alone.failed.Load() == 0 {
		t.Error("nobody notices that the only node stops: the counts above prove nothing")
	}
}

// oneNodeReplaced replaces the only node, which takes the socket that
// somebody else keeps open: who arrives meanwhile waits, and no request fails.
func oneNodeReplaced(t *testing.T, s *rig.Site) {
	node := s.StartOnSocket()
	c := gather(t, s, node.Addr, 4, 4)
	c.begin()
	for range *deploys {
		time.Sleep(deployPause)
		node.Stop()
		node.Restart()
	}
	time.Sleep(deployPause)
	const single = "F18 Relevar el único nodo con el socket de systemd"
	c.end(s, single, *deploys)
	noted(t, "fallas", single, "solicitudes que fallaron", "0", fmt.Sprintf("%d de %d", c.failed.Load(), c.reads.Load()+c.saves.Load()), c.failed.Load() == 0)
	if c.failed.Load() > 0 {
		t.Errorf("%d requests failed in %d replacements: %s", c.failed.Load(), *deploys, c.lastFailure)
	}
}

// restartedDatabase is F15: PostgreSQL is restarted while
// people read and save. Saves are refused or done, never lost; pages go on from
// memory and identity is hidden or right; within ten seconds all is as before.
func restartedDatabase(t *testing.T, s *rig.Site) {
	node := s.Start()
	_, fichas := s.Exposed()
	c := gather(t, s, node.Addr, 4, 8)
	c.begin()
	var worst time.Duration
	for range *dbRestarts {
		time.Sleep(500 * time.Millisecond)
		before := c.failed.Load()
		s.Postgres.Stop()
		time.Sleep(300 * time.Millisecond)
		got, err := rig.Somebody(node.Addr).Get(fichas[0])
		if err != nil || strings.HasPrefix(got.Header.Get("Cache-Control"), "private") {
			t.Errorf("without a database a ficha says that it shows identity: %d %v", got.Status, err)
		}
		s.Postgres.Start()
		if c.failed.Load() == before {
			t.Fatal("nobody noticed that PostgreSQL restarted: the fault had no effect")
		}
		began := time.Now()
		for deadline := began.Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			got, err := rig.Somebody(node.Addr).Get(fichas[0])
			if err == nil && got.Status == http.StatusOK && strings.HasPrefix(got.Header.Get("Cache-Control"), "private") {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("identity does not come back")
			}
		}
		c.badFor()
		time.Sleep(1500 * time.Millisecond)
		worst = max(worst, c.badFor())
		if worst > 10*time.Second {
			t.Errorf("requests went on failing for %s", worst)
		}
	}
	c.end(s, "F15 Reiniciar PostgreSQL bajo carga", *dbRestarts)
	noted(t, "fallas", "F15 Reiniciar PostgreSQL bajo carga", "ya de vuelta, cuánto más fallaron solicitudes", "hasta 10 s", worst.Round(time.Millisecond).String(), worst <= 10*time.Second)
	t.Logf("%d restarts of PostgreSQL; once it was back, requests failed for %s more at most", *dbRestarts, worst)
	verify(t, s)
}
