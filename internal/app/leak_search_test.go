package app_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"conoceles/internal/desk/canary"
)

// found is the set of canaries in some bytes: whole values, or what is there of
// one that was cut.
type found map[string]bool

// shortest is how much of a canary must be there to be one.
const shortest = len(canary.Mark) + 6

// search finds the canaries in some bytes, however they are written: raw in
// either case, HTML-, URL- or JSON-escaped, base64 at any alignment, hexadecimal,
// UTF-16; and inside whatever is compressed or packed there.
func search(b []byte) found {
	out := found{}
	for _, layer := range unpack(b, 0) {
		raw(layer, out)
		for _, text := range utf16Texts(layer) {
			raw(text, out)
		}
		for _, text := range base64Texts(layer) {
			raw(text, out)
		}
		for _, text := range hexTexts(layer) {
			raw(text, out)
		}
	}
	return out
}

// raw finds canaries written in letters. What stands for the hyphen may be
// escaped.
func raw(b []byte, out found) {
	for _, mark := range []string{"CNRY", "cnry", "Cnry"} { // all, none or the first of them capital: text is never half way
		for _, place := range around(b, mark, 48) {
			rest := bytes.ToLower(place[len(mark):])
			for _, hyphen := range []string{"-", "%2d", "&#45;", "&#x2d;", `\u002d`, `\x2d`, `\-`, "=2d"} {
				if after, ok := bytes.CutPrefix(rest, []byte(hyphen)); ok {
					end := 0
					for end < len(after) && end < 16 && (after[end] >= 'a' && after[end] <= 'z' || after[end] >= '2' && after[end] <= '7') {
						end++
					}
					if v := canary.Mark + strings.ToUpper(string(after[:end])); len(v) >= shortest {
						out[v] = true
					}
				}
			}
		}
	}
}

// around returns a stretch after each place where needle is.
func around(b []byte, needle string, length int) [][]byte {
	var out [][]byte
	for rest := b; ; {
		i := bytes.Index(rest, []byte(needle))
		if i < 0 {
			return out
		}
		out = append(out, rest[i:min(len(rest), i+length)])
		rest = rest[i+len(needle):]
	}
}

func utf16Texts(b []byte) [][]byte {
	var out [][]byte
	for _, needle := range []string{"C\x00N\x00R\x00Y", "c\x00n\x00r\x00y"} {
		for _, s := range around(b, needle, 44) {
			out = append(out, bytes.ReplaceAll(s, []byte{0}, nil))
		}
	}
	return out
}

func base64Texts(b []byte) [][]byte {
	var out [][]byte
	for pad := range 3 {
		// The characters that the mark alone decides: the first ones also depend
		// on what comes before, the last one on what follows.
		code := base64.RawStdEncoding.EncodeToString(append(make([]byte, pad), canary.Mark...))
		needle := code[(pad*8+5)/6 : (pad+len(canary.Mark))*8/6]
		for _, s := range around(b, needle, 40) {
			text := strings.NewReplacer("-", "+", "_", "/").Replace(string(s))
			filler := base64.RawStdEncoding.EncodeToString(append(make([]byte, pad), canary.Mark...))[:(pad*8+5)/6]
			end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(base64Letters, r) })
			if end < 0 {
				end = len(text)
			}
			text = filler + text[:end]
			text += strings.Repeat("A", (4-len(text)%4)%4)
			decoded, _ := base64.RawStdEncoding.DecodeString(text)
			out = append(out, decoded)
		}
	}
	return out
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func hexTexts(b []byte) [][]byte {
	var out [][]byte
	mark := hex.EncodeToString([]byte(canary.Mark))
	for _, needle := range []string{mark, strings.ToUpper(mark)} {
		for _, s := range around(b, needle, 42) {
			decoded, _ := hex.DecodeString(string(s))
			out = append(out, decoded)
		}
	}
	return out
}

// unpack returns the bytes and what is inside them, to a few levels.
func unpack(b []byte, depth int) [][]byte {
	layers := [][]byte{b}
	if depth == 3 {
		return layers
	}
	inside := func(r io.Reader, err error) {
		if err != nil {
			return
		}
		content, _ := io.ReadAll(io.LimitReader(r, 64<<20)) // what could be read of it
		layers = append(layers, unpack(content, depth+1)...)
	}
	switch {
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		r, err := gzip.NewReader(bytes.NewReader(b))
		inside(r, err)
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil {
			for _, f := range z.File {
				layers = append(layers, []byte(f.Name+" "+f.Comment))
				inside(f.Open())
			}
		}
	case bytes.HasPrefix(b, []byte("%PDF-")):
		for _, s := range around(b, "stream", len(b)) {
			s = bytes.TrimLeft(s[len("stream"):], "\r\n")
			r, err := zlib.NewReader(bytes.NewReader(s))
			inside(r, err)
		}
	}
	return layers
}

var writtenDate = regexp.MustCompile(`(19[4-9]\d)-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(19[4-9]\d)|(\d{1,2}) de (\p{L}+) de (19[4-9]\d)`)

var months = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

// searchDates returns the dates of birth written in some bytes, as yyyy-mm-dd.
// The expression looks only around what may be a year: over everything it would
// take longer than all that is tested.
func searchDates(b []byte) found {
	const longest = len("30 de septiembre de ")
	out := found{}
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte("19"))
		if i < 0 {
			return out
		}
		i += from
		from = i + 1
		if i+2 == len(b) || b[i+2] < '4' || b[i+2] > '9' {
			continue
		}
		for _, m := range writtenDate.FindAllSubmatch(b[max(0, i-longest):min(len(b), i+len("1953-04-07"))], -1) {
			switch {
			case len(m[1]) > 0:
				out[string(m[0])] = true
			case len(m[6]) > 0:
				out[fmt.Sprintf("%s-%02s-%02s", m[6], m[5], m[4])] = true
			default:
				month := slices.Index(months, strings.ToLower(string(m[8]))) + 1
				out[fmt.Sprintf("%s-%02d-%02s", m[9], month, m[7])] = true
			}
		}
	}
}

// The search is itself proven: a leak that it did not see would be a leak that
// every test below lets through.
func TestSearchFindsACanaryHoweverItIsWritten(t *testing.T) {
	const v = "CNRY-ABCDEFGH234567QR"
	pack := func(name string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(f, "<c>%s</c>", v)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	deflate := func(s string) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		fmt.Fprint(w, s)
		w.Close()
		return b.String()
	}
	gz := func(s []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(s)
		w.Close()
		return b.Bytes()
	}
	wide := func(order func(uint16) []byte) (out []byte) {
		for _, u := range utf16.Encode([]rune("texto " + v + " más")) {
			out = append(out, order(u)...)
		}
		return out
	}
	for name, b := range map[string][]byte{
		"raw": []byte("x" + v + "y"), "lower case": []byte("/candidaturas?q=" + strings.ToLower(v)),
		"HTML": []byte(html.EscapeString("«" + v + "»")), "HTML entity": []byte(strings.Replace(v, "-", "&#45;", 1)),
		"URL": []byte(url.QueryEscape(v)), "URL whole": []byte(strings.Replace(v, "-", "%2D", 1)), "JSON": []byte(strings.Replace(v, "-", `\u002d`, 1)),
		"base64, 0": []byte(base64.StdEncoding.EncodeToString([]byte(v + "…"))), "base64, 1": []byte(base64.StdEncoding.EncodeToString([]byte("a" + v))),
		"base64, 2": []byte(base64.URLEncoding.EncodeToString([]byte("ab" + v + "?>"))),
		"hex":       []byte(`\x00` + hex.EncodeToString([]byte(v))),
		"UTF-16LE":  wide(func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} }),
		"UTF-16BE":  wide(func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} }),
		"gzip":      gz([]byte(v)), "ZIP": pack("hoja.xml"), "ZIP in gzip": gz(pack("a")), "name in a ZIP": pack(v),
		"PDF stream": []byte("%PDF-1.7\n1 0 obj <<>> stream\n" + deflate("BT ("+v+") Tj ET") + "\nendstream %%EOF"),
		"PDF title":  []byte("%PDF-1.7 /Title (" + v + ")"), "JPEG": []byte("\xff\xd8\xff\xfe\x00\x17" + v),
		"cut": []byte("…" + v[:14] + "…"),
	} {
		got := search(b)
		want := v
		if name == "cut" {
			want = v[:14]
		}
		if !got[want] {
			t.Errorf("%s: found %v", name, got)
		}
	}
	if got := search([]byte("CNRY- a word, and cnry")); len(got) > 0 {
		t.Errorf("found %v where there is none", got)
	}
	for _, s := range []string{"1953-04-07", "7/4/1953", "07/04/1953", "el 7 de abril de 1953"} {
		if !searchDates([]byte("x " + s + " y"))["1953-04-07"] {
			t.Errorf("the date %q is not found", s)
		}
	}
}
