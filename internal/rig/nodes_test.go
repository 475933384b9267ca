package rig_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/db"
	"conoceles/internal/rig"
)

var (
	nodeRounds = flag.Int("nodos", 0, "cuántas veces se mata, por turno, cada parte de un despliegue de varios nodos")
	previous   = flag.String("anterior", "", "programa compilado de una versión anterior, que se prueba sobre el esquema de hoy")
)

// cluster is a deployment on one machine: a primary, a streaming replica and three
// nodes behind a proxy.
type cluster struct {
	*rig.Site
	primary, replica *rig.Postgres
	nodes            []*rig.Node
	proxy            *rig.Proxy
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	s := newSite(t, 600)
	c := &cluster{Site: s, primary: s.Postgres, replica: s.Postgres.Follow()}
	// What is acknowledged is in both, so that losing the primary loses nothing.
	c.primary.Exec(`ALTER SYSTEM SET synchronous_standby_names = '*'`)
	c.primary.Exec(`SELECT pg_reload_conf()`)
	s.Set("DATABASE_URL", rig.Either(c.primary, c.replica, db.RoleDesk, true))
	s.Set("PRIMARY_DATABASE_URL", rig.Either(c.primary, c.replica, db.RoleSite, true))
	s.Set("SITE_DATABASE_URL", rig.Either(c.replica, c.primary, db.RoleSite, false))
	s.Set("DRAIN", "300ms")
	for range 3 {
		c.nodes = append(c.nodes, s.Start())
	}
	c.proxy = rig.NewProxy(t, c.nodes...)
	return c
}

// TestManyNodes kills each part of a deployment of many nodes in turn, under load.
func TestManyNodes(t *testing.T) {
	if *nodeRounds == 0 { // it is for the long round: «make nodes»
		return
	}
	c := newCluster(t)
	for _, tt := range []struct {
		name string
		run  func(*testing.T, *cluster)
	}{
		{"reads", whoReadsWhere},
		{"stale", staleReplica},
		{"deaths", deathsInTurn},
		{"upgrade", upgrade},
		{"failover", failover},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, c) })
	}
}

// whoReadsWhere checks that curricular pages come from the replica and identity
// from the primary alone.
func whoReadsWhere(t *testing.T, c *cluster) {
	_, fichas := c.Exposed()
	who := rig.Somebody(c.proxy.Addr)
	for range 30 {
		for _, path := range []string{"/candidaturas?q=montes", fichas[0]} {
			if got, err := who.Get(path); err != nil || got.Status != 200 {
				t.Fatalf("%s: %d %v", path, got.Status, err)
			}
		}
	}
	const asked = `SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'conoceles_sitio' AND query LIKE $1`
	for _, tt := range []struct {
		name  string
		pg    *rig.Postgres
		what  string
		never bool
	}{
		{"the replica is asked for curricular pages", c.replica, "%site.candidacies%", false},
		{"the primary is asked for identity", c.primary, "%identity%", false},
	} {
		if got := tt.pg.Text(asked, tt.what); (got == "0") != tt.never {
			t.Errorf("%s: %s connections say so", tt.name, got)
		}
	}
	if got := c.replica.Text(`SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'conoceles_sitio' AND query LIKE '%site.identity_answers%'`); got != "0" {
		t.Errorf("%s connections asked the replica for identity", got)
	}
}

// staleReplica stops the replica where it is and withdraws: no node shows what was
// withdrawn although the replica still has it. The control is a node that reads
// identity from the replica: it shows it, and the count sees it.
func staleReplica(t *testing.T, c *cluster) {
	folios, fichas := c.Exposed()
	folio, ficha := folios[0], fichas[0]
	c.primary.CatchUp(c.replica)
	lagging := c.Site.In(t)
	lagging.Set("PRIMARY_DATABASE_URL", c.replica.URL(db.RoleSite))
	wrong := lagging.Start()
	c.replica.Exec(`SELECT pg_wal_replay_pause()`)
	err := c.With(time.Now, func(a *app.App) error {
		acts, err := rig.Acts(a)
		if err != nil {
			return err
		}
		if err := acts.Withdraw(context.Background(), folio); err != nil {
			return err
		}
		stale := 0
		for _, n := range c.nodes {
			if shows(t, n.Addr, ficha) {
				stale++
			}
		}
		if stale > 0 {
			t.Errorf("%d nodes show what was withdrawn", stale)
		}
		if !shows(t, wrong.Addr, ficha) {
			t.Error("a node that reads identity from a stopped replica hides it: the replica was not behind, and the count above proves nothing")
		}
		return acts.Grant(context.Background(), folio)
	})
	if err != nil {
		t.Fatal(err)
	}
	c.replica.Exec(`SELECT pg_wal_replay_resume()`)
	c.primary.CatchUp(c.replica)
	if !shows(t, c.proxy.Addr, ficha) {
		t.Error("consent given again is not shown")
	}
}

func shows(t *testing.T, addr, ficha string) bool {
	t.Helper()
	got, err := rig.Somebody(addr).Get(ficha)
	if err != nil {
		t.Fatal(err)
	}
	return strings.HasPrefix(got.Header.Get("Cache-Control"), "private")
}

// deathsInTurn kills each node, the replica and the primary, again and again, while
// people read and save and somebody withdraws and consents.
func deathsInTurn(t *testing.T, c *cluster) {
	people := gather(t, c.Site, c.proxy.Addr, 8, 10)
	stop, cycles, stale := c.withdrawing(t)
	people.begin()
	count := func() int64 { return people.failed.Load() }
	for range *nodeRounds {
		for i, n := range c.nodes {
			before := count()
			n.Kill()
			time.Sleep(300 * time.Millisecond)
			n.Restart()
			if got := count() - before; got > 0 {
				t.Errorf("the death of node %d failed %d requests: %s", i, got, people.lastFailure)
			}
		}
		before := people.unserved.Load()
		c.replica.Kill()
		time.Sleep(2 * time.Second)
		c.replica.Start()
		c.followed(t)
		people.settle()
		if got := people.unserved.Load() - before; got > 0 {
			t.Logf("the death of the replica left %d reads unserved: %s", got, people.lastFailure)
		}
		before = people.unserved.Load()
		failed := count()
		c.primary.Kill()
		time.Sleep(time.Second)
		c.primary.Start()
		c.followed(t)
		people.settle()
		if count() == failed {
			t.Error("nobody noticed that the primary died: the fault had no effect")
		}
		if got := people.unserved.Load() - before; got > 0 {
			t.Logf("the death of the primary left %d reads unserved: %s", got, people.lastFailure)
		}
	}
	stop()
	const what = "Varios nodos: matar por turno cada nodo, la réplica y la primaria"
	people.end(c.Site, what, *nodeRounds)
	noted(t, "nodos", what, "lecturas sin respuesta", "", fmt.Sprintf("%d de %d", people.unserved.Load(), people.reads.Load()), true)
	noted(t, "nodos", what, "lecturas de identidad después de un retiro", "0", fmt.Sprintf("%d en %d retiros", stale.Load(), cycles.Load()), stale.Load() == 0)
	t.Logf("%d withdrawals, %d stale reads", cycles.Load(), stale.Load())
	if stale.Load() > 0 || cycles.Load() == 0 {
		t.Errorf("%d withdrawals and %d stale reads", cycles.Load(), stale.Load())
	}
}

// followed waits until the replica follows the primary again: it takes some seconds,
// and saves wait for it, which is not of the next fault.
func (c *cluster) followed(t *testing.T) {
	t.Helper()
	const q = `SELECT count(*)::text FROM pg_stat_replication WHERE sync_state = 'sync'`
	for deadline := time.Now().Add(time.Minute); c.primary.Text(q) == "0"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the replica does not find its primary")
		}
	}
}

// settle waits until nothing has failed for a while.
func (c *crowd) settle() {
	c.Helper()
	const calm = 2 * time.Second
	last, since := c.failed.Load(), time.Now()
	for deadline := since.Add(time.Minute); time.Since(since) < calm; time.Sleep(50 * time.Millisecond) {
		if now := c.failed.Load(); now != last {
			last, since = now, time.Now()
		}
		if time.Now().After(deadline) {
			c.Fatalf("requests go on failing: %s", c.lastFailure)
		}
	}
}

// withdrawing withdraws and grants all the time and, between both, reads by every
// node that answers.
func (c *cluster) withdrawing(t *testing.T) (stop func(), cycles, stale *atomic.Int64) {
	cycles, stale = &atomic.Int64{}, &atomic.Int64{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	folios, fichas := c.Exposed()
	go func() {
		done <- c.With(time.Now, func(a *app.App) error {
			acts, err := rig.Acts(a)
			if err != nil {
				return err
			}
			for ctx.Err() == nil {
				if acts.Withdraw(ctx, folios[1]) == nil {
					cycles.Add(1)
					for _, n := range c.nodes {
						got, err := rig.Somebody(n.Addr).Get(fichas[1])
						if err == nil && strings.HasPrefix(got.Header.Get("Cache-Control"), "private") {
							stale.Add(1)
						}
					}
				}
				_ = acts.Grant(ctx, folios[1]) // a database that is dead grants nothing
				time.Sleep(50 * time.Millisecond)
			}
			return nil
		})
	}()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}, cycles, stale
}

// upgrade replaces nodes of the previous program by those of today, over today's
// schema, under load: no request fails, with the old, the new or both.
func upgrade(t *testing.T, c *cluster) {
	if *previous == "" {
		t.Log("left out, for no previous program was named (-anterior)")
		return
	}
	s := c.Site.In(t)
	old := []*rig.Node{s.Start(*previous), s.Start(*previous)}
	proxy := rig.NewProxy(t, old...)
	people := gather(t, s, proxy.Addr, 6, 8)
	people.begin()
	time.Sleep(2 * time.Second)
	if people.failed.Load() > 0 || people.saves.Load() == 0 {
		t.Errorf("the previous program over today's schema: %d saves, %d requests failed: %s", people.saves.Load(), people.failed.Load(), people.lastFailure)
	}
	for _, n := range old {
		n.Stop()
		n.Replace("")
		time.Sleep(500 * time.Millisecond)
	}
	const what = "Varios nodos: relevar el programa anterior por el de hoy sobre el esquema de hoy (F19)"
	people.end(s, what, 1)
	noted(t, "nodos", what, "solicitudes que fallaron", "0", fmt.Sprintf("%d de %d", people.failed.Load(), people.reads.Load()+people.saves.Load()), people.failed.Load() == 0)
	if people.failed.Load() > 0 {
		t.Errorf("%d requests failed: %s", people.failed.Load(), people.lastFailure)
	}
}

// failover loses the primary for good: the replica takes its place, and people go
// on saving over it with nothing lost.
func failover(t *testing.T, c *cluster) {
	people := gather(t, c.Site, c.proxy.Addr, 6, 8)
	people.begin()
	time.Sleep(time.Second)
	c.primary.Kill()
	before := people.saves.Load()
	time.Sleep(500 * time.Millisecond)
	began := time.Now()
	c.replica.Exec(`ALTER SYSTEM SET synchronous_standby_names = ''`)
	c.replica.Exec(`SELECT pg_reload_conf()`)
	c.replica.Promote()
	for people.saves.Load() < before+20 {
		if time.Since(began) > 30*time.Second {
			t.Fatalf("nobody saves on the new primary: %s", people.lastFailure)
		}
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(began)
	dead := c.Site.Postgres
	c.Site.Postgres = c.replica
	const what = "Varios nodos: perder la primaria y promover la réplica"
	people.end(c.Site, what, 1)
	c.Site.Postgres = dead
	noted(t, "nodos", what, "lo que tardaron en volver los guardados", "", took.Round(time.Millisecond).String(), true)
	t.Logf("saves went on %s after the replica was promoted", took)
	dead.Start() // what remains is stopped in order
}
