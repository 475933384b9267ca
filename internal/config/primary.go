package config

import (
	"errors"
	"net/url"
)

// errUnreadable says which address is wrong and none of what it holds.
var errUnreadable = errors.New("no se puede leer como dirección; revisa los caracteres especiales de la contraseña, o define " + prefix + "PRIMARY_DATABASE_URL")

// Primary returns the address of the primary database with the site's user,
// where identity is read because no replica knows of a withdrawal at once: the
// one configured, or else the desk's server. It is empty in embedded mode.
func (c Config) Primary() (Secret, error) {
	if c.PrimaryDatabaseURL != "" || c.Embedded() {
		return c.PrimaryDatabaseURL, nil
	}
	desk, err := url.Parse(string(c.DatabaseURL))
	if err != nil {
		return "", errUnreadable // url's own error quotes the password
	}
	site, err := url.Parse(string(c.SiteDatabaseURL))
	if err != nil {
		return "", errUnreadable
	}
	desk.User = site.User
	return Secret(desk.String()), nil
}
