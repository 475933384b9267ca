// Command table prints, in Markdown, the figures that runs of tests left in a
// directory. It fails when there are none, or one is not what was expected.
package main

import (
	"fmt"
	"os"

	"conoceles/internal/evidence"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	dir := os.Getenv(evidence.Variable)
	if dir == "" {
		return fmt.Errorf("falta %s: el directorio de las corridas", evidence.Variable)
	}
	lines, err := evidence.Read(dir)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return fmt.Errorf("en %s no hay corridas: las hacen make faults, make withdrawals y make drill", dir)
	}
	fmt.Print(evidence.Markdown(lines))
	for _, l := range lines {
		if l.Goal != "" && !l.Met {
			return fmt.Errorf("«%s: %s» no cumple: %s", l.Case, l.Figure, l.Got)
		}
	}
	return nil
}
