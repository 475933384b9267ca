package serve

import (
	"context"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"conoceles/web/layout"
)

// A form that cannot be attended because the machine failed is given back by the
// page that says so, from the request alone: the database may be what is down,
// and then nobody could say who asks nor draw the form again. It is what keeps
// «lo que escribiste sigue en pantalla» true when nothing else works.

// ownWords is from how many characters a value is taken for something that a
// person wrote and not for an option of ours.
const ownWords = 20

type sentKey struct{}

// sent is what the body of a request said, once somebody read it: what is inside
// of the router reads it on a copy of the request.
type sent struct{ form url.Values }

func withSent(ctx context.Context) context.Context { return context.WithValue(ctx, sentKey{}, &sent{}) }

// noteSent remembers a form that was read.
func noteSent(r *http.Request) {
	if s, ok := r.Context().Value(sentKey{}).(*sent); ok {
		s.form = r.PostForm
	}
}

// sentForm returns the form of the request, reading it if nobody did; nil when
// there is none that may be repeated. plain says that it had no files.
func sentForm(w http.ResponseWriter, r *http.Request) (form url.Values, plain bool) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	plain = err == nil && kind == plainForm
	if s, ok := r.Context().Value(sentKey{}).(*sent); ok && s.form != nil {
		return s.form, plain
	}
	if !plain || r.PostForm != nil || r.ContentLength > defaultBody {
		return r.PostForm, plain
	}
	r.Body = http.MaxBytesReader(w, r.Body, defaultBody)
	if r.ParseForm() != nil {
		return nil, plain
	}
	return r.PostForm, plain
}

// giveBack returns the form of the request. It is empty where there is nothing to
// give, and for a form that another site sent: its words are not to appear under
// our name.
func (f *Front) giveBack(w http.ResponseWriter, r *http.Request) layout.Kept {
	if r.Method != http.MethodPost || http.NewCrossOriginProtection().Check(r) != nil {
		return layout.Kept{}
	}
	form, plain := sentForm(w, r)
	kept := layout.Kept{Action: r.URL.RequestURI(), Resend: plain}
	secret := false
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if slices.Contains(f.options.Secrets, name) {
			secret = true // to be typed again
			continue
		}
		for _, v := range form[name] {
			v = strings.ToValidUTF8(v, "\uFFFD")
			text := utf8.RuneCountInString(v) > ownWords && strings.ContainsAny(v, " \n")
			kept.Fields = append(kept.Fields, layout.KeptField{Name: name, Value: v, Text: text})
		}
	}
	if secret && !slices.ContainsFunc(kept.Fields, func(k layout.KeptField) bool { return k.Text }) {
		return layout.Kept{} // a name and a password are typed in a moment
	}
	return kept
}
