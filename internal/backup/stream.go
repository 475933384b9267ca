package backup

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"conoceles/internal/db"
)

// A file of tables is a series of records, compressed: one that names a table, as
// many as it takes of its rows, and the next table. The last one is the manifest,
// and a file without it was cut. Encryption sees to what anybody could change.

const (
	recordTable    = 'T' // a db.Table
	recordRows     = 'D' // some of its rows, cut anywhere
	recordManifest = 'M' // a manifest; nothing follows
)

// longest is the size of a record that somebody could mean.
const longest = 64 << 20

// manifest says what a file of tables has.
type manifest struct {
	Tables    []tableDigest `json:"tablas"`
	Sequences []db.Sequence `json:"secuencias"`
}

type streamWriter struct {
	zip *gzip.Writer
	buf *bufio.Writer
}

func newStreamWriter(to io.Writer) (*streamWriter, error) {
	z, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	return &streamWriter{zip: z, buf: bufio.NewWriterSize(z, 256<<10)}, nil
}

// Write writes rows of the last table named.
func (s *streamWriter) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		part := rest[:min(len(rest), longest)]
		if err := s.record(recordRows, part); err != nil {
			return 0, err
		}
		rest = rest[len(part):]
	}
	return len(b), nil
}

func (s *streamWriter) record(kind byte, body []byte) error {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)))
	if _, err := s.buf.Write(head); err != nil {
		return err
	}
	_, err := s.buf.Write(body)
	return err
}

func (s *streamWriter) close(m manifest) error {
	if err := s.record(recordManifest, mustJSON(m)); err != nil {
		return err
	}
	if err := s.buf.Flush(); err != nil {
		return err
	}
	return s.zip.Close()
}

// errCut says that a file ends before its manifest.
var errCut = errors.New("el respaldo está incompleto: su archivo termina antes de tiempo")

// readStream calls each table with its rows, which it reads whole, and returns
// the manifest.
func readStream(from io.Reader, each func(db.Table, io.Reader) error) (manifest, error) {
	var m manifest
	z, err := gzip.NewReader(bufio.NewReaderSize(from, 256<<10))
	if err != nil {
		return m, fmt.Errorf("abrir el respaldo: %w", err)
	}
	r := &streamReader{from: bufio.NewReaderSize(z, 256<<10)}
	for {
		kind, body, err := r.next()
		if err != nil {
			return m, err
		}
		switch kind {
		case recordManifest:
			return m, json.Unmarshal(body, &m)
		case recordTable:
			var t db.Table
			if err := json.Unmarshal(body, &t); err != nil {
				return m, err
			}
			rows := &rowReader{stream: r}
			if err := each(t, rows); err != nil {
				return m, err
			}
			if _, err := io.Copy(io.Discard, rows); err != nil {
				return m, err
			}
		default:
			return m, fmt.Errorf("backup: a record of kind %q where a table was expected", kind)
		}
	}
}

// streamReader reads records, and can give one back.
type streamReader struct {
	from *bufio.Reader
}

// next reads a record.
func (r *streamReader) next() (kind byte, body []byte, err error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(r.from, head); err != nil {
		return 0, nil, cut(err)
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > longest {
		return 0, nil, fmt.Errorf("backup: a record of %d bytes", size)
	}
	body = make([]byte, size)
	if _, err := io.ReadFull(r.from, body); err != nil {
		return 0, nil, cut(err)
	}
	return head[0], body, nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

// rowReader reads the rows of a table until the record of something else.
type rowReader struct {
	stream *streamReader
	rest   []byte
}

// Read reads some of the rows.
func (r *rowReader) Read(b []byte) (int, error) {
	for len(r.rest) == 0 {
		kind, err := r.stream.from.Peek(1)
		if err != nil {
			return 0, cut(err)
		}
		if kind[0] != recordRows {
			return 0, io.EOF
		}
		if _, r.rest, err = r.stream.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
