// Package asvs is the register of OWASP's Application Security Verification
// Standard, 5.0.0, for what of it applies here (security.md 8): every requirement
// of levels 1 and 2 and those of level 3 that were adopted, each with how it is
// met and which tests prove it.
//
// The register is a file of lines, requirement|level|how|tests, that an auditor
// reads as it is. One without a test is not met until somebody looks: `make asvs`
// prints those. A test checks that nothing applicable is missing and that the
// tests that it names exist.
package asvs

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed register.txt
var register string

// Requirement is a line of the register.
type Requirement struct {
	ID    string
	Level int
	How   string   // in Spanish, for who audits
	Tests []string // by name; none says that nothing proves it
}

// Register returns every requirement that applies, in order.
func Register() ([]Requirement, error) {
	var out []Requirement
	for line := range strings.Lines(register) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 {
			return nil, fmt.Errorf("register: %q has %d cells, want 4", line, len(cells))
		}
		level, err := strconv.Atoi(cells[1])
		if err != nil {
			return nil, fmt.Errorf("register: the level of %s: %w", cells[0], err)
		}
		out = append(out, Requirement{ID: cells[0], Level: level, How: cells[2], Tests: strings.Fields(cells[3])})
	}
	return out, nil
}
