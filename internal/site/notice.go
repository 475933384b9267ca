package site

import (
	"context"
	"time"

	"conoceles/internal/db"
)

// The kinds of privacy notice.
const (
	NoticeIntegral   = "integral"
	NoticeSimplified = "simplificado"
)

// Notice is an approved privacy notice.
type Notice struct {
	Kind       string
	Version    int
	Markdown   string
	Acuerdo    string // of the Comité de Transparencia
	ApprovedOn time.Time
}

// Notices returns the approved notices of a process by kind, the version in
// force first. One that was not approved is not in the site.
func (s *Store) Notices(ctx context.Context, p Process) (map[string][]Notice, error) {
	const sql = `
SELECT kind, version, markdown, acuerdo, approved_on FROM site.notices WHERE process_id = $1 ORDER BY kind, version DESC`
	all, err := list[Notice](ctx, s.q, sql, p.ID)
	if err != nil {
		return nil, db.Fault(err)
	}
	out := map[string][]Notice{}
	for _, n := range all {
		n.ApprovedOn = localDay(&n.ApprovedOn)
		out[n.Kind] = append(out[n.Kind], n)
	}
	return out, nil
}
