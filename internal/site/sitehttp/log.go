package sitehttp

import (
	"math"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"golang.org/x/mod/sumdb/tlog"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/web/page/sitepage"
)

// Names of the parameters of proofs.
const (
	paramLeaf  = "hoja"
	paramSize  = "tamano"
	paramFrom  = "desde"
	paramUntil = "hasta"
)

// leavesPage is how many leaves an answer has.
const leavesPage = 1000

// shownCheckpoints is how many checkpoints the page lists.
const shownCheckpoints = 12

// mountLog mounts the public register, one for every process.
func (h *Handler) mountLog(g serve.Group) {
	g.Get("/verificacion", "showVerification", serve.Anyone, h.showVerification)
	g.Get("/verificacion/sello.txt", "downloadCheckpoint", serve.Anyone, h.downloadCheckpoint, serve.ReadByOthers())
	g.Get("/verificacion/inclusion.json", "proveInclusion", serve.Anyone, h.proveInclusion, serve.ReadByOthers())
	g.Get("/verificacion/consistencia.json", "proveConsistency", serve.Anyone, h.proveConsistency, serve.ReadByOthers())
	g.Get("/verificacion/hojas.json", "listLeaves", serve.Anyone, h.listLeaves, serve.ReadByOthers())
}

// showVerification explains the register and shows its last checkpoints. With a
// leaf, it says whether it is there.
func (h *Handler) showVerification(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.enter(r)
	if err != nil {
		return err
	}
	p := sitepage.Verification{Leaf: r.URL.Query().Get(paramLeaf)}
	if p.Checkpoints, err = h.store.Checkpoints(r.Context(), shownCheckpoints); err != nil {
		return err
	}
	if p.Keys, err = h.store.LogKeys(r.Context()); err != nil {
		return err
	}
	status := http.StatusOK
	if p.Leaf != "" {
		index, size := parseIndex(p.Leaf), p.Size()
		switch {
		case index < 0:
			p.Problem = "Escribe el número de la hoja, como 12"
		case index >= size:
			p.Problem = "Esa hoja todavía no existe: el registro tiene " + strconv.FormatInt(size, 10)
		default:
			proof, err := h.inclusion(r, index, size)
			if err != nil {
				return err
			}
			p.Proof = &sitepage.LeafProof{Index: index, Size: size, Leaf: proof.Leaf, Steps: len(proof.Proof)}
		}
		if p.Problem != "" {
			status = http.StatusUnprocessableEntity
		}
	}
	serve.CachePublic(w, 0)
	return serve.Page(w, r, status, sitepage.VerificationPage(v.Frame, p))
}

// downloadCheckpoint sends the last checkpoint, or that of a size, as it was signed.
func (h *Handler) downloadCheckpoint(w http.ResponseWriter, r *http.Request) error {
	c, err := h.checkpoint(r)
	if err != nil {
		return err
	}
	serve.CachePublic(w, 0)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = w.Write([]byte(c.Note))
	return err
}

// checkpoint is the one that a request asks for: the last, unless it says a size.
func (h *Handler) checkpoint(r *http.Request) (site.Checkpoint, error) {
	if text := r.URL.Query().Get(paramSize); text != "" {
		size := parseIndex(text)
		if size < 1 {
			return site.Checkpoint{}, fault.InvalidField(paramSize, "Escribe cuántas hojas cubre el sello, como 40.")
		}
		return h.store.CheckpointOf(r.Context(), size)
	}
	all, err := h.store.Checkpoints(r.Context(), 1)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "")
	}
	if err != nil {
		return site.Checkpoint{}, err
	}
	return all[0], nil
}

// inclusionProof says that a leaf is in a tree.
type inclusionProof struct {
	Index int64    `json:"hoja"`
	Leaf  []byte   `json:"compromiso"`
	Size  int64    `json:"tamano"`
	Root  []byte   `json:"raiz"`
	Proof [][]byte `json:"prueba"`
	Note  string   `json:"sello"`
}

func (h *Handler) proveInclusion(w http.ResponseWriter, r *http.Request) error {
	c, err := h.checkpoint(r)
	if err != nil {
		return err
	}
	index := parseIndex(r.URL.Query().Get(paramLeaf))
	if index < 0 {
		return fault.InvalidField(paramLeaf, "Escribe el número de la hoja, como 12.")
	}
	if index >= c.Size {
		return fault.New(fault.NotFound, "")
	}
	p, err := h.inclusion(r, index, c.Size)
	if err != nil {
		return err
	}
	p.Note = c.Note
	serve.CachePublic(w, 0)
	return serve.JSON(w, r, http.StatusOK, p)
}

// inclusion proves that a leaf is in the tree of a size, and checks it before
// anybody sees it.
func (h *Handler) inclusion(r *http.Request, index, size int64) (inclusionProof, error) {
	p := inclusionProof{Index: index, Size: size}
	leaves, err := h.store.LogLeaves(r.Context(), index, 1)
	if err != nil || len(leaves) == 0 {
		return p, orNotFound(err)
	}
	hashes := h.store.LogHashes(r.Context())
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return p, err
	}
	proof, err := tlog.ProveRecord(size, index, hashes)
	if err != nil {
		return p, err
	}
	if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaves[0])); err != nil {
		return p, err
	}
	p.Leaf, p.Root, p.Proof = leaves[0], root[:], asBytes(proof)
	return p, nil
}

func orNotFound(err error) error {
	if err == nil {
		return fault.New(fault.NotFound, "")
	}
	return err
}

func asBytes(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}

// consistencyProof says that a tree only grew.
type consistencyProof struct {
	From      int64    `json:"desde"`
	Until     int64    `json:"hasta"`
	FromRoot  []byte   `json:"raiz_desde"`
	UntilRoot []byte   `json:"raiz_hasta"`
	Proof     [][]byte `json:"prueba"`
}

func (h *Handler) proveConsistency(w http.ResponseWriter, r *http.Request) error {
	last, err := h.checkpoint(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := consistencyProof{From: parseIndex(q.Get(paramFrom)), Until: last.Size}
	if text := q.Get(paramUntil); text != "" {
		p.Until = parseIndex(text)
	}
	if p.From < 1 || p.Until < p.From {
		return fault.InvalidField(paramFrom, "Escribe dos tamaños, como desde=10 y hasta=40.")
	}
	if p.Until > last.Size {
		return fault.New(fault.NotFound, "")
	}
	hashes := h.store.LogHashes(r.Context())
	from, err := tlog.TreeHash(p.From, hashes)
	if err != nil {
		return err
	}
	until, err := tlog.TreeHash(p.Until, hashes)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(p.Until, p.From, hashes)
	if err != nil {
		return err
	}
	p.FromRoot, p.UntilRoot, p.Proof = from[:], until[:], asBytes(proof)
	serve.CachePublic(w, 0)
	return serve.JSON(w, r, http.StatusOK, p)
}

// leafList is a page of leaves.
type leafList struct {
	From   int64    `json:"desde"`
	Leaves [][]byte `json:"hojas"`
	Next   string   `json:"siguiente,omitempty"`
}

// listLeaves sends every leaf in pages, so that anybody makes the whole tree.
func (h *Handler) listLeaves(w http.ResponseWriter, r *http.Request) error {
	l := leafList{}
	if text := r.URL.Query().Get(paramFrom); text != "" {
		if l.From = parseIndex(text); l.From < 0 {
			return fault.InvalidField(paramFrom, "Escribe el número de la primera hoja, como 1000.")
		}
	}
	leaves, err := h.store.LogLeaves(r.Context(), l.From, leavesPage+1)
	if err != nil {
		return err
	}
	if len(leaves) > leavesPage {
		leaves = leaves[:leavesPage]
		l.Next = h.options.BaseURL + "/verificacion/hojas.json?" + paramFrom + "=" + strconv.FormatInt(l.From+leavesPage, 10)
	}
	l.Leaves = append([][]byte{}, leaves...)
	serve.CachePublic(w, 0)
	return serve.JSON(w, r, http.StatusOK, l)
}

// parseIndex reads a number of the register; what is none is -1.
func parseIndex(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt32 {
		return -1
	}
	return n
}

// showVersions shows the public history of a candidacy. It is kept once every
// version has its leaf.
func (h *Handler) showVersions(w http.ResponseWriter, r *http.Request, v visit) error {
	versions, err := h.store.Versions(r.Context(), v.Process, chi.URLParam(r, "slug"))
	if err != nil {
		return h.elsewhere(w, r, v, "/versiones", err)
	}
	draw := func(w http.ResponseWriter, r *http.Request, v visit) error {
		found, err := h.store.Lookup(r.Context(), v.Process, chi.URLParam(r, "slug"))
		if err != nil || found.Profile == nil {
			return orNotFound(err)
		}
		page, err := sitepage.NewHistory(v.Frame, *found.Profile, versions)
		if err != nil {
			return err
		}
		return serve.Page(w, r, http.StatusOK, sitepage.HistoryPage(v.Frame, page))
	}
	if versions[len(versions)-1].Index < 0 {
		return draw(w, r, v)
	}
	return h.kept.serve(w, r, v, draw)
}

// elsewhere answers for a slug with no page of its own: it moved, or it is gone.
func (h *Handler) elsewhere(w http.ResponseWriter, r *http.Request, v visit, suffix string, cause error) error {
	if !fault.Is(cause, fault.NotFound) {
		return cause
	}
	found, err := h.store.Lookup(r.Context(), v.Process, chi.URLParam(r, "slug"))
	switch {
	case err != nil:
		return err
	case found.MovedTo != "":
		http.Redirect(w, r, v.Profile(found.MovedTo)+suffix, http.StatusMovedPermanently)
		return nil
	case found.Tombstone != nil:
		return serve.Page(w, r, http.StatusGone, sitepage.Gone(v.Frame, *found.Tombstone))
	}
	return cause
}

// versionFile is a version as programs read it: all that opens its leaf.
type versionFile struct {
	Place   int          `json:"lugar"`
	Kind    string       `json:"clase"`
	Number  int          `json:"version"`
	At      string       `json:"instante"`
	Leaf    []byte       `json:"compromiso"`
	Index   *int64       `json:"hoja"`
	Text    string       `json:"texto"`
	Opening site.Opening `json:"apertura"`
}

// downloadVersions sends what opens the leaves of a candidacy's history.
func (h *Handler) downloadVersions(w http.ResponseWriter, r *http.Request, v visit) error {
	versions, err := h.store.Versions(r.Context(), v.Process, chi.URLParam(r, "slug"))
	if err != nil {
		return h.elsewhere(w, r, v, "/versiones.json", err)
	}
	out := make([]versionFile, len(versions))
	for i, x := range versions {
		out[i] = versionFile{
			Place: x.Place, Kind: string(x.Kind), Number: x.Number, At: x.Instant(), Leaf: x.Leaf(), Text: x.Text(), Opening: x.Opening,
		}
		if x.Index >= 0 {
			out[i].Index = &x.Index
		}
	}
	return serve.JSON(w, r, http.StatusOK, out)
}
