package deskhttp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The delicate acts (security.md 5) ask again who it is some minutes after
// entering, and not before.
func TestTheDelicateActsAskAgainWhoItIs(t *testing.T) {
	consents, registry := newConsentStage(t), newRegistryStage(t)
	head, reviewer := consents.enter("titular"), consents.enter("verificador")
	first := registry.enter("se1@iep.invalid", "secretaria", 0)
	acts := []struct {
		as   registryClient
		path string
	}{
		{head, "/transparencia/consentimientos/" + consents.folio + "/verificar"},
		{reviewer, "/transparencia/consentimientos/" + consents.folio + "/respuestas"},
		{reviewer, "/transparencia/consentimientos/" + consents.folio + "/documento"},
		{first, "/registro/actos/1/confirmar"},
		{first, "/registro/publicacion/1/confirmar"},
		{first, "/registro/listas/nada"},
	}
	asks := func(c registryClient, path string) bool {
		c.post(path, url.Values{"motivo": {"Un motivo de prueba"}})
		return c.code == http.StatusForbidden && strings.Contains(string(c.body), "Confirma que eres tú") && strings.Contains(string(c.body), "Un motivo de prueba")
	}
	for _, a := range acts {
		if asks(a.as, a.path) {
			t.Errorf("%s asks just after entering", a.path)
		}
	}
	consents.SetNow(consents.Now().Add(6 * time.Minute))
	registry.SetNow(registry.Now().Add(6 * time.Minute))
	for _, a := range acts {
		if !asks(a.as, a.path) {
			t.Errorf("%s does not ask: %d", a.path, a.as.code)
		}
	}
}
