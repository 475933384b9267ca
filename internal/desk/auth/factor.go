package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"image/color"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"conoceles/internal/db"
	"conoceles/internal/fault"
)

// Factor is where an account is with its second factor.
type Factor struct {
	Enrolled bool
	Required bool // by a process in which it has a role
	Since    time.Time
	Codes    int // recovery codes that it has left
}

// CodeField is the field of a code of the second factor.
const CodeField = "codigo"

const (
	factorSeal   = "segundo-factor"
	step         = 30 // seconds that a code lasts
	codes        = 10 // recovery codes
	codeAlphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
)

// Factor returns where an account is with its second factor. The strictest of
// its processes says whether one is required.
func (s *Store) Factor(ctx context.Context, account int64) (Factor, error) {
	const q = `
SELECT f.account_id IS NOT NULL, COALESCE(f.confirmed_at, 'epoch'),
  COALESCE((SELECT bool_or(p.second_factor = 'todas' OR p.second_factor = 'instituto' AND g.role NOT IN ('operador', 'validador', 'candidata'))
    FROM desk.grants g JOIN desk.processes p ON p.id = g.process_id WHERE g.account_id = a.id), true),
  (SELECT count(*) FROM desk.recovery_codes r WHERE r.account_id = a.id AND r.used_at IS NULL)
FROM desk.accounts a LEFT JOIN desk.second_factors f ON f.account_id = a.id WHERE a.id = $1`
	var f Factor
	err := s.desk.QueryRow(ctx, q, account).Scan(&f.Enrolled, &f.Since, &f.Required, &f.Codes)
	return f, db.Fault(err)
}

// Seed is the secret of a second factor that somebody is enrolling.
type Seed struct {
	Secret string // in base 32
	who    string
}

// newSeed returns a seed for the account of an address.
func newSeed(email string) Seed {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	return Seed{base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret), email}
}

// Groups returns the secret as a person types it, in groups of four.
func (s Seed) Groups() string {
	var b strings.Builder
	for i, r := range s.Secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Drawing returns the square code that an application of codes reads: the side
// in modules, and its dark ones as the path of an SVG.
func (s Seed) Drawing() (side int, path string, err error) {
	label := "Conóceles:" + s.who
	q := url.Values{"secret": {s.Secret}, "issuer": {"Conóceles"}, "digits": {"6"}, "period": {strconv.Itoa(step)}, "algorithm": {"SHA1"}}
	code, err := qr.Encode("otpauth://totp/"+url.PathEscape(label)+"?"+strings.ReplaceAll(q.Encode(), "+", "%20"), qr.M, qr.Auto)
	if err != nil {
		return 0, "", err
	}
	var b strings.Builder
	side = code.Bounds().Dx()
	for y := range side {
		for x := range side {
			if code.At(x, y) == color.Black {
				b.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "h1v1h-1z")
			}
		}
	}
	return side, b.String(), nil
}

// errCode is the one answer to a code that is wrong, late or used.
var errCode = fault.InvalidField(CodeField, "El código no es el de este momento. Revisa que la hora de tu teléfono sea correcta y escribe el que muestre ahora")

// matchStep returns the interval whose code this is: the present one, the one
// before or the one after. 0 is none.
func matchStep(secret, code string, now time.Time) int64 {
	present := now.Unix() / step
	for _, at := range []int64{present, present - 1, present + 1} {
		ok, err := hotp.ValidateCustom(code, uint64(at), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok {
			return at
		}
	}
	return 0
}

// Enrol gives an account the second factor of a seed whose present code it shows,
// in place of any other, and returns its recovery codes, which are not kept. A
// wrong code is Invalid.
func (s *Store) Enrol(ctx context.Context, tx *db.Tx, account int64, seed Seed, code string) ([]string, error) {
	at := matchStep(seed.Secret, digits(code), tx.Now())
	if at == 0 {
		return nil, errCode
	}
	sealed, err := s.seal(factorSeal, account, []byte(seed.Secret))
	if err != nil {
		return nil, err
	}
	const q = `
INSERT INTO desk.second_factors (account_id, secret, confirmed_at, last_step) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, confirmed_at = excluded.confirmed_at, last_step = excluded.last_step`
	if err := tx.Exec(ctx, q, account, sealed, tx.Now(), at); err != nil {
		return nil, err
	}
	return s.NewCodes(ctx, tx, account)
}

// NewCodes gives an account new recovery codes; the ones before stop working.
func (s *Store) NewCodes(ctx context.Context, tx *db.Tx, account int64) ([]string, error) {
	if err := tx.Exec(ctx, `DELETE FROM desk.recovery_codes WHERE account_id = $1`, account); err != nil {
		return nil, err
	}
	out := make([]string, codes)
	hashes := make([][]byte, codes)
	for i := range out {
		out[i] = newCode()
		hashes[i] = s.codeHash(account, out[i])
	}
	const q = `INSERT INTO desk.recovery_codes (account_id, code_hash) SELECT $1, h FROM unnest($2::bytea[]) h`
	return out, tx.Exec(ctx, q, account, hashes)
}

// newCode returns a recovery code of 80 bits, in groups of four.
func newCode() string {
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails
	var b strings.Builder
	for i, r := range random {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[r%32])
	}
	return b.String()
}

func (s *Store) codeHash(account int64, code string) []byte {
	plain := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, code))
	return s.desk.MAC([]byte("llave\x00respaldo\x00" + strconv.FormatInt(account, 10) + "\x00" + plain))
}

// RemoveFactor takes an account's second factor away, passkeys and all: somebody who lost it and
// identified themselves in person enrols another.
func (s *Store) RemoveFactor(ctx context.Context, tx *db.Tx, account int64) error {
	for _, sql := range []string{`DELETE FROM desk.recovery_codes WHERE account_id = $1`, `DELETE FROM desk.passkeys WHERE account_id = $1`} {
		if err := tx.Exec(ctx, sql, account); err != nil {
			return err
		}
	}
	return tx.Exec(ctx, `DELETE FROM desk.second_factors WHERE account_id = $1`, account)
}

// digits takes the blanks of a code away: applications show them in two groups.
func digits(code string) string { return strings.Join(strings.Fields(code), "") }

// CheckCode takes a code of an account's application, or one of its recovery
// codes. Each works once. A wrong one is Invalid; too many wrong ones make the
// next wait, TooMany.
func (s *Store) CheckCode(ctx context.Context, account int64, code string) error {
	b := []bucket{s.bucket("codigo", strconv.FormatInt(account, 10), freeFailures, kept, longestWait)}
	done, err := s.turn(ctx) // so that guesses sent at once are counted one by one
	if err != nil {
		return err
	}
	defer done()
	if err := s.waitIsOver(ctx, b); err != nil {
		return err
	}
	var right bool
	err = s.desk.Upkeep(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if right, err = s.spend(ctx, tx, account, code); err != nil {
			return err
		}
		if !right {
			return s.count(ctx, tx, b)
		}
		return tx.Exec(ctx, `DELETE FROM desk.login_failures WHERE email_hash = $1`, b[0].key)
	})
	if err == nil && !right {
		err = errCode
	}
	return err
}

// spend uses a code up, if it is right and nobody used it.
func (s *Store) spend(ctx context.Context, tx *db.Tx, account int64, code string) (bool, error) {
	if len(code) > 64 {
		return false, nil
	}
	if short := digits(code); len(short) > 6 {
		const q = `UPDATE desk.recovery_codes SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL`
		n, err := tx.ExecRows(ctx, q, account, s.codeHash(account, code), tx.Now())
		return n == 1, err
	}
	var sealed []byte
	err := tx.QueryRow(ctx, `SELECT secret FROM desk.second_factors WHERE account_id = $1`, account).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	secret, err := s.open(factorSeal, account, sealed)
	if err != nil {
		return false, err
	}
	at := matchStep(string(secret), digits(code), tx.Now())
	if at == 0 {
		return false, nil
	}
	n, err := tx.ExecRows(ctx, `UPDATE desk.second_factors SET last_step = $2 WHERE account_id = $1 AND last_step < $2`, account, at)
	return n == 1, err
}
