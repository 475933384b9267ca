package sitepage

import (
	"testing"

	"conoceles/internal/questionnaire"
)

// A question that came without words of its own would show its answer under a
// blank.
func TestEveryIdentityQuestionHasWordsForItsAnswer(t *testing.T) {
	for _, q := range questionnaire.Identity().Questions() {
		badge, term := questionnaire.Badge(q.ID), identityTerms[q.ID]
		if (badge == "") == (term == "") {
			t.Errorf("%s: badge %q and term %q: want exactly one", q.ID, badge, term)
		}
	}
}
