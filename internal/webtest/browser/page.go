package browser

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to do what it was asked.
const patience = 30 * time.Second

// Page is a tab in an incognito context of its own: no cookie, cache or storage
// of another page. Its methods end the test when they cannot do what they say.
type Page struct {
	t   testing.TB
	ctx context.Context
	log *record
	// mute says that the page's scripts are off.
	mute bool
}

// Page opens a blank page of 1280 by 900 pixels, without cache and with reduced
// motion. It closes with the test, which fails if the console holds an error
// that nobody took with [Page.Console].
func (b *Browser) Page() *Page {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	p := &Page{t: b.t, ctx: ctx, log: newRecord()}
	b.t.Cleanup(func() {
		cancel()
		for _, line := range p.Console() {
			p.t.Errorf("%s: console: %s", p.log.address(), line)
		}
	})
	// The first call makes the tab, which would die with a deadline of its own.
	if err := chromedp.Do(ctx); err != nil {
		b.t.Fatalf("no page: %v", err)
	}
	p.log.frame = cdp.FrameID(chromedp.FromContext(ctx).Target.TargetID)
	if err := chromedp.Listen(ctx, p.log.note); err != nil {
		b.t.Fatalf("no page: %v", err)
	}
	call(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	p.media()
	p.Size(1280, 900)
	return p
}

// In lends the page to a subtest, which is who fails. It closes with the test
// that opened it.
func (p *Page) In(t testing.TB) *Page {
	lent := *p
	lent.t = t
	return &lent
}

// Size gives the page a viewport, in CSS pixels.
func (p *Page) Size(width, height int) {
	p.t.Helper()
	run(p, "resize", chromedp.EmulateViewport(int64(width), int64(height)))
}

// WithoutScripts turns scripts off for what is opened from now on.
func (p *Page) WithoutScripts() {
	p.t.Helper()
	p.mute = true
	p.scripts(false)
}

func (p *Page) scripts(on bool) {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Open goes to an address and waits until everything it asked for arrived. One
// that begins with / is on the site of the open page. An answer such as 404 is a
// page too: see [Page.Status].
func (p *Page) Open(url string) {
	p.t.Helper()
	if strings.HasPrefix(url, "/") {
		url = strings.TrimSuffix(p.log.address(), path(p.log.address())) + url
	}
	run(p, "open "+url, chromedp.Navigate(url))
	p.settle()
}

// Status returns the HTTP status of the page.
func (p *Page) Status() int { return p.log.answer() }

// URL returns the address of the page.
func (p *Page) URL() string {
	p.t.Helper()
	return run(p, "read the address", chromedp.Location())
}

// Text returns what the page shows, as text.
func (p *Page) Text() string {
	p.t.Helper()
	return evaluate[string](p, `document.body?.innerText ?? ""`)
}

// See waits until the page shows the text, for what a script brings.
func (p *Page) See(text string) {
	p.t.Helper()
	shown := ""
	for end := time.Now().Add(patience / 3); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if shown = p.Text(); strings.Contains(shown, text) {
			return
		}
	}
	p.t.Fatalf("%s does not show %q, but:\n%s", p.log.address(), text, shown)
}

// Screenshot leaves a picture of the whole page, in PNG, in the file.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	if err := os.WriteFile(path, run(p, "take a picture", chromedp.FullScreenshot(100)), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Console takes the errors of the console that nobody took yet: exceptions,
// console.error, resources that did not arrive, and what the content policy
// stopped. The status of the page itself is not one of them.
func (p *Page) Console() []string { return p.log.take() }

// settle waits until a navigation that has begun ends, what it asked for is
// here, and its fonts are drawn.
func (p *Page) settle() {
	p.t.Helper()
	ready := func() bool {
		return p.log.quiet() && evaluate[bool](p, `document.readyState === "complete" && document.fonts.status === "loaded"`)
	}
	for end := time.Now().Add(patience); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%s is still loading after %s (%s)", p.log.address(), patience, p.log.awaited())
		}
	}
}

// run runs one action within the page's patience.
func run[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.log.address(), what, err)
	}
	return v
}

// call sends one command of the protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	return run(p, command.Method, func(ctx context.Context, t *chromedp.Target) (R, error) {
		return cdp.Call(ctx, t, command, params)
	})
}

// evaluate returns the value of an expression in the page; a promise is awaited.
func evaluate[T any](p *Page, expression string) T {
	p.t.Helper()
	return run(p, "evaluate", chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}
