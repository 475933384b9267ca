package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want int
		says string
	}{
		{"the command sees the server", []string{"sh", "-c", `case "$CONOCELES_TEST_PG" in postgres://postgres@/*) exit 0;; esac; exit 9`}, 0, ""},
		{"its exit code is ours", []string{"sh", "-c", "exit 3"}, 3, ""},
		{"ended by a signal", []string{"sh", "-c", "kill -9 $$"}, 1, ""},
		{"no command", nil, 2, "indica el comando"},
		{"not a command", []string{"/no/existe"}, 1, "/no/existe"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := run(t.Context(), tt.args)
			if got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			said := ""
			if err != nil {
				said = err.Error()
			}
			if !strings.Contains(said, tt.says) || (tt.says == "" && said != "") {
				t.Errorf("error: got %q, want %q", said, tt.says)
			}
		})
	}
}
