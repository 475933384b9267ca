package config_test

import (
	"os"
	"strings"
	"testing"

	"conoceles/internal/config"
)

// TestEveryVariableIsExplained reads the table of the README too: both list the
// same variables.
func TestEveryVariableIsExplained(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range config.Variables() {
		if v.Meaning == "" || v.Name == "CONOCELES_" {
			t.Errorf("%q is not explained", v.Name)
		}
		if !strings.Contains(string(readme), "| `"+v.Name+"` |") {
			t.Errorf("the README does not list %s", v.Name)
		}
	}
}
