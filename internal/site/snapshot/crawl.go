package snapshot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// crawl is a copy being made.
type crawl struct {
	source Source
	dir    string
	rules  Rules

	mu      sync.Mutex
	next    []string            // addresses found, to be asked for in the next round
	seen    map[string]struct{} // files of the addresses found
	written map[string]string   // file -> hash
	bytes   int64
	missing []string
}

// run copies what starts lead to, round by round, until no page leads further.
func (c *crawl) run(ctx context.Context, starts []string) error {
	c.seen, c.written = map[string]struct{}{}, map[string]string{}
	c.find(starts)
	for len(c.next) > 0 {
		round := c.next
		c.next = nil
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(2 * runtime.GOMAXPROCS(0)) // half of them wait for the database
		for _, address := range round {
			g.Go(func() error { return c.copy(ctx, address) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// find notes the addresses that nobody asked for yet.
func (c *crawl) find(addresses []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range addresses {
		file, ok := c.rules.File(a)
		if _, known := c.seen[file]; ok && !known {
			c.seen[file] = struct{}{}
			c.next = append(c.next, a)
		}
	}
}

// copy asks for an address and writes what it answers.
func (c *crawl) copy(ctx context.Context, address string) error {
	file, _ := c.rules.File(address)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	r.RemoteAddr, r.RequestURI = "127.0.0.1:0", address
	page := &answer{header: http.Header{}, status: http.StatusOK}
	c.source.Handler.ServeHTTP(page, r)
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case page.status >= http.StatusInternalServerError:
		return fmt.Errorf("%s answers %d", address, page.status)
	case page.status != http.StatusOK:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.missing = append(c.missing, address)
		return nil
	}
	body := page.body.Bytes()
	kind, _, _ := mime.ParseMediaType(page.header.Get("Content-Type"))
	switch kind {
	case "text/html":
		var found []string
		if body, found, err = c.rules.rewrite(file, body); err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
		c.find(found)
	case "text/css":
		for _, m := range references.FindAllSubmatch(body, -1) {
			c.find([]string{path.Join(path.Dir(address), string(m[1]))})
		}
	}
	return c.write(file, body)
}

// write writes a file of the copy and notes its hash.
func (c *crawl) write(file string, body []byte) error {
	full := filepath.Join(c.dir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(full, body, 0o644); err != nil { //nolint:gosec // it is public
		return err
	}
	sum := sha256.Sum256(body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written[file] = hex.EncodeToString(sum[:])
	c.bytes += int64(len(body))
	return nil
}

// seal writes the list of hashes.
func (c *crawl) seal() (Summary, error) {
	names := make([]string, 0, len(c.written))
	for name := range c.written {
		names = append(names, name)
	}
	slices.Sort(names)
	var list strings.Builder
	for _, name := range names {
		list.WriteString(c.written[name] + "  " + name + "\n")
	}
	sum := Summary{Files: len(names) + 1, Bytes: c.bytes + int64(list.Len()), Missing: c.missing}
	slices.Sort(sum.Missing)
	err := c.write(manifest, []byte(list.String()))
	sum.Hash = c.written[manifest]
	return sum, err
}

// answer is an answer of the handlers, kept in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the answer.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader remembers the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
