package config_test

import (
	"strings"
	"testing"

	"conoceles/internal/config"
)

func TestIdentityIsReadFromThePrimary(t *testing.T) {
	const desk, site = "postgres://escritorio:d@principal:5432/conoceles?sslmode=verify-full", "postgres://sitio:s@replica/conoceles"
	tests := []struct {
		name string
		env  map[string]string
		want config.Secret
	}{
		{"the desk's server with the site's user", map[string]string{"DATABASE_URL": desk, "SITE_DATABASE_URL": site}, "postgres://sitio:s@principal:5432/conoceles?sslmode=verify-full"},
		{"the one configured", map[string]string{"DATABASE_URL": desk, "SITE_DATABASE_URL": site, "PRIMARY_DATABASE_URL": "postgres://sitio:s@otro/conoceles"}, "postgres://sitio:s@otro/conoceles"},
		{"the private one", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := map[string]string{}
			for name, value := range tt.env {
				env["CONOCELES_"+name] = value
			}
			c, err := config.Parse(env)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Primary()
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v; want %q", string(got), err, string(tt.want))
			}
		})
	}
}

func TestAnAddressThatCannotBeReadIsReportedWithoutItsPassword(t *testing.T) {
	_, err := config.Parse(map[string]string{
		"CONOCELES_DATABASE_URL": "postgres://escritorio:cla%zzve@principal/conoceles", "CONOCELES_SITE_DATABASE_URL": "postgres://sitio:s@replica/conoceles",
	})
	if err == nil || !strings.Contains(err.Error(), "PRIMARY_DATABASE_URL") || strings.Contains(err.Error(), "cla%zz") {
		t.Errorf("got %v", err)
	}
}
