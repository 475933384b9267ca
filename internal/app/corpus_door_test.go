package app_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"conoceles/internal/desk/capture/portrait"
	"conoceles/internal/serve"
)

// doorClasses are what is refused before any page reads it.
var doorClasses = []class{
	{name: "A1 headers", least: 8, cases: headerCases, quiet: true},
	{name: "A2 body size", least: 24, as: "operador", cases: sizeCases, quiet: true},
	{name: "A3 multipart", least: 30, as: "operador", cases: multipartCases, quiet: true},
	{name: "A4 smuggling", least: 16, cases: smugglingCases, quiet: true},
	{name: "A5 methods", least: 40, cases: methodCases, quiet: true},
	{name: "A6 Host", least: 20, cases: hostCases, quiet: true},
	{name: "A7 content type", least: 15, as: "operador", cases: typeCases, quiet: true},
	{name: "A8 paths", least: 40, cases: pathCases, quiet: true},
}

// wire sends bytes to a server that listens, and returns what it answers.
func wire(sent string) func(*caller) answer {
	return func(c *caller) answer {
		c.Helper()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			c.Fatal(err)
		}
		server := serve.NewServer("", c.handler, quiet())
		go func() { _ = server.Serve(l) }()
		defer server.Close()
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			c.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		go func() { _, _ = io.WriteString(conn, sent) }()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return answer{status: 0, header: http.Header{}}
		}
		defer res.Body.Close()
		return answer{status: res.StatusCode, header: res.Header} // of the server itself, before any page
	}
}

func headerCases(*corpus) []badInput {
	const start = "GET / HTTP/1.1\r\nHost: conoceles.invalid\r\n"
	var out []badInput
	for name, lines := range map[string]string{
		"24 KB": "X-A: " + strings.Repeat("a", 24<<10) + "\r\n", "32 KB": "X-A: " + strings.Repeat("a", 32<<10) + "\r\n",
		"48 KB": "X-A: " + strings.Repeat("a", 48<<10) + "\r\n", "64 KB": "X-A: " + strings.Repeat("a", 64<<10) + "\r\n",
		"1,000 headers": strings.Repeat("X-Encabezado: aaaaaaaaaaaaaaa\r\n", 1000), "cookies": "Cookie: " + strings.Repeat("a=b; ", 6000) + "\r\n",
		"no colon": "esto no es un encabezado\r\n", "space before the colon": "X-A : b\r\n", "a name that is no token": "X(A): b\r\n",
	} {
		out = append(out, badInput{name: name, send: wire(start + lines + "\r\n"), want: []int{431, 400}})
	}
	return out
}

func sizeCases(k *corpus) []badInput {
	const limit = 512 << 10
	var out []badInput
	for _, path := range []string{"/entrar", "/recuperar", k.section("motivo"), k.section("historia"), "/cuenta/contrasena", "/captura/" + k.folio + "/validar"} {
		for name, size := range map[string]int{"one more": limit + 1, "twice": 2 * limit, "ten times": 10 * limit} {
			out = append(out, badInput{
				name: path + " " + name, want: []int{http.StatusRequestEntityTooLarge}, said: "excede el tamaño permitido",
				send: func(c *caller) answer {
					return c.post(path, url.Values{"motivo_cargo_publico": {strings.Repeat("a", size)}})
				},
			})
		}
		out = append(out, badInput{
			name: path + " endless", want: []int{http.StatusRequestEntityTooLarge}, said: "excede el tamaño permitido",
			send: func(c *caller) answer {
				r := c.request(http.MethodPost, path, "")
				r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader("a="), endless{})), -1
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				return c.do(r)
			},
		})
	}
	return out
}

// endless is a body that never ends.
type endless struct{}

// Read fills p.
func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// upload sends a multipart body as it is.
func upload(path, kind string, body []byte) func(*caller) answer {
	return func(c *caller) answer {
		r := c.request(http.MethodPost, path, string(body))
		r.Header.Set("Content-Type", kind)
		return c.do(r)
	}
}

// parts writes a well-formed multipart body.
func parts(field, name string, content []byte, more url.Values) (string, []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range more {
		for _, v := range values {
			_ = w.WriteField(key, v)
		}
	}
	if part, err := w.CreateFormFile(field, name); err == nil {
		_, _ = part.Write(content)
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

func multipartCases(k *corpus) []badInput {
	path := "/captura/" + k.folio + "/foto"
	kind, whole := parts(portrait.Field, "foto.jpg", []byte("no es una foto"), url.Values{"guardado_id": {"x"}})
	refused := []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusUnsupportedMediaType, http.StatusRequestEntityTooLarge}
	bodies := []struct {
		kind string
		body []byte
	}{
		{"multipart/form-data", whole},
		{"multipart/form-data; boundary=", whole},
		{"multipart/form-data; boundary=otro", whole},
		{"multipart/form-data; boundary=" + strings.Repeat("x", 300), whole},
		{"multipart/form-data; boundary=a; boundary=b", whole},
		{"multipart/mixed; boundary=x", whole},
		{kind, bytes.ReplaceAll(whole, []byte("\r\n"), []byte("\n"))},
		{kind, append(whole, whole...)},
		{kind, bytes.ReplaceAll(whole, []byte(`name="`+portrait.Field+`"`), []byte(`name="`+portrait.Field+"\r\nX-Inyectado: si\r\n"+`"`))},
		{kind, bytes.ReplaceAll(whole, []byte(`filename="foto.jpg"`), []byte(`filename*=UTF-8''..%2f..%2fetc%2fpasswd`))},
		{kind, bytes.ReplaceAll(whole, []byte(`filename="foto.jpg"`), []byte(`filename="a"; filename*=utf-8''%00b`))},
		{kind, bytes.ReplaceAll(whole, []byte(`filename="foto.jpg"`), []byte(`filename*0="a"; filename*1="b"`))},
		{kind, bytes.ReplaceAll(whole, []byte(`form-data;`), []byte(`attachment;`))},
		{kind, nil},
		{"multipart/form-data; boundary=n", []byte("--n\r\nContent-Disposition: form-data; name=\"foto\"; filename=\"a\"\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nx\r\n--m--\r\n--n--\r\n")},
		{"multipart/form-data; boundary=n", []byte(strings.Repeat("--n\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n", 10_000) + "--n--\r\n")},
		{"multipart/form-data; boundary=n", []byte("--n\r\n" + strings.Repeat("X-A: b\r\n", 20_000) + "\r\n\r\n--n--\r\n")},
		{"multipart/form-data; boundary=n", []byte("--n\r\nContent-Disposition: form-data; name=\"foto\"; filename=\"a\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ\r\n--n--\r\n")},
	}
	for i := 1; i <= 12; i++ {
		bodies = append(bodies, struct {
			kind string
			body []byte
		}{kind, whole[:len(whole)*i/13]})
	}
	var out []badInput
	for i, b := range bodies {
		out = append(out, badInput{name: fmt.Sprint("body ", i), send: upload(path, b.kind, b.body), want: refused, not: "X-Inyectado: si"})
	}
	return out
}

func smugglingCases(*corpus) []badInput {
	const inner = "0\r\n\r\nGET /administracion HTTP/1.1\r\nHost: x\r\n\r\n"
	var out []badInput
	for i, lines := range []string{
		"Content-Length: 6\r\nTransfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
		"Transfer-Encoding: identity", "Transfer-Encoding:\x0bchunked", "Transfer-Encoding: chunked, chunked", "Content-Length: 5\r\nContent-Length: 6",
		"Content-Length: +5", "Content-Length: -5", "Content-Length: 0x5", "Content-Length: 5, 6", "Content-Length: 5 6", "Content-Length: 99999999999999999999",
		"Transfer-Encoding: \"chunked\"", "Content-Length: 5\r\n Transfer-Encoding: chunked\r\nTransfer-Encoding : chunked", "Transfer-Encoding: chunked;q=1",
	} {
		sent := "POST /entrar HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n" + inner
		out = append(out, badInput{name: fmt.Sprint(i, " ", lines), send: wire(sent), want: []int{400, 501}})
	}
	return out
}

func methodCases(*corpus) []badInput {
	var out []badInput
	for _, path := range []string{"/", "/candidaturas", "/entrar", "/datos", "/captura"} {
		for _, method := range []string{"TRACE", "TRACK", "PUT", "PATCH", "DELETE", "PROPFIND", "BREW", "MOVE"} {
			out = append(out, badInput{name: method + " " + path, want: []int{http.StatusMethodNotAllowed, http.StatusForbidden}, send: func(c *caller) answer {
				r := c.do(c.request(method, path, ""))
				if r.status == http.StatusMethodNotAllowed && r.header.Get("Allow") == "" {
					c.Errorf("%s %s: it does not say what is allowed", method, path)
				}
				return r
			}})
		}
	}
	return out
}

func hostCases(*corpus) []badInput {
	const evil = "malo.invalid"
	var out []badInput
	for _, header := range []string{
		"Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-For", "X-Real-IP", "Referer",
	} {
		for _, path := range []string{"/candidaturas", "/captura/"} {
			out = append(out, badInput{name: header + " " + path, want: []int{200, 303, 301, 308, 404}, not: evil, send: func(c *caller) answer {
				r := c.request(http.MethodGet, path, "")
				if header == "Host" {
					r.Host = evil
				}
				r.Header.Set(header, evil)
				return c.do(r)
			}})
		}
	}
	return out
}

func typeCases(k *corpus) []badInput {
	var out []badInput
	for _, kind := range []string{
		"application/json", "application/xml", "text/xml", "text/plain", "text/html", "application/octet-stream", "image/jpeg", "application/graphql", "", "a/b/c",
		"application/x-www-form-urlencoded/x", "application/json; charset=utf-8", "x-www-form-urlencoded", "application/x-www-form-urlencoded;;=", "*/*",
	} {
		out = append(out, badInput{name: kind, want: []int{http.StatusUnsupportedMediaType}, send: func(c *caller) answer {
			r := c.request(http.MethodPost, k.section("motivo"), `{"motivo_cargo_publico":"x"}`)
			r.Header.Set("Content-Type", kind)
			return c.do(r)
		}})
	}
	return out
}

func pathCases(*corpus) []badInput {
	var out []badInput
	for _, path := range []string{
		"/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/estatico/%2e%2e/%2e%2e/go.mod", "/estatico/..%2f..%2fgo.mod", "/%00", "/candidaturas/%00", "/candidaturas/a%00b",
		"/candidaturas/%0d%0aX-A:b", "/candidaturas/%5c..%5c", "/.git/config", "/.git/HEAD", "/.env", "/go.mod", "/Makefile", "/datos.sql", "/respaldo.zip", "/backup.tar.gz",
		"/index.php", "/wp-login.php", "/admin", "/administrator", "/phpmyadmin", "/server-status", "/actuator/env", "/debug/pprof/heap", "/metrics", "/candidaturas/..;/captura",
		"/%252e%252e/etc", "/candidaturas/%c0%af", "/candidaturas/%ff", "/estatico/", "/estatico/../", "/fotos/..%2f.jpg", "/fotos/a.jpg%00.png", "/emblemas/-1.png",
		"/emblemas/99999999999999999999.png", "/emblemas/1e9.png", "/procesos/..", "/procesos/%2e%2e/candidaturas", "/boleta/-1", "/boleta/1e9", "/CANDIDATURAS",
	} {
		out = append(out, badInput{name: path, want: []int{404, 301, 308, 303}, not: "root:x:", send: func(c *caller) answer {
			u, err := url.Parse(path)
			if err != nil {
				c.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.URL, r.RequestURI = u, path
			a := c.do(r)
			if to := a.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
				c.Errorf("%s: it leads to %s", path, to)
			}
			return a
		}})
	}
	return out
}
