package registry

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/questionnaire"
)

// ineLoader compares the rows of INE's file with what was loaded before and
// writes the difference.
type ineLoader struct {
	contest  *contest
	result   *Result
	existing map[string]*candidacy
	records  map[int64]*validated
	saved    *savedTexts // of a file in an encoding that loses characters; else nil

	enter   []*ineRow
	change  []ineEdit
	entered []*entry
}

// ineEdit is a candidacy whose row says something else than before.
type ineEdit struct {
	old     *candidacy
	row     *ineRow
	answers map[string]questionnaire.Answers // parts to write again; nil when none
	data    bool                             // its registry data changed
}

// validated is the record of a candidacy as it was last validated.
type validated struct {
	number   int
	versions map[string]int
	hashes   map[string]string // of each part's answers
	highest  map[string]int
}

func newINELoader(ctx context.Context, q db.Querier, c *contest, r *ineReader) (*ineLoader, error) {
	l := &ineLoader{contest: c, result: r.result, existing: map[string]*candidacy{}}
	all, err := loadCandidacies(ctx, q, c.process.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.SourceKey != "" {
			l.existing[one.SourceKey] = one
		}
	}
	l.records, err = loadValidated(ctx, q, c.process.ID)
	return l, err
}

// loadValidated reads the last validation of each candidacy of a process.
func loadValidated(ctx context.Context, q db.Querier, process int64) (map[int64]*validated, error) {
	const sql = `
SELECT DISTINCT ON (v.candidacy_id) v.candidacy_id, v.number, v.versions,
  (SELECT jsonb_object_agg(a.part, a.hash) FROM desk.answer_versions a
   WHERE a.candidacy_id = v.candidacy_id AND a.version = (v.versions ->> a.part)::int),
  (SELECT jsonb_object_agg(part, version) FROM (SELECT part, max(version) AS version FROM desk.answer_versions
   WHERE candidacy_id = v.candidacy_id GROUP BY part) m)
FROM desk.validations v JOIN desk.candidacies c ON c.id = v.candidacy_id
WHERE c.process_id = $1 ORDER BY v.candidacy_id, v.number DESC`
	rows, err := q.Query(ctx, sql, process)
	if err != nil {
		return nil, err
	}
	out := map[int64]*validated{}
	var id int64
	var number int
	var versions, highest map[string]int
	var hashes map[string]string
	_, err = pgx.ForEachRow(rows, []any{&id, &number, &versions, &hashes, &highest}, func() error {
		out[id] = &validated{number, versions, hashes, highest}
		versions, hashes, highest = nil, nil, nil
		return nil
	})
	return out, err
}

// plan sorts the rows into new, changed and unchanged.
func (l *ineLoader) plan(rows []*ineRow) {
	for _, row := range rows {
		old := l.existing[row.key]
		if l.saved != nil {
			old = l.saved.restore(l, row, old)
		}
		if old == nil {
			l.result.New++
			l.result.Entering = append(l.result.Entering, Line{row.line, row.name, row.office.Name + ", " + row.nominator.name})
			l.enter = append(l.enter, row)
			continue
		}
		edit := ineEdit{old: old, row: row, answers: l.changedParts(old.ID, row.answers)}
		var what []string
		if what = row.differences(old); len(what) > 0 {
			edit.data = true
		}
		if edit.answers != nil {
			what = append(what, "respuestas: "+strings.Join(sortedKeys(edit.answers), ", "))
		}
		if len(what) == 0 {
			l.result.Unchanged++
			continue
		}
		l.result.Changed++
		l.result.Changes = append(l.result.Changes, Line{row.line, row.name, strings.Join(what, ", ")})
		l.change = append(l.change, edit)
	}
}

// changedParts returns the parts that say something else than the validated
// record, those that became blank included; nil when none does.
func (l *ineLoader) changedParts(id int64, answers questionnaire.Answers) map[string]questionnaire.Answers {
	record := l.records[id]
	now := parts(questionnaire.Curricular(), answers)
	if record == nil {
		if len(now) == 0 {
			return nil
		}
		return now
	}
	var out map[string]questionnaire.Answers
	set := func(part string, a questionnaire.Answers) {
		if out == nil {
			out = map[string]questionnaire.Answers{}
		}
		out[part] = a
	}
	for part, a := range now {
		if record.hashes[part] != a.Hash() {
			set(part, a)
		}
	}
	for part, hash := range record.hashes {
		if _, ok := now[part]; !ok && hash != (questionnaire.Answers{}).Hash() {
			set(part, questionnaire.Answers{})
		}
	}
	return out
}

// differences names the registry data that the row changes.
func (r *ineRow) differences(old *candidacy) []string {
	var what []string
	note := func(differs bool, name string) {
		if differs {
			what = append(what, name)
		}
	}
	note(r.name != old.Given, "nombre")
	note(string(r.sex) != old.Sex, "sexo")
	note(r.age != deref(old.AgeGiven), "edad")
	note(r.role != "" && string(r.role) != old.Role, "calidad")
	note(r.office.id != old.OfficeID, "cargo")
	note(r.nominator.id != old.NominatorID, "actor")
	note(r.label != old.DistrictLabel, "distrito")
	note(r.state != nil && r.state.id != deref(old.StateID), "entidad")
	note(r.municipality != nil && r.municipality.id != deref(old.MunicipalityID), "municipio")
	return what
}

// apply writes what the plan found and returns the candidacies to publish.
func (l *ineLoader) apply(ctx context.Context, tx *db.Tx) ([]int64, bool, error) {
	places, err := l.contest.savePlaces(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	actors, err := l.contest.saveNominators(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	for _, row := range l.enter {
		l.entered = append(l.entered, row.entry())
	}
	if err := insertEntries(ctx, tx, l.contest.process, l.entered); err != nil {
		return nil, false, err
	}
	if err := l.applyChanges(ctx, tx); err != nil {
		return nil, false, err
	}
	if err := l.writeAnswers(ctx, tx); err != nil {
		return nil, false, err
	}
	var ids []int64
	for _, e := range l.entered {
		ids = append(ids, e.id)
	}
	for _, e := range l.change {
		ids = append(ids, e.old.ID)
	}
	return ids, places || actors, nil
}

func (r *ineRow) entry() *entry {
	e := &entry{
		who: person{Given: r.name, Sex: string(r.sex)}, office: r.office.id, label: r.label, position: r.position(),
		role: string(r.role), nominator: r.nominator.id, registryFolio: r.number, sourceKey: &r.key, capture: "sin_iniciar",
	}
	e.place(r.state, r.district, r.municipality)
	if r.age != 0 {
		e.ageGiven = &r.age
	}
	if len(r.answers) > 0 {
		e.capture, e.answered = "validada", questionnaire.Curricular().Progress(r.answers).Answered()
	}
	return e
}

// position is the number of the source, which pairs the two persons of a
// fórmula; 1 when it is not a number.
func (r *ineRow) position() int {
	n, err := strconv.Atoi(r.number)
	if err != nil || n < 1 || n > 999_999_999 {
		return 1
	}
	return n
}

// applyChanges corrects registry data. A file of the past changes rarely, and by
// few rows: one statement each.
func (l *ineLoader) applyChanges(ctx context.Context, tx *db.Tx) error {
	var changed []*candidacy
	names := map[int64]string{}
	for _, e := range l.change {
		if !e.data {
			continue
		}
		names[e.old.ID] = e.old.person().full()
		fresh := e.row.entry()
		e.old.Given, e.old.Sex, e.old.AgeGiven = fresh.who.Given, fresh.who.Sex, fresh.ageGiven
		changed = append(changed, e.old)
		const sql = `
UPDATE desk.candidacies SET office_id = $2, state_id = $3, district_id = $4, municipality_id = $5, district_label = $6, role = $7,
  nominator_id = $8 WHERE id = $1`
		if err := tx.Exec(ctx, sql, e.old.ID, fresh.office, fresh.state, fresh.district, fresh.municipality, fresh.label, fresh.role, fresh.nominator); err != nil {
			return err
		}
	}
	return update(ctx, tx, l.contest.process.ID, changed, names)
}
