package account_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/account"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

const phrase = "cuatro gatos bajo el puente"

// house is a world with two Admins, a Secretary and a party with its responsible
// person.
type house struct {
	*desktest.World
	auth         *auth.Store
	store        *account.Store
	party, other int64
	admin, peer  auth.Admin
	secretary    auth.Secretary
	validator    auth.Validator
	keys         int
}

func newHouse(t *testing.T) *house {
	w := desktest.New(t)
	accounts, err := auth.NewStore(w.Desk)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{World: w, auth: accounts, store: account.New(w.Desk, accounts, "https://conoceles.invalid")}
	h.party, h.other = w.Nominator(election.Party, "RAIZ"), w.Nominator(election.Party, "OTRO")
	who := func(email, role string, nominator int64) auth.Who {
		id := w.Account(email, role, nominator, 0)
		w.Exec(`UPDATE desk.accounts SET password_hash = 'x' WHERE id = $1`, id)
		return auth.Who{Account: id, Email: email, Process: w.Process}
	}
	h.admin, h.peer = auth.Admin{Who: who("u1@iep.invalid", "administracion", 0)}, auth.Admin{Who: who("u2@iep.invalid", "administracion", 0)}
	h.secretary = auth.Secretary{Who: who("se@iep.invalid", "secretaria", 0)}
	h.validator = auth.Validator{Who: who("v@raiz.invalid", "validador", h.party), Nominator: h.party, NominatorName: "Partido RAIZ"}
	return h
}

func (h *house) key() string {
	h.keys++
	return fmt.Sprintf("018f0000-0000-7000-8000-%012d", h.keys)
}

func operator(email string) account.NewPerson {
	return account.NewPerson{Email: email, Name: "Olga Ficticia Prueba", Role: "operador", Acronym: "RAIZ"}
}

func analyst(email string) account.NewPerson {
	return account.NewPerson{Email: email, Name: "Ana Ficticia Prueba", Role: "verificador", Basis: "Oficio 1"}
}

// invite invites somebody and returns their account and their link's token.
func (h *house) invite(n account.NewPerson) (int64, string) {
	h.T.Helper()
	out, err := h.store.Invite(context.Background(), h.admin, h.key(), n)
	if err != nil {
		h.T.Fatal(err)
	}
	return out.Account, h.token(strings.TrimSpace(n.Email))
}

var tokens = regexp.MustCompile(`/(?:invitacion|recuperar)/([\w-]+)`)

// token returns the token of the last link that an address was sent.
func (h *house) token(email string) string {
	h.T.Helper()
	m := tokens.FindStringSubmatch(h.mail(email))
	if m == nil {
		h.T.Fatalf("no link was sent to %s", email)
	}
	return m[1]
}

// mail returns the last message to an address.
func (h *house) mail(email string) (body string) {
	h.T.Helper()
	const q = `SELECT subject || E'\n' || body FROM desk.outbox WHERE recipient = lower($1) ORDER BY id DESC LIMIT 1`
	if err := h.Desk.QueryRow(context.Background(), q, email).Scan(&body); err != nil {
		h.T.Fatalf("nothing was sent to %s: %v", email, err)
	}
	return body
}

func (h *house) count(sql string, args ...any) (n int) {
	h.T.Helper()
	if err := h.Desk.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		h.T.Fatal(err)
	}
	return n
}

func (h *house) enters(email, password string) bool {
	h.Exec(`DELETE FROM desk.login_failures`)
	_, err := h.auth.Login(h.T.Context(), email, password, auth.Visitor{})
	return err == nil
}

func TestAPersonIsInvitedActivatesTheirAccountAndEnters(t *testing.T) {
	h := newHouse(t)
	id, token := h.invite(operator(" Olga@Raiz.invalid "))
	if h.enters("olga@raiz.invalid", "") {
		t.Error("without having activated it, she enters")
	}
	o, err := h.store.Invitation(t.Context(), token)
	if err != nil || o.Account != id || o.Email != "olga@raiz.invalid" || o.Scope != "Partido RAIZ" || o.WithFactor {
		t.Errorf("the link opens %+v, %v", o, err)
	}
	if got, err := h.store.Activate(t.Context(), token, phrase); err != nil || got != id {
		t.Fatalf("got %d, %v", got, err)
	}
	if !h.enters("olga@raiz.invalid", phrase) {
		t.Error("with her password she does not enter")
	}
	if n := h.count(`SELECT count(*) FROM desk.access_links WHERE position($1::bytea IN token_hash) > 0`, []byte(token)); n != 0 {
		t.Error("the table has the token itself")
	}
}

func TestALinkWorksOnceAndForAWhile(t *testing.T) {
	h := newHouse(t)
	const email = "olga@raiz.invalid"
	for name, spoil := range map[string]func(id int64, token string) string{
		"used": func(_ int64, token string) string {
			if _, err := h.store.Activate(t.Context(), token, phrase); err != nil {
				t.Fatal(err)
			}
			return token
		},
		"after 72 hours": func(_ int64, token string) string { h.SetNow(h.Now().Add(72 * time.Hour)); return token },
		"replaced": func(id int64, token string) string {
			if err := h.store.Reinvite(t.Context(), h.admin, h.key(), id); err != nil {
				t.Fatal(err)
			}
			return token
		},
		"of somebody suspended": func(id int64, token string) string {
			if err := h.store.Suspend(t.Context(), h.admin, h.key(), id, "Prueba"); err != nil {
				t.Fatal(err)
			}
			return token
		},
		"of another kind": func(int64, string) string {
			h.Exec(`UPDATE desk.accounts SET password_hash = 'x' WHERE email = $1`, email)
			if err := h.store.Recover(t.Context(), email, auth.Visitor{}); err != nil {
				t.Fatal(err)
			}
			return h.token(email)
		},
		"invented": func(int64, string) string { return strings.Repeat("A", 43) },
		"empty":    func(int64, string) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			h.Exec(`DELETE FROM desk.grants WHERE account_id = (SELECT id FROM desk.accounts WHERE email = $1)`, email)
			h.Exec(`UPDATE desk.accounts SET active = true, password_hash = '' WHERE email = $1`, email)
			id, token := h.invite(operator(email))
			token = spoil(id, token)
			before := h.count(`SELECT count(*) FROM desk.access_links WHERE used_at IS NOT NULL`)
			_, readErr := h.store.Invitation(t.Context(), token)
			_, err := h.store.Activate(t.Context(), token, "otra frase larga y distinta")
			if !fault.Is(err, fault.NotFound) || !fault.Is(readErr, fault.NotFound) || fault.MessageOf(err) != fault.MessageOf(readErr) {
				t.Errorf("got %v and %v, want the one answer", readErr, err)
			}
			if h.enters(email, "otra frase larga y distinta") || h.count(`SELECT count(*) FROM desk.access_links WHERE used_at IS NOT NULL`) != before {
				t.Error("it had an effect")
			}
		})
	}
}

// Opening a link, as mail programs do by themselves, uses nothing up.
func TestReadingALinkUsesNothingUp(t *testing.T) {
	h := newHouse(t)
	_, token := h.invite(operator("olga@raiz.invalid"))
	for range 3 {
		if _, err := h.store.Invitation(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.store.Activate(t.Context(), token, "corta"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a short password: %v, want invalid", err)
	}
	if _, err := h.store.Activate(t.Context(), token, "Olga-Ficticia-Prueba-Raiz"); !fault.Is(err, fault.Invalid) {
		t.Errorf("her own name: %v, want invalid", err)
	}
	if _, err := h.store.Activate(t.Context(), token, phrase); err != nil {
		t.Errorf("after mistakes, the right one: %v", err)
	}
}

func TestOfManyWhoUseALinkAtOnceOneGetsTheAccount(t *testing.T) {
	h := newHouse(t)
	_, token := h.invite(operator("olga@raiz.invalid"))
	const many = 6
	won := make(chan string, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			password := fmt.Sprintf("%s número %d", phrase, i)
			if _, err := h.store.Activate(context.Background(), token, password); err == nil {
				won <- password
			} else if !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(won)
	if len(won) != 1 {
		t.Fatalf("%d activated the account, want one", len(won))
	}
	if !h.enters("olga@raiz.invalid", <-won) {
		t.Error("the password is not of whoever won")
	}
}

func TestWhatCannotBeInvited(t *testing.T) {
	h := newHouse(t)
	h.Candidacy(h.party, "Ana", "Ejemplo")
	withAccount := h.Candidacy(h.party, "Iris", "Ejemplo")
	h.Account("iris@raiz.invalid", "candidata", 0, withAccount)
	folio := func(id int64) (f string) {
		if err := h.Desk.QueryRow(t.Context(), `SELECT folio FROM desk.candidacies WHERE id = $1`, id).Scan(&f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	for field, spoil := range map[string]func(*account.NewPerson){
		account.EmailField:               func(n *account.NewPerson) { n.Email = "sin arroba" },
		account.NameField:                func(n *account.NewPerson) { n.Name = " A " },
		account.RoleField:                func(n *account.NewPerson) { n.Role, n.Acronym = "dueña", "" },
		account.NominatorField:           func(n *account.NewPerson) { n.Acronym = "NADIE" },
		account.NominatorField + "/none": func(n *account.NewPerson) { n.Acronym = "" },
		account.FolioField:               func(n *account.NewPerson) { n.Folio = "PRU-1" },
		account.FolioField + "/taken": func(n *account.NewPerson) {
			n.Role, n.Acronym, n.Folio = "candidata", "", folio(withAccount)
		},
		account.FolioField + "/unknown": func(n *account.NewPerson) { n.Role, n.Acronym, n.Folio = "candidata", "", "PRU-99999" },
		account.UntilField:              func(n *account.NewPerson) { n.Until = h.Now() },
	} {
		n := operator("nueva@raiz.invalid")
		spoil(&n)
		_, err := h.store.Invite(t.Context(), h.admin, h.key(), n)
		found := false
		for _, f := range fault.FieldsOf(err) {
			found = found || f.ID == strings.Split(field, "/")[0]
		}
		if !found {
			t.Errorf("%s: got %v", field, err)
		}
	}
	if n := h.count(`SELECT count(*) FROM desk.accounts WHERE email = 'nueva@raiz.invalid'`); n != 0 {
		t.Error("something was made of what was refused")
	}
	h.invite(operator("olga@raiz.invalid"))
	if _, err := h.store.Invite(t.Context(), h.admin, h.key(), operator("olga@raiz.invalid")); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second role in the process: %v, want a conflict", err)
	}
}

// A role of the institute takes two persons, and the database says so too.
func TestARoleOfTheInstituteTakesTwoPersons(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	out, err := h.store.Invite(ctx, h.admin, h.key(), analyst("ana@iep.invalid"))
	if err != nil || out.Account != 0 || out.Request == 0 {
		t.Fatalf("got %+v, %v; want a request", out, err)
	}
	if n := h.count(`SELECT count(*) FROM desk.accounts WHERE email = 'ana@iep.invalid'`); n != 0 {
		t.Error("the account is there before anybody confirms it")
	}
	if err := h.store.Confirm(ctx, h.admin, h.key(), out.Request); !fault.Is(err, fault.Forbidden) {
		t.Errorf("whoever asked confirms: %v, want forbidden", err)
	}
	direct := h.Desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Exec(ctx, `UPDATE desk.account_requests SET state = 'confirmada', decided_by = requested_by, decided_at = now()`)
	})
	if db.Constraint(direct) != "account_requests_two_persons" {
		t.Errorf("in the database: %v", direct)
	}
	elsewhere := auth.Admin{Who: auth.Who{Account: h.peer.Account, Process: h.Process + 1}}
	if err := h.store.Confirm(ctx, elsewhere, h.key(), out.Request); !fault.Is(err, fault.NotFound) {
		t.Errorf("from another process: %v, want not found", err)
	}
	if err := h.store.Confirm(ctx, h.secretary, h.key(), out.Request); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Confirm(ctx, h.peer, h.key(), out.Request); !fault.Is(err, fault.Conflict) {
		t.Errorf("again: %v, want a conflict", err)
	}
	o, err := h.store.Invitation(ctx, h.token("ana@iep.invalid"))
	if err != nil || o.Role != "verificador" || !o.WithFactor {
		t.Errorf("her link opens %+v, %v", o, err)
	}
}

func TestNobodyConfirmsTheirOwnRole(t *testing.T) {
	h := newHouse(t)
	n := analyst("u9@iep.invalid")
	n.Role = "administracion"
	out, err := h.store.Invite(t.Context(), h.admin, h.key(), n)
	if err != nil {
		t.Fatal(err)
	}
	// Somebody who has that address elsewhere, and acts here.
	same := auth.Admin{Who: auth.Who{Account: h.peer.Account, Email: "u9@iep.invalid", Process: h.Process}}
	if err := h.store.Confirm(t.Context(), same, h.key(), out.Request); !fault.Is(err, fault.Forbidden) {
		t.Errorf("got %v, want forbidden", err)
	}
}

func TestOfTwoWhoConfirmAtOnceOneDoes(t *testing.T) {
	h := newHouse(t)
	out, err := h.store.Invite(t.Context(), h.admin, h.key(), analyst("ana@iep.invalid"))
	if err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 2)
	for _, p := range []auth.Proposer{h.peer, h.secretary} {
		key := h.key()
		go func() { errs <- h.store.Confirm(context.Background(), p, key, out.Request) }()
	}
	a, b := <-errs, <-errs
	if (a == nil) == (b == nil) || !fault.Is(a, fault.Conflict) && !fault.Is(b, fault.Conflict) {
		t.Errorf("got %v and %v, want one done and one conflict", a, b)
	}
	if n := h.count(`SELECT count(*) FROM desk.outbox WHERE recipient = 'ana@iep.invalid'`); n != 1 {
		t.Errorf("%d links were sent, want one", n)
	}
}

func TestAPartyDesignatesItsOwnPeopleAndNobodyElses(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	n := operator("olga@raiz.invalid")
	n.Acronym, n.Folio, n.Basis = "OTRO", "PRU-1", "Designación del comité" // what a form may pretend
	if err := h.store.Designate(ctx, h.validator, h.key(), n); err != nil {
		t.Fatal(err)
	}
	n.Role = "administracion"
	if err := h.store.Designate(ctx, h.validator, h.key(), n); !fault.Is(err, fault.Invalid) {
		t.Errorf("a role of the institute: %v, want invalid", err)
	}
	_, requests, err := h.store.OfParty(ctx, h.validator)
	if err != nil || len(requests) != 1 || requests[0].Acronym != "RAIZ" {
		t.Fatalf("got %+v, %v", requests, err)
	}
	id := requests[0].ID
	if err := h.store.Confirm(ctx, h.secretary, h.key(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("the Secretary, whose it is not: %v, want not found", err)
	}
	if err := h.store.Confirm(ctx, h.admin, h.key(), id); err != nil {
		t.Fatal(err)
	}
	o, err := h.store.Invitation(ctx, h.token("olga@raiz.invalid"))
	if err != nil || o.Scope != "Partido RAIZ" {
		t.Errorf("got %+v, %v", o, err)
	}
	rival := auth.Validator{Who: auth.Who{Account: h.Account("v@otro.invalid", "validador", h.other, 0), Process: h.Process}, Nominator: h.other}
	if people, requests, err := h.store.OfParty(ctx, rival); err != nil || len(people) != 1 || len(requests) != 0 {
		t.Errorf("another party sees %v %v, %v", people, requests, err)
	}
	for name, target := range map[string]int64{"of another party": o.Account, "of the institute": h.admin.Account, "nobody": 999} {
		if err := h.store.SuspendOfParty(ctx, rival, h.key(), target, "Porque sí"); !fault.Is(err, fault.NotFound) {
			t.Errorf("suspending somebody %s: %v, want not found", name, err)
		}
	}
	if err := h.store.SuspendOfParty(ctx, h.validator, h.key(), o.Account, "Dejó el comité"); err != nil {
		t.Error(err)
	}
	if err := h.store.SuspendOfParty(ctx, h.validator, h.key(), h.validator.Account, "Yo misma"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("suspending oneself: %v, want forbidden", err)
	}
}

func TestSuspendingEndsEverythingAndDeletesNothing(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id, token := h.invite(operator("olga@raiz.invalid"))
	if _, err := h.store.Activate(ctx, token, phrase); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Suspend(ctx, h.admin, h.key(), id, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v, want invalid", err)
	}
	elsewhere := auth.Admin{Who: auth.Who{Account: h.peer.Account, Process: h.Process + 1}}
	if err := h.store.Suspend(ctx, elsewhere, h.key(), id, "Prueba"); !fault.Is(err, fault.NotFound) {
		t.Errorf("from another process: %v, want not found", err)
	}
	if err := h.store.Suspend(ctx, h.admin, h.key(), id, "Terminó su encargo"); err != nil {
		t.Fatal(err)
	}
	if h.enters("olga@raiz.invalid", phrase) {
		t.Error("suspended, she enters")
	}
	if err := h.store.Recover(ctx, "olga@raiz.invalid", auth.Visitor{}); err != nil || h.count(`SELECT count(*) FROM desk.access_links WHERE kind = 'recuperacion'`) != 0 {
		t.Errorf("suspended, she recovers her access (%v)", err)
	}
	p, err := h.store.Person(ctx, h.admin, id)
	if err != nil || p.State != account.Suspended {
		t.Errorf("got %+v, %v", p, err)
	}
	if err := h.store.Resume(ctx, h.admin, h.key(), id, "Volvió"); err != nil || !h.enters("olga@raiz.invalid", phrase) {
		t.Errorf("active again, she does not enter (%v)", err)
	}
	if err := h.store.Retire(ctx, h.admin, h.key(), id, "Cambia de función"); err != nil {
		t.Error(err)
	}
	if n := h.count(`SELECT count(*) FROM desk.accounts WHERE id = $1`, id); n != 1 {
		t.Error("the account was deleted")
	}
}

func TestNobodyIsLeftWithoutAnAdmin(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	if err := h.store.Suspend(ctx, h.admin, h.key(), h.admin.Account, "Yo misma"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("oneself: %v, want forbidden", err)
	}
	// Each suspends the other, at once.
	errs := make(chan error, 2)
	for _, x := range [][2]auth.Admin{{h.admin, h.peer}, {h.peer, h.admin}} {
		key := h.key()
		go func() { errs <- h.store.Suspend(context.Background(), x[0], key, x[1].Account, "A la vez") }()
	}
	a, b := <-errs, <-errs
	if (a == nil) == (b == nil) {
		t.Errorf("got %v and %v, want one", a, b)
	}
	if n := h.count(`SELECT count(*) FROM desk.accounts a JOIN desk.grants g ON g.account_id = a.id WHERE g.role = 'administracion' AND a.active`); n != 1 {
		t.Errorf("%d Admins are left, want one", n)
	}
}

// Neither the bitácora nor the outbox learns a password, and a link that left is
// not there to be read.
func TestTheBitacoraHasNoSecrets(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	id, token := h.invite(operator("olga@raiz.invalid"))
	if _, err := h.store.Activate(ctx, token, phrase); err != nil {
		t.Fatal(err)
	}
	a := auth.Operator{Who: auth.Who{Account: id, Email: "olga@raiz.invalid", Process: h.Process}}
	if err := h.store.ChangePassword(ctx, a, "no es esta", "otra frase larga y distinta"); !fault.Is(err, fault.Invalid) {
		t.Errorf("with another password: %v, want invalid", err)
	}
	if err := h.store.ChangePassword(ctx, a, phrase, "otra frase larga y distinta"); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Entered(ctx, a, auth.Visitor{}, "Firefox en Linux"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{phrase, "otra frase larga", "no es esta", token, "p1$argon2id"} {
		if n := h.count(`SELECT count(*) FROM audit.entries WHERE position($1 IN kind || object || details::text) > 0`, secret); n != 0 {
			t.Errorf("the bitácora has %q", secret)
		}
		if n := h.count(`SELECT count(*) FROM desk.submissions WHERE position($1 IN result) > 0`, secret); n != 0 {
			t.Errorf("the answers given have %q", secret)
		}
	}
	for _, kind := range []string{"cuenta.invitar", "cuenta.activar", "cuenta.contrasena", "sesion.abrir"} {
		if n := h.count(`SELECT count(*) FROM audit.entries WHERE kind = $1 AND process_id = $2`, kind, h.Process); n != 1 {
			t.Errorf("%d entries of %s, want one", n, kind)
		}
	}
	if body := h.mail("olga@raiz.invalid"); !strings.Contains(body, "Firefox en Linux") {
		t.Errorf("a new browser is not told: %s", body)
	}
}
