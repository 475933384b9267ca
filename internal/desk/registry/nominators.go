package registry

import (
	"strings"

	"conoceles/internal/election"
	"conoceles/internal/site"
)

// isIndependent reports whether a list says that nobody but the person stands
// behind the candidacy.
func isIndependent(text string) bool {
	folded := site.Fold(text)
	return strings.HasPrefix(folded, "independiente") || strings.HasPrefix(folded, "candidatura independiente") ||
		strings.HasPrefix(folded, "candidata independiente") || strings.HasPrefix(folded, "candidato independiente")
}

// coalitionKind tells a candidatura común, which says so, from a coalition.
func coalitionKind(text string) election.NominatorKind {
	if strings.Contains(site.Fold(text), "candidatura comun") {
		return election.CandidaturaComun
	}
	return election.Coalition
}

// memberNames are the parts of a name that lists its members: «PAN-PRI-PRD»,
// «Candidatura común PRI, PRD», «PT y PVEM». None for a name of one part.
func memberNames(text string) []string {
	for _, opening := range []string{"candidatura común", "candidatura comun", "coalición", "coalicion"} {
		if len(text) > len(opening) && strings.EqualFold(text[:len(opening)], opening) {
			text = text[len(opening):]
		}
	}
	text = strings.NewReplacer(" y ", "-", " Y ", "-", ",", "-", "/", "-", "+", "-", "–", "-").Replace(text)
	var parts []string
	for part := range strings.SplitSeq(text, "-") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}
