package review

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
	"conoceles/internal/questionnaire"
)

// File is everything there is to judge of a candidacy.
type File struct {
	Candidacy
	Questionnaire *questionnaire.Questionnaire
	Rubros        []Rubro               // those that wait first
	Answers       questionnaire.Answers // under review
	Content       string                // their SHA-256: what a proposal is bound to
	Number        int                   // of the last validation; 0 when there is none
	ValidatedAt   time.Time
	Correction    *Correction
	DueAt         time.Time // for the Unidad to review; zero when nothing waits
	Pending       *Pending  // proposal that waits for the Head
	Returned      *Pending  // the last proposal, when it was returned
	Events        []Event
	Score         Score // of whoever looks
	Late          bool  // it was validated after its term
	Now           time.Time
}

// Waits returns how many rubros wait for a judgement.
func (f File) Waits() int {
	n := 0
	for _, r := range f.Rubros {
		if r.Pending {
			n++
		}
	}
	return n
}

// Reviewable reports whether there is something to judge.
func (f File) Reviewable() bool { return f.Standing == "aprobada" && f.Waits() > 0 }

// Rubro is a part of the questionnaire under review.
type Rubro struct {
	questionnaire.Part
	Version   int
	Before    int                   // version to compare with; 0 when there is none
	Was       questionnaire.Answers // of Before
	Pending   bool
	Public    bool       // this version is the one that is published
	Paused    bool       // hidden from the public
	Previous  *Judgement // the last one of another version
	Judged    *Judgement // of this version
	Proposed  *Remark    // in the proposal that waits
	Variables []Variable // to score
	Hints     []Hint
}

// Pending is a proposal that waits, or that was returned.
type Pending struct {
	ID        int64
	Round     int
	State     string
	By        int64 // account
	ByName    string
	At        time.Time
	Reason    string
	DecidedBy string
}

// Event is something that was done to a candidacy's questionnaire.
type Event struct {
	At   time.Time
	Who  string
	Kind string
}

// File returns what there is to judge of a folio of the actor's process; NotFound
// in any other.
func (s *Store) File(ctx context.Context, t auth.Transparency, folio string) (File, error) {
	sub, err := s.load(ctx, s.desk, t.Person().Process, folio, look)
	if err != nil {
		return File{}, err
	}
	f := File{Candidacy: sub.Candidacy, Questionnaire: sub.questionnaire, Correction: sub.correction, Now: s.desk.Now()}
	if sub.Number != nil {
		f.Number, f.ValidatedAt, f.Late = *sub.Number, *sub.ValidatedAt, sub.Late
	}
	if f.Answers, err = sub.answers(ctx, s.desk, sub.under); err != nil {
		return f, err
	}
	f.Content = f.Answers.Hash()
	if err := s.rubros(ctx, sub, &f); err != nil {
		return f, err
	}
	if f.Reviewable() {
		f.DueAt = sub.reviewDue()
	}
	if err := s.proposal(ctx, &f); err != nil {
		return f, db.Fault(err)
	}
	if err := s.hint(ctx, sub, &f); err != nil {
		return f, err
	}
	if err := s.readScore(ctx, t.AccountID(), &f); err != nil {
		return f, err
	}
	f.Events, err = s.events(ctx, sub.ID)
	return f, err
}

// reviewDue is when the Unidad should have reviewed.
func (s *subject) reviewDue() time.Time {
	if s.correction != nil && s.correction.Sent {
		return endOfTerm(*s.correction.SentAt, s.CorrectionReviewDays)
	}
	return endOfTerm(*s.ValidatedAt, s.ReviewDays)
}

// rubros fills the rubros of a file, those that wait first.
func (s *Store) rubros(ctx context.Context, sub *subject, f *File) error {
	before := map[questionnaire.ID]int{}
	for _, p := range sub.questionnaire.Parts() {
		if v := sub.before(p.ID); v > 0 {
			before[p.ID] = v
		}
	}
	was, err := sub.answers(ctx, s.desk, before)
	if err != nil {
		return err
	}
	paused, err := pausedParts(ctx, s.desk, sub.ID)
	if err != nil {
		return err
	}
	for _, p := range sub.questionnaire.Parts() {
		r := Rubro{
			Part: p, Version: sub.under[p.ID], Before: before[p.ID], Was: p.Select(was), Pending: sub.pending(p.ID),
			Public: sub.under[p.ID] == sub.public[p.ID], Paused: slices.Contains(paused, p.ID),
		}
		if r.Version == 0 {
			continue
		}
		if j, ok := sub.judged.of(p.ID, r.Version); ok {
			r.Judged = &j
		} else if j, ok := sub.judged.last(p.ID); ok {
			r.Previous = &j
		}
		f.Rubros = append(f.Rubros, r)
	}
	slices.SortStableFunc(f.Rubros, func(a, b Rubro) int { return order(a) - order(b) })
	return nil
}

// order puts first what waits, and of it what changed.
func order(r Rubro) int {
	switch {
	case r.Pending && r.Before > 0:
		return 0
	case r.Pending:
		return 1
	}
	return 2
}

func pausedParts(ctx context.Context, q db.Querier, candidacy int64) ([]questionnaire.ID, error) {
	rows, err := q.Query(ctx, `SELECT part FROM desk.withheld_parts WHERE candidacy_id = $1 AND lifted_at IS NULL`, candidacy)
	if err != nil {
		return nil, db.Fault(err)
	}
	parts, err := pgx.CollectRows(rows, pgx.RowTo[questionnaire.ID])
	return parts, db.Fault(err)
}

// proposal fills the last proposal of a file, if it waits or was returned.
func (s *Store) proposal(ctx context.Context, f *File) error {
	const sql = `
SELECT r.id, r.round, r.state, r.proposed_by, a.name, r.proposed_at, r.reason, COALESCE(d.name, '')
FROM desk.reviews r JOIN desk.accounts a ON a.id = r.proposed_by LEFT JOIN desk.accounts d ON d.id = r.decided_by
WHERE r.candidacy_id = $1 ORDER BY r.id DESC LIMIT 1`
	var p Pending
	err := s.desk.QueryRow(ctx, sql, f.ID).Scan(&p.ID, &p.Round, &p.State, &p.By, &p.ByName, &p.At, &p.Reason, &p.DecidedBy)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return err
	case p.State == "propuesta":
		f.Pending = &p
	case p.State == "devuelta":
		f.Returned = &p
	default:
		return nil
	}
	const remarks = `SELECT part, version, outcome, causes, note FROM desk.remarks WHERE review_id = $1`
	rows, err := s.desk.Query(ctx, remarks, p.ID)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Remark])
	for i := range f.Rubros {
		if at := slices.IndexFunc(all, func(m Remark) bool { return m.Part == f.Rubros[i].ID && m.Version == f.Rubros[i].Version }); at >= 0 {
			f.Rubros[i].Proposed = &all[at]
		}
	}
	return err
}

// hint fills the hints of the rubros that wait.
func (s *Store) hint(ctx context.Context, sub *subject, f *File) error {
	texts := map[TextKey]string{}
	for _, r := range f.Rubros {
		for _, q := range r.Questions {
			if r.Pending && isEssay(q.ID) && f.Answers.Has(q.ID) {
				texts[TextKey{sub.ID, q.ID}] = f.Answers.Text(q.ID)
			}
		}
	}
	if len(texts) == 0 {
		return nil
	}
	others, err := s.others(ctx, sub)
	if err != nil {
		return err
	}
	found, err := s.copies.like(ctx, s.desk, sub.Process, texts)
	if err != nil {
		return err
	}
	alike, err := s.alike(ctx, sub, found)
	if err != nil {
		return err
	}
	for i, r := range f.Rubros {
		for _, q := range r.Questions {
			key := TextKey{sub.ID, q.ID}
			if text, ok := texts[key]; ok {
				f.Rubros[i].Hints = append(alike[key], TextHints(text, others)...)
			}
		}
	}
	return nil
}

// others returns the nominators that a text of the candidacy should not name:
// all but its own, the party it is siglada to, and the members of its coalition.
func (s *Store) others(ctx context.Context, sub *subject) ([]Nominator, error) {
	const sql = `
SELECT n.name, n.acronym FROM desk.nominators n
WHERE n.process_id = $1 AND n.id <> $2 AND n.id <> COALESCE($3, $2)
  AND NOT EXISTS (SELECT 1 FROM desk.nominator_members m WHERE m.nominator_id = $2 AND m.party_id = n.id OR m.nominator_id = n.id AND m.party_id = $2)
ORDER BY n.registry_order, n.id`
	rows, err := s.desk.Query(ctx, sql, sub.Process, sub.NominatorID, sub.SigladoID)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Nominator])
	return out, db.Fault(err)
}

// alike says whose the repeated texts are, leaving out who no longer stands.
func (s *Store) alike(ctx context.Context, sub *subject, found map[TextKey][]Match) (map[TextKey][]Hint, error) {
	ids := map[int64]bool{}
	for _, matches := range found {
		for _, m := range matches {
			ids[m.Candidacy] = true
		}
	}
	const sql = `SELECT ` + candidacyColumns + candidacyTables + ` WHERE c.id = ANY ($1) AND c.standing = 'aprobada'`
	rows, err := s.desk.Query(ctx, sql, slices.Collect(maps.Keys(ids)))
	if err != nil {
		return nil, db.Fault(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Candidacy])
	if err != nil {
		return nil, db.Fault(err)
	}
	who := map[int64]Candidacy{}
	for _, c := range list {
		who[c.ID] = c
	}
	out := map[TextKey][]Hint{}
	for key, matches := range found {
		out[key] = copyHints(sub, matches, who)
	}
	return out, nil
}

// copyHints says the matches of one text: others' apart from one's own.
func copyHints(sub *subject, matches []Match, who map[int64]Candidacy) []Hint {
	theirs, own := Hint{Kind: HintCopy}, Hint{Kind: HintOwnCopy}
	for _, m := range matches {
		c, stands := who[m.Candidacy]
		q, _ := sub.questionnaire.Question(m.Question)
		h := &theirs
		if m.Candidacy == sub.ID {
			h = &own
		}
		switch {
		case !stands:
		case len(h.Alike) == most:
			h.More++
		default:
			h.Alike = append(h.Alike, AlikeText{c.Folio, c.Name, c.Nominator, q.Label, m.Likeness, m.Identical})
		}
	}
	return slices.DeleteFunc([]Hint{theirs, own}, func(h Hint) bool { return len(h.Alike) == 0 })
}

// events returns the last acts on a questionnaire, newest first, without drafts.
func (s *Store) events(ctx context.Context, candidacy int64) ([]Event, error) {
	const sql = `
SELECT e.at, COALESCE(a.name, e.role) AS who, e.kind
FROM audit.entries e LEFT JOIN desk.accounts a ON a.id = e.account_id
WHERE e.object = 'candidatura ' || $1::bigint AND (e.kind LIKE 'revision.%' OR e.kind IN ('captura.validar', 'captura.correccion.solicitar', 'captura.correccion.enviar', 'captura.correccion.cancelar'))
ORDER BY e.id DESC LIMIT 12`
	rows, err := s.desk.Query(ctx, sql, candidacy)
	if err != nil {
		return nil, db.Fault(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Event])
	return out, db.Fault(err)
}

// Photo returns a rendition of a photograph that a candidacy of the actor's
// process has or had; NotFound for any other.
func (s *Store) Photo(ctx context.Context, t auth.Transparency, folio, hash string) ([]byte, error) {
	const sql = `
SELECT ph.large FROM desk.candidacies c
JOIN desk.answer_versions a ON a.candidacy_id = c.id AND a.part = 'identidad_foto' AND a.answers ->> 'fotografia' = $3
JOIN desk.photos ph ON ph.hash = $3
WHERE c.process_id = $1 AND c.folio = $2 AND EXISTS (SELECT 1 FROM desk.validations v WHERE v.candidacy_id = c.id) LIMIT 1`
	var b []byte
	err := s.desk.QueryRow(ctx, sql, t.Person().Process, folio, hash).Scan(&b)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "")
	}
	return b, db.Fault(err)
}
