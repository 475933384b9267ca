package sitehttp

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/opendata"
	"conoceles/web/page/sitepage"
)

// downloadTime is how long a slow connection may take with a whole file.
const downloadTime = 5 * time.Minute

// fileBuffer gathers a file into writes that are worth compressing.
const fileBuffer = 32 << 10

// mountData mounts the open data of a process.
func (h *Handler) mountData(g serve.Group) {
	g.Get("/datos", "showData", serve.Anyone, h.page(h.showData))
	g.Get("/datos/diccionario", "showDictionary", serve.Anyone, h.page(h.showDictionary))
	file := func(path, name string, send answer) {
		g.Get(path, name, serve.Anyone, h.file(send), serve.Timeout(downloadTime), serve.ReadByOthers())
	}
	file("/datos/candidaturas.csv", "downloadCandidacies", h.downloadCandidacies)
	file("/datos/candidaturas.json", "downloadCandidaciesJSON", h.downloadJSON)
	file("/datos/candidaturas.xlsx", "downloadWorkbook", h.downloadWorkbook)
	file("/datos/identidad.csv", "downloadIdentity", h.downloadIdentity)
	file("/datos/datapackage.json", "showDataPackage", h.showPackage)
	file("/datos/cambios.json", "listChanges", h.listChanges)
	file("/datos/cambios.atom", "feedChanges", h.feedChanges)
}

// export is what the files of a process are about.
func (h *Handler) export(v visit, q site.Query) opendata.Export {
	return opendata.Export{
		Process: v.Process, Catalog: v.Catalog, Query: q, Cut: v.Process.ChangedAt, WithoutIdentity: h.options.WithoutIdentity,
		Profile: func(slug string) string {
			return h.options.BaseURL + permanent(v) + "/candidaturas/" + url.PathEscape(slug)
		},
	}
}

// permanent is where a process lives whichever is in force: what files say must
// not depend on the address they were asked by, nor on the day.
func permanent(v visit) string { return "/procesos/" + v.Process.Key }

// whole returns a file of the process at its epoch, from the shelf. What it says
// is the same whichever address it was asked by.
func (h *Handler) whole(ctx context.Context, v visit, name string) (*opendata.File, error) {
	write := opendata.WriteCSV
	if name == opendata.JSONName {
		write = opendata.WriteJSON
	}
	got, err := h.data.get(ctx, shelfKey{v.Process.ID, name}, v.Process.Epoch, func(ctx context.Context) (weighty, error) {
		return opendata.MakeFile(ctx, h.store, h.export(v, site.Query{}), write)
	})
	if err != nil {
		return nil, err
	}
	return got.(*opendata.File), nil
}

// downloadCandidacies sends the open data: all of it from the shelf, or what a
// search asks for as it reads it.
func (h *Handler) downloadCandidacies(w http.ResponseWriter, r *http.Request, v visit) error {
	query, problems := site.ParseQuery(r.URL.Query(), v.Catalog)
	if len(problems) > 0 {
		return fault.InvalidFields(problems)
	}
	query.Page, query.View, query.Order = 0, "", "" // the whole list, always in ballot order
	tag := fileTag(v.Process, query)
	if done := h.begin(w, r, v, "text/csv; charset=utf-8", "candidaturas", ".csv", tag); done {
		return nil
	}
	if len(query.Active()) == 0 {
		file, err := h.whole(r.Context(), v, opendata.CSVName)
		if err != nil {
			return err
		}
		return sendWhole(w, r, file)
	}
	return h.stream(w, r, func(out io.Writer) error { return opendata.WriteCSV(r.Context(), out, h.store, h.export(v, query)) })
}

// downloadJSON sends the same rows as the CSV.
func (h *Handler) downloadJSON(w http.ResponseWriter, r *http.Request, v visit) error {
	if done := h.begin(w, r, v, "application/json; charset=utf-8", "candidaturas", ".json", fileTag(v.Process, site.Query{Text: "json"})); done {
		return nil
	}
	file, err := h.whole(r.Context(), v, opendata.JSONName)
	if err != nil {
		return err
	}
	return sendWhole(w, r, file)
}

// downloadWorkbook sends the workbook. Its first sheet comes from the shelf; the
// second, where the process asks of identity, is read from the primary for this
// request, and then nobody may keep the file.
func (h *Handler) downloadWorkbook(w http.ResponseWriter, r *http.Request, v visit) error {
	e := h.export(v, site.Query{})
	tag := ""
	if !v.Process.AsksIdentity() || e.WithoutIdentity {
		tag = fileTag(v.Process, site.Query{Text: "xlsx"})
	} else {
		serve.Live(w)
	}
	if done := h.begin(w, r, v, opendata.WorkbookType, "candidaturas", ".xlsx", tag); done {
		return nil
	}
	got, err := h.data.get(r.Context(), shelfKey{v.Process.ID, opendata.WorkbookName}, v.Process.Epoch, func(ctx context.Context) (weighty, error) {
		return opendata.MakeWorkbook(ctx, h.store, e)
	})
	if err != nil {
		return err
	}
	return h.stream(w, r, func(out io.Writer) error { return got.(*opendata.Workbook).Write(r.Context(), out, h.store, e) })
}

// downloadIdentity sends the identity file. It is read from the primary for each
// who asks and nobody may keep it unasked. It takes no search: nothing chooses
// people by their identity.
func (h *Handler) downloadIdentity(w http.ResponseWriter, r *http.Request, v visit) error {
	if !v.Process.AsksIdentity() || h.options.WithoutIdentity {
		return fault.New(fault.NotFound, "")
	}
	serve.Live(w)
	if done := h.begin(w, r, v, "text/csv; charset=utf-8", "identidad", ".csv", ""); done {
		return nil
	}
	return h.stream(w, r, func(out io.Writer) error {
		return opendata.WriteIdentityCSV(r.Context(), out, h.store, h.export(v, site.Query{}))
	})
}

// begin writes the headers of a file. done says that there is nothing more to
// send: who asks has it already, or asked for the headers alone.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, v visit, kind, name, extension, tag string) (done bool) {
	header := w.Header()
	if tag != "" {
		header.Set("ETag", tag)
		if kept(r, tag) {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", `attachment; filename="`+name+"-"+v.Process.Key+extension+`"`)
	return r.Method == http.MethodHead
}

// stream sends a file as it is made, in its turn.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request, write func(io.Writer) error) error {
	release, err := turn(r.Context(), h.data.streams)
	if err != nil {
		return err
	}
	defer release()
	moreTime(w)
	out := bufio.NewWriterSize(w, fileBuffer)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

// moreTime gives a slow connection the time of a download. Where the connection
// cannot be told, the server's limit stays.
func moreTime(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(downloadTime))
}

// sendWhole sends a file that is made, as it is kept to who accepts it so.
func sendWhole(w http.ResponseWriter, r *http.Request, file *opendata.File) error {
	moreTime(w)
	header := w.Header()
	if acceptsGzip(r) {
		header.Set("Content-Encoding", "gzip")
		header.Set("Content-Length", strconv.Itoa(file.Weight()))
		_, err := w.Write(file.Packed())
		return err
	}
	header.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	_, err := file.WriteTo(w)
	return err
}

func acceptsGzip(r *http.Request) bool {
	for item := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if accepted(item) == "gzip" {
			return true
		}
	}
	return false
}

// showData says what can be downloaded, with the size and the hash of each file.
// Where they cannot be made now the page goes without them, and is not kept.
func (h *Handler) showData(w http.ResponseWriter, r *http.Request, v visit) error {
	page := sitepage.OpenData{WithoutIdentity: h.options.WithoutIdentity}
	for _, name := range []string{opendata.CSVName, opendata.JSONName} {
		f := sitepage.DataFile{Name: name}
		file, err := h.whole(r.Context(), v, name)
		switch {
		case err == nil:
			f.Bytes, f.SHA256 = file.Size, file.SHA256
		case busy(err):
			w.Header().Set("Cache-Control", "no-store")
		default:
			return err
		}
		page.Files = append(page.Files, f)
	}
	changes, err := h.store.Changes(r.Context(), v.Process, site.ChangesQuery{Newest: true, Limit: shownChanges})
	if err != nil {
		return err
	}
	page.Changes = changes
	return serve.Page(w, r, http.StatusOK, sitepage.Data(v.Frame, page))
}

// shownChanges is how many changes the page of open data shows.
const shownChanges = 10

// busy reports whether an error says to come back, and nothing is broken.
func busy(err error) bool {
	return fault.Is(err, fault.Unavailable) && fault.MessageOf(err) != "" || errors.Is(err, context.DeadlineExceeded)
}

// showDictionary says what every column means, from the questionnaires in force
// and from the database itself.
func (h *Handler) showDictionary(w http.ResponseWriter, r *http.Request, v visit) error {
	tables, err := h.store.Comments(r.Context())
	if err != nil {
		return err
	}
	d := sitepage.DataDictionary{Columns: dictionary(opendata.Dictionary(v.Catalog.Curricular)), Tables: tables}
	if v.Process.AsksIdentity() {
		d.Identity = dictionary(opendata.IdentityDictionary(v.Catalog.Identity))
	}
	return serve.Page(w, r, http.StatusOK, sitepage.Dictionary(v.Frame, d))
}

func dictionary(entries []opendata.Entry) []sitepage.DataColumn {
	out := make([]sitepage.DataColumn, len(entries))
	for i, e := range entries {
		out[i] = sitepage.DataColumn{Name: e.Name, Meaning: e.Meaning}
		for _, a := range e.Answers {
			out[i].Answers = append(out[i].Answers, sitepage.DataAnswer(a))
		}
	}
	return out
}

// showPackage describes the files for programs.
func (h *Handler) showPackage(w http.ResponseWriter, r *http.Request, v visit) error {
	csv, err := h.whole(r.Context(), v, opendata.CSVName)
	if err != nil {
		return err
	}
	json, err := h.whole(r.Context(), v, opendata.JSONName)
	if err != nil {
		return err
	}
	return serve.JSON(w, r, http.StatusOK, opendata.Describe(h.export(v, site.Query{}), h.options.BaseURL+permanent(v)+"/datos", csv, json))
}
