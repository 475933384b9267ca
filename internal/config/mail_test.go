package config_test

import (
	"fmt"
	"strings"
	"testing"

	"conoceles/internal/config"
)

func TestMail(t *testing.T) {
	for _, c := range []struct {
		name, url string
		want      string // as printed below, or what the error says
		fails     bool
	}{
		{name: "none", url: "", want: "<no server>"},
		{name: "STARTTLS", url: "smtp://avisos%40iep.mx:cl%C3%A1ve@correo.iep.mx", want: "correo.iep.mx 587 false avisos@iep.mx avisos@iep.mx local=false"},
		{name: "TLS", url: "smtps://u:c@correo.iep.mx?de=Instituto+%3Cavisos@iep.mx%3E", want: "correo.iep.mx 465 true u avisos@iep.mx local=false"},
		{name: "this machine", url: "smtp://127.0.0.1:2525?de=avisos@iep.mx", want: "127.0.0.1 2525 false  avisos@iep.mx local=true"},
		{name: "another scheme", url: "http://u:secreto@correo.iep.mx", want: "debe ser como smtp://", fails: true},
		{name: "no host", url: "smtp://?de=a@b.mx", want: "debe ser como smtp://", fails: true},
		{name: "no sender", url: "smtp://u:secreto@correo.iep.mx", want: "falta quién escribe", fails: true},
		{name: "port", url: "smtp://u:secreto@correo.iep.mx:99999?de=a@b.mx", want: "puerto", fails: true},
		{name: "not an address", url: "smtp://u:secreto@correo iep:x", want: "debe ser como smtp://", fails: true},
	} {
		parsed, err := config.Parse(map[string]string{"CONOCELES_SMTP_URL": c.url})
		if c.fails {
			if err == nil || !strings.Contains(err.Error(), "SMTP_URL: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secreto") {
				t.Errorf("%s: got error %v, want one that says %q and no password", c.name, err, c.want)
			}
			continue
		}
		m, ok, mailErr := parsed.Mail()
		got := fmt.Sprintf("%s %d %t %s %s local=%t", m.Host, m.Port, m.Implicit, m.User, m.From.Address, m.Local())
		if !ok {
			got = "<no server>"
		}
		if err != nil || mailErr != nil || got != c.want {
			t.Errorf("%s: got %q, %v, %v; want %q", c.name, got, err, mailErr, c.want)
		}
		if text := fmt.Sprintf("%+v %#v", parsed, m); strings.Contains(text, "cláve") || strings.Contains(text, "cl%C3") {
			t.Errorf("%s: it prints the password: %s", c.name, text)
		}
	}
}
