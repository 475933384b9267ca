package registry

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

// Preview returns the effect that the act would have, in sentences, without
// capturing it. It fails as Capture does.
func (r *Registry) Preview(ctx context.Context, s auth.Secretary, a NewAct) ([]string, error) {
	p, subject, err := r.prepare(ctx, r.desk, s, a)
	if err != nil {
		return nil, err
	}
	return subject.effect(a.Kind, p, a.BasisDate), nil
}

// Capture keeps an act until another person confirms it, and returns its
// number. It is Invalid, with a field for each mistake, when the form is; a
// Conflict when the candidacy is not in a state for it or has another act
// waiting; NotFound for a candidacy of another process.
func (r *Registry) Capture(ctx context.Context, s auth.Secretary, key string, a NewAct) (int64, error) {
	done, err := r.desk.Do(ctx, s, a.action("acto.capturar", s.Process, key), func(ctx context.Context, tx *db.Tx) (string, error) {
		p, subject, err := r.prepare(ctx, tx, s, a)
		if err != nil {
			return "", err
		}
		id, err := insertAct(ctx, tx, s.Who, a, &subject.ID, p)
		return strconv.FormatInt(id, 10), err
	})
	if err != nil {
		return 0, explain(err)
	}
	return strconv.ParseInt(done.Result, 10, 64)
}

// action describes the capture for the bitácora and for idempotency.
func (a NewAct) action(kind string, process int64, key string) db.Action {
	document := ""
	if a.Document != nil {
		document = a.Document.hash()
	}
	return db.Action{
		Kind: kind, Process: process, Object: "candidatura " + a.Folio, Key: key,
		Payload: encode(struct {
			Kind            ActKind
			Basis, Document string
			BasisDate       time.Time
			Person          Registration
			Siglado         string
			Until           time.Time
		}{a.Kind, a.Basis, document, a.BasisDate, a.Person, a.Siglado, a.Until}),
		Details: map[string]string{"clase": string(a.Kind), "acuerdo": a.Basis},
	}
}

// subject is the candidacy that an act is about, with what its effect touches.
type subject struct {
	*candidacy
	Office        string
	Listed        bool
	Place         string
	Nominator     string
	NominatorKind election.NominatorKind
	Members       []int64
	Successor     string // name of who replaced it, "" when nobody did
	SuccessorIn   bool
	Occupant      string // name of who is in force in its place, other than it
	Accounts      int    // accounts limited to it
	Published     bool   // the process is
	AgeReference  *time.Time
	CaptureDays   int
	CampaignsEnd  *time.Time
	Now           time.Time
	siglado       string // name of the party a change proposes
}

// loadSubject reads a candidacy of the actor's process.
func loadSubject(ctx context.Context, q db.Querier, process int64, folio string, now time.Time) (*subject, error) {
	rows, err := q.Query(ctx, candidacySQL+` WHERE c.process_id = $1 AND c.folio = $2`, process, folio)
	if err != nil {
		return nil, err
	}
	s := &subject{Now: now}
	if s.candidacy, err = pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByName[candidacy]); err != nil {
		return nil, err
	}
	const sql = `
SELECT o.name, o.listed, COALESCE(m.name, 'distrito ' || d.number, st.name, ''), n.name, n.kind,
  ARRAY(SELECT party_id FROM desk.nominator_members k WHERE k.nominator_id = n.id),
  COALESCE(concat_ws(' ', sp.given_names, sp.surnames), ''), COALESCE(sc.standing = 'aprobada', false),
  COALESCE((SELECT concat_ws(' ', op.given_names, op.surnames) FROM desk.candidacies oc JOIN desk.persons op ON op.id = oc.person_id
    WHERE oc.process_id = c.process_id AND oc.office_id = c.office_id AND oc.district_id IS NOT DISTINCT FROM c.district_id
      AND oc.municipality_id IS NOT DISTINCT FROM c.municipality_id AND oc.position = c.position AND oc.role = c.role
      AND oc.nominator_id = c.nominator_id AND oc.standing = 'aprobada' AND oc.id <> c.id LIMIT 1), ''),
  (SELECT count(*) FROM desk.grants g WHERE g.candidacy_id = c.id),
  p.published_at IS NOT NULL, COALESCE(p.age_reference, p.election_day), p.capture_days, p.campaigns_end_at
FROM desk.candidacies c
JOIN desk.processes p ON p.id = c.process_id
JOIN desk.offices o ON o.id = c.office_id
JOIN desk.nominators n ON n.id = c.nominator_id
LEFT JOIN desk.municipalities m ON m.id = c.municipality_id
LEFT JOIN desk.districts d ON d.id = c.district_id
LEFT JOIN desk.states st ON st.id = c.state_id
LEFT JOIN desk.candidacies sc ON sc.replaces_id = c.id
LEFT JOIN desk.persons sp ON sp.id = sc.person_id
WHERE c.id = $1`
	return s, q.QueryRow(ctx, sql, s.ID).Scan(&s.Office, &s.Listed, &s.Place, &s.Nominator, &s.NominatorKind, &s.Members,
		&s.Successor, &s.SuccessorIn, &s.Occupant, &s.Accounts, &s.Published, &s.AgeReference, &s.CaptureDays, &s.CampaignsEnd)
}

// prepare checks an act against the registry and returns what it will carry.
func (r *Registry) prepare(ctx context.Context, q db.Querier, s auth.Secretary, a NewAct) (payload, *subject, error) {
	subject, err := loadSubject(ctx, q, s.Process, a.Folio, r.desk.Now())
	if err != nil {
		return payload{}, nil, db.Fault(err)
	}
	if !slices.Contains(CandidacyActs(), a.Kind) {
		return payload{}, nil, fault.New(fault.NotFound, "")
	}
	if err := subject.allows(a.Kind); err != nil {
		return payload{}, nil, err
	}
	fields := checkBasis(a.Basis, a.BasisDate, r.desk.Now())
	var p payload
	switch a.Kind {
	case Substitution, Correction:
		person := a.Person
		fields = append(fields, checkRegistration(&person, subject)...)
		p.Person = &person
		if a.Kind == Correction {
			before := subject.registration()
			p.Before = &before
			if probe := *subject.candidacy; len(fields) == 0 && len(probe.correct(before, person)) == 0 {
				fields = append(fields, fault.Field{ID: "nombres", Message: "No cambiaste ningún dato"})
			}
		} else if len(fields) == 0 && samePerson(person.person(), subject.person()) {
			fields = append(fields, fault.Field{ID: "nombres", Message: "Es la misma persona; si su nombre está mal escrito, captura una corrección de datos"})
		}
	case SigladoChange:
		if p.Siglado, err = sigladoOf(ctx, q, s.Process, subject, a.Siglado); err != nil {
			return payload{}, nil, err
		}
		if p.Siglado == 0 {
			fields = append(fields, fault.Field{ID: "siglado", Message: "Elige otro partido de la coalición"})
		}
	case Exception:
		until := a.Until.UTC()
		p.Until = &until
		switch {
		case a.Until.IsZero():
			fields = append(fields, fault.Field{ID: "hasta", Message: "Escribe el día y la hora en que termina, como 31/05/2027 y 18:00"})
		case !a.Until.After(subject.Now) || !a.Until.After(*subject.CampaignsEnd):
			fields = append(fields, fault.Field{ID: "hasta", Message: "Debe terminar después de ahora y del fin de campañas"})
		}
	}
	return p, subject, fault.InvalidFields(fields)
}

// sigladoOf returns the member of the candidacy's coalition with that acronym; 0
// when it is none, or the one that already is.
func sigladoOf(ctx context.Context, q db.Querier, process int64, s *subject, acronym string) (int64, error) {
	c, err := loadContest(ctx, q, process)
	if err != nil {
		return 0, err
	}
	n := c.nominator(acronym)
	if n == nil || !slices.Contains(s.Members, n.id) || n.id == deref(s.SigladoID) {
		return 0, nil
	}
	s.siglado = n.name
	return n.id, nil
}

// allows returns a Conflict unless the candidacy is in a state for the act.
func (s *subject) allows(k ActKind) error {
	name := s.person().full()
	switch {
	case k == Reinstatement && s.inForce():
		return fault.Newf(fault.Conflict, "%s está en la boleta: no hay nada que restituir.", name)
	case k == Reinstatement && s.Occupant != "":
		return fault.Newf(fault.Conflict, "El lugar lo ocupa %s. Antes de restituir a %s, captura la cancelación de ese registro.", s.Occupant, name)
	case k == Reinstatement:
		return nil
	case k == Substitution && s.Successor != "":
		return fault.Newf(fault.Conflict, "A %s ya la sustituyó %s. Si hay otro cambio, captúralo en la candidatura vigente.", name, s.Successor)
	case k == Substitution && s.Occupant != "":
		return fault.Newf(fault.Conflict, "El lugar lo ocupa %s.", s.Occupant)
	case k != Substitution && !s.inForce():
		return fault.Newf(fault.Conflict, "%s ya no está en la boleta (%s).", name, s.Standing)
	case k == SigladoChange && len(s.Members) == 0:
		return fault.Newf(fault.Conflict, "%s no es una coalición: no tiene siglado que cambiar.", s.Nominator)
	case k == Exception && s.CampaignsEnd == nil:
		return fault.New(fault.Conflict, "El proceso aún no tiene fecha de fin de campañas: no hay cierre que exceptuar.")
	case k == Elected && s.Elected:
		return fault.Newf(fault.Conflict, "El registro ya dice que %s resultó electa.", name)
	}
	return nil
}

// checkBasis checks the acuerdo of an act and its date.
func checkBasis(basis string, date, now time.Time) []fault.Field {
	var fields []fault.Field
	switch n := len([]rune(basis)); {
	case n == 0:
		fields = append(fields, fault.Field{ID: "acuerdo", Message: "Escribe el número del acuerdo o del expediente"})
	case n > 200:
		fields = append(fields, fault.Field{ID: "acuerdo", Message: "Escribe el acuerdo en 200 caracteres o menos"})
	}
	switch {
	case date.IsZero():
		fields = append(fields, fault.Field{ID: "fecha", Message: "Escribe la fecha del acuerdo o del expediente"})
	case date.After(now.In(election.Zone())):
		fields = append(fields, fault.Field{ID: "fecha", Message: "La fecha del acuerdo no puede ser posterior a hoy"})
	}
	return fields
}

// checkRegistration checks and tidies the person of an act.
func checkRegistration(p *Registration, s *subject) []fault.Field {
	var fields []fault.Field
	wrong := func(id, message string) { fields = append(fields, fault.Field{ID: id, Message: message}) }
	name := func(id, label string, text *string, most int) {
		clean, reason := parseName(*text, most)
		*text = clean
		if reason != "" {
			wrong(id, label+" "+reason)
		}
	}
	name("nombres", "El nombre", &p.GivenNames, maxName)
	name("apellidos", "Los apellidos:", &p.Surnames, maxName)
	if p.GivenNames == "" {
		wrong("nombres", "Escribe el nombre o los nombres")
	}
	if p.Surnames == "" {
		wrong("apellidos", "Escribe los apellidos")
	}
	if nickname, ok := textParser.Line(p.Nickname); !ok || len([]rune(nickname)) > maxNickname {
		wrong("sobrenombre", fmt.Sprintf("Escribe el sobrenombre en %d caracteres o menos, sin caracteres especiales", maxNickname))
	} else {
		p.Nickname = nickname
	}
	if !slices.Contains([]election.Sex{election.Woman, election.Man, election.NonBinary}, election.Sex(p.Sex)) {
		wrong("sexo", "Elige el sexo que dice el registro")
	}
	if p.BirthDate != nil {
		if problem := ageProblem(*p.BirthDate, s.AgeReference); problem != "" {
			wrong("fecha_nacimiento", "Revisa la fecha de nacimiento: "+problem)
		}
	}
	var ok bool
	if p.Email, ok = parseEmail(p.Email); !ok {
		wrong("correo", "Escribe el correo como nombre@ejemplo.mx")
	}
	if p.Phone, ok = parsePhone(p.Phone); !ok {
		wrong("telefono", "Escribe los diez dígitos del teléfono")
	}
	if p.Position < 1 || p.Position > 999 && p.Position != s.Position {
		wrong("posicion", "La posición es un número de 1 en adelante")
	}
	for _, a := range p.Actions {
		if !slices.Contains(election.AffirmativeActions(), election.AffirmativeAction(a)) {
			wrong("accion_afirmativa", "Elige acciones afirmativas de la lista")
		}
	}
	return fields
}

// insertAct keeps an act waiting to be confirmed.
func insertAct(ctx context.Context, tx *db.Tx, who auth.Who, a NewAct, candidacy *int64, p payload) (id int64, err error) {
	const sql = `
INSERT INTO desk.acts (process_id, kind, candidacy_id, payload, basis, basis_date, document, document_name, document_hash,
  captured_by, captured_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`
	var bytes []byte
	var name, hash string
	if a.Document != nil {
		bytes, name, hash = a.Document.Bytes, a.Document.Name, a.Document.hash()
	}
	err = tx.QueryRow(ctx, sql, who.Process, string(a.Kind), candidacy, encode(p), a.Basis, a.BasisDate, bytes, name, hash,
		who.Account, tx.Now()).Scan(&id)
	return id, err
}

// explain gives the constraints that acts may break their words.
func explain(err error) error {
	switch db.Constraint(err) {
	case "acts_one_pending":
		return fault.Wrap(fault.Conflict, "Ya hay un acto de esta candidatura por confirmar. Confírmalo o deséchalo antes de capturar otro.", err)
	case "acts_two_persons":
		return fault.Wrap(fault.Forbidden, ownAct, err)
	case "candidacies_place_unique":
		return fault.Wrap(fault.Conflict, "Ese lugar ya lo ocupa otra candidatura.", err)
	case "candidacies_replaces_once":
		return fault.Wrap(fault.Conflict, "Esa candidatura ya fue sustituida.", err)
	}
	return err
}

const ownAct = "Capturaste este acto: debe confirmarlo otra persona."
