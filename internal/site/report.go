package site

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/fault"
	"conoceles/internal/figures"
)

// ReportCut is an official report that two persons released: what it counted at an
// instant, as it was approved. It does not change.
type ReportCut struct {
	Kind       string
	Version    int
	Label      string
	At         time.Time
	Acuerdo    string
	AcuerdoOn  time.Time
	ReleasedOn time.Time
	Hash       string // of its tables
	Document   string // SHA-256 of its document
	Title      string
}

// Slug is what names the cut in addresses: «avance-2».
func (c ReportCut) Slug() string { return c.Kind + "-" + strconv.Itoa(c.Version) }

// Report is a released cut with what it says.
type Report struct {
	ReportCut
	figures.Report
}

const reportColumns = `kind, version, label, at, acuerdo, acuerdo_on, released_on, hash, document_hash AS document, snapshot::json ->> 'titulo' AS title`

// Reports returns the released cuts of a process, the newest first.
func (s *Store) Reports(ctx context.Context, p Process) ([]ReportCut, error) {
	out, err := list[ReportCut](ctx, s.q, `SELECT `+reportColumns+` FROM site.report_cuts WHERE process_id = $1 ORDER BY at DESC, id DESC`, p.ID)
	for i := range out {
		out[i].AcuerdoOn, out[i].ReleasedOn = localDay(&out[i].AcuerdoOn), localDay(&out[i].ReleasedOn)
	}
	return out, db.Fault(err)
}

// Report returns a released cut by its slug, or NotFound. One whose tables are not
// those of its hash is Unavailable.
func (s *Store) Report(ctx context.Context, p Process, slug string) (Report, error) {
	cuts, err := s.Reports(ctx, p)
	if err != nil {
		return Report{}, err
	}
	for _, c := range cuts {
		if c.Slug() != slug {
			continue
		}
		content, err := reportPart[string](ctx, s.q, `snapshot`, p, c)
		if err != nil {
			return Report{}, err
		}
		if figures.Hash([]byte(content)) != c.Hash {
			return Report{}, fault.New(fault.Unavailable, "Este informe no está disponible en este momento.")
		}
		said, err := figures.Decode([]byte(content))
		return Report{c, said}, err
	}
	return Report{}, fault.New(fault.NotFound, "")
}

// ReportDocument returns the document of a released cut, as it was released, or
// NotFound.
func (s *Store) ReportDocument(ctx context.Context, p Process, slug string) ([]byte, error) {
	i := strings.LastIndexByte(slug, '-')
	version, err := strconv.ParseInt(slug[i+1:], 10, 32)
	if err != nil || i < 1 {
		return nil, fault.New(fault.NotFound, "")
	}
	return reportPart[[]byte](ctx, s.q, `document`, p, ReportCut{Kind: slug[:i], Version: int(version)})
}

// reportPart reads one column of a cut.
func reportPart[T any](ctx context.Context, q db.Querier, column string, p Process, c ReportCut) (T, error) {
	var none T
	rows, err := q.Query(ctx, fmt.Sprintf(`SELECT %s FROM site.report_cuts WHERE process_id = $1 AND kind = $2 AND version = $3`, column), p.ID, c.Kind, c.Version)
	if err != nil {
		return none, db.Fault(err)
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	return out, db.Fault(err)
}
