package tabular

import (
	"fmt"
	"strings"
	"testing"
)

var candidacies = []Column{
	{Name: "CARGO", Required: true},
	{Name: "DIRECCION_CASA_CAMPAÑA"},
	{Name: "DISTRITO LOCAL", Aliases: []string{"DISTRITO"}, Required: true},
}

func TestMatchIgnoresSpelling(t *testing.T) {
	for _, header := range []string{
		"CARGO,DIRECCION_CASA_CAMPAÑA,DISTRITO LOCAL",
		"cargo,dirección casa campaña,distrito_local",
		" Cargo ,DIRECCION_CASA_CAMPANA,DistritoLocal ",
		"CARGO\u00a0,Dirección Casa Campan\u0303a,Distrito",
	} {
		table := read(t, header+"\n  A  B,C,D\n")
		columns, problems := table.Match(candidacies)
		if len(problems) > 0 {
			t.Errorf("%q: got %v", header, problems)
		}
		row := table.Rows[0]
		got := columns.Short(row, "CARGO") + "|" + columns.Long(row, "CARGO") + "|" +
			columns.Short(row, "DIRECCION_CASA_CAMPAÑA") + "|" + columns.Short(row, "DISTRITO LOCAL")
		if want := "A B|A  B|C|D"; got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestMatchInAnyOrder(t *testing.T) {
	table := read(t, "distrito;cargo\n5;DIPUTACIÓN\n")
	columns, problems := table.Match(candidacies)
	if len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
	if got, want := columns.Short(table.Rows[0], "DISTRITO LOCAL"), "5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if columns.Has("DIRECCION_CASA_CAMPAÑA") || columns.Short(table.Rows[0], "DIRECCION_CASA_CAMPAÑA") != "" {
		t.Error("a column that is not there was found")
	}
}

func TestMatchProblems(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"missing", "cargo\n1\n", "0 Columna DISTRITO LOCAL: falta en el archivo; agrégala"},
		{"unknown", "cargo,distrito,apodo\n1,2,3\n", "1 Columna apodo: no se conoce; sus datos no se usarán"},
		{
			"twice", "cargo,distrito,Distrito Local\n1,2,3\n",
			"0 Columna Distrito Local: repite los datos de «DISTRITO LOCAL»; deja sólo una",
		},
		{"nameless", "cargo,,distrito\n1,2,3\n", "0 Columna B: no tiene encabezado y sí datos; escríbelo o quítala"},
		{"nameless and empty", "cargo,,distrito\n1,,3\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := read(t, c.data).Match(candidacies)
			var got []string
			for _, p := range problems {
				got = append(got, fmt.Sprintf("%d %s", p.Level, p))
			}
			if g := strings.Join(got, "\n"); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
		})
	}
}

func TestLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 255: "IV", 701: "ZZ", 702: "AAA"} {
		if got := letters(i); got != want {
			t.Errorf("%d: got %q, want %q", i, got, want)
		}
		if got := columnOf(want + "7"); i < maxColumns && got != i+1 {
			t.Errorf("%s: got %d, want %d", want, got, i+1)
		}
	}
}
