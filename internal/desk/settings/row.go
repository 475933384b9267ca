package settings

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// row is a source that is one row of a table, whose columns the fields name.
// PostgreSQL reads and writes it as JSON, so that each value takes the type of its
// column and a column that the sheet does not name stays as it is.
type row struct {
	readSQL  string // $1 process, $2 ref: the name of the thing and its columns
	writeSQL string // and $3, the columns that change
}

func (r row) read(ctx context.Context, q db.Querier, sub *Subject) error {
	var raw []byte
	if err := q.QueryRow(ctx, r.readSQL, sub.process, sub.Ref).Scan(&sub.Name, &raw); err != nil {
		return err
	}
	columns := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &columns); err != nil {
		return err
	}
	for _, f := range sub.Fields {
		values, err := f.decode(columns[f.column])
		if err != nil {
			return err
		}
		sub.Values[f.ID] = values
	}
	return nil
}

func (r row) write(ctx context.Context, tx *db.Tx, c writing, v Values) error {
	columns := map[string]json.RawMessage{}
	for _, f := range c.fields {
		raw, err := json.Marshal(f.encode(v[f.ID]))
		if err != nil {
			return err
		}
		columns[f.column] = raw
	}
	raw, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	n, err := tx.ExecRows(ctx, r.writeSQL, c.process, c.ref, raw)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "")
	}
	return err
}

// column is a value as JSON: a list, a text that PostgreSQL turns into the type of
// the column, or null.
type column struct {
	list []string
	text string
	null bool
}

// MarshalJSON writes the value.
func (c column) MarshalJSON() ([]byte, error) {
	switch {
	case c.list != nil:
		return json.Marshal(c.list)
	case c.null:
		return []byte("null"), nil
	}
	return json.Marshal(c.text)
}

func (f Field) encode(values []string) column {
	text := Values{f.ID: values}.Get(f.ID)
	switch f.Kind {
	case Choices:
		return column{list: append([]string{}, values...)}
	case YesNo:
		return column{text: map[bool]string{true: "true", false: "false"}[text == "si"]}
	case Day, Instant, Number:
		return column{text: text, null: text == ""}
	}
	return column{text: text}
}

// decode reads a column of JSON as the field keeps it.
func (f Field) decode(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	switch f.Kind {
	case Choices:
		var list []string
		err := json.Unmarshal(raw, &list)
		return list, err
	case YesNo:
		return []string{map[bool]string{true: "si", false: "no"}[string(raw) == "true"]}, nil
	case Number:
		return []string{string(raw)}, nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, err
	}
	if text == "" {
		return nil, nil
	}
	if f.Kind == Instant {
		t, err := time.Parse(time.RFC3339, strings.Replace(text, " ", "T", 1))
		if err != nil {
			return nil, err
		}
		return []string{t.UTC().Format(time.RFC3339)}, nil
	}
	return []string{text}, nil
}
