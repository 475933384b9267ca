package browser

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// record is what the browser told about a page: what it loads, what arrived
// since the last navigation, and the errors of its console.
type record struct {
	mu        sync.Mutex
	frame     cdp.FrameID
	loading   bool
	document  network.RequestID
	url       string
	status    int
	order     []network.RequestID
	resources map[network.RequestID]*Resource
	pending   map[network.RequestID]bool
	errors    []string
}

func newRecord() *record {
	return &record{url: "about:blank", resources: map[network.RequestID]*Resource{}, pending: map[network.RequestID]bool{}}
}

// note takes one event. The browser's messages wait for it, so it only writes down.
func (r *record) note(event any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := event.(type) {
	case *page.EventFrameStartedLoading:
		r.loading = r.loading || e.FrameID == r.frame
	case *page.EventFrameStoppedLoading:
		r.loading = r.loading && e.FrameID != r.frame
	case *network.EventRequestWillBeSent:
		r.sent(e)
	case *network.EventResponseReceived:
		r.received(e)
	case *network.EventLoadingFinished:
		delete(r.pending, e.RequestID)
		if res := r.resources[e.RequestID]; res != nil {
			res.Bytes = int64(e.EncodedDataLength)
		}
	case *network.EventLoadingFailed:
		delete(r.pending, e.RequestID)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			r.errors = append(r.errors, string(e.Type)+": "+words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		r.errors = append(r.errors, exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !ownIdea(e.Entry.URL) && (r.document == "" || e.Entry.NetworkRequestID != r.document) {
			r.errors = append(r.errors, strings.TrimSpace(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)))
		}
	}
}

// ownIdea reports what the browser asks for by itself, when it likes, of a page
// that names no icon.
func ownIdea(url string) bool { return strings.HasSuffix(url, "/favicon.ico") }

func (r *record) sent(e *network.EventRequestWillBeSent) {
	if strings.HasPrefix(e.Request.URL, "data:") || ownIdea(e.Request.URL) {
		return
	}
	if e.Type == network.ResourceTypeDocument && e.FrameID == r.frame {
		r.document, r.url, r.status, r.order = e.RequestID, e.Request.URL, 0, nil
		clear(r.resources)
		clear(r.pending)
	}
	if string(e.LoaderID) != string(r.document) {
		return // the page that is leaving still asks, and nobody may tell how that ends
	}
	if r.resources[e.RequestID] == nil {
		r.order = append(r.order, e.RequestID)
	}
	r.resources[e.RequestID] = &Resource{URL: e.Request.URL, Type: string(e.Type)}
	r.pending[e.RequestID] = true
}

func (r *record) received(e *network.EventResponseReceived) {
	if e.RequestID == r.document {
		r.status = int(e.Response.Status)
	}
	if res := r.resources[e.RequestID]; res != nil {
		res.Type, res.MIME = string(e.Type), e.Response.MimeType
	}
}

// quiet reports that nothing is on its way.
func (r *record) quiet() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.loading && len(r.pending) == 0
}

// awaited lists what is on its way, for a message.
func (r *record) awaited() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{fmt.Sprintf("navigating: %t", r.loading)}
	for id := range r.pending {
		out = append(out, r.resources[id].URL)
	}
	return strings.Join(out, ", ")
}

// busy reports that a navigation has begun and not ended.
func (r *record) busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loading
}

func (r *record) answer() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

func (r *record) address() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.url
}

// take returns the errors and forgets them.
func (r *record) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.errors
	r.errors = nil
	return out
}

// arrived returns what the page asked for, in order.
func (r *record) arrived() []Resource {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Resource, 0, len(r.order))
	for _, id := range r.order {
		out = append(out, *r.resources[id])
	}
	return out
}

// words says what a call of the console said.
func words(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a.Description != "" {
			out = append(out, a.Description)
		} else {
			out = append(out, unquoted(a.Value))
		}
	}
	return strings.Join(out, " ")
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}
