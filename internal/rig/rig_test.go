package rig_test

import (
	"testing"

	"conoceles/internal/rig"
)

func TestMain(m *testing.M) { rig.Main(m) }
