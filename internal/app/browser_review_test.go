package app_test

const inReview = "/transparencia/revision/{folio}"

// reviewSamples returns the samples of the review and of corrections.
func reviewSamples(s *stage) map[string]sample {
	validated := s.folio("validada")
	at := "/transparencia/revision/" + validated
	return map[string]sample{
		"/transparencia/revision":     {as: "verificador", paths: []string{"/transparencia/revision"}},
		inReview:                      {as: "titular", paths: []string{at}},
		inReview + "/foto/{hash}.jpg": {as: "verificador", paths: []string{at + "/foto/" + s.photo(validated) + ".jpg"}, file: true},
		inFolio + "/correccion":       {as: "validador", paths: []string{"/captura/" + validated + "/correccion"}},
	}
}
