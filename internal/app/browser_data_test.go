package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"conoceles/internal/site/api"
	"conoceles/web/page/sitepage"
)

// dataSamples returns the samples of the open data and of the API.
func dataSamples(s *stage) map[string]sample {
	s.Helper()
	slug := strings.TrimPrefix(s.profiles()[0], "/candidaturas/")
	out := map[string]sample{
		"/datos":             {paths: []string{"/datos"}},
		"/datos/diccionario": {paths: []string{"/datos/diccionario"}},
		"/datos/api":         {paths: []string{"/datos/api"}},
	}
	for pattern, path := range map[string]string{
		"/datos/candidaturas.csv": "", "/datos/candidaturas.json": "", "/datos/candidaturas.xlsx": "", "/datos/identidad.csv": "",
		"/datos/datapackage.json": "", "/datos/cambios.json": "", "/datos/cambios.atom": "",
		"/api/v1": "", "/api/v1/": "", "/api/v1/openapi.json": "", "/api/v1/candidaturas": "", "/api/v1/catalogos": "", "/api/v1/estadisticas": "",
		"/api/v1/candidaturas/{slug}": "/api/v1/candidaturas/" + slug, "/api/v1/boletas/{seccion}": "/api/v1/boletas/9901",
	} {
		if path == "" {
			path = pattern
		}
		out[pattern] = sample{paths: []string{path}, file: true}
	}
	return out
}

// document asks for a document of the API.
func document[T any](t *testing.T, s *stage, path string, status int) T {
	t.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	var out T
	if rec.Code != status {
		t.Fatalf("%s: %d, want %d: %.200s", path, rec.Code, status, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}

// Each sección of the sandbox has the case that the guide says.
func TestTheSandboxHasEachCase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if len(sitepage.Sandbox) != 13 {
		t.Fatalf("%d cases are told, want 13", len(sitepage.Sandbox))
	}
	some := func(is func(api.Ballot, api.Contest, api.Slate, api.Ticket) bool) func(api.Ballot) bool {
		return func(b api.Ballot) bool {
			for _, k := range b.Contests {
				for _, slate := range k.Slates {
					for _, ticket := range slate.Tickets {
						if is(b, k, slate, ticket) {
							return true
						}
					}
				}
			}
			return false
		}
	}
	person := func(is func(api.Candidacy) bool) func(api.Ballot) bool {
		return some(func(_ api.Ballot, _ api.Contest, _ api.Slate, t api.Ticket) bool {
			return t.Propietaria != nil && is(*t.Propietaria) || t.Suplente != nil && is(*t.Suplente)
		})
	}
	local := func(k api.Candidacy) bool { return k.District != nil || k.Municipality != nil }
	whole := func(id string) string {
		rec := httptest.NewRecorder()
		s.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/api/v1/candidaturas/"+id, nil))
		return rec.Body.String()
	}
	gone := func(standing string) string {
		return s.text(`SELECT slug FROM desk.candidacies WHERE standing = $1 LIMIT 1`, standing)
	}
	council := func(b api.Ballot) bool {
		return strings.Contains(fmt.Sprint(b.Contests[len(b.Contests)-1].Offices), "presidencia")
	}
	cases := []func(api.Ballot) bool{
		func(b api.Ballot) bool {
			return council(b) && person(func(k api.Candidacy) bool { return k.Record == "publicada" && k.Municipality != nil })(b)
		},
		func(b api.Ballot) bool { return !council(b) },
		func(b api.Ballot) bool {
			return s.text(`SELECT count(DISTINCT district_id)::text FROM site.precincts p JOIN site.municipalities m ON m.id = p.municipality_id WHERE m.code = $1`, b.Municipality.ID) > "1"
		},
		person(func(k api.Candidacy) bool { return k.Record == "no_capturada" && k.District != nil }),
		person(func(k api.Candidacy) bool { return k.Record == "no_respondio" && k.Municipality != nil }),
		person(func(k api.Candidacy) bool {
			return k.District != nil && strings.Contains(whole(k.ID), `"propuesta_1":{"estado":"en_revision"}`)
		}),
		func(api.Ballot) bool { return strings.Contains(whole(gone("sustituida")), "Ocupa su lugar") },
		some(func(_ api.Ballot, k api.Contest, _ api.Slate, t api.Ticket) bool {
			return t.Propietaria == nil && t.Suplente != nil && t.Suplente.District != nil && strings.Contains(whole(gone("renuncia")), "renunció")
		}),
		some(func(_ api.Ballot, _ api.Contest, _ api.Slate, t api.Ticket) bool { return t.Suplente == nil }),
		person(func(k api.Candidacy) bool { return k.Siglado != nil && *k.Siglado != k.Nominator }),
		person(func(k api.Candidacy) bool {
			return local(k) && (strings.Contains(k.Name, "’") || strings.Contains(k.Name, "De la O"))
		}),
		person(func(k api.Candidacy) bool { return k.District != nil && strings.Contains(whole(k.ID), "=SUMA(A1:A9)") }),
		person(func(k api.Candidacy) bool {
			return k.District != nil && k.Record == "publicada" && strings.Contains(whole(k.ID), `"otra_formacion":{"estado":"no_respondio"}`) &&
				strings.Contains(whole(k.ID), `"propuesta_genero":{"estado":"no_respondio"}`)
		}),
	}
	for i, is := range cases {
		told := sitepage.Sandbox[i]
		b := document[api.Ballot](t, s, fmt.Sprintf("/api/v1/boletas/%d", told.Precinct), http.StatusOK)
		if !is(b) {
			t.Errorf("sección %d does not have: %s", told.Precinct, told.What)
		}
	}
}
