package registry

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/site"
)

func (c *contest) needState(name string) *state {
	if name == "" {
		return nil
	}
	if s := c.state(name); s != nil {
		return s
	}
	s := &state{name: name}
	c.states = append(c.states, s)
	return s
}

func (c *contest) needDistrict(s *state, text string) *district {
	number, seat, ok := districtNumber(text)
	if !ok {
		return nil
	}
	if d := c.district(s, text); d != nil {
		return d
	}
	d := &district{state: s, number: number, seat: seat}
	c.districts = append(c.districts, d)
	return d
}

func (c *contest) needMunicipality(s *state, name string) *municipality {
	for _, m := range c.municipalities {
		if m.state == s && site.Fold(m.name) == site.Fold(name) {
			return m
		}
	}
	m := &municipality{state: s, code: site.Slug(name), name: name, byParties: true}
	c.municipalities = append(c.municipalities, m)
	return m
}

// savePlaces inserts the states, districts, municipalities and offices that the
// file brought. It reports whether it wrote anything.
func (c *contest) savePlaces(ctx context.Context, tx *db.Tx) (wrote bool, err error) {
	for _, s := range c.states {
		if s.id == 0 {
			if s.id, err = insertState(ctx, tx, c.process.ID, s.name); err != nil {
				return false, err
			}
			wrote = true
		}
	}
	for _, d := range c.districts {
		if d.id == 0 {
			if d.id, err = insertDistrict(ctx, tx, c.process.ID, d.state.id, DistrictEntry{Number: d.number, Seat: d.seat}); err != nil {
				return false, err
			}
			wrote = true
		}
	}
	for _, m := range c.municipalities {
		if m.id == 0 {
			entry := MunicipalityEntry{Code: m.code, Name: m.name, ByParties: true}
			if m.id, err = insertMunicipality(ctx, tx, c.process.ID, m.state.id, entry); err != nil {
				return false, err
			}
			wrote = true
		}
	}
	for _, o := range c.offices {
		if o.id == 0 {
			entry := OfficeEntry{Office: o.Office, HasSubstitute: o.hasSubstitute, Synonyms: o.synonyms}
			if o.id, err = insertOffice(ctx, tx, c.process.ID, entry); err != nil {
				return false, err
			}
			wrote = true
		}
	}
	return wrote, nil
}
