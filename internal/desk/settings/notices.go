package settings

import (
	"context"

	"conoceles/internal/db"
	"conoceles/internal/desk/consent"
	"conoceles/web/es"
)

// noticeSource puts the privacy notices in force. There is nothing to edit: a
// notice is what the Comité approved, whole.
type noticeSource struct{}

func (noticeSource) read(_ context.Context, _ db.Querier, sub *Subject) error {
	sub.Values["vuelve_a_preguntar"] = []string{"no"}
	return onlyOne(sub.Place)
}

func (noticeSource) write(ctx context.Context, tx *db.Tx, c writing, v Values) error {
	return consent.ApproveNotices(ctx, tx, c.by, c.process, consent.Approval{
		Acuerdo: c.acuerdo, On: c.acuerdoOn, AsksAgain: v.Yes("vuelve_a_preguntar"),
	})
}

func noticeEffect(ctx context.Context, q db.Querier, sub Subject, v Values) ([]string, error) {
	var last int
	const sql = `SELECT COALESCE(max(version), 0) FROM desk.notices WHERE process_id = $1 AND kind = 'integral'`
	if err := q.QueryRow(ctx, sql, sub.process).Scan(&last); err != nil {
		return nil, db.Fault(err)
	}
	out := []string{"El aviso integral y el simplificado que cambiaron quedan en vigor como versión siguiente; el integral va en la versión " + es.Int(last) + "."}
	if v.Yes("vuelve_a_preguntar") {
		out = append(out, decideAgain)
	}
	return out, nil
}

const decideAgain = "Caducan las decisiones sobre los datos de identidad: esas respuestas dejan el sitio y cada persona decide de nuevo."

// identitySource is which questions are public. A question that is added was in
// nobody's mind when they consented: whoever had decided decides again.
type identitySource struct{ row }

func (s identitySource) write(ctx context.Context, tx *db.Tx, c writing, v Values) error {
	now := Subject{Place: Place{Ref: c.ref}, process: c.process, Fields: c.fields, Values: Values{}}
	if err := s.read(ctx, tx, &now); err != nil {
		return err
	}
	if len(added(now.Values, v)) > 0 {
		if err := consent.Expire(ctx, tx, c.by, c.process); err != nil {
			return err
		}
	}
	return s.row.write(ctx, tx, c, v)
}

// added returns the questions that become public.
func added(before, after Values) []string {
	return without(after["identidad_publica"], before["identidad_publica"])
}

func identityEffect(_ context.Context, _ db.Querier, sub Subject, v Values) ([]string, error) {
	f := sub.field("identidad_publica")
	var out []string
	if gone := without(sub.Values["identidad_publica"], v["identidad_publica"]); len(gone) > 0 {
		out = append(out, "Dejan el sitio las respuestas a: "+f.Say(gone)+".")
	}
	if more := added(sub.Values, v); len(more) > 0 {
		out = append(out, "Podrán publicarse las respuestas a: "+f.Say(more)+".", decideAgain)
	}
	return out, nil
}

// without returns what is in list and not in other.
func without(list, other []string) []string {
	var out []string
	for _, v := range list {
		found := false
		for _, o := range other {
			found = found || o == v
		}
		if !found {
			out = append(out, v)
		}
	}
	return out
}
