package config_test

import (
	"fmt"
	"strings"
	"testing"

	"conoceles/internal/config"
)

func TestAnEmptyEnvironmentIsEnough(t *testing.T) {
	c, err := config.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Embedded() || c.HTTPS() || c.Addr != "127.0.0.1:8080" || c.BaseURL != "http://127.0.0.1:8080" {
		t.Errorf("got %+v", c)
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	_, err := config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL":    "mysql://usuario:clave@servidor/base",
		"CONOCELES_BASE_URL":        "conoceles",
		"CONOCELES_ADDR":            "ocho",
		"CONOCELES_TRUSTED_PROXIES": "10.0.0.0/8,vecino",
		"CONOCELES_METRICS_ADDR":    "nueve",
		"CONOCELES_DRAIN":           "2h",
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"DATABASE_URL: debe empezar", "SITE_DATABASE_URL: falta", "BASE_URL", "ADDR", `"vecino"`, "METRICS_ADDR: debe ser dirección y puerto", "DRAIN: debe ser un tiempo entre 0s y 1m0s"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "clave") {
		t.Errorf("the error repeats the password:\n%v", err)
	}
}

// Nothing tells the program the address of a socket that it did not open.
func TestASocketOfSystemdNeedsTheAddressPeopleType(t *testing.T) {
	if _, err := config.Parse(map[string]string{"CONOCELES_ADDR": config.FromSystemd}); err == nil || !strings.Contains(err.Error(), "BASE_URL") {
		t.Errorf("without it: %v", err)
	}
	c, err := config.Parse(map[string]string{"CONOCELES_ADDR": config.FromSystemd, "CONOCELES_BASE_URL": "https://conoceles.ejemplo.mx"})
	if err != nil || c.Addr != config.FromSystemd {
		t.Errorf("got %q, %v", c.Addr, err)
	}
}

func TestASecretDoesNotPrint(t *testing.T) {
	c, err := config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL":      "postgres://u:secreto@h/b",
		"CONOCELES_SITE_DATABASE_URL": "postgres://s:secreto@h/b",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, c); strings.Contains(got, "secreto") {
			t.Errorf("%s prints the password: %s", verb, got)
		}
	}
}

func TestMetricsAreNotServedToPeople(t *testing.T) {
	_, err := config.Parse(map[string]string{"CONOCELES_ADDR": "127.0.0.1:8080", "CONOCELES_METRICS_ADDR": "127.0.0.1:8080"})
	if err == nil || !strings.Contains(err.Error(), "METRICS_ADDR: debe ser otra") {
		t.Errorf("the same address for both: %v", err)
	}
}
