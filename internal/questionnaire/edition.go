package questionnaire

import "fmt"

// Edition returns the curricular questionnaire of an edition, as a process
// names it. An edition that does not exist is an error: a process must never be
// shown with the questions of another.
func Edition(version string) (*Questionnaire, error) {
	if q := Curricular(); q.Version == version {
		return q, nil
	}
	return nil, fmt.Errorf("questionnaire: there is no curricular edition %q", version)
}
