// Package prose draws the long texts that the institute approves and loads as
// Markdown: the privacy notices. What is drawn is what a short list of elements
// allows, whatever the text says, because a text that somebody loads is not a
// page that somebody reviewed.
//
// The page has the only h1: texts begin at «##».
package prose

import (
	"bytes"

	"github.com/a-h/templ"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

var allowed = policy()

func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "blockquote", "br", "hr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// HTML returns the safe HTML of a Markdown text. Raw HTML, images and scripts in
// the text do not survive.
func HTML(markdown string) string {
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(markdown), &b); err != nil {
		panic(err) // a buffer does not fail
	}
	return string(allowed.SanitizeBytes(b.Bytes()))
}

// Text draws a Markdown text.
func Text(markdown string) templ.Component { return templ.Raw(HTML(markdown)) }
