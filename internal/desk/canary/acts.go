package canary

import (
	"context"
	"errors"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/consent"
	"conoceles/internal/desk/keys"
)

// Acts does to consents what the Unidad de Transparencia does: an analyst
// registers, the Head decides.
type Acts struct {
	desk     *db.Desk
	store    *consent.Store
	reviewer auth.Reviewer
	head     auth.Head
}

// base is the address in the links of notices; nobody follows them.
const base = "https://conoceles.invalid"

// NewActs returns the acts on a process that has an analyst and a Head.
func NewActs(ctx context.Context, desk *db.Desk, ring *keys.Ring, site consent.Site, process string) (*Acts, error) {
	a := &Acts{desk: desk, store: consent.New(desk, site, ring, base)}
	const q = `
SELECT g.account_id, g.process_id FROM desk.grants g JOIN desk.processes p ON p.id = g.process_id
WHERE p.key = $1 AND g.role = $2 ORDER BY g.account_id LIMIT 1`
	for role, who := range map[string]*auth.Who{a.reviewer.Role(): &a.reviewer.Who, a.head.Role(): &a.head.Who} {
		if err := desk.QueryRow(ctx, q, process, role).Scan(&who.Account, &who.Process); err != nil {
			return nil, fmt.Errorf("an account with the role %s in the process %s: %w", role, process, err)
		}
		who.ProcessKey = process
	}
	return a, nil
}

// Grant makes sure that a verified consent publishes, whatever the history says.
// It may be called again after a failure.
func (a *Acts) Grant(ctx context.Context, folio string) error {
	for range 4 {
		st, _, err := a.standing(ctx, folio)
		if err != nil {
			return err
		}
		switch {
		case st.Publishes():
			return nil
		case st.Stage == consent.Waiting:
			err = a.verify(ctx, folio)
		default:
			err = a.register(ctx, folio, consent.Declarations{Processing: true, Publication: true, Statistics: true}, signed("firma"))
		}
		if err != nil {
			return err
		}
	}
	return errors.New("canary: the consent does not stay verified")
}

// Withdraw takes the consent back. It may be called again after a failure.
func (a *Acts) Withdraw(ctx context.Context, folio string) error { return a.withdraw(ctx, folio, "") }

func (a *Acts) withdraw(ctx context.Context, folio, reason string) error {
	return a.store.WithdrawOnPaper(ctx, a.head, folio, "", a.desk.Now(), reason)
}

// standing returns what the history of a folio says, and its last event.
func (a *Acts) standing(ctx context.Context, folio string) (consent.Standing, int64, error) {
	sub, err := a.store.FindForHead(ctx, a.head, folio)
	if err != nil {
		return consent.Standing{}, 0, err
	}
	events, st, err := a.store.History(ctx, sub)
	if err != nil || len(events) == 0 {
		return st, 0, err
	}
	return st, events[len(events)-1].ID, nil
}

// register registers a signed document that says what is declared.
func (a *Acts) register(ctx context.Context, folio string, d consent.Declarations, file consent.Document) error {
	_, last, err := a.standing(ctx, folio)
	if err != nil {
		return err
	}
	return a.store.Register(ctx, consent.AsReviewer{Reviewer: a.reviewer}, consent.Registration{
		Folio: folio, After: last, Medium: consent.OnPaper, SignedOn: a.desk.Now(), ReceivedOn: a.desk.Now(), File: file,
		Decided: consent.Declaration{Processing: &d.Processing, Publication: &d.Publication, Statistics: &d.Statistics},
	})
}

// verify confirms what was registered.
func (a *Acts) verify(ctx context.Context, folio string) error {
	st, _, err := a.standing(ctx, folio)
	if err != nil {
		return err
	}
	d := st.Declaration.Decided
	if d == nil {
		return errors.New("canary: nothing was declared")
	}
	v, err := a.store.ToVerify(ctx, a.head, folio)
	if err != nil {
		return err
	}
	v.Processing, v.Publication, v.Statistics, v.SamePerson, v.Signed = &d.Processing, &d.Publication, &d.Statistics, true, true
	return a.store.Verify(ctx, a.head, v)
}

func (a *Acts) reject(ctx context.Context, folio, reason string) error {
	st, _, err := a.standing(ctx, folio)
	if err != nil {
		return err
	}
	return a.store.Reject(ctx, a.head, folio, "", reason, st.Declaration.ID)
}

// signed is a signed format, with text in its page and in its metadata.
func signed(text string) consent.Document {
	return consent.Document{Bytes: fmt.Appendf(nil, `%%PDF-1.4
1 0 obj <</Title (%s) /CreationDate (D:%s)>> endobj
2 0 obj <</Length 60>> stream
BT (%s) Tj ET
endstream endobj
3 0 obj <</Type /Page /Contents 2 0 R>> endobj
trailer <</Info 1 0 R>>
%%%%EOF
`, text, time.Time{}.Format("20060102"), text)}
}
