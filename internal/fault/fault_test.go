package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"conoceles/internal/fault"
)

func TestKindSurvivesWrapping(t *testing.T) {
	cause := errors.New("disk on fire")
	err := fmt.Errorf("save: %w", fault.Wrap(fault.Unavailable, "Inténtalo más tarde.", cause))

	if got := fault.KindOf(err); got != fault.Unavailable {
		t.Errorf("KindOf = %v, want unavailable", got)
	}
	if got := fault.MessageOf(err); got != "Inténtalo más tarde." {
		t.Errorf("MessageOf = %q", got)
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}

func TestAnUnknownErrorIsInternalAndSaysNothing(t *testing.T) {
	err := errors.New("pq: password authentication failed")

	if got := fault.KindOf(err); got != fault.Internal {
		t.Errorf("KindOf = %v, want internal", got)
	}
	if got := fault.MessageOf(err); got != "" {
		t.Errorf("MessageOf = %q, want nothing for a stranger's error", got)
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("no error is not a fault")
	}
}

func TestNoFieldsIsNoError(t *testing.T) {
	if err := fault.InvalidFields(nil); err != nil {
		t.Errorf("InvalidFields(nil) = %v, want nil", err)
	}
}
