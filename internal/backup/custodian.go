package backup

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"

	"conoceles/internal/fault"
)

// NewCustodian makes the key of a custodian, writes its private half in a file
// that must not exist and returns the public one, to which backups are encrypted.
func NewCustodian(path string) (string, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("hacer la llave: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return "", fault.Newf(fault.Invalid, "%s ya existe, y no se reemplaza una llave: sin ella no se abre ningún respaldo suyo.", path)
	}
	if err != nil {
		return "", fmt.Errorf("guardar la llave: %w", err)
	}
	_, err = fmt.Fprintf(f, "# Llave de respaldos de Conóceles. Guárdala lejos de los respaldos y del llavero.\n# pública: %s\n%s\n", key.Recipient(), key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("guardar la llave: %w", err)
	}
	return key.Recipient().String(), nil
}

// Recipients reads the public halves.
func Recipients(list []string) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, text := range list {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(text))
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "%q no es la parte pública de una llave de respaldos.", text)
		}
		out = append(out, r)
	}
	return out, nil
}

// Identities reads the private half that a custodian brings.
func Identities(path string) ([]age.Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("leer la llave de quien custodia: %w", err)
	}
	defer f.Close()
	out, err := age.ParseIdentities(f)
	if err != nil { // what it says may quote the key
		return nil, fault.Newf(fault.Invalid, "%s no es una llave de respaldos.", path)
	}
	return out, nil
}
