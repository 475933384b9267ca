package app_test

import (
	"testing"

	"conoceles/internal/evidence"
)

// noted keeps a figure of a long run as evidence, where a target asked for it.
func noted(t testing.TB, run, what, figure, goal, got string, met bool) {
	t.Helper()
	if err := evidence.Put(evidence.Line{Run: run, Case: what, Figure: figure, Goal: goal, Got: got, Met: met}); err != nil {
		t.Error(err)
	}
}
