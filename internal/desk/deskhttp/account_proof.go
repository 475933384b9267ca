package deskhttp

import (
	"net/http"
	"strings"

	"conoceles/internal/desk/auth"
	"conoceles/internal/serve"
	"conoceles/web/page/deskpage"
)

// postProven is post for a delicate act (security.md 5): whoever entered some
// minutes ago proves again who they are, on a page that carries what they sent and
// goes on with it. Forms with files do not fit in that page: the proof is asked
// for, and the file chosen again.
func postProven[A auth.Actor](g serve.Group, f *Face, pattern, name string, h func(http.ResponseWriter, *http.Request, A) error, o ...serve.Option) {
	handler, roles := auth.As(f.Sessions, func(w http.ResponseWriter, r *http.Request, a A) error {
		done, err := f.prove(w, r, a)
		if err != nil || done {
			return err
		}
		return h(w, r, a)
	})
	g.Post(pattern, name, serve.Role(strings.Join(roles, " ")), handler, o...)
}

// prove reports whether it answered, because who asks has not proved who they are.
func (f *Face) prove(w http.ResponseWriter, r *http.Request, a auth.Actor) (answered bool, err error) {
	if f.Sessions.Proven(r.Context(), a) {
		return false, nil
	}
	form, err := textForm(r)
	if err != nil {
		return true, err
	}
	factor, err := f.Sessions.Factor(r.Context(), a)
	if err != nil {
		return true, err
	}
	proof, sent := form.Get(auth.ProofField), form.Has(auth.ProofField)
	if sent {
		err = f.Sessions.Prove(r.Context(), a, factor, proof)
		if err == nil {
			r.PostForm.Del(auth.ProofField)
			r.Form.Del(auth.ProofField)
			return false, nil
		}
	}
	frame := f.page(r, a, "Confirma que eres tú")
	p := deskpage.Proof{
		RegistryFrame: deskpage.RegistryFrame{Meta: frame.Meta, Area: frame.Area}, Action: r.URL.RequestURI(),
		Fields: deskpage.HiddenFields(form, auth.ProofField), Enrolled: factor.Enrolled,
	}
	status, ok := said(&p.RegistryFrame, err)
	if !ok {
		return true, err
	}
	if !sent {
		status = http.StatusForbidden
	}
	return true, serve.Page(w, r, status, deskpage.ProofPage(p))
}
