// Package script plays scripts in which somebody asks a server for something and
// says what must be seen. A lawyer can read one: blank lines separate, and lines
// that begin with # say why. webtest plays them as tests, and a drill as evidence.
//
//	# Art. 15 j: sin consentimiento expreso, la identidad no se publica.
//	fixture candidata-con-identidad
//	como operador
//	GET /captura
//	code == 200
//	body contains Ana Ruiz
//	body !contains secreto
//	POST /captura/PRU-00001/curricular/motivo
//	form accion=continuar
//	form motivo_cargo_publico=Porque sí
//	code == 422
//
// A request is sent when its first check comes. Checks are «code == N»,
// «body contains T», «body !contains T», «header NAME contains T»,
// «header NAME == T» and «location == PATH». «form NAME=VALUE» fills a POST,
// «archivo NAME=FILE» attaches a file, and «guardar NAME» remembers the value of
// the hidden field NAME of the last page as ${NAME}. Redirects are not followed.
// Any other word is of the Stage.
package script

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Stage is what a script is played on.
type Stage struct {
	Base  string // the server's address
	Files fs.FS  // what «archivo» attaches
	// Fixture brings a named situation about and returns names for what is in it,
	// which the script then writes as ${name}.
	Fixture func(name string) (map[string]string, error)
	// Enter enters as somebody: it gets the client of the script and the server's address.
	Enter func(client *http.Client, base, who string) error
	// Act does what a word that is not of these scripts asks for; nil knows none.
	Act func(verb, rest string) error
}

// Line is a line that was played.
type Line struct {
	N       int
	Text    string // with what was remembered in its place
	Comment bool   // it says why
	Check   bool   // it says what must be seen
	Err     error  // what went wrong, or was not seen
}

// Play plays a script and tells each line that is not blank, as it was played.
func Play(script io.Reader, stage Stage, told func(Line)) error {
	p := &player{stage: stage, memory: map[string]string{}}
	p.leave()
	lines := bufio.NewScanner(script)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		if comment, ok := strings.CutPrefix(text, "#"); ok {
			told(Line{N: n, Text: strings.TrimSpace(comment), Comment: true})
			continue
		}
		text = p.recall(text)
		verb, _, _ := strings.Cut(text, " ")
		told(Line{N: n, Text: text, Check: isCheck(verb), Err: p.do(text)})
	}
	return lines.Err()
}

func isCheck(verb string) bool {
	switch verb {
	case "code", "location", "body", "header":
		return true
	}
	return false
}

// player is a script being played.
type player struct {
	stage    Stage
	client   *http.Client
	request  *http.Request
	form     url.Values
	files    map[string]string // field to name of file
	response *http.Response
	body     string
	memory   map[string]string
}

// leave starts over as nobody.
func (p *player) leave() {
	jar, _ := cookiejar.New(nil) // fails only for a bad option
	p.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var remembered = regexp.MustCompile(`\$\{([^}]+)\}`)

// recall replaces ${name} by what was remembered.
func (p *player) recall(line string) string {
	return remembered.ReplaceAllStringFunc(line, func(m string) string { return p.memory[m[2:len(m)-1]] })
}

func (p *player) do(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "fixture":
		values, err := p.stage.Fixture(rest)
		maps.Copy(p.memory, values)
		return err
	case "como":
		p.leave()
		if rest == "nadie" {
			return nil
		}
		return p.stage.Enter(p.client, p.stage.Base, rest)
	case http.MethodGet, http.MethodPost, http.MethodHead:
		return p.prepare(verb, rest)
	case "form":
		name, value, ok := strings.Cut(rest, "=")
		if !ok || p.request == nil {
			return fmt.Errorf("a form line is NAME=VALUE after a POST")
		}
		p.form.Add(name, strings.ReplaceAll(value, `\n`, "\n"))
		return nil
	case "archivo":
		name, file, ok := strings.Cut(rest, "=")
		if !ok || p.request == nil {
			return fmt.Errorf("a file line is NAME=FILE after a POST")
		}
		p.files[name] = file
		return nil
	case "guardar":
		return p.remember(rest)
	}
	if err := p.send(); err != nil {
		return err
	}
	if isCheck(verb) {
		return p.check(verb, rest)
	}
	if p.stage.Act == nil {
		return fmt.Errorf("%q is not a word of these scripts", verb)
	}
	return p.stage.Act(verb, rest)
}

func (p *player) prepare(method, path string) error {
	if err := p.send(); err != nil {
		return err
	}
	req, err := http.NewRequest(method, p.stage.Base+path, nil)
	p.request, p.form, p.files, p.response, p.body = req, url.Values{}, map[string]string{}, nil, ""
	return err
}

// send sends the request being prepared, if there is one.
func (p *player) send() error {
	if p.request == nil {
		return nil
	}
	req := p.request
	p.request = nil
	if req.Method == http.MethodPost {
		body, kind, err := p.filled()
		if err != nil {
			return err
		}
		req.Body = io.NopCloser(body)
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", p.stage.Base)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	p.response, p.body = res, string(body)
	return err
}

// filled returns the body of a POST and what kind it is.
func (p *player) filled() (body io.Reader, kind string, err error) {
	if len(p.files) == 0 {
		return strings.NewReader(p.form.Encode()), "application/x-www-form-urlencoded", nil
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, values := range p.form {
		for _, v := range values {
			err = errors.Join(err, w.WriteField(name, v))
		}
	}
	for name, file := range p.files {
		content, readErr := fs.ReadFile(p.stage.Files, file)
		part, partErr := w.CreateFormFile(name, path.Base(file))
		if err = errors.Join(err, readErr, partErr); err != nil {
			return nil, "", err
		}
		_, err = part.Write(content)
	}
	err = errors.Join(err, w.Close())
	return &out, w.FormDataContentType(), err
}

func (p *player) remember(name string) error {
	if err := p.send(); err != nil {
		return err
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.body))
	if err != nil {
		return err
	}
	value, ok := doc.Find(`input[name="` + name + `"]`).First().Attr("value")
	if !ok {
		return fmt.Errorf("the page has no field %s", name)
	}
	p.memory[name] = value
	return nil
}

func (p *player) check(verb, rest string) error {
	if p.response == nil {
		return fmt.Errorf("nothing was asked yet")
	}
	switch verb {
	case "code":
		return same(rest, fmt.Sprintf("== %d", p.response.StatusCode))
	case "location":
		return same(rest, "== "+p.response.Header.Get("Location"))
	case "body":
		return contains(p.text(), rest)
	}
	name, condition, _ := strings.Cut(rest, " ")
	value := p.response.Header.Get(name)
	if strings.HasPrefix(condition, "==") {
		return same(condition, "== "+value)
	}
	return contains(value, condition)
}

// text is the body with entities and white space as a reader sees them, followed
// by the raw body, so that what is hidden counts too.
func (p *player) text() string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.body))
	if err != nil {
		return p.body
	}
	return strings.Join(strings.Fields(doc.Text()), " ") + "\n" + p.body
}

func same(want, got string) error {
	if strings.Join(strings.Fields(want), " ") != strings.TrimSpace(got) {
		return fmt.Errorf("got %s", got)
	}
	return nil
}

func contains(text, condition string) error {
	if want, ok := strings.CutPrefix(condition, "contains "); ok {
		if !strings.Contains(text, want) {
			return fmt.Errorf("not there, in: %.600s", text)
		}
		return nil
	}
	if banned, ok := strings.CutPrefix(condition, "!contains "); ok {
		if i := strings.Index(text, banned); i >= 0 {
			return fmt.Errorf("it is there: …%.200s", text[max(0, i-80):])
		}
		return nil
	}
	return fmt.Errorf("a condition is contains, !contains or ==")
}
