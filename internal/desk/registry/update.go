package registry

import (
	"context"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/site"
)

// personChange and candidacyChange are rows of an UPDATE in bulk, as JSON.
type personChange struct {
	ID       int64   `json:"id"`
	Given    string  `json:"given"`
	Surnames string  `json:"surnames"`
	Nickname string  `json:"nickname"`
	Sex      string  `json:"sex"`
	Birth    *string `json:"birth"`
	AgeGiven *int    `json:"age_given"`
	Email    string  `json:"email"`
	Phone    string  `json:"phone"`
}

type candidacyChange struct {
	ID            int64    `json:"id"`
	Slug          string   `json:"slug"`
	RegistryFolio string   `json:"registry_folio"`
	Position      int      `json:"position"`
	Siglado       *int64   `json:"siglado"`
	Consecutive   *bool    `json:"consecutive"`
	Actions       []string `json:"actions"`
	Acuerdo       string   `json:"acuerdo"`
	ApprovedOn    *string  `json:"approved_on"`
}

// update writes candidacies whose fields were changed in memory. Whose name
// changed gets another address; the old one will lead to it.
func update(ctx context.Context, tx *db.Tx, process int64, changed []*candidacy, oldNames map[int64]string) error {
	if len(changed) == 0 {
		return nil
	}
	names, err := loadSlugs(ctx, tx, process)
	if err != nil {
		return err
	}
	var persons []personChange
	var candidacies []candidacyChange
	var slugs [][]any
	for _, c := range changed {
		if name := c.person().full(); site.Slug(name) != site.Slug(oldNames[c.ID]) {
			c.Slug = names.take(name)
			slugs = append(slugs, []any{process, c.Slug, c.ID})
		}
		persons = append(persons, personChange{c.PersonID, c.Given, c.Surnames, c.Nickname, c.Sex, dateText(c.Birth), c.AgeGiven, c.Email, c.Phone})
		candidacies = append(candidacies, candidacyChange{
			c.ID, c.Slug, c.RegistryFolio, c.Position, c.SigladoID, c.Consecutive, notNil(c.Actions), c.Acuerdo, dateText(c.ApprovedOn),
		})
	}
	const personsSQL = `
UPDATE desk.persons p SET given_names = x.given, surnames = x.surnames, nickname = x.nickname, sex = x.sex, birth_date = x.birth,
  age_given = x.age_given, email = x.email, phone = x.phone
FROM jsonb_to_recordset($1) AS x(id bigint, given text, surnames text, nickname text, sex text, birth date, age_given int, email text, phone text)
WHERE p.id = x.id`
	if err := tx.Exec(ctx, personsSQL, encode(persons)); err != nil {
		return err
	}
	const candidaciesSQL = `
UPDATE desk.candidacies c SET slug = x.slug, registry_folio = x.registry_folio, position = x.position, siglado_id = x.siglado,
  consecutive = x.consecutive, affirmative_actions = x.actions, acuerdo = x.acuerdo, approved_on = x.approved_on
FROM jsonb_to_recordset($1) AS x(id bigint, slug text, registry_folio text, position int, siglado bigint, consecutive boolean,
  actions text[], acuerdo text, approved_on date)
WHERE c.id = x.id`
	if err := tx.Exec(ctx, candidaciesSQL, encode(candidacies)); err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, "desk", "slugs", []string{"process_id", "slug", "candidacy_id"}, pgx.CopyFromRows(slugs))
	return err
}

// apply puts what the row says on the candidacy. Blanks change nothing.
func (e edit) apply() {
	c, p := e.old, e.row.person
	c.Given, c.Surnames, c.Sex = p.Given, p.Surnames, p.Sex
	c.Nickname, c.Email, c.Phone = or(p.Nickname, c.Nickname), or(p.Email, c.Email), or(p.Phone, c.Phone)
	c.Acuerdo = or(e.row.acuerdo, c.Acuerdo)
	if e.row.folio != c.Folio {
		c.RegistryFolio = or(e.row.folio, c.RegistryFolio)
	}
	if p.Birth != nil {
		c.Birth = p.Birth
	}
	if e.row.siglado != nil {
		c.SigladoID = &e.row.siglado.id
	}
	if e.row.consecutive != nil {
		c.Consecutive = e.row.consecutive
	}
	if len(e.row.actions) > 0 {
		c.Actions = e.row.actions
	}
	if e.row.approved != nil {
		c.ApprovedOn = e.row.approved
	}
}
