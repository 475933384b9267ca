// Package web holds what a browser receives that is not data: the stylesheet,
// the font, the drawings and the one script, embedded in the binary.
//
// Every file is addressed by its content. Asset("conoceles.css") is
// "/estatico/conoceles.<hash>.css", so a browser may keep it for ever and a new
// version is a new address. References between files (a font named by the
// stylesheet) are rewritten the same way. Compressed forms are made once, when
// the program starts, and never during a request.
//
// The packages below draw with them: layout (the frame of a page), component
// (the pieces), es (words, dates and numbers in Mexican Spanish). None of them
// does any input or output: they receive plain values and write HTML.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Prefix is where Static is mounted.
const Prefix = "/estatico/"

// immutable lets browsers and caches keep a file whose address says its content.
const immutable = "public, max-age=31536000, immutable"

//go:embed static
var files embed.FS

// types are the kinds of file this program serves; a file of another kind is a
// mistake and stops the program when it starts.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// assets is built once and only read afterwards.
var assets = load()

// asset is one file in each of the forms it is served in.
type asset struct {
	kind, hash       string
	plain, gzip, zbr []byte // gzip and zbr are nil where they gain nothing
}

// Asset returns the address of the named file of static/. It panics on a name
// that is not there: a template that asks for it is wrong in every request.
func Asset(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("web: no asset named " + name)
	}
	ext := path.Ext(name)
	return Prefix + strings.TrimSuffix(name, ext) + "." + a.hash + ext
}

// Static serves the files under Prefix. An address with the hash of another
// version gets the present file, not to be kept: while nodes are replaced one
// by one, a page of the old one may ask the new one for its stylesheet.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, hash := split(strings.TrimPrefix(r.URL.Path, Prefix))
		a, ok := assets[name]
		if !ok {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "No encontramos este archivo.\n")
			return
		}
		a.serve(w, r, hash == a.hash)
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request, current bool) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", immutable)
	if !current {
		h.Set("Cache-Control", "no-cache")
	}
	body, tag := a.plain, a.hash
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case a.zbr != nil && strings.Contains(accepted, "br"):
		body, tag = a.zbr, a.hash+"-br"
		h.Set("Content-Encoding", "br")
	case a.gzip != nil && strings.Contains(accepted, "gzip"):
		body, tag = a.gzip, a.hash+"-gz"
		h.Set("Content-Encoding", "gzip")
	}
	tag = `"` + tag + `"`
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// split takes the hash out of a fingerprinted name.
func split(address string) (name, hash string) {
	ext := path.Ext(address)
	base := strings.TrimSuffix(address, ext)
	i := strings.LastIndexByte(base, '.')
	if i < 0 {
		return address, ""
	}
	return base[:i] + ext, base[i+1:]
}

// load reads static/, stylesheets last because they name the others.
func load() map[string]asset {
	entries, err := files.ReadDir("static")
	if err != nil {
		panic(err)
	}
	all := make(map[string]asset, len(entries))
	var sheets []string
	for _, e := range entries {
		if path.Ext(e.Name()) == ".css" {
			sheets = append(sheets, e.Name())
			continue
		}
		all[e.Name()] = build(e.Name(), read(e.Name()))
	}
	for _, name := range sheets {
		all[name] = build(name, link(read(name), all))
	}
	return all
}

func read(name string) []byte {
	b, err := files.ReadFile("static/" + name)
	if err != nil {
		panic(err)
	}
	return b
}

// link replaces url(name) by the fingerprinted address of name.
func link(css []byte, all map[string]asset) []byte {
	for name, a := range all {
		ext := path.Ext(name)
		to := fmt.Sprintf("url(%s.%s%s)", strings.TrimSuffix(name, ext), a.hash, ext)
		css = bytes.ReplaceAll(css, []byte("url("+name+")"), []byte(to))
	}
	return css
}

func build(name string, plain []byte) asset {
	kind, ok := types[path.Ext(name)]
	if !ok {
		panic("web: no content type for " + name)
	}
	sum := sha256.Sum256(plain)
	a := asset{kind: kind, hash: hex.EncodeToString(sum[:6]), plain: plain}
	if path.Ext(name) == ".woff2" { // already compressed
		return a
	}
	if zbr := compress(plain, brotliWriter); len(zbr) < len(plain) {
		a.zbr = zbr
	}
	if gz := compress(plain, gzipWriter); len(gz) < len(plain) {
		a.gzip = gz
	}
	return a
}

func brotliWriter(w io.Writer) io.WriteCloser {
	return brotli.NewWriterLevel(w, brotli.BestCompression)
}

func gzipWriter(w io.Writer) io.WriteCloser {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}

func compress(plain []byte, writer func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	z := writer(&b)
	if _, err := z.Write(plain); err != nil {
		panic(err) // a buffer does not fail
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
