package identity

import (
	"context"

	"conoceles/internal/db"
)

// SealDocument encrypts a signed document under its candidacy's key, so that
// erasing one erases the other. name says which document it is (a kind and a
// number, never a person's text); OpenDocument asks for the same. Whoever keeps
// the sealed bytes may keep the SHA-256 of the document, which is a scan and
// cannot be guessed.
func (s *Store) SealDocument(ctx context.Context, tx *db.Tx, process, candidacy int64, name string, document []byte) ([]byte, error) {
	if err := lock(ctx, tx, candidacy); err != nil {
		return nil, err
	}
	key, err := s.ensureKey(ctx, tx, process, candidacy)
	if err != nil {
		return nil, err
	}
	return key.seal(document, documentBlock, documentLabel(process, candidacy, name)), nil
}

// OpenDocument decrypts what SealDocument sealed. It leaves no entry in the
// bitácora: whoever shows a document to a person writes it, in the same act.
func (s *Store) OpenDocument(ctx context.Context, q db.Querier, process, candidacy int64, name string, sealed []byte) ([]byte, error) {
	key, err := s.key(ctx, q, process, candidacy)
	if err != nil {
		return nil, err
	}
	return key.open(sealed, documentLabel(process, candidacy, name))
}
