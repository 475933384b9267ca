package consent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/jpeg" // the signed format may be a photograph
	_ "image/png"
	"math"
	"net/http"
	"regexp"
	"strconv"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// MaxDocument is the most that a signed document may measure.
const MaxDocument = 8 << 20

// maxPixels bounds an image before anybody decodes it.
const maxPixels = 50_000_000

// Document is a signed format as it was delivered. Its name is discarded.
type Document struct {
	Bytes []byte
}

// MediaType returns what the bytes are, whatever the name said; "" when they are
// none of the three that are accepted.
func (d Document) MediaType() string {
	switch kind := http.DetectContentType(d.Bytes); kind {
	case "application/pdf", "image/jpeg", "image/png":
		return kind
	default:
		return ""
	}
}

func (d Document) hash() string {
	sum := sha256.Sum256(d.Bytes)
	return hex.EncodeToString(sum[:])
}

// check refuses what is not a signed format: empty, too large, of another kind,
// encrypted, with active content or more pages than a format has.
func (d Document) check() error {
	bad := func(message string) error { return fault.InvalidField("documento", message) }
	switch {
	case len(d.Bytes) == 0:
		return bad("Elige el documento firmado")
	case len(d.Bytes) > MaxDocument:
		return bad("El documento mide más de 8 MB. Digitalízalo con menor resolución")
	}
	switch d.MediaType() {
	case "application/pdf":
		return checkPDF(d.Bytes)
	case "image/jpeg", "image/png":
		c, _, err := image.DecodeConfig(bytes.NewReader(d.Bytes))
		if err != nil {
			return bad("La imagen está dañada. Vuelve a digitalizar o fotografiar el documento")
		}
		if c.Width*c.Height > maxPixels {
			return bad("La imagen es demasiado grande. Fotografía el documento con menor resolución")
		}
		return nil
	default:
		return bad("El documento debe ser PDF, JPG o PNG. Abre el original y guárdalo en uno de esos formatos")
	}
}

// checkPDF looks at the bytes without interpreting them: a document is kept and
// served as an opaque attachment.
func checkPDF(b []byte) error {
	bad := func(message string) error { return fault.InvalidField("documento", message) }
	whole := bytes.HasPrefix(b, []byte("%PDF-")) && bytes.Contains(b[max(0, len(b)-2048):], []byte("%%EOF"))
	b = plainNames(b)
	switch {
	case !whole:
		return bad("El PDF está incompleto. Vuelve a guardarlo o digitalizarlo")
	case bytes.Contains(b, []byte("/Encrypt")):
		return bad("El PDF tiene contraseña. Guárdalo sin ella y vuelve a subirlo")
	case active.Match(b):
		return bad("El PDF tiene programas o archivos dentro. Imprímelo, fírmalo y digitalízalo de nuevo")
	case pages(b) > maxPages:
		return bad(fmt.Sprintf("El PDF tiene más de %d páginas: el formato tiene una. Revisa que sea el documento correcto", maxPages))
	}
	return nil
}

// plainNames writes as themselves the characters of names that a PDF may write as
// «#» and their code: /J#61vaScript is /JavaScript.
func plainNames(b []byte) []byte {
	return escaped.ReplaceAllFunc(b, func(code []byte) []byte {
		c, err := hex.DecodeString(string(code[1:]))
		if err != nil {
			return code
		}
		return c
	})
}

var escaped = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)

// active matches what makes a PDF more than paper. Our own format, signed on
// screen, has an empty tree of /EmbeddedFiles: only a file in it counts.
var active = regexp.MustCompile(`/(JavaScript|JS\s*([(<]|\d+\s+\d+\s+R)|Launch|XFA|EmbeddedFile[^s])`)

const maxPages = 20

var (
	pageObject = regexp.MustCompile(`/Type\s*/Page[^s]`)
	pageCount  = regexp.MustCompile(`/Count\s+(\d+)`)
)

// pages counts the page objects that can be seen, or believes the page tree's
// own count where objects are compressed.
func pages(b []byte) int {
	n := len(pageObject.FindAllIndex(b, maxPages+1))
	for _, found := range pageCount.FindAllSubmatch(b, -1) {
		count, err := strconv.Atoi(string(found[1]))
		if err != nil { // more digits than a number has
			count = math.MaxInt
		}
		n = max(n, count)
	}
	return n
}

// Attachment delivers the signed document of the declaration in force.
type Attachment struct {
	Folio string
	Key   string
	After int64
	File  Document
}

// Attach keeps the signed document of the last declaration, in place of one
// delivered before. What was verified stops being so: the new document has to be
// verified too.
func (s *Store) Attach(ctx context.Context, a auth.Capturer, at Attachment) error {
	if err := at.File.check(); err != nil {
		return err
	}
	sub, err := s.Find(ctx, a, at.Folio)
	if err != nil {
		return err
	}
	_, err = s.desk.Do(ctx, a, s.action("consentimiento.documentar", sub, at.Key, at.File.hash()), func(ctx context.Context, tx *db.Tx) (string, error) {
		if _, err := hold(ctx, tx, a, at.Folio); err != nil {
			return "", err
		}
		if err := s.unchanged(ctx, tx, sub.ID, at.After); err != nil {
			return "", err
		}
		st, err := standing(ctx, tx, sub.ID)
		if err != nil {
			return "", err
		}
		if _, ok := st.Decided(); !ok {
			return "", fault.New(fault.Conflict, "Primero decide las tres autorizaciones; después sube el documento firmado.")
		}
		document, err := s.keep(ctx, tx, a, sub, at.File)
		if err != nil {
			return "", err
		}
		_, err = insert(ctx, tx, sub.ID, a, Event{Kind: Documented, Medium: Online, Declaration: st.Declaration.ID, Document: document})
		if err != nil {
			return "", err
		}
		return "", s.site.Candidacies(ctx, tx, sub.Process, sub.ID)
	})
	return err
}

// keep stores a document, sealed.
func (s *Store) keep(ctx context.Context, tx *db.Tx, who actor, sub Subject, d Document) (int64, error) {
	sealed, err := s.seal.SealDocument(ctx, tx, sub.Process, sub.ID, documentName(d.hash()), d.Bytes)
	if err != nil {
		return 0, err
	}
	var id int64
	const q = `
INSERT INTO sensitive.consent_documents (candidacy_id, sealed, hash, media_type, size, account_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`
	err = tx.QueryRow(ctx, q, sub.ID, sealed, d.hash(), d.MediaType(), len(d.Bytes), who.AccountID(), tx.Now()).Scan(&id)
	return id, err
}

func documentName(hash string) string { return "consentimiento " + hash }

// Opened is a document for somebody to look at.
type Opened struct {
	Bytes     []byte
	MediaType string
	Hash      string
}

// ReadDocument opens the document in force of a candidacy for the Head or a
// Reviewer, who say why; the bitácora keeps who read it.
func (s *Store) ReadDocument(ctx context.Context, by Registrar, folio, reason string) (Opened, error) {
	if reason == "" {
		return Opened{}, fault.InvalidField("motivo", "Escribe para qué necesitas ver el documento")
	}
	sub, err := one(ctx, s.desk, subjectColumns+` WHERE c.process_id = $1 AND c.folio = $2`, by.Person().Process, folio)
	if err != nil {
		return Opened{}, err
	}
	var out Opened
	action := s.action("consentimiento.leer_documento", sub, "", "")
	action.Details = map[string]string{"motivo": reason}
	_, err = s.desk.Do(ctx, by, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		st, err := standing(ctx, tx, sub.ID)
		if err != nil {
			return "", err
		}
		out, err = s.open(ctx, tx, sub, st.Document)
		return "", err
	})
	return out, err
}

func (s *Store) open(ctx context.Context, q db.Querier, sub Subject, document int64) (Opened, error) {
	var sealed []byte
	var out Opened
	const sql = `SELECT sealed, media_type, hash FROM sensitive.consent_documents WHERE id = $1 AND candidacy_id = $2`
	if err := q.QueryRow(ctx, sql, document, sub.ID).Scan(&sealed, &out.MediaType, &out.Hash); err != nil {
		return Opened{}, db.Fault(err)
	}
	var err error
	out.Bytes, err = s.seal.OpenDocument(ctx, q, sub.Process, sub.ID, documentName(out.Hash), sealed)
	return out, err
}
