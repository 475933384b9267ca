package app_test

import "conoceles/internal/desk/guide"

// guideSamples returns the samples of the guides: their list, the longest and the
// one that everybody reads.
func guideSamples() map[string]sample {
	return map[string]sample{
		guide.Home:             {paths: []string{guide.Home}},
		guide.Home + "/{guia}": {paths: each(guide.Home+"/", "titular", guide.Everybody)},
	}
}
