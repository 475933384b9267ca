-- What loading lists needs: the names under which a list may call an office,
-- the file that somebody has sent and not confirmed yet, and ids reserved in
-- bulk, so that thousands of rows are copied at once.
ALTER TABLE desk.offices ADD COLUMN synonyms text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN desk.offices.synonyms IS 'Otras formas en que las listas nombran el cargo';

CREATE TABLE desk.uploads (
  token      text PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES desk.accounts,
  purpose    text NOT NULL CONSTRAINT uploads_purpose CHECK (purpose IN ('lista', 'documento')),
  file_name  text NOT NULL,
  bytes      bytea NOT NULL,
  hash       text NOT NULL,
  at         timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX uploads_expiry ON desk.uploads (expires_at);
COMMENT ON TABLE desk.uploads IS 'Archivos enviados que esperan confirmación';
COMMENT ON COLUMN desk.uploads.token IS 'Identificador que lleva el formulario';
COMMENT ON COLUMN desk.uploads.account_id IS 'Quien lo envió: sólo esa cuenta lo usa';
COMMENT ON COLUMN desk.uploads.purpose IS 'Para qué: lista de candidaturas o documento de un acto';
COMMENT ON COLUMN desk.uploads.file_name IS 'Nombre del archivo';
COMMENT ON COLUMN desk.uploads.bytes IS 'Contenido';
COMMENT ON COLUMN desk.uploads.hash IS 'SHA-256 del contenido';
COMMENT ON COLUMN desk.uploads.at IS 'Cuándo se envió';
COMMENT ON COLUMN desk.uploads.expires_at IS 'Cuándo se borra si nadie lo confirma';

GRANT SELECT, INSERT, DELETE ON desk.uploads TO conoceles_escritorio;
GRANT USAGE ON SEQUENCE desk.persons_id_seq, desk.candidacies_id_seq TO conoceles_escritorio;
