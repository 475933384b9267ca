package deskhttp

import (
	"net/http"
	"strings"
	"time"

	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/settings"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// interfaceOf says which interface an address belongs to, besides that of access,
// to which all of them do.
var interfaceOf = []struct {
	prefix string
	is     settings.Interface
}{
	{"/captura/informes", settings.UserReports},
	{"/consulta/", settings.UserReports},
	{"/captura", settings.Capture},
	{"/transparencia/informes", settings.AdminReports},
}

// Gate returns what stops whoever asks for an interface that was not released
// yet: a page that says from when it will be there. Who administers passes, and
// everybody may leave.
func (f *Face) Gate(store *settings.Store) auth.Gate {
	return func(r *http.Request, a auth.Actor) error {
		if _, admin := a.(auth.Admin); admin || r.URL.Path == "/salir" {
			return nil
		}
		closed := []settings.Interface{settings.Access}
		for _, i := range interfaceOf {
			if strings.HasPrefix(r.URL.Path, i.prefix) {
				closed = append(closed, i.is)
				break
			}
		}
		state, err := store.Closed(r.Context(), a.Person().Process, closed...)
		if err != nil || state == nil {
			return err
		}
		refusal := error(fault.New(fault.Unavailable, state.Refusal()))
		if state.OpensAt != nil {
			refusal = serve.After(state.OpensAt.Sub(f.Now()), refusal)
		} else {
			refusal = serve.After(24*time.Hour, refusal)
		}
		frame := f.page(r, a, state.Interface.Title())
		frame.Meta.Nav = nil // what is there cannot be entered
		return serve.Instead(deskpage.NotReleasedPage(deskpage.NotReleased{Meta: frame.Meta, Area: frame.Area, State: *state}), refusal)
	}
}
