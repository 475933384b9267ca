package config

import "reflect"

// Variable is a variable of the environment that the program reads.
type Variable struct {
	Name    string // whole, with its prefix
	Default string // "" for none
	Meaning string // in Spanish
}

// Variables lists every variable, in the order of Config.
func Variables() []Variable {
	var out []Variable
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		out = append(out, Variable{Name: prefix + tag.Get("env"), Default: tag.Get("envDefault"), Meaning: tag.Get("help")})
	}
	return out
}
