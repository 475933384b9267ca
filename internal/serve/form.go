package serve

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"conoceles/internal/fault"
	"conoceles/web/es"
)

const (
	plainForm = "application/x-www-form-urlencoded"
	fileForm  = "multipart/form-data"
)

// inMemory is how much of a form with files is kept in memory: all of it, since
// the route already limits the body and a file left on disk outlives its owner.
const inMemory = 64 << 20

// onlyForms refuses bodies that are not forms.
func onlyForms(h HandlerFunc) HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if r.ContentLength != 0 && (err != nil || kind != plainForm && kind != fileForm) {
			return errContentType
		}
		return h(w, r)
	}
}

// Form reads the fields of the body, with the files of a form that has them in
// r.MultipartForm. The query is not part of the form: an address must not fill
// what a person left blank.
func Form(r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	err := r.ParseForm()
	if err == nil && kind == fileForm {
		err = r.ParseMultipartForm(inMemory)
	}
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return nil, errors.Join(errTooLarge, err)
	case err != nil:
		return nil, errors.Join(errBadRequest, err)
	}
	noteSent(r)
	return r.PostForm, nil
}

// CheckText refuses values that are not text: invalid UTF-8 or NUL, which the
// database cannot hold. Questionnaires check their own, to give the text back.
func CheckText(values url.Values) error {
	var fields []fault.Field
	for name, list := range values {
		bad := func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }
		if bad(name) {
			return errBadRequest
		}
		if slices.ContainsFunc(list, bad) {
			fields = append(fields, fault.Field{ID: name, Message: es.Message("formulario.caracteres")})
		}
	}
	slices.SortFunc(fields, func(a, b fault.Field) int { return strings.Compare(a.ID, b.ID) })
	return fault.InvalidFields(fields)
}
