package auth_test

import (
	"context"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/fault"
)

func TestWhatANewPasswordMustBe(t *testing.T) {
	words := []string{"Marisol Inventada Tapia", "marisol@ejemplo.invalid", "Raíz Común", "Xochitepec"}
	for _, tt := range []struct {
		name, password string
		factor         bool
		want           string // in the message; "" is accepted
	}{
		{"a phrase", "cuatro gatos bajo el puente", false, ""},
		{"any script, spaces and emoji", "ñandú 東京 жираф 🦒🦒 lluvia", false, ""},
		{"fourteen characters", "zapato lunar x", false, "15 caracteres o más"},
		{"twelve with a second factor", "zapato lunar", true, ""},
		{"eleven with a second factor", "zapato luna", true, "12 caracteres o más"},
		{"composed or not, a letter is one", strings.Repeat("é", 14), false, "15 caracteres o más"},
		{"decomposed it is one too", strings.Repeat("e\u0301", 14), false, "15 caracteres o más"},
		{"the longest", "cuatro gatos " + strings.Repeat("lp", 57) + "z", false, ""},
		{"longer", "cuatro gatos " + strings.Repeat("lp", 58), false, "128 caracteres o menos"},
		{"a common one with figures", "football12345678901", true, "cualquiera probaría"},
		{"a common one", "qwertyuiop123456", false, "serie"},
		{"the system's words", "Conoceles-Impepac-2027!", false, "cualquiera probaría"},
		{"one's own name", "marisol.inventada.tapia.1985", false, "cualquiera probaría"},
		{"the party and the place", "raízcomún-xochitepec-2024", false, "cualquiera probaría"},
		{"one letter", strings.Repeat("a", 20), false, "serie"},
		{"a block again and again", "zapatozapatozapato", false, "serie"},
		{"a series", "abcdefghijklmnopq", false, "serie"},
		{"a NUL", "cuatro gatos\x00bajo el puente", false, "caracteres que no se pueden"},
		{"no text at all", "cuatro gatos \xff\xfe bajo", false, "caracteres que no se pueden"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := auth.Policy{WithFactor: tt.factor, Words: words}.Check(tt.password)
			if tt.want == "" {
				if err != nil {
					t.Fatalf("got %v, want accepted", err)
				}
				return
			}
			fields := fault.FieldsOf(err)
			if len(fields) != 1 || fields[0].ID != auth.PasswordField || !strings.Contains(fields[0].Message, tt.want) {
				t.Errorf("got %v, want %q", fields, tt.want)
			}
			if err != nil && len(tt.password) > 5 && strings.Contains(err.Error()+fields[0].Message, tt.password) {
				t.Error("the answer repeats the password")
			}
		})
	}
}

// A database without its key outside cannot even be guessed at, and a hash of an
// older kind is made anew when its owner enters.
func TestAnOlderHashIsMadeAnewWhenItsOwnerEnters(t *testing.T) {
	h := newHouse(t)
	if !strings.HasPrefix(h.hash(), "p1$argon2id$") {
		t.Fatalf("a new hash is %.14s…", h.hash())
	}
	old, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 8 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	h.Exec(`UPDATE desk.accounts SET password_hash = $1`, old)
	if _, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", password, auth.Visitor{}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(h.hash(), "p1$argon2id$") {
		t.Errorf("after entering it is still %.14s…", h.hash())
	}
	if _, err := h.store.Login(t.Context(), "operador@ejemplo.invalid", password, auth.Visitor{}); err != nil {
		t.Error("the new hash does not let its owner in: ", err)
	}
}

func (h *house) hash() (out string) {
	h.T.Helper()
	if err := h.Desk.QueryRow(context.Background(), `SELECT password_hash FROM desk.accounts WHERE email = 'operador@ejemplo.invalid'`).Scan(&out); err != nil {
		h.T.Fatal(err)
	}
	return out
}

// Composed and decomposed letters are the same password.
func TestAPasswordIsTheSameHoweverItsAccentsAreTyped(t *testing.T) {
	h := newHouse(t)
	h.Tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := h.store.Create(ctx, tx, auth.NewAccount{
			Email: "n@ejemplo.invalid", Name: "N", Password: "canción del río lejano", Role: "auditoria", Process: h.Process,
		})
		return err
	})
	if _, err := h.store.Login(t.Context(), "n@ejemplo.invalid", "cancio\u0301n del ri\u0301o lejano", auth.Visitor{}); err != nil {
		t.Error(err)
	}
}
