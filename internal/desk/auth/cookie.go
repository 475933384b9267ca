package auth

import (
	"context"
	"net/http"
	"strings"
)

// sessionCookie writes the cookie of a session: whoever works at the institute sends it
// only from the pages of this site (SameSite=Strict, security.md 5). Whoever
// captures comes from the links of their e-mails, and keeps Lax.
type sessionCookie struct {
	http.ResponseWriter
	name   string // of the cookie, with its sign
	strict bool
	wrote  bool
}

type cookieKey struct{}

// mark says whose session the answer keeps.
func mark(ctx context.Context, a Actor) {
	if k, ok := ctx.Value(cookieKey{}).(*sessionCookie); ok {
		k.strict = OfInstitute(a.Role())
	}
}

// WriteHeader changes the cookie that the session manager has just set.
func (k *sessionCookie) WriteHeader(status int) {
	k.tighten()
	k.ResponseWriter.WriteHeader(status)
}

// Write is WriteHeader for who says no status.
func (k *sessionCookie) Write(b []byte) (int, error) {
	k.tighten()
	return k.ResponseWriter.Write(b)
}

// Unwrap lets a route change the deadlines of the connection.
func (k *sessionCookie) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *sessionCookie) tighten() {
	if k.wrote || !k.strict {
		return
	}
	k.wrote = true
	cookies := k.Header()["Set-Cookie"]
	for i, c := range cookies {
		if strings.HasPrefix(c, k.name) {
			cookies[i] = strings.Replace(c, "SameSite=Lax", "SameSite=Strict", 1)
		}
	}
}
