package rig_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/rig"
)

// How many times each fault is made. «make faults» asks for many; -1 is once where
// the machine allows it.
var (
	kills  = flag.Int("muertes", 1, "cuántas veces se mata a PostgreSQL")
	cuts   = flag.Int("apagones", -1, "cuántos cortes de energía (piden root; -1: uno, si se puede)")
	fulls  = flag.Int("llenos", 0, "cuántas veces se llena el disco (piden root)")
	backIn = 10 * time.Second // security.md 3.1
)

// a moment of the saves under way.
func moment() { time.Sleep(300*time.Millisecond + rand.N(200*time.Millisecond)) }

// TestKilledPostgreSQLLosesNothing is F3: the postmaster and all its processes are
// killed while people save, and each save that was acknowledged is there when it
// starts again, within ten seconds.
func TestKilledPostgreSQLLosesNothing(t *testing.T) {
	t.Parallel()
	pg := rig.NewPostgres(t, open(t))
	saved, gone, slowest := 0, 0, time.Duration(0)
	for range *kills {
		acked, lost := kill(pg)
		saved, gone, slowest = saved+acked, gone+lost, max(slowest, pg.Back)
	}
	const killing = "F3 Matar PostgreSQL mientras se guarda"
	notedLosses(t, killing, gone, saved, *kills)
	noted(t, "fallas", killing, "lo más que tardó en volver", "hasta 10 s", slowest.Round(time.Millisecond).String(), slowest <= backIn)
	if gone > 0 {
		t.Fatalf("%d of %d acknowledged saves were lost", gone, saved)
	}
	t.Logf("%d deaths of PostgreSQL, nothing lost", *kills)
	// The control, over the same server: who acknowledges before it writes loses
	// saves, and the count sees it.
	pg.Exec(`ALTER ROLE ` + db.RoleDesk + ` SET synchronous_commit = off`)
	const tries = 8
	for range tries {
		if acked, lost := kill(pg); lost > 0 {
			t.Logf("with synchronous_commit = off, %d of %d acknowledged saves were lost", lost, acked)
			caught(t, killing, lost)
			return
		}
	}
	t.Errorf("in %d deaths nothing was lost without waiting for the disk: the rounds above prove nothing", tries)
}

// caught keeps what the control lost, which must be something.
func caught(t testing.TB, what string, lost int) {
	t.Helper()
	noted(t, "fallas", what, "control sin esperar al disco: guardados perdidos", "alguno", strconv.Itoa(lost), lost > 0)
}

// kill kills the server under saves and counts those acknowledged and lost.
func kill(pg *rig.Postgres) (acked, lost int) {
	pg.Helper()
	s := pg.SaveUntil(func() {
		moment()
		pg.Kill()
	})
	broke(pg, s)
	pg.Start()
	if pg.Back > backIn {
		pg.Errorf("PostgreSQL took %s to come back", pg.Back)
	}
	return len(s.Acked), pg.Lost(s)
}

// broke fails unless the fault had an effect on saves that were going well.
func broke(t testing.TB, s rig.Saves) {
	t.Helper()
	if s.Failed == 0 || len(s.Acked) == 0 {
		t.Fatalf("the fault had no effect: %d saves failed, %d were acknowledged", s.Failed, len(s.Acked))
	}
}

// rounds is how often a fault is made that not every machine allows.
func rounds(t *testing.T, asked int) int {
	t.Helper()
	why := rig.NoDisk()
	if asked >= 0 {
		return asked
	}
	if why != nil {
		t.Logf("left out, for no disk can be made here: %v", why)
		return 0
	}
	return 1
}

// TestAPowerCutLosesNothing is F4: the disk stops with whatever it had not been
// made to write, which killing a process does not show.
func TestAPowerCutLosesNothing(t *testing.T) {
	t.Parallel()
	n := rounds(t, *cuts)
	if n == 0 {
		return
	}
	disk := rig.NewDisk(t, 400)
	pg := rig.NewPostgres(t, disk.Dir)
	saved, gone := 0, 0
	for range n {
		acked, lost := unplug(pg, disk)
		saved, gone = saved+acked, gone+lost
	}
	notedLosses(t, "F4 Cortar la energía del disco mientras se guarda", gone, saved, n)
	if gone > 0 {
		t.Fatalf("%d of %d acknowledged saves were lost", gone, saved)
	}
	t.Logf("%d power cuts, nothing lost", n)
	pg.Exec(`ALTER ROLE ` + db.RoleDesk + ` SET synchronous_commit = off`)
	const tries = 8
	for range tries {
		if acked, lost := unplug(pg, disk); lost > 0 {
			t.Logf("with synchronous_commit = off, %d of %d acknowledged saves were lost", lost, acked)
			caught(t, "F4 Cortar la energía del disco mientras se guarda", lost)
			return
		}
	}
	t.Errorf("in %d power cuts nothing was lost without waiting for the disk: the rounds above prove nothing", tries)
}

// unplug cuts the power under saves and counts those acknowledged and lost. A file
// that nobody forced to the disk tells a cut from a kill: it must be gone.
func unplug(pg *rig.Postgres, disk *rig.Disk) (acked, lost int) {
	pg.Helper()
	witness := filepath.Join(disk.Dir, "testigo")
	s := pg.SaveUntil(func() {
		moment()
		if err := os.WriteFile(witness, []byte("sin forzar"), 0o600); err != nil {
			pg.Fatal(err)
		}
		disk.CutPower()
	})
	broke(pg, s)
	pg.Kill()
	disk.PowerOn()
	if text, err := os.ReadFile(witness); err == nil && len(text) > 0 {
		pg.Fatal("what nobody forced to the disk is there: the power was not cut")
	}
	_ = os.Remove(witness)
	pg.Start()
	return len(s.Acked), pg.Lost(s)
}

// TestAPowerCutWithoutFsync is a control that F3 cannot have: killing a server that
// never forces its disk loses nothing, and a power cut loses the database.
func TestAPowerCutWithoutFsync(t *testing.T) {
	if *cuts < 1 { // it is for the long round
		return
	}
	disk := rig.NewDisk(t, 400)
	pg := rig.NewPostgresWith(t, disk.Dir, rig.Wrapped(t, `exec "$real" "$@" -c fsync=off`))
	if got := pg.Text(`SHOW fsync`); got != "off" {
		t.Fatalf("fsync is %s", got)
	}
	s := pg.SaveUntil(func() {
		moment()
		disk.CutPower()
	})
	broke(t, s)
	pg.Kill()
	disk.PowerOn()
	if err := pg.TryStart(); err != nil {
		t.Logf("with fsync = off the database is gone: %.200s", err)
		return
	}
	if err := pg.TryExec(`SELECT 'conoceles_escritorio'::regrole, 'desk.submissions'::regclass`); err != nil {
		t.Logf("with fsync = off the database is gone: %.200s", err)
	} else if lost := pg.Lost(s); lost == 0 {
		t.Error("with fsync = off nothing was lost: the power was not cut")
	} else {
		t.Logf("with fsync = off, %d of %d acknowledged saves were lost", lost, len(s.Acked))
	}
}

// TestAFullDiskLosesNothing is F5: there is no room left for a byte, saves are
// refused, and once somebody makes room everything that was acknowledged is there
// and people save again.
func TestAFullDiskLosesNothing(t *testing.T) {
	saved, gone := 0, 0
	for i := range *fulls {
		disk := rig.NewDisk(t, 300)
		pg := rig.NewPostgres(t, disk.Dir)
		s := pg.SaveUntil(func() {
			moment()
			disk.Fill()
			for range 40 { // uses up the room that it had set apart
				if pg.TryExec(`SELECT pg_switch_wal()`) != nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
		broke(t, s)
		if err := os.WriteFile(filepath.Join(disk.Dir, "un-byte-mas"), make([]byte, 4096), 0o600); err == nil {
			t.Fatal("there is room on the disk: the fault had no effect")
		}
		_ = os.Remove(filepath.Join(disk.Dir, "un-byte-mas"))
		disk.Empty()
		pg.Recover()
		lost := pg.Lost(s)
		saved, gone = saved+len(s.Acked), gone+lost
		if lost > 0 {
			t.Errorf("round %d: %d of %d acknowledged saves were lost", i, lost, len(s.Acked))
		}
		again := pg.SaveUntil(func() {
			moment()
			pg.Kill()
		})
		if len(again.Acked) == 0 {
			t.Error("with room again, nobody can save")
		}
		pg.Start()
		t.Logf("round %d: %d acknowledged before the disk was full, none lost; %d after it", i, len(s.Acked), len(again.Acked))
	}
	if *fulls > 0 {
		notedLosses(t, "F5 Llenar el disco de PostgreSQL mientras se guarda", gone, saved, *fulls)
	}
}

func open(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // PostgreSQL's own account passes through it
		t.Fatal(err)
	}
	return dir
}
