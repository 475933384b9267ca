// Package snapshot writes the public site of a process as files that any static
// server serves, or that open from a disk: home, ballots, lists, fichas,
// statistics and open data.
//
// Write asks the public handlers for each page, as a visitor would, and follows
// their links: what a page says is written in one place, and the copy cannot say
// something else. A link to what the copy has becomes a relative address of a
// file; a link to what needs a server (a search, a comparison) is taken out and
// its words stay. Which addresses the copy has is Copied, a rule and not a list,
// so that pages can be written in any order.
//
// A page lives at its address with «/index.html» after it, so an address that
// somebody kept works in the copy too. The lists of a contest and of a nominator,
// which are searches in the site, have addresses of their own below
// candidaturas/lista.
//
// The handlers must be told that they draw a copy (sitehttp.Options.Copied):
// then no page offers what the copy lacks, and none shows identity, which nobody
// could withdraw from a copy. Write makes sure of the former.
//
// The same data gives the same bytes. SHA256SUMS lists every file with its hash,
// as «sha256sum -c» reads it.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"conoceles/internal/fault"
	"conoceles/internal/site"
)

// Source is what is copied.
type Source struct {
	Store   *site.Store
	Handler http.Handler // the public routes, which draw a copy
	Process site.Process
	Base    string // of the addresses of the process: "", or "/procesos/{clave}"
}

// Summary is what a copy holds.
type Summary struct {
	Files int
	Bytes int64
	Hash  string // of SHA256SUMS, which names every file: of the whole copy

	// Missing are the addresses that some page leads to and that answered
	// something else than a page; the copy has no file for them.
	Missing []string
}

// manifest is the name of the list of hashes.
const manifest = "SHA256SUMS"

// attempts is how many times a copy is begun again because the site changed under
// it.
const attempts = 3

// Write writes the copy in dir, which must not exist or be empty. It is whole or
// it is not there. A site that keeps changing while it is copied is a Conflict.
func Write(ctx context.Context, dir string, s Source) (Summary, error) {
	if err := mustBeFree(dir); err != nil {
		return Summary{}, err
	}
	for range attempts {
		sum, after, err := s.write(ctx, dir)
		if err != nil || after.Epoch == s.Process.Epoch {
			return sum, err
		}
		s.Process = after
	}
	return Summary{}, fault.New(fault.Conflict, "El sitio cambió mientras se copiaba. Vuelve a intentarlo en unos minutos.")
}

// write writes beside dir what will be dir, unless the process is no longer as it
// was; after is how it is.
func (s Source) write(ctx context.Context, dir string) (sum Summary, after site.Process, err error) {
	draft, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".copia-")
	if err != nil {
		return sum, after, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(draft)) }()
	starts, err := s.starts(ctx)
	if err != nil {
		return sum, after, err
	}
	c := &crawl{source: s, dir: draft, rules: Rules{Base: s.Base}}
	if err := c.run(ctx, starts); err != nil {
		return sum, after, err
	}
	if after, err = s.again(ctx); err != nil || after.Epoch != s.Process.Epoch {
		return sum, after, err
	}
	if sum, err = c.seal(); err != nil {
		return sum, after, err
	}
	return sum, after, settle(draft, dir)
}

// again reads how the process is now.
func (s Source) again(ctx context.Context) (site.Process, error) {
	all, err := s.Store.Processes(ctx)
	p, ok := site.Find(all, s.Process.Key)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "El proceso dejó de existir mientras se copiaba.")
	}
	return p, err
}

// settle gives a finished copy its name.
func settle(draft, dir string) error {
	if err := os.Chmod(draft, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(draft, dir)
}

// mustBeFree refuses a directory with something in it, so that no copy is mixed
// with another nor takes the place of what somebody keeps.
func mustBeFree(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.MkdirAll(filepath.Dir(filepath.Clean(dir)), 0o755)
	case err != nil:
		return fmt.Errorf("leer %s: %w", dir, err)
	case len(entries) > 0:
		return fault.Newf(fault.Invalid, "El directorio %s no está vacío. Elige uno nuevo para la copia.", dir)
	}
	return nil
}

// starts are the addresses that no page needs to lead to: every ficha, every
// sección and the lists of each nominator.
func (s Source) starts(ctx context.Context) ([]string, error) {
	catalog, err := s.Store.Catalog(ctx, s.Process)
	if err != nil {
		return nil, err
	}
	slugs, err := s.Store.Slugs(ctx, s.Process)
	if err != nil {
		return nil, err
	}
	precincts, err := s.Store.PrecinctNumbers(ctx, s.Process)
	if err != nil {
		return nil, err
	}
	out := []string{s.Base + "/", s.Base + "/datos/cambios.json"}
	for _, o := range catalog.Offices {
		out = append(out, s.Base+"/candidaturas?"+site.Query{Office: o.Key}.Values().Encode())
	}
	for _, n := range catalog.Nominators {
		out = append(out, s.Base+"/candidaturas?"+site.Query{Nominator: n.Slug}.Values().Encode())
	}
	for _, slug := range slugs {
		out = append(out, s.Base+"/candidaturas/"+slug)
	}
	for _, n := range precincts {
		out = append(out, s.Base+"/boleta/"+strconv.Itoa(n))
	}
	for _, m := range catalog.Municipalities {
		out = append(out, s.Base+"/boleta/municipio/"+m.Key)
	}
	return out, nil
}
