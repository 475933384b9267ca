package duty

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/notify"
	"conoceles/internal/document"
	"conoceles/internal/fault"
	"conoceles/web/es"
)

// Referral is a vista: what was owed at the end of campaigns, frozen.
type Referral struct {
	ID                                   int64
	Version                              int
	Oficio                               string
	Note                                 string
	Nominators, Candidacies, Late        int
	DocumentHash, AnnexHash, PackageHash string
	PreparedByName                       string
	PreparedAt                           time.Time
	DeliveredByName                      string
	DeliveredAt                          *time.Time
	ReceivedByName                       string
	ReceivedAt                           *time.Time
	ReportedByName                       string
	ReportedAt, ReportedOn               *time.Time
	Acuerdo                              string
}

const referralSQL = `
SELECT v.id, v.version, v.oficio, v.note, v.nominators, v.candidacies, v.late, v.document_hash, v.annex_hash, v.package_hash,
  a.name AS prepared_by_name, v.prepared_at, COALESCE(d.name, '') AS delivered_by_name, v.delivered_at, COALESCE(r.name, '') AS received_by_name, v.received_at,
  COALESCE(i.name, '') AS reported_by_name, v.reported_at, v.reported_on, v.acuerdo
FROM desk.referrals v JOIN desk.accounts a ON a.id = v.prepared_by LEFT JOIN desk.accounts d ON d.id = v.delivered_by
LEFT JOIN desk.accounts r ON r.id = v.received_by LEFT JOIN desk.accounts i ON i.id = v.reported_by
WHERE v.process_id = $1 AND (v.delivered_at IS NOT NULL OR $2)`

// prepares reports whether the actor reads vistas before they are delivered: the
// Comisión does not.
func prepares(w auth.Witness) bool {
	_, comision := w.(auth.Auditor)
	return !comision
}

// Referrals is the vistas of a process and, for the unit, what the next one would
// say.
type Referrals struct {
	List  []Referral // the newest first
	Now   time.Time
	Ends  *time.Time // campaigns; nil while they have no date
	Ready bool       // campaigns ended
	Next  Breaches
}

// Referrals lists the vistas of the actor's process: to the Comisión, those that
// were delivered.
func (s *Store) Referrals(ctx context.Context, w auth.Witness) (Referrals, error) {
	out := Referrals{Now: s.desk.Now()}
	process := w.Person().Process
	t, err := readTerms(ctx, s.desk, process)
	if err != nil {
		return out, err
	}
	out.Ends, out.Ready = t.Ends, t.over(out.Now)
	if out.List, err = referrals(ctx, s.desk, referralSQL+` ORDER BY v.version DESC`, process, prepares(w)); err != nil {
		return out, err
	}
	if prepares(w) && out.Ready {
		out.Next, err = s.breaches(ctx, s.desk, process, out.Now)
	}
	return out, err
}

func referrals(ctx context.Context, q db.Querier, sql string, args ...any) ([]Referral, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Referral])
	return out, db.Fault(err)
}

// Referral returns a vista of the actor's process; NotFound in any other and, to
// the Comisión, before it was delivered.
func (s *Store) Referral(ctx context.Context, w auth.Witness, id int64) (Referral, error) {
	found, err := referrals(ctx, s.desk, referralSQL+` AND v.id = $3`, w.Person().Process, prepares(w), id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "")
	}
	if err != nil {
		return Referral{}, err
	}
	return found[0], nil
}

// ReferralFile is which of the files of a vista.
type ReferralFile string

// The files of a vista.
const (
	DocumentPDF ReferralFile = "document"
	AnnexXLSX   ReferralFile = "annex"
	PackageZIP  ReferralFile = "package"
)

// ReferralBytes returns a file of a vista, byte by byte as it was frozen; NotFound
// as Referral is.
func (s *Store) ReferralBytes(ctx context.Context, w auth.Witness, id int64, f ReferralFile) ([]byte, error) {
	column := map[ReferralFile]string{DocumentPDF: "v.document", AnnexXLSX: "v.annex", PackageZIP: "v.package"}[f]
	if column == "" {
		return nil, fault.New(fault.NotFound, "")
	}
	sql := `SELECT ` + column + ` FROM desk.referrals v WHERE v.process_id = $1 AND (v.delivered_at IS NOT NULL OR $2) AND v.id = $3`
	var out []byte
	err := s.desk.QueryRow(ctx, sql, w.Person().Process, prepares(w), id).Scan(&out)
	return out, db.Fault(err)
}

// NewReferral is a vista to prepare, as it was posted.
type NewReferral struct {
	Key    string
	Oficio string
	Note   string
}

// The fields of a vista.
const (
	NoteField     = "nota"
	AcuerdoField  = "acuerdo"
	ReportedField = "fecha"
)

// MaxReferralNote is how long what the unit adds may be, in characters.
const MaxReferralNote = 4000

// Prepare freezes what is owed at this moment, with its evidence, as the next
// version of the vista. Earlier ones stay as they are.
//
// Errors: Invalid, with the fields; Conflict before campaigns end (art. 15 e) and
// when nothing is owed.
func (s *Store) Prepare(ctx context.Context, h auth.Head, n NewReferral) (int64, error) {
	n.Oficio, n.Note = strings.TrimSpace(n.Oficio), tidy(n.Note)
	var fields []fault.Field
	if l := utf8.RuneCountInString(n.Oficio); l == 0 || l > 80 {
		fields = append(fields, fault.Field{ID: OficioField, Message: "Escribe el número de oficio, en 80 caracteres o menos"})
	}
	if utf8.RuneCountInString(n.Note) > MaxReferralNote {
		fields = append(fields, fault.Field{ID: NoteField, Message: "Escribe lo que agregas en 4,000 caracteres o menos"})
	}
	if err := fault.InvalidFields(fields); err != nil {
		return 0, err
	}
	action := db.Action{Kind: "vista.preparar", Process: h.Process, Object: object("proceso", h.Process), Key: n.Key, Payload: []byte(n.Oficio + "\x00" + n.Note)}
	done, err := s.desk.Do(ctx, h, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if err := tx.Lock(ctx, object("vistas", h.Process)); err != nil {
			return "", err
		}
		t, err := readTerms(ctx, tx, h.Process)
		if err != nil {
			return "", err
		}
		if err := t.ripe(tx.Now()); err != nil {
			return "", err
		}
		id, err := s.freeze(ctx, tx, h, n)
		return fmt.Sprint(id), err
	})
	if err != nil {
		return 0, err
	}
	var id int64
	_, err = fmt.Sscan(done.Result, &id)
	return id, err
}

// ripe returns why the vista cannot be given yet, or nil.
func (t terms) ripe(now time.Time) error {
	switch {
	case t.Ends == nil:
		return fault.New(fault.Conflict, "La vista se da al término de las campañas, y el proceso aún no tiene esa fecha.")
	case !t.over(now):
		return fault.New(fault.Conflict, "La vista se da al término de las campañas, que terminan el "+es.FullDateTime(*t.Ends)+" (Lineamientos, art. 15, inciso e).")
	}
	return nil
}

// freeze builds the files of a vista and keeps them.
func (s *Store) freeze(ctx context.Context, tx *db.Tx, h auth.Head, n NewReferral) (int64, error) {
	b, err := s.breaches(ctx, tx, h.Process, tx.Now())
	if err != nil {
		return 0, err
	}
	if len(b.Owed) == 0 && len(b.Late) == 0 {
		return 0, fault.New(fault.Conflict, "No hay incumplimientos: todas las candidaturas cumplieron en plazo.")
	}
	i, err := readInstitution(ctx, tx, h.Process)
	if err != nil {
		return 0, err
	}
	var version int
	if err := tx.QueryRow(ctx, `SELECT COALESCE(max(version), 0) + 1 FROM desk.referrals WHERE process_id = $1`, h.Process).Scan(&version); err != nil {
		return 0, err
	}
	letter, err := b.letter(i, n, version, h.Name)
	if err != nil {
		return 0, err
	}
	annex, err := b.workbook()
	if err != nil {
		return 0, err
	}
	letters, err := sentLetters(ctx, tx, h.Process, candidaciesOf(b.Owed))
	if err != nil {
		return 0, err
	}
	pack, err := document.Bundle(append([]document.File{{Name: "vista.pdf", Bytes: letter}, {Name: "anexo.xlsx", Bytes: annex}}, letters...), b.Cut)
	if err != nil {
		return 0, err
	}
	const sql = `
INSERT INTO desk.referrals (process_id, version, oficio, note, nominators, candidacies, late, document, document_hash, annex, annex_hash, package, package_hash,
  prepared_by, prepared_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id`
	var id int64
	err = tx.QueryRow(ctx, sql, h.Process, version, n.Oficio, n.Note, len(b.ByNominator()), b.Candidacies(), len(b.Late), letter, document.Hash(letter), annex, document.Hash(annex),
		pack, document.Hash(pack), h.Account, tx.Now()).Scan(&id)
	return id, err
}

// Deliver puts a vista in the Comisión's hands: from then on its accounts read it,
// and each gets word of it.
//
// It is NotFound in another process; Conflict when it was delivered.
func (s *Store) Deliver(ctx context.Context, h auth.Head, id int64, key string) error {
	return s.mark(ctx, h, "vista.entregar", id, key, "", func(ctx context.Context, tx *db.Tx, v Referral) error {
		if v.DeliveredAt != nil {
			return errDelivered
		}
		if err := tx.Exec(ctx, `UPDATE desk.referrals SET delivered_by = $2, delivered_at = $3 WHERE id = $1`, id, h.Account, tx.Now()); err != nil {
			return err
		}
		const comision = `
SELECT a.email FROM desk.grants g JOIN desk.accounts a ON a.id = g.account_id AND a.active WHERE g.process_id = $1 AND g.role = 'auditoria' ORDER BY a.id`
		rows, err := tx.Query(ctx, comision, h.Process)
		if err != nil {
			return err
		}
		emails, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, email := range emails {
			m := notify.Message{
				Process: h.Process, Kind: "vista.entregada", Channel: notify.Mail, Recipient: email, Subject: "Vista de incumplimientos, oficio " + v.Oficio,
				Body: "La Unidad de Transparencia entregó la vista de incumplimientos, versión " + es.Int(v.Version) + ", con el oficio " + v.Oficio + ".\n\n" +
					"Entra a Conóceles para leerla, descargar su paquete y acusar de recibo. SHA-256 del paquete: " + v.PackageHash,
			}
			if err := notify.Put(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

var errDelivered = fault.New(fault.Conflict, "Esta vista cambió mientras la veías. Recarga la página para ver cómo quedó.")

// Receive records that the Comisión received a vista.
//
// It is NotFound before it was delivered; Conflict when it was received.
func (s *Store) Receive(ctx context.Context, a auth.Auditor, id int64, key string) error {
	return s.mark(ctx, a, "vista.acusar", id, key, "", func(ctx context.Context, tx *db.Tx, v Referral) error {
		if v.ReceivedAt != nil {
			return errDelivered
		}
		return tx.Exec(ctx, `UPDATE desk.referrals SET received_by = $2, received_at = $3 WHERE id = $1`, id, a.Account, tx.Now())
	})
}

// NewReport is the Comisión's report of a vista to the Consejo, as it was posted.
type NewReport struct {
	ID      int64
	Key     string
	On      time.Time // zero when it was not understood
	Acuerdo string
}

// Report records that the Comisión informed the Consejo of a vista.
//
// Errors: NotFound before it was delivered; Invalid, with the fields; Conflict
// before it was received, and when it was reported.
func (s *Store) Report(ctx context.Context, a auth.Auditor, r NewReport) error {
	r.Acuerdo = strings.TrimSpace(r.Acuerdo)
	payload := r.On.Format(time.DateOnly) + "\x00" + r.Acuerdo
	return s.mark(ctx, a, "vista.informar", r.ID, r.Key, payload, func(ctx context.Context, tx *db.Tx, v Referral) error {
		if v.ReportedAt != nil {
			return errDelivered
		}
		if v.ReceivedAt == nil {
			return fault.New(fault.Conflict, "Antes de registrar el informe, acusa de recibo la vista.")
		}
		var fields []fault.Field
		switch {
		case r.On.IsZero():
			fields = append(fields, fault.Field{ID: ReportedField, Message: "Escribe la fecha como día, mes y año: 14/03/2027"})
		case r.On.After(tx.Now()) || r.On.Before(v.PreparedAt.AddDate(0, 0, -1)):
			fields = append(fields, fault.Field{ID: ReportedField, Message: "El informe va desde que se preparó la vista hasta hoy"})
		}
		if l := utf8.RuneCountInString(r.Acuerdo); l == 0 || l > 200 {
			fields = append(fields, fault.Field{ID: AcuerdoField, Message: "Escribe el acuerdo o la sesión, en 200 caracteres o menos"})
		}
		if err := fault.InvalidFields(fields); err != nil {
			return err
		}
		const sql = `UPDATE desk.referrals SET reported_by = $2, reported_at = $3, reported_on = $4, acuerdo = $5 WHERE id = $1`
		return tx.Exec(ctx, sql, r.ID, a.Account, tx.Now(), r.On.Format(time.DateOnly), r.Acuerdo)
	})
}

// mark runs an act on a vista of the actor's process, which it holds.
func (s *Store) mark(ctx context.Context, w auth.Witness, kind string, id int64, key, payload string, act func(context.Context, *db.Tx, Referral) error) error {
	process := w.Person().Process
	action := db.Action{Kind: kind, Process: process, Object: object("vista", id), Key: key, Payload: []byte(payload)}
	_, err := s.desk.Do(ctx, w, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		found, err := referrals(ctx, tx, referralSQL+` AND v.id = $3 FOR UPDATE OF v`, process, prepares(w), id)
		if err == nil && len(found) == 0 {
			err = fault.New(fault.NotFound, "")
		}
		if err != nil {
			return "", err
		}
		return "", act(ctx, tx, found[0])
	})
	return err
}
