package opendata

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"conoceles/internal/site"
)

// File is a file made whole, to be sent many times. It keeps its bytes compressed.
type File struct {
	Size   int64  // of the file as it is downloaded
	SHA256 string // likewise, in hexadecimal

	packed []byte
}

// Weight is how many bytes of memory the file takes.
func (f *File) Weight() int { return len(f.packed) }

// Packed returns the file compressed with gzip. Nobody may change it.
func (f *File) Packed() []byte { return f.packed }

// WriteTo writes the file as it is downloaded.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	z, err := gzip.NewReader(bytes.NewReader(f.packed))
	if err != nil {
		return 0, err
	}
	return io.Copy(w, z)
}

// MakeFile makes a file with write, one of the writers of this package.
func MakeFile(ctx context.Context, s *site.Store, e Export, write func(context.Context, io.Writer, *site.Store, Export) error) (*File, error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	sum, size := sha256.New(), counter(0)
	if err := write(ctx, io.MultiWriter(z, sum, &size), s, e); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &File{Size: int64(size), SHA256: hex.EncodeToString(sum.Sum(nil)), packed: bytes.Clone(packed.Bytes())}, nil
}

// counter counts what is written to it.
type counter int64

// Write counts.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
