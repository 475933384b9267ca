package publish

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/site"
)

// changeKind is what site.changes says happened.
type changeKind string

const (
	published        changeKind = "publica"
	changed          changeKind = "cambia"
	withdrawn        changeKind = "retira"
	catalogueChanged changeKind = "catalogo"

	// identityChanged is never recorded: site.changes moves the dates, tags and
	// caches of pages that say nothing of identity.
	identityChanged changeKind = ""
)

// change is a page that has to become another.
type change struct {
	id     int64
	kind   changeKind
	want   page
	enters bool   // in the register, which says something else of the page
	folio  string // of what there was
}

func newChange(id int64, kind changeKind, have, want page) change {
	c := change{id: id, kind: kind, want: want, enters: !maps.Equal(have.Content, want.Content)}
	if have.Card != nil {
		c.folio = have.Card.Folio
	}
	return c
}

// describe says the difference to an operator, without any content.
func (c change) describe() string {
	switch c.kind {
	case published:
		return "debería estar publicada y no lo está"
	case withdrawn:
		return "está publicada y no debería"
	default:
		return "lo publicado no es lo que dice el escritorio"
	}
}

// diff returns what has to change for have to be want, by candidacy id.
func diff(have, want map[int64]page) []change {
	var out []change
	for id, w := range want {
		h := have[id]
		switch {
		case reflect.DeepEqual(comparable(h), comparable(w)):
		case h.Card == nil && w.Card != nil:
			out = append(out, newChange(id, published, h, w))
		case h.Card != nil && w.Card == nil:
			out = append(out, newChange(id, withdrawn, h, w))
		case sameButIdentity(h, w):
			out = append(out, newChange(id, identityChanged, h, w))
		default:
			out = append(out, newChange(id, changed, h, w))
		}
	}
	for id, h := range have {
		if _, ok := want[id]; !ok && !h.empty() {
			out = append(out, newChange(id, withdrawn, h, page{}))
		}
	}
	slices.SortFunc(out, func(a, b change) int { return cmp.Compare(a.id, b.id) })
	return out
}

// comparable returns the page with answers in canonical form, empty lists as
// nil and photographs by hash, so that equal pages are deeply equal.
func comparable(p page) page {
	if p.Profile != nil {
		q := *p.Profile
		text, err := json.Marshal(q.Answers)
		if err != nil {
			panic(err) // answers that were just decoded
		}
		q.Answers, q.Source = nil, q.Source+"\x00"+string(text)
		p.Profile = &q
	}
	if p.Card != nil {
		c := *p.Card
		c.AffirmativeActions = slices.Clip(append([]string{}, c.AffirmativeActions...))
		p.Card = &c
	}
	photos := make([]photo, 0, len(p.Photos))
	for _, ph := range p.Photos {
		photos = append(photos, photo{Hash: ph.Hash})
	}
	slices.SortFunc(photos, func(a, b photo) int { return cmp.Compare(a.Hash, b.Hash) })
	p.Photos = photos
	if len(p.Identity) == 0 {
		p.Identity = nil
	}
	if len(p.Content) == 0 {
		p.Content = nil
	}
	p.Versions, p.withheld, p.past = unread(p.Versions), nil, nil
	p.Moved = append([]string{}, p.Moved...)
	slices.Sort(p.Moved)
	p.Tombstones = append([]tombstone{}, p.Tombstones...)
	slices.SortFunc(p.Tombstones, func(a, b tombstone) int { return cmp.Compare(a.Slug, b.Slug) })
	return p
}

// apply makes the pages what they have to be. One whose identity alone changed
// keeps everything else as it was.
func apply(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	var whole, identities []change
	for _, c := range changes {
		if c.kind == identityChanged {
			identities = append(identities, c)
		} else {
			whole = append(whole, c)
		}
	}
	if err := applyIdentity(ctx, tx, process, identities); err != nil {
		return err
	}
	return applyWhole(ctx, tx, process, whole)
}

// applyWhole replaces each changed page whole: what it was goes, with everything
// that hangs from it, before what it is comes.
func applyWhole(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	if err := enter(ctx, tx, process, changes); err != nil {
		return err
	}
	ids := idsOf(changes)
	if err := tx.Exec(ctx, `DELETE FROM site.candidacies WHERE id = ANY($1)`, ids); err != nil {
		return err
	}
	if err := tx.Exec(ctx, `DELETE FROM site.tombstones WHERE candidacy_id = ANY($1)`, ids); err != nil {
		return err
	}
	for _, write := range []func(context.Context, *db.Tx, int64, []change) error{
		copyCards, copyProfiles, copyPhotos, copyIdentity, copyMoved, copyTombstones, copyVersions, record,
	} {
		if err := write(ctx, tx, process, changes); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(changes []change) []int64 {
	ids := make([]int64, len(changes))
	for i, c := range changes {
		ids[i] = c.id
	}
	return ids
}

func copyCards(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	var rows [][]any
	for _, ch := range changes {
		if c := ch.want.Card; c != nil {
			rows = append(rows, []any{
				c.ID, process, c.Slug, c.Folio, c.Name, c.SortName, c.SearchText, c.Nickname, c.Sex, c.Age, c.OfficeID,
				c.StateID, c.DistrictID, c.MunicipalityID, c.DistrictLabel, c.Position, c.Role, c.NominatorID, c.SigladoID,
				c.Consecutive, c.AffirmativeActions, c.Elected, c.BallotRank, c.State, c.Degree, c.PhotoSmall, c.PhotoMedium, c.PhotoLarge,
				c.IdentityState,
			})
		}
	}
	return copyRows(ctx, tx, "candidacies", []string{
		"id", "process_id", "slug", "folio", "name", "sort_name", "search_text", "nickname", "sex", "age", "office_id",
		"state_id", "district_id", "municipality_id", "district_label", "position", "role", "nominator_id", "siglado_id",
		"consecutive", "affirmative_actions", "elected", "ballot_rank", "state", "degree", "photo_small", "photo_medium", "photo_large", "identity_state",
	}, rows)
}

func copyProfiles(ctx context.Context, tx *db.Tx, _ int64, changes []change) error {
	var rows [][]any
	for _, ch := range changes {
		if p := ch.want.Profile; p != nil {
			rows = append(rows, []any{ch.id, p.Answers, p.Number, p.PublishedOn, p.FirstPublishedOn, p.Source})
		}
	}
	return copyRows(ctx, tx, "profiles", []string{"candidacy_id", "answers", "number", "published_on", "first_published_on", "source"}, rows)
}

func copyPhotos(ctx context.Context, tx *db.Tx, _ int64, changes []change) error {
	var rows [][]any
	for _, ch := range changes {
		for _, p := range ch.want.Photos {
			rows = append(rows, []any{p.Hash, ch.id, p.bytes})
		}
	}
	return copyRows(ctx, tx, "photos", []string{"hash", "candidacy_id", "bytes"}, rows)
}

func copyMoved(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	var rows [][]any
	for _, ch := range changes {
		for _, slug := range ch.want.Moved {
			rows = append(rows, []any{process, slug, ch.id})
		}
	}
	return copyRows(ctx, tx, "moved", []string{"process_id", "slug", "candidacy_id"}, rows)
}

func copyTombstones(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	var rows [][]any
	for _, ch := range changes {
		for _, t := range ch.want.Tombstones {
			rows = append(rows, []any{process, t.Slug, ch.id, t.Standing, t.Since, t.OfficeID, t.SuccessorSlug, t.SuccessorName})
		}
	}
	return copyRows(ctx, tx, "tombstones", []string{
		"process_id", "slug", "candidacy_id", "standing", "since", "office_id", "successor_slug", "successor_name",
	}, rows)
}

// record tells the readers' caches what changed.
func record(ctx context.Context, tx *db.Tx, process int64, changes []change) error {
	rows := make([][]any, 0, len(changes))
	for _, ch := range changes {
		var id *int64
		if ch.id != 0 {
			id = &ch.id
		}
		rows = append(rows, []any{tx.Now(), process, id, string(ch.kind)})
	}
	return copyRows(ctx, tx, "changes", []string{"at", "process_id", "candidacy_id", "kind"}, rows)
}

func copyRows(ctx context.Context, tx *db.Tx, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.CopyFrom(ctx, "site", table, columns, pgx.CopyFromRows(rows))
	return err
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func clone(b []byte) []byte { return bytes.Clone(b) }

// distinct drops renditions with the same bytes.
func distinct(three [3]photo) []photo {
	byHash := map[string]photo{}
	for _, p := range three {
		byHash[p.Hash] = p
	}
	out := slices.Collect(maps.Values(byHash))
	slices.SortFunc(out, func(a, b photo) int { return cmp.Compare(a.Hash, b.Hash) })
	return out
}

func joinName(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	default:
		return a + " " + b
	}
}

func collectIDs(rows pgx.Rows) ([]int64, error) { return pgx.CollectRows(rows, pgx.RowTo[int64]) }

// decodeAnswers is the inverse of what copyProfiles stores.
func decodeAnswers(raw []byte) (site.Answers, error) {
	var a site.Answers
	return a, json.Unmarshal(raw, &a)
}

func equalNominators(a, b []nominatorRow) bool {
	return slices.EqualFunc(a, b, func(x, y nominatorRow) bool {
		return x.ID == y.ID && x.Kind == y.Kind && x.Acronym == y.Acronym && x.Name == y.Name && x.Slug == y.Slug &&
			x.BallotOrder == y.BallotOrder && bytes.Equal(x.Emblem, y.Emblem) && slices.Equal(x.Members, y.Members)
	})
}
