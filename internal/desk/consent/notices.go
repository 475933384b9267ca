package consent

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

// NoticeKind is which of the two privacy notices.
type NoticeKind string

// The two notices: the whole one, and the one that is shown before capturing.
const (
	Integral   NoticeKind = "integral"
	Simplified NoticeKind = "simplificado"
)

// notices holds the texts as the Comité de Transparencia receives them, with
// {instituto}, {siglas}, {domicilio} and {correo} for the institute's data.
//
//go:embed notices/*.md
var notices embed.FS

// Notice is a privacy notice as it was approved.
type Notice struct {
	ID         int64
	Kind       NoticeKind
	Version    int
	Markdown   string
	Acuerdo    string
	ApprovedOn time.Time
	AcceptedAt *time.Time // when the actor said that they had read it; nil, never
}

// Accepted reports whether the actor has read this very version.
func (n Notice) Accepted() bool { return n.AcceptedAt != nil }

// Approval is the act that puts the notices in force.
type Approval struct {
	Acuerdo string
	On      time.Time
	// AsksAgain says that the purposes changed: what was consented before does
	// not cover them, and every decision that stands expires with the approval.
	AsksAgain bool
}

// ApproveNotices puts in force the texts of this program, filled in with the
// institute's data, as the next version of both notices. A text that is already
// the last version stays as it is, unless it asks again. Whoever approves brings the site up to date
// in the same transaction (publish.Publisher.Process).
//
// It is Invalid while the institute has no address or e-mail: a notice without
// them is none.
func ApproveNotices(ctx context.Context, tx *db.Tx, by db.Actor, process int64, a Approval) error {
	var name, acronym, address, email string
	const institution = `SELECT name, acronym, address, email FROM desk.institution`
	if err := db.Fault(tx.QueryRow(ctx, institution).Scan(&name, &acronym, &address, &email)); err != nil {
		return err
	}
	if address == "" || email == "" {
		return fault.New(fault.Invalid, "Antes de aprobar los avisos de privacidad, registra el domicilio y el correo del instituto.")
	}
	fill := strings.NewReplacer("{instituto}", name, "{siglas}", acronym, "{domicilio}", address, "{correo}", email)
	for _, kind := range []NoticeKind{Integral, Simplified} {
		template, err := notices.ReadFile("notices/" + string(kind) + ".md")
		if err != nil {
			return err
		}
		if err := approve(ctx, tx, process, kind, fill.Replace(string(template)), a); err != nil {
			return fmt.Errorf("notice %s: %w", kind, err)
		}
	}
	if !a.AsksAgain {
		return nil
	}
	return Expire(ctx, tx, by, process)
}

// Expire ends every decision of the process that stands, because what was
// consented is no longer what would be done. Each candidacy is held before its
// history is read: a verification that comes second sees the end. Whoever calls
// brings the site up to date in the same transaction.
func Expire(ctx context.Context, tx *db.Tx, by db.Actor, process int64) error {
	const decided = `
SELECT id FROM desk.candidacies c
WHERE process_id = $1 AND EXISTS (SELECT 1 FROM sensitive.consent_events e WHERE e.candidacy_id = c.id) ORDER BY id FOR UPDATE`
	rows, err := tx.Query(ctx, decided, process)
	if err != nil {
		return err
	}
	candidacies, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	histories, err := Histories(ctx, tx, candidacies...)
	if err != nil {
		return err
	}
	for _, id := range candidacies {
		if _, stands := StandingOf(histories[id]).Decided(); !stands {
			continue
		}
		if _, err := insert(ctx, tx, id, by, Event{Kind: Expired, Medium: Online}); err != nil {
			return err
		}
	}
	return nil
}

func approve(ctx context.Context, tx *db.Tx, process int64, kind NoticeKind, text string, a Approval) error {
	sum := sha256.Sum256([]byte(text))
	const insert = `
INSERT INTO desk.notices (process_id, kind, version, markdown, hash, acuerdo, approved_on, created_at, asks_again)
SELECT $1, $2, COALESCE(max(version), 0) + 1, $3, $4, $5, $6, $7, $8 FROM desk.notices WHERE process_id = $1 AND kind = $2
HAVING $8 OR NOT COALESCE((array_agg(hash ORDER BY version DESC))[1] = $4, false)`
	return tx.Exec(ctx, insert, process, string(kind), text, hex.EncodeToString(sum[:]), a.Acuerdo, day(a.On), tx.Now(), a.AsksAgain)
}

const noticeColumns = `
SELECT n.id, n.kind, n.version, n.markdown, n.acuerdo, n.approved_on,
  (SELECT a.at FROM desk.notice_acceptances a WHERE a.notice_id = n.id AND a.candidacy_id = $2 AND a.account_id = $3) AS accepted_at
FROM desk.notices n`

// CurrentNotice returns the simplified notice in force, and whether the actor has
// read it for this candidacy. Before any was approved it is Unavailable.
func (s *Store) CurrentNotice(ctx context.Context, a auth.Capturer, sub Subject) (Notice, error) {
	return currentNotice(ctx, s.desk, a.AccountID(), sub)
}

func currentNotice(ctx context.Context, q db.Querier, account int64, sub Subject) (Notice, error) {
	rows, err := q.Query(ctx, noticeColumns+` WHERE n.process_id = $1 AND n.kind = 'simplificado' ORDER BY n.version DESC LIMIT 1`,
		sub.Process, sub.ID, account)
	if err != nil {
		return Notice{}, db.Fault(err)
	}
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Notice])
	n.ApprovedOn = localDay(n.ApprovedOn)
	if errors.Is(err, pgx.ErrNoRows) {
		return n, fault.New(fault.Unavailable, "El aviso de privacidad aún no se aprueba: el cuestionario de identidad se abre cuando esté publicado.")
	}
	return n, db.Fault(err)
}

// AcceptNotice records that the actor has read the notice that was on screen. A
// newer one that came meanwhile is a Conflict: nobody accepts what they did not
// see. Accepting twice changes nothing.
func (s *Store) AcceptNotice(ctx context.Context, a auth.Capturer, folio, key string, notice int64) error {
	sub, err := s.Find(ctx, a, folio)
	if err != nil {
		return err
	}
	action := s.action("aviso.leer", sub, key, strconv.FormatInt(notice, 10))
	_, err = s.desk.Do(ctx, a, action, func(ctx context.Context, tx *db.Tx) (string, error) {
		if sub, err = findFor(ctx, tx, a, folio); err != nil {
			return "", err
		}
		n, err := currentNotice(ctx, tx, a.AccountID(), sub)
		if err != nil {
			return "", err
		}
		if n.ID != notice {
			return "", fault.New(fault.Conflict, "Hay una versión nueva del aviso de privacidad. Léela antes de continuar.")
		}
		const accept = `
INSERT INTO desk.notice_acceptances (candidacy_id, notice_id, account_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
		return "", tx.Exec(ctx, accept, sub.ID, n.ID, a.AccountID(), tx.Now())
	})
	return err
}
