package tabular

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table of a workbook.
type Sheet struct {
	Name   string
	Header []string
	Rows   [][]string
	// Numeric says which columns are figures: their cells that read as a number are
	// one, for who opens the workbook to count.
	Numeric []bool
}

// WriteBook writes a workbook of several sheets, each as WriteXLSX does it. The
// same sheets give the same bytes.
func WriteBook(w io.Writer, sheets ...Sheet) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range sheets {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", s.Name); err != nil {
				return fmt.Errorf("naming the sheet: %w", err)
			}
		} else if _, err := f.NewSheet(s.Name); err != nil {
			return fmt.Errorf("adding a sheet: %w", err)
		}
		if err := writeSheet(f, s); err != nil {
			return fmt.Errorf("writing the sheet %s: %w", s.Name, err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return err
	}
	return repack(w, b.Bytes())
}

// repack writes a ZIP again with its entries in order and without instants, which
// are all that changes between two equal workbooks.
func repack(w io.Writer, data []byte) error {
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range in.File {
		if err := copyEntry(out, f); err != nil {
			return fmt.Errorf("repacking %s: %w", f.Name, err)
		}
	}
	return out.Close()
}

func copyEntry(out *zip.Writer, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = io.Copy(to, r)
	return err
}
