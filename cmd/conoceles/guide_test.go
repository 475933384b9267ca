package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"conoceles/internal/desk/guide"
)

// The manual says commands and variables that exist.
func TestTheManualSaysCommandsThatExist(t *testing.T) {
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	manual, ok := guide.Find("operacion")
	if !ok {
		t.Fatal("there is no manual")
	}
	said := regexp.MustCompile("`conoceles ([a-z -]+)`").FindAllStringSubmatch(manual.Text(), -1)
	if len(said) < 20 {
		t.Fatalf("only %d commands were found", len(said))
	}
	for _, m := range said {
		node := parser.Model.Node
		for _, word := range strings.Fields(m[1]) {
			if node = child(node, word); node == nil {
				break
			}
		}
		switch {
		case node == nil:
			t.Errorf("conoceles %s is no command", m[1])
		case len(node.Children) > 0 && !node.Leaf():
			t.Errorf("conoceles %s asks for another word", m[1])
		}
	}
	config, err := os.ReadFile(filepath.Join("..", "..", "internal", "config", "config.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`CONOCELES_([A-Z_]+)`).FindAllStringSubmatch(manual.Text(), -1) {
		if !strings.Contains(string(config), `env:"`+m[1]+`"`) {
			t.Errorf("%s is no variable", m[0])
		}
	}
}

// child returns the command of that name below a command, or the command itself
// if the name is one of the values that it takes; nil if there is none.
func child(n *kong.Node, name string) *kong.Node {
	for _, p := range n.Positional {
		if p.EnumMap()[name] {
			return n
		}
	}
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}
