package component

import "github.com/a-h/templ"

// describe returns the attributes that tie a control to its explanations.
func describe(f Field, extra ...string) templ.Attributes {
	a := templ.Attributes{}
	if ids := f.describedBy(extra...); ids != "" {
		a["aria-describedby"] = ids
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// describeGroup is describe for a fieldset, which is never invalid itself: its
// controls are.
func describeGroup(f Field) templ.Attributes {
	a := describe(f)
	delete(a, "aria-invalid")
	return a
}
