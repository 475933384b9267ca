package config

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
	"strconv"
)

// Mail is a mail server and who writes.
type Mail struct {
	Host     string
	Port     int
	Implicit bool // TLS from the first byte, instead of STARTTLS
	User     string
	Password Secret
	From     mail.Address
}

// Local reports whether the server is this very machine: the only one with
// which speaking in the clear tells nobody else.
func (m Mail) Local() bool {
	ip := net.ParseIP(m.Host)
	return m.Host == "localhost" || ip != nil && ip.IsLoopback()
}

// Mail returns the mail server of SMTPURL; false when there is none. The address
// is smtp://usuario:clave@servidor:587?de=quien@escribe.mx, which demands
// STARTTLS, or smtps:// for TLS from the start. The sender may be left out when
// the user is an address. Its error repeats nothing of it.
func (c Config) Mail() (Mail, bool, error) {
	if c.SMTPURL == "" {
		return Mail{}, false, nil
	}
	u, err := url.Parse(string(c.SMTPURL))
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return Mail{}, false, errors.New("debe ser como smtp://usuario:clave@servidor:587?de=avisos@ejemplo.mx")
	}
	m := Mail{Host: u.Hostname(), Port: 587, Implicit: u.Scheme == "smtps", User: u.User.Username()}
	if m.Implicit {
		m.Port = 465
	}
	if u.Port() != "" {
		if m.Port, err = strconv.Atoi(u.Port()); err != nil || m.Port < 1 || m.Port > 65535 {
			return Mail{}, false, errors.New("el puerto debe ser un número de 1 a 65535")
		}
	}
	password, _ := u.User.Password()
	m.Password = Secret(password)
	sender := u.Query().Get("de")
	if sender == "" {
		sender = m.User
	}
	from, err := mail.ParseAddress(sender)
	if err != nil {
		return Mail{}, false, errors.New("falta quién escribe: agrega ?de=avisos@ejemplo.mx")
	}
	m.From = *from
	return m, true, nil
}
