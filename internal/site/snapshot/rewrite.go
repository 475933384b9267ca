package snapshot

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// rewrite returns a page whose links lead to the files of the copy, and the
// addresses it leads to. The words of a link that leads nowhere stay without it;
// a form goes whole. What is neither goes through byte by byte.
func (r Rules) rewrite(file string, page []byte) (out []byte, found []string, err error) {
	w := writer{rules: r, root: strings.Repeat("../", strings.Count(file, "/"))}
	w.out.Grow(len(page) + len(page)/8)
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), io.EOF) {
				return w.out.Bytes(), w.found, nil
			}
			return nil, nil, z.Err()
		case html.StartTagToken, html.SelfClosingTagToken:
			w.open(z)
		case html.EndTagToken:
			w.close(z.Raw())
		default:
			w.keep(z.Raw())
		}
	}
}

// writer is a page being rewritten.
type writer struct {
	rules    Rules
	root     string // the way up to the directory of the copy
	out      bytes.Buffer
	found    []string
	forms    int  // that are open
	unlinked bool // inside a link that was taken out
}

// keep writes what needs no change, unless it is in a form.
func (w *writer) keep(raw []byte) {
	if w.forms == 0 {
		w.out.Write(raw)
	}
}

func (w *writer) close(raw []byte) {
	switch {
	case isTag(raw, "</form"):
		w.forms--
	case w.unlinked && isTag(raw, "</a"):
		w.unlinked = false
	default:
		w.keep(raw)
	}
}

func (w *writer) open(z *html.Tokenizer) {
	raw := z.Raw()
	switch {
	case isTag(raw, "<form"):
		w.forms++
	case w.forms > 0:
	case !bytes.Contains(raw, []byte(`="/`)): // no address of the site: nearly every element
		w.out.Write(raw)
	default:
		t := z.Token()
		if led := w.lead(&t); led {
			w.out.WriteString(t.String())
		} else {
			w.unlinked = t.Data == "a" // of a <link> or an image nothing stays
		}
	}
}

// isTag reports whether an element is of a kind, in lower case as templates are.
func isTag(raw []byte, kind string) bool {
	return bytes.HasPrefix(raw, []byte(kind)) && len(raw) > len(kind) && strings.IndexByte(" \n\t/>", raw[len(kind)]) >= 0
}

// lead points the addresses of an element at the files of the copy, unless one of
// them is in none.
func (w *writer) lead(t *html.Token) bool {
	for i, a := range t.Attr {
		if a.Key != "href" && a.Key != "src" || !strings.HasPrefix(a.Val, "/") {
			continue
		}
		address, fragment, _ := strings.Cut(a.Val, "#")
		file, ok := w.rules.File(address)
		if !ok {
			return false
		}
		w.found = append(w.found, address)
		t.Attr[i].Val = w.root + escaped.Replace(file)
		if fragment != "" {
			t.Attr[i].Val += "#" + fragment
		}
	}
	return true
}

// escaped writes a file name as an address.
var escaped = strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", " ", "%20")

// references are the files that a stylesheet names, all beside it.
var references = regexp.MustCompile(`url\(["']?([\w.-]+)["']?\)`)
