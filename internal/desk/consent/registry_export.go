package consent

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
)

// exportHeader are the columns of report R-9 (domain 8.1).
var exportHeader = []string{
	"FOLIO", "CANDIDATURA", "CARGO", "LUGAR", "POSTULA", "ETAPA", "MEDIO", "RECIBIDO", "1_TRATAMIENTO", "2_PUBLICACION", "3_ESTADISTICA",
	"VERIFICO", "VERIFICADO_EL", "DOCUMENTO_SHA256",
}

// Export returns the whole register of the actor's process as a table, for whom
// keeps it, and leaves an entry in the bitácora. It holds what was authorised and
// by which document, and no answer.
func (s *Store) Export(ctx context.Context, t auth.Transparency) (header []string, rows [][]string, err error) {
	who := t.Person()
	action := db.Action{Kind: "consentimiento.exportar", Process: who.Process, Object: fmt.Sprintf("proceso %d", who.Process)}
	if _, err := s.desk.Do(ctx, t, action, func(context.Context, *db.Tx) (string, error) { return "", nil }); err != nil {
		return nil, nil, err
	}
	ids, err := s.registered(ctx, t, "")
	if err != nil {
		return nil, nil, err
	}
	histories, err := Histories(ctx, s.desk, ids...)
	if err != nil {
		return nil, nil, db.Fault(err)
	}
	entries := make([]Entry, len(ids))
	var events []Event
	for i, id := range ids {
		entries[i] = entryOf(id, histories[id])
		events = append(events, histories[id]...)
	}
	if entries, err = s.complete(ctx, entries); err != nil {
		return nil, nil, err
	}
	names, err := s.names(ctx, events)
	if err != nil {
		return nil, nil, err
	}
	hashes, err := s.hashes(ctx, who.Process)
	if err != nil {
		return nil, nil, err
	}
	for i, e := range entries {
		st := StandingOf(histories[ids[i]])
		row := []string{e.Folio, e.Name, e.Office, e.Place, e.Nominator, string(e.Stage), "", "", "", "", "", "", "", ""}
		if d, ok := st.Decided(); ok {
			row[6], row[7], row[8], row[9], row[10] = string(e.Medium), e.Received.In(election.Zone()).Format(time.DateOnly), yesNo(d.Processing), yesNo(d.Publication), yesNo(d.Statistics)
		}
		if st.Stage == Confirmed {
			row[11], row[12] = names[st.Verified.Account], st.Verified.At.In(election.Zone()).Format(time.DateOnly)
		}
		row[13] = hashes[st.Document]
		rows = append(rows, row)
	}
	return exportHeader, rows, nil
}

// hashes returns the hash of each document of a process.
func (s *Store) hashes(ctx context.Context, process int64) (map[int64]string, error) {
	const sql = `
SELECT d.id, d.hash FROM sensitive.consent_documents d JOIN desk.candidacies c ON c.id = d.candidacy_id WHERE c.process_id = $1`
	rows, err := s.desk.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	out := map[int64]string{}
	var id int64
	var hash string
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error { out[id] = hash; return nil })
	return out, db.Fault(err)
}
