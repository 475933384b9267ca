-- The chain of the bitácora: after commit, one sequencer gives each entry its
-- place and a leaf of a tree of its own, signed as it grows. Once an hour that tree
-- goes, as one salted leaf, to the public register: how much is done at the desk,
-- and when, is not told.
CREATE TABLE audit.chain (
  position bigint PRIMARY KEY CONSTRAINT chain_position CHECK (position >= 0),
  entry_id bigint NOT NULL CONSTRAINT chain_entry_unique UNIQUE REFERENCES audit.entries,
  digest   bytea NOT NULL CONSTRAINT chain_length CHECK (octet_length(digest) = 32)
);
COMMENT ON TABLE audit.chain IS 'Orden en que cada asiento se encadenó';
COMMENT ON COLUMN audit.chain.position IS 'Lugar, desde 0';
COMMENT ON COLUMN audit.chain.entry_id IS 'Asiento';
COMMENT ON COLUMN audit.chain.digest IS 'SHA-256 del asiento en forma canónica';

CREATE TABLE audit.chain_hashes (
  index bigint PRIMARY KEY,
  hash  bytea NOT NULL CONSTRAINT chain_hashes_length CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE audit.chain_hashes IS 'Resúmenes del árbol de la bitácora';
COMMENT ON COLUMN audit.chain_hashes.index IS 'Lugar en el árbol';
COMMENT ON COLUMN audit.chain_hashes.hash IS 'Resumen';

CREATE TABLE audit.chain_checkpoints (
  size bigint PRIMARY KEY CONSTRAINT chain_checkpoints_size CHECK (size > 0),
  at   timestamptz NOT NULL,
  note text NOT NULL
);
COMMENT ON TABLE audit.chain_checkpoints IS 'Sellos de la bitácora, firmados';
COMMENT ON COLUMN audit.chain_checkpoints.size IS 'Asientos que cubre';
COMMENT ON COLUMN audit.chain_checkpoints.at IS 'Instante';
COMMENT ON COLUMN audit.chain_checkpoints.note IS 'Nota firmada';

CREATE TABLE audit.seals (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL CONSTRAINT seals_hour_unique UNIQUE,
  size       bigint NOT NULL CONSTRAINT seals_size CHECK (size >= 0),
  root       bytea NOT NULL CONSTRAINT seals_root CHECK (octet_length(root) = 32),
  salt       bytea NOT NULL CONSTRAINT seals_salt CHECK (octet_length(salt) = 32),
  commitment bytea NOT NULL CONSTRAINT seals_commitment_unique UNIQUE
);
COMMENT ON TABLE audit.seals IS 'Lo que la bitácora asienta cada hora en el registro público, haya habido actos o no';
COMMENT ON COLUMN audit.seals.id IS 'Número de sello';
COMMENT ON COLUMN audit.seals.at IS 'Hora que cubre';
COMMENT ON COLUMN audit.seals.size IS 'Asientos que cubre';
COMMENT ON COLUMN audit.seals.root IS 'Raíz del árbol de la bitácora';
COMMENT ON COLUMN audit.seals.salt IS 'Sal';
COMMENT ON COLUMN audit.seals.commitment IS 'Compromiso: la hoja del registro público';
ALTER TABLE audit.leaves ADD CONSTRAINT leaves_seal FOREIGN KEY (seal_id) REFERENCES audit.seals;

CREATE TRIGGER chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.chain
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER chain_hashes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.chain_hashes
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER chain_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.chain_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.seals
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE INDEX entries_process ON audit.entries (process_id, id DESC);
CREATE INDEX entries_account ON audit.entries (account_id, id DESC);
GRANT SELECT, INSERT ON audit.chain, audit.chain_hashes, audit.chain_checkpoints, audit.seals TO conoceles_escritorio;
