package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"strconv"
)

// errSealed says nothing of what did not open.
var errSealed = errors.New("auth: sealed for somebody else, or altered")

// seal encrypts what only this account may have back, for one purpose: a second
// factor's seed, what was typed when a session ended. Its key comes from the one
// outside the database.
func (s *Store) seal(purpose string, account int64, plain []byte) ([]byte, error) {
	aead, err := s.aead(purpose)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return aead.Seal(nonce, nonce, plain, owner(account)), nil
}

// open decrypts what seal encrypted for the same purpose and account.
func (s *Store) open(purpose string, account int64, sealed []byte) ([]byte, error) {
	aead, err := s.aead(purpose)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], owner(account))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

func (s *Store) aead(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.desk.MAC([]byte("llave\x00sello\x00" + purpose)))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func owner(account int64) []byte { return []byte("cuenta " + strconv.FormatInt(account, 10)) }
