package rig_test

import (
	"fmt"
	"testing"

	"conoceles/internal/evidence"
	"conoceles/internal/rig"
)

func TestMain(m *testing.M) { rig.Main(m) }

// noted keeps a figure of a long run as evidence, where a target asked for it.
func noted(t testing.TB, run, what, figure, goal, got string, met bool) {
	t.Helper()
	if err := evidence.Put(evidence.Line{Run: run, Case: what, Figure: figure, Goal: goal, Got: got, Met: met}); err != nil {
		t.Error(err)
	}
}

// notedLosses keeps how many acknowledged saves a fault lost, in so many times.
func notedLosses(t testing.TB, what string, lost, acked, times int) {
	t.Helper()
	noted(t, "fallas", what, "guardados reconocidos que se perdieron", "0", fmt.Sprintf("%d de %d en %d veces", lost, acked, times), lost == 0)
}
