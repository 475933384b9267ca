package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
)

// Whatever changes the way into an account is told to its person by e-mail, in the
// transaction that changes it (ASVS 6.3.7).
func TestWhoeverChangesHowTheyEnterIsTold(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id, token := h.invite(operator("olga@raiz.invalid"))
	if _, err := h.store.Activate(ctx, token, phrase); err != nil {
		t.Fatal(err)
	}
	olga := auth.Operator{Who: auth.Who{Account: id, Process: h.Process}}
	seed := auth.Seed{Secret: strings.Repeat("ABCDEFGH", 4)}
	nothing := func(context.Context, *db.Tx) error { return nil }
	for _, change := range []struct {
		subject, says string
		do            func() error
	}{
		{"Tu segundo factor de Conóceles cambió", "activaste una aplicación", func() error {
			code, err := totp.GenerateCode(seed.Secret, h.Now())
			if err == nil {
				_, err = h.store.Enrol(ctx, olga, seed, code)
			}
			return err
		}},
		{"Tus códigos de respaldo", "Los anteriores ya no sirven", func() error { _, err := h.store.NewCodes(ctx, olga); return err }},
		{"Tus llaves de acceso", "agregaste una llave", func() error { return h.store.AddPasskey(ctx, olga, nothing) }},
		{"Tus llaves de acceso", "quitaste una llave", func() error { return h.store.RemovePasskey(ctx, olga, nothing) }},
		{"Tu contraseña de Conóceles cambió", "Tus sesiones se cerraron", func() error {
			return h.store.ChangePassword(ctx, olga, phrase, "otra frase larga y distinta")
		}},
	} {
		h.SetNow(h.Now().Add(time.Minute))
		if err := change.do(); err != nil {
			t.Errorf("%s: %v", change.subject, err)
			continue
		}
		if got := h.mail("olga@raiz.invalid"); !strings.HasPrefix(got, change.subject) || !strings.Contains(got, change.says) || !strings.Contains(got, "Si no reconoces esto") {
			t.Errorf("they are told %q, want %q and %q", got, change.subject, change.says)
		}
	}
}
