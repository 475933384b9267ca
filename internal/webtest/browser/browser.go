// Package browser is the browser half of the tests: it drives Debian's Chromium
// and judges the pages that it shows.
//
//	page := browser.New(t).Page()
//	page.Open(server.URL + "/candidaturas")
//	browser.Check(t, page)
//	browser.CheckWeight(t, page, browser.PublicBudget)
//
// A [Page] does what a person does: it opens addresses, types in the field that
// has a name, clicks what has a role and a name, presses keys and reads. Names
// and roles are those that the browser gives to a screen reader, so a control
// that a journey can use is a control that everybody can find. What goes wrong
// on the way ends the test; an error in the console that nobody asked about
// fails it.
//
// The judgements are functions that return what they found: [Axe], [Reflow],
// [TabStops], [Weight]. [Check] and [CheckWeight] turn them into failures that
// name the page. Pages are looked at under their own content policy: the
// protocol evaluates scripts from outside it, so nothing is bypassed and
// whatever the policy stops is seen.
//
// There is one Chromium for the whole test process, and an incognito context
// for each page. Without a Chromium the test fails: what it proves cannot be
// proven otherwise. Nothing but tests may import this package.
package browser

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// debian is where Debian's package puts the Chromium that has no window, which
// takes less than half the processor of the whole one; the command of the package
// is a script that would outlive its end. CONOCELES_CHROMIUM names another.
const debian = "/usr/lib/chromium/chromium-headless-shell"

// Browser is the Chromium of the test process, lent to one test.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// New lends the shared Chromium to the test, and starts it when it is not
// running. It fails the test when there is none or when it does not start. The
// Chromium closes with the last test that holds it, or with [Main].
func New(t testing.TB) *Browser {
	t.Helper()
	path, err := find(os.Getenv("CONOCELES_CHROMIUM"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := shared.take(path)
	if err != nil {
		t.Fatalf("%s does not start: %v", path, err)
	}
	t.Cleanup(shared.give)
	return &Browser{t: t, ctx: ctx}
}

// Tab returns a tab in an incognito context of its own, for tests that speak to
// the browser without a [Page]. It closes with the test, or when it takes too long.
func (b *Browser) Tab() context.Context {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		b.t.Fatalf("no tab: %v", err)
	}
	ctx, cancel = context.WithTimeout(ctx, 3*patience)
	b.t.Cleanup(cancel)
	return ctx
}

// Main runs the tests and keeps one Chromium open from the first that needs it
// to the end. A package with many browser tests calls it from TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
func Main(m *testing.M) int {
	shared.hold()
	defer shared.give()
	return m.Run()
}

// find returns the Chromium to run: the named one, or Debian's.
func find(named string) (string, error) {
	path := named
	if path == "" {
		path = debian
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		return "", fmt.Errorf("no Chromium at %s: install Debian's package (apt-get install chromium-headless-shell) or set CONOCELES_CHROMIUM to an executable", path)
	}
	return path, nil
}

// keeper counts who uses the process's Chromium and closes it after the last.
type keeper struct {
	mu    sync.Mutex
	users int
	ctx   context.Context
	close func()
}

// shared is the one Chromium of the process: starting it costs more than most tests.
var shared keeper

// hold counts a user that does not need the Chromium yet.
func (k *keeper) hold() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.users++
}

// take counts a user and returns the context of the running Chromium. One that
// died is started again: the test that killed it has already failed.
func (k *keeper) take(path string) (context.Context, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.close != nil && k.ctx.Err() != nil {
		k.shut()
	}
	if k.close == nil {
		ctx, stop, err := start(path)
		if err != nil {
			return nil, err
		}
		k.ctx, k.close = ctx, stop
	}
	k.users++
	return k.ctx, nil
}

// give counts a user out and closes the Chromium after the last.
func (k *keeper) give() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.users--; k.users == 0 && k.close != nil {
		k.shut()
	}
}

func (k *keeper) shut() {
	k.close()
	k.close = nil
}

// start starts a Chromium. Its directory is new, and goes when it closes.
func start(path string) (context.Context, func(), error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU,
		// Without a sandbox it works as root and in a container; the pages are ours.
		chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	stop := func() {
		cancel()
		free()
	}
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}
