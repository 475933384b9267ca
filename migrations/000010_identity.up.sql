-- Identity: one sealed blob per candidacy and version, padded so that its
-- length tells nothing, under a key of the candidacy that is itself wrapped by
-- a keyset outside the database. Destroying that key is erasure, so it is the
-- only thing here that may be deleted besides a draft (architecture.md 4,
-- security.md 0.3). A blob is a nonce of 12 bytes, whole blocks, and a tag of 16.
CREATE TABLE sensitive.candidacy_keys (
  candidacy_id bigint PRIMARY KEY REFERENCES desk.candidacies,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  wrapped      bytea NOT NULL,
  keyset_key   bigint NOT NULL,
  created_at   timestamptz NOT NULL,
  wrapped_at   timestamptz NOT NULL
);
COMMENT ON TABLE sensitive.candidacy_keys IS 'Llave de cada candidatura, envuelta por el llavero; destruirla suprime sus datos sensibles';
COMMENT ON COLUMN sensitive.candidacy_keys.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.candidacy_keys.process_id IS 'Proceso electoral';
COMMENT ON COLUMN sensitive.candidacy_keys.wrapped IS 'La llave, cifrada por el llavero';
COMMENT ON COLUMN sensitive.candidacy_keys.keyset_key IS 'Número de la llave del llavero que la envuelve';
COMMENT ON COLUMN sensitive.candidacy_keys.created_at IS 'Cuándo se hizo';
COMMENT ON COLUMN sensitive.candidacy_keys.wrapped_at IS 'Cuándo se envolvió por última vez';

CREATE TABLE sensitive.identity_answers (
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  version      integer NOT NULL CONSTRAINT identity_answers_version CHECK (version > 0),
  process_id   bigint NOT NULL REFERENCES desk.processes,
  blob         bytea NOT NULL CONSTRAINT identity_answers_padded
               CHECK (octet_length(blob) > 28 AND (octet_length(blob) - 28) % 4096 = 0),
  complete     boolean NOT NULL,
  account_id   bigint REFERENCES desk.accounts,
  at           timestamptz NOT NULL,
  PRIMARY KEY (candidacy_id, version)
);
COMMENT ON TABLE sensitive.identity_answers IS 'Cuestionario de identidad: todas las respuestas de una candidatura y versión, cifradas juntas';
COMMENT ON COLUMN sensitive.identity_answers.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.identity_answers.version IS 'Versión, desde 1';
COMMENT ON COLUMN sensitive.identity_answers.process_id IS 'Proceso electoral';
COMMENT ON COLUMN sensitive.identity_answers.blob IS 'Respuestas cifradas, con relleno hasta completar bloques de 4 KiB';
COMMENT ON COLUMN sensitive.identity_answers.complete IS 'Completo o incompleto: lo único que se sabe sin abrirlo';
COMMENT ON COLUMN sensitive.identity_answers.account_id IS 'Quien guardó; vacío: el sistema';
COMMENT ON COLUMN sensitive.identity_answers.at IS 'Instante';

CREATE TABLE sensitive.identity_drafts (
  candidacy_id bigint PRIMARY KEY REFERENCES desk.candidacies,
  version      integer NOT NULL CONSTRAINT identity_drafts_version CHECK (version > 0),
  process_id   bigint NOT NULL REFERENCES desk.processes,
  blob         bytea NOT NULL CONSTRAINT identity_drafts_padded
               CHECK (octet_length(blob) > 28 AND (octet_length(blob) - 28) % 16384 = 0),
  at           timestamptz NOT NULL
);
COMMENT ON TABLE sensitive.identity_drafts IS 'Borrador del cuestionario de identidad, todas sus páginas cifradas juntas';
COMMENT ON COLUMN sensitive.identity_drafts.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.identity_drafts.version IS 'Versión del borrador, que sube con cada guardado';
COMMENT ON COLUMN sensitive.identity_drafts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN sensitive.identity_drafts.blob IS 'Lo escrito, cifrado, con relleno hasta completar bloques de 16 KiB';
COMMENT ON COLUMN sensitive.identity_drafts.at IS 'Instante';

CREATE TABLE sensitive.key_destructions (
  candidacy_id bigint PRIMARY KEY REFERENCES desk.candidacies,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  versions     integer NOT NULL,
  at           timestamptz NOT NULL
);
COMMENT ON TABLE sensitive.key_destructions IS 'Supresiones: candidaturas cuya llave se destruyó y que no tendrán otra';
COMMENT ON COLUMN sensitive.key_destructions.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.key_destructions.process_id IS 'Proceso electoral';
COMMENT ON COLUMN sensitive.key_destructions.versions IS 'Cuántas versiones quedaron ilegibles';
COMMENT ON COLUMN sensitive.key_destructions.at IS 'Instante';

CREATE TRIGGER identity_answers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sensitive.identity_answers
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER key_destructions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sensitive.key_destructions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON sensitive.identity_answers, sensitive.key_destructions TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE, DELETE ON sensitive.candidacy_keys, sensitive.identity_drafts TO conoceles_escritorio;
