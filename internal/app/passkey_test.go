package app_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"conoceles/internal/demo"
	"conoceles/internal/webtest/browser"
)

// Somebody adds a passkey to their application of codes and enters with it, in a
// real browser with a device plugged in (security.md 5).
func TestAPasskeyEntersInPlaceOfACode(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	base := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) // devices know sites by name
	p := browser.New(t).Page()
	p.WithPasskeys()
	password := func() {
		p.Open(base + "/entrar")
		p.Type("Correo electrónico", "titular@ejemplo.invalid")
		p.Type("Contraseña", demo.Password)
		p.Click("button", "Entrar")
	}
	password()
	p.Open(base + "/cuenta/llaves")
	p.See("Activa primero")

	p.Open(base + "/cuenta/segundo-factor")
	key := regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(p.Text())
	p.Type("Código de tu aplicación", codeOf(t, key))
	p.Click("button", "Activar")
	p.See("Tus códigos de respaldo")

	p.Open(base + "/cuenta/llaves")
	p.Type("Cómo la llamas", "Mi teléfono")
	p.Click("button", "Agregar la llave")
	p.See("La llave quedó agregada")
	browser.Check(t, p)

	p.Click("button", "Cerrar sesión")
	password()
	if !strings.Contains(p.URL(), "/entrar/codigo") {
		t.Fatalf("a password alone leads to %s", p.URL())
	}
	browser.Check(t, p)
	p.Click("button", "Usar mi llave")
	p.See("Cartas por imprimir")
	if got := s.text(`SELECT count(*)::text FROM desk.passkeys WHERE last_used_at IS NOT NULL`); got != "1" {
		t.Errorf("%s passkeys were used, want 1", got)
	}

	p.Open(base + "/cuenta/llaves")
	p.Click("button", "Quitar la llave Mi teléfono")
	p.See("La llave quedó quitada")
	p.Click("button", "Cerrar sesión")
	password()
	if strings.Contains(p.Text(), "Usar mi llave") {
		t.Error("a passkey that was taken away is asked for")
	}
}

// codeOf returns the present code of a key (RFC 6238), as a phone does.
func codeOf(t *testing.T, key string) string {
	t.Helper()
	secret, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(key, " ", ""))
	if err != nil || len(secret) == 0 {
		t.Fatalf("the key %q is none: %v", key, err)
	}
	h := hmac.New(sha1.New, secret)
	_ = binary.Write(h, binary.BigEndian, time.Now().Unix()/30)
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}
