package opendata

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"conoceles/internal/site"
)

// WriteJSON writes the same rows as WriteCSV as an array of objects whose names
// are those of the columns, in their order. Nothing in it is neutralised: no
// spreadsheet runs it.
func WriteJSON(ctx context.Context, w io.Writer, s *site.Store, e Export) error {
	var row bytes.Buffer
	encode := json.NewEncoder(&row)
	encode.SetEscapeHTML(false)
	header := Header()
	before := "["
	err := s.Each(ctx, e.Process, e.Catalog, e.Query, func(p site.Profile) error {
		row.Reset()
		row.WriteString(before + "\n")
		before = ","
		for i, cell := range e.Row(p) {
			row.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
			if err := encode.Encode(header[i]); err != nil {
				return err
			}
			row.Truncate(row.Len() - 1) // the line end of the encoder
			row.WriteByte(':')
			if err := encode.Encode(cell); err != nil {
				return err
			}
			row.Truncate(row.Len() - 1)
		}
		row.WriteByte('}')
		_, err := w.Write(row.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	if before == "[" {
		_, err = io.WriteString(w, "[]\n")
		return err
	}
	_, err = io.WriteString(w, "\n]\n")
	return err
}
