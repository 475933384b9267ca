package auth

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"conoceles/internal/fault"
)

// Lengths of a password, in characters. Whoever has a second factor may have a
// shorter one (NIST SP 800-63B-4).
const (
	ShortestAlone      = 15
	ShortestWithFactor = 12
	LongestPassword    = 128
)

// longestBytes bounds what is hashed.
const longestBytes = 1024

// PasswordField is the field of every form that asks for a new password.
const PasswordField = "contrasena"

// Policy is what a new password must comply with. Nobody is asked for capitals,
// digits or symbols, nor to change it from time to time.
type Policy struct {
	WithFactor bool     // the account has, or must have, a second factor
	Words      []string // what others would try first: name, address, party, place
}

// Shortest returns the fewest characters.
func (p Policy) Shortest() int {
	if p.WithFactor {
		return ShortestWithFactor
	}
	return ShortestAlone
}

// Check returns what to mend in a new password, Invalid and tied to
// PasswordField, or nil. It says nothing of what the password is.
func (p Policy) Check(password string) error {
	wrong := func(format string, args ...any) error {
		return fault.InvalidField(PasswordField, fmt.Sprintf(format, args...))
	}
	n := utf8.RuneCountInString(norm.NFC.String(password))
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return wrong("La contraseña tiene caracteres que no se pueden usar: escríbela otra vez")
	case n < p.Shortest():
		return wrong("Escribe una contraseña de %d caracteres o más; puede ser una frase", p.Shortest())
	case n > LongestPassword || len(password) > longestBytes:
		return wrong("Escribe una contraseña de %d caracteres o menos", LongestPassword)
	case monotonous(password):
		return wrong("Esa contraseña repite o sigue una serie: escribe varias palabras que no vayan juntas")
	case p.guessable(password):
		return wrong("Esa contraseña es de las que cualquiera probaría primero: agrégale palabras que no tengan que ver contigo ni con la elección")
	}
	return nil
}

// everybodys are the words that anybody would try on this system.
var everybodys = strings.Fields(`conoceles candidata candidato candidatas candidatos impepac instituto electoral eleccion elecciones
proceso partido voto morelos mexico cuernavaca contrasena password clave acceso secreto captura usuario administrador admin temporal bienvenida bienvenido`)

// tooLittle is how many characters must remain without the words that others
// would try and without figures.
const tooLittle = 8

// guessable reports whether a password is a common one, perhaps with figures and
// symbols around it, or made of the words of its context.
func (p Policy) guessable(password string) bool {
	folded := fold(password)
	core := strings.TrimFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
	if common()[folded] || common()[core] {
		return true
	}
	rest := letters(folded)
	if common()[rest] {
		return true
	}
	for _, w := range append(p.words(), everybodys...) {
		rest = strings.ReplaceAll(rest, w, " ")
	}
	return utf8.RuneCountInString(letters(rest)) < tooLittle
}

// words returns the words of the context, folded, the longest first where they
// are parts of one another.
func (p Policy) words() []string {
	var out []string
	for _, phrase := range p.Words {
		for w := range strings.FieldsFuncSeq(fold(phrase), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(w) >= 4 {
				out = append(out, w)
			}
		}
	}
	return out
}

// monotonous reports whether a password has few different characters, repeats a
// block, or follows the alphabet, the digits or the keyboard.
func monotonous(password string) bool {
	runes := []rune(fold(password))
	different := map[rune]bool{}
	followed := 0
	for i, r := range runes {
		different[r] = true
		if i > 0 && follows(runes[i-1], r) {
			followed++
		}
	}
	if len(different) < 5 || followed*4 >= len(runes)*3 {
		return true
	}
	for size := 1; size <= len(runes)/2; size++ {
		if period(runes, size) {
			return true
		}
	}
	return false
}

// rows are what fingers follow.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjklñ", "zxcvbnm"}

func follows(a, b rune) bool {
	for _, row := range rows {
		i, j := strings.IndexRune(row, a), strings.IndexRune(row, b)
		if i >= 0 && j >= 0 && (j-i == 1 || i-j == 1) {
			return true
		}
	}
	return a == b
}

func period(runes []rune, size int) bool {
	for i := size; i < len(runes); i++ {
		if runes[i] != runes[i-size] {
			return false
		}
	}
	return true
}

// fold takes away case and accents.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// The common passwords are those of zxcvbn, some 40,000 of six characters or
// more, in the public lists of leaks; common/LICENSE-zxcvbn.txt is their licence.
//
//go:embed common/passwords.txt.gz
var commonFile []byte

// common returns the common passwords, folded.
var common = sync.OnceValue(func() map[string]bool {
	z, err := gzip.NewReader(bytes.NewReader(commonFile))
	if err != nil {
		panic(fmt.Sprintf("auth: the list of common passwords: %v", err)) // a bad build
	}
	out := make(map[string]bool, 41_000)
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		out[fold(lines.Text())] = true
	}
	if lines.Err() != nil || len(out) < 30_000 {
		panic("auth: the list of common passwords is not whole")
	}
	return out
})

// argonParams are OWASP's: 19 MiB, two passes, one thread.
var argonParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// peppered marks the hashes of passwords that went through the key outside the
// database: whoever has the database alone cannot even try.
const peppered = "p1"

// seasoned is the password as it is hashed.
func (s *Store) seasoned(password string) string {
	return base64.RawStdEncoding.EncodeToString(s.desk.MAC([]byte("llave\x00contrasena\x00" + norm.NFC.String(password))))
}

// Hash returns a password as it is kept. It takes a turn: hashing takes memory.
func (s *Store) Hash(ctx context.Context, password string) (string, error) {
	if len(password) > longestBytes {
		return "", fault.InvalidField(PasswordField, fmt.Sprintf("Escribe una contraseña de %d caracteres o menos", LongestPassword))
	}
	done, err := s.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return s.hash(password)
}

func (s *Store) hash(password string) (string, error) {
	hash, err := argon2id.CreateHash(s.seasoned(password), argonParams)
	return peppered + hash, err
}

// matches compares a password with a hash, and reports whether the hash is of an
// older kind than those made now.
func (s *Store) matches(password, hash string) (match, old bool, err error) {
	if len(password) > longestBytes {
		password = "" // and as much work as any other
	}
	if rest, ok := strings.CutPrefix(hash, peppered); ok {
		match, params, err := argon2id.CheckHash(s.seasoned(password), rest)
		return match && password != "", err == nil && *params != *argonParams, err
	}
	match, err = argon2id.ComparePasswordAndHash(password, hash)
	return match, true, err
}

// turn waits for one of the turns to hash; done gives it back.
func (s *Store) turn(ctx context.Context) (done func(), err error) {
	select {
	case s.turns <- struct{}{}:
		return func() { <-s.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
