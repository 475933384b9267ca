package config_test

import (
	"strings"
	"testing"

	"conoceles/internal/config"
)

// Whatever the environment says, Parse answers, and no mistake repeats a password.
func FuzzParse(f *testing.F) {
	f.Add("postgres://u:clave-secreta@h/b", "https://x", "127.0.0.1:1", "10.0.0.0/8")
	f.Add("%", "%", "%", "%")
	f.Fuzz(func(t *testing.T, database, base, addr, proxies string) {
		const secret = "clave-secreta"
		_, err := config.Parse(map[string]string{
			"CONOCELES_DATABASE_URL": database + secret, "CONOCELES_SITE_DATABASE_URL": database + secret, "CONOCELES_SMTP_URL": database + secret,
			"CONOCELES_BASE_URL": base, "CONOCELES_ADDR": addr, "CONOCELES_METRICS_ADDR": addr, "CONOCELES_TRUSTED_PROXIES": proxies,
		})
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("it repeats the password: %v", err)
		}
	})
}
