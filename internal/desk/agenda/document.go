package agenda

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/document"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// DocumentKind is what a document of an item is.
type DocumentKind string

// DocumentKinds returns the kinds of document, in order.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{"entregable", "minuta", "acuerdo", "oficio", "acuse", "material", "evidencia"}
}

var documentTitles = map[DocumentKind]string{
	"entregable": "Entregable", "minuta": "Minuta o acta", "acuerdo": "Acuerdo", "oficio": "Oficio", "acuse": "Acuse del SIVOPLE",
	"material": "Material de capacitación", "evidencia": "Evidencia",
}

// Title returns the name of the kind, "" for one that does not exist.
func (k DocumentKind) Title() string { return documentTitles[k] }

// Document is a document of an item, kept as it came.
type Document struct {
	Number int
	Kind   DocumentKind
	Name   string
	Hash   string // SHA-256
	By     string
	At     time.Time
	Bytes  []byte // only where it is asked for
}

type documentRow struct {
	Number int
	Kind   string
	Name   string
	Hash   string
	By     string
	At     time.Time
}

func documents(ctx context.Context, q db.Querier, process int64, number int) ([]Document, error) {
	const sql = `
SELECT d.number, d.kind, d.name, d.hash, a.name AS by, d.at
FROM desk.agenda_documents d JOIN desk.agenda_items i ON i.id = d.item_id JOIN desk.accounts a ON a.id = d.account_id
WHERE i.process_id = $1 AND i.number = $2 ORDER BY d.number`
	rows, err := q.Query(ctx, sql, process, number)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[documentRow])
	var out []Document
	for _, f := range found {
		out = append(out, Document{Number: f.Number, Kind: DocumentKind(f.Kind), Name: f.Name, Hash: f.Hash, By: f.By, At: f.At})
	}
	return out, db.Fault(err)
}

// Document returns a document of an item, with its bytes.
func (s *Store) Document(ctx context.Context, r auth.AgendaReader, item, number int) (Document, error) {
	const sql = `
SELECT d.kind, d.name, d.hash, d.bytes FROM desk.agenda_documents d JOIN desk.agenda_items i ON i.id = d.item_id
WHERE i.process_id = $1 AND i.number = $2 AND d.number = $3`
	d := Document{Number: number}
	err := s.desk.QueryRow(ctx, sql, r.Person().Process, item, number).Scan(&d.Kind, &d.Name, &d.Hash, &d.Bytes)
	return d, db.Fault(err)
}

// NewDocument is a document to add to an item.
type NewDocument struct {
	Item  int
	Kind  DocumentKind
	Name  string
	Bytes []byte
	Key   string
}

// Attach adds a document to an item. To add to what was already sent to INE, other
// than its oficio and its receipt, opens deliverable 10.
func (s *Store) Attach(ctx context.Context, k auth.AgendaKeeper, n NewDocument) error {
	who := k.Person()
	switch {
	case n.Kind.Title() == "":
		return fault.InvalidField(FieldKind, "Elige qué documento es")
	case len(n.Bytes) == 0:
		return fault.InvalidField(FieldDocument, "Elige el documento")
	}
	hash := document.Hash(n.Bytes)
	action := db.Action{
		Kind: "agenda.documento", Process: who.Process, Object: fmt.Sprintf("agenda %d", n.Item), Key: n.Key,
		Payload: []byte(string(n.Kind) + "\x00" + hash), Details: map[string]string{"sha256": hash},
	}
	_, err := s.desk.Do(ctx, k, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := lock(ctx, tx, who.Process); err != nil {
			return "", err
		}
		item, err := s.one(ctx, tx, who.Process, n.Item)
		if err != nil {
			return "", err
		}
		const sql = `
INSERT INTO desk.agenda_documents (item_id, number, kind, name, bytes, hash, account_id, at)
SELECT i.id, (SELECT count(*) + 1 FROM desk.agenda_documents d WHERE d.item_id = i.id), $3, $4, $5, $6, $7, $8
FROM desk.agenda_items i WHERE i.process_id = $1 AND i.number = $2`
		if err := tx.Exec(ctx, sql, who.Process, n.Item, string(n.Kind), n.Name, n.Bytes, hash, who.Account, tx.Now()); err != nil {
			return "", err
		}
		if n.Kind == "oficio" || n.Kind == "acuse" {
			return "", nil
		}
		return "", s.changedAfterDispatch(ctx, tx, who, item)
	})
	return err
}

// Letter returns the oficio that sends an item to INE, as PDF: what the Secretaría
// signs. It is marked as preliminary until the dispatch is recorded.
func (s *Store) Letter(ctx context.Context, r auth.AgendaReader, number int) ([]byte, error) {
	f, err := s.File(ctx, r, number)
	if err != nil {
		return nil, err
	}
	return s.letter(ctx, r, f)
}

func (s *Store) letter(ctx context.Context, r auth.AgendaReader, f File) ([]byte, error) {
	settings, err := s.Settings(ctx, r)
	if err != nil {
		return nil, err
	}
	head, err := s.letterhead(ctx, r.Person().Process, "Secretaría Ejecutiva")
	if err != nil {
		return nil, err
	}
	now := s.desk.Now()
	p := document.NewLetter(head, "Remisión: "+f.Name(), now)
	oficio := "(por asignar)"
	if sent, ok := f.Dispatched(); ok {
		oficio = sent.Document
	} else {
		p.Draft = "PRELIMINAR. No se ha enviado."
	}
	p.Head(oficio, now)
	p.Addressed(settings.DispatchTo, "Por medio del SIVOPLE")
	p.Heading("Remisión: " + f.Name())
	p.Paragraphs(strings.NewReplacer(
		"{proceso}", head.Process, "{entregable}", f.Name(), "{aprobacion}", f.approval(),
		"{documentos}", es.Plural(len(f.Documents), "documento", "documentos"),
	).Replace(settings.DispatchBody))
	var rows [][]string
	for _, d := range f.Documents {
		rows = append(rows, []string{d.Name + "\n" + d.Kind.Title(), hashInLines(d.Hash)})
	}
	p.Section("Documentos", []float64{96, 80}, []string{"Documento", "SHA-256"}, rows)
	if settings.DispatchCopy != "" {
		p.Paragraphs("Con copia para: " + settings.DispatchCopy + ".")
	}
	p.Signature("", "Secretaría Ejecutiva")
	return p.Bytes()
}

// hashInLines breaks a hash in two, to fit in its column.
func hashInLines(hash string) string { return hash[:len(hash)/2] + "\n" + hash[len(hash)/2:] }

// approval says which steps approved the item.
func (f File) approval() string {
	var said []string
	for _, s := range f.Steps {
		if s.Kind == Dispatch || s.Done.IsZero() {
			continue
		}
		text := s.Kind.Title() + " del " + dayText(s.Done)
		if s.Document != "" {
			text += " (" + s.Document + ")"
		}
		said = append(said, text)
	}
	if len(said) == 0 {
		return "Aún no se registra su aprobación."
	}
	return "Consta en: " + es.List(said...) + "."
}

// Bundle returns the ZIP that goes with the dispatch: the oficio, the documents of
// the item and the manifest of their hashes. It has nothing to send when there are
// no documents: a Conflict.
func (s *Store) Bundle(ctx context.Context, r auth.AgendaReader, number int) ([]byte, error) {
	f, err := s.File(ctx, r, number)
	if err != nil {
		return nil, err
	}
	if len(f.Documents) == 0 {
		return nil, fault.New(fault.Conflict, "Aún no hay documentos que remitir. Agrega el primero.")
	}
	letter, err := s.letter(ctx, r, f)
	if err != nil {
		return nil, err
	}
	files := []document.File{{Name: "oficio-de-remision.pdf", Bytes: letter}}
	for _, d := range f.Documents {
		whole, err := s.Document(ctx, r, number, d.Number)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(d.Name, path.Ext(d.Name))
		files = append(files, document.File{
			Name: fmt.Sprintf("documentos/%02d-%s-%s%s", d.Number, d.Kind, document.FileName(name), path.Ext(d.Name)), Bytes: whole.Bytes,
		})
	}
	return document.Bundle(files, s.desk.Now())
}

func (s *Store) letterhead(ctx context.Context, process int64, area string) (document.Letterhead, error) {
	const sql = `
SELECT COALESCE(i.name, ''), COALESCE(i.place, ''), COALESCE(i.address, ''), p.name
FROM desk.processes p LEFT JOIN desk.institution i ON true WHERE p.id = $1`
	h := document.Letterhead{Area: area}
	err := s.desk.QueryRow(ctx, sql, process).Scan(&h.Name, &h.Place, &h.Address, &h.Process)
	return h, db.Fault(err)
}

// dayText says a day that is a date and no instant.
func dayText(d time.Time) string {
	return es.Date(time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, es.Zone))
}
