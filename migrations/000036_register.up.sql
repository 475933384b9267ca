-- The public register (security.md 2.5): one Merkle tree of salted commitments.
-- What was published of somebody is kept at the desk with the salt that opens its
-- leaf; the site has the leaves, the hashes of the tree and its signed checkpoints,
-- and of each public version only what may still be read. Identity enters none.
CREATE TABLE desk.publications (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  kind         text NOT NULL CONSTRAINT publications_kind CHECK (kind IN ('publica', 'cambia', 'retira')),
  number       integer NOT NULL,
  folio        text NOT NULL,
  at           timestamptz NOT NULL,
  salt         bytea CONSTRAINT publications_salt CHECK (octet_length(salt) = 32),
  parts        jsonb,
  commitment   bytea NOT NULL CONSTRAINT publications_commitment CHECK (octet_length(commitment) = 32),
  CONSTRAINT publications_commitment_unique UNIQUE (commitment),
  CONSTRAINT publications_erased CHECK ((salt IS NULL) = (parts IS NULL))
);
CREATE INDEX publications_candidacy ON desk.publications (candidacy_id, id);
COMMENT ON TABLE desk.publications IS 'Cada publicación, cambio y retiro de una candidatura, con la sal que abre su compromiso';
COMMENT ON COLUMN desk.publications.id IS 'Número, en el orden en que ocurrieron';
COMMENT ON COLUMN desk.publications.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.publications.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.publications.kind IS 'Qué ocurrió: publica, cambia o retira';
COMMENT ON COLUMN desk.publications.number IS 'Versión del cuestionario; 0: sin cuestionario público';
COMMENT ON COLUMN desk.publications.folio IS 'Folio con que se asentó';
COMMENT ON COLUMN desk.publications.at IS 'Instante';
COMMENT ON COLUMN desk.publications.salt IS 'Sal; vacía: se suprimió y nadie puede decir qué decía';
COMMENT ON COLUMN desk.publications.parts IS 'Lo publicado, por rubro, en forma canónica; sin identidad';
COMMENT ON COLUMN desk.publications.commitment IS 'Compromiso: la hoja del registro público';

-- What opens a leaf is forgotten with the person, and nothing else changes.
CREATE FUNCTION desk.refuse_unless_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.salt IS NULL AND NEW.parts IS NULL
    AND (NEW.id, NEW.process_id, NEW.candidacy_id, NEW.kind, NEW.number, NEW.folio, NEW.at, NEW.commitment)
      IS NOT DISTINCT FROM (OLD.id, OLD.process_id, OLD.candidacy_id, OLD.kind, OLD.number, OLD.folio, OLD.at, OLD.commitment)
    AND EXISTS (SELECT 1 FROM sensitive.key_destructions d WHERE d.candidacy_id = OLD.candidacy_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'append only' USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'publications_append_only';
END $$;
COMMENT ON FUNCTION desk.refuse_unless_forgotten() IS 'Impide cambiar lo asentado, salvo olvidar lo de quien se suprimió';
CREATE TRIGGER publications_append_only BEFORE DELETE OR TRUNCATE ON desk.publications
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER publications_kept BEFORE UPDATE ON desk.publications
  FOR EACH ROW EXECUTE FUNCTION desk.refuse_unless_forgotten();

CREATE TABLE site.versions (
  candidacy_id bigint NOT NULL REFERENCES site.candidacies ON DELETE CASCADE,
  place        integer NOT NULL,
  kind         text NOT NULL,
  number       integer NOT NULL,
  at           timestamptz NOT NULL,
  opening      text NOT NULL,
  commitment   bytea NOT NULL,
  PRIMARY KEY (candidacy_id, place)
);
COMMENT ON TABLE site.versions IS 'Historial público de cada candidatura; lo que está en pausa no se lee en ninguna versión';
COMMENT ON COLUMN site.versions.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN site.versions.place IS 'Lugar en el historial, desde 1';
COMMENT ON COLUMN site.versions.kind IS 'Qué ocurrió: publica, cambia o retira';
COMMENT ON COLUMN site.versions.number IS 'Versión del cuestionario; 0: sin cuestionario público';
COMMENT ON COLUMN site.versions.at IS 'Instante';
COMMENT ON COLUMN site.versions.opening IS 'Lo que abre el compromiso, en JSON: sales y textos de lo que puede leerse, y resúmenes de lo demás';
COMMENT ON COLUMN site.versions.commitment IS 'Compromiso';

CREATE TABLE site.log_leaves (
  index bigint PRIMARY KEY CONSTRAINT log_leaves_index CHECK (index >= 0),
  leaf  bytea NOT NULL CONSTRAINT log_leaves_length CHECK (octet_length(leaf) = 32),
  CONSTRAINT log_leaves_unique UNIQUE (leaf)
);
COMMENT ON TABLE site.log_leaves IS 'Registro público: hojas, en orden. Ninguna dice qué asienta';
COMMENT ON COLUMN site.log_leaves.index IS 'Número de la hoja, desde 0';
COMMENT ON COLUMN site.log_leaves.leaf IS 'Compromiso';

CREATE TABLE site.log_hashes (
  index bigint PRIMARY KEY,
  hash  bytea NOT NULL CONSTRAINT log_hashes_length CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE site.log_hashes IS 'Registro público: resúmenes del árbol, en el orden de RFC 6962';
COMMENT ON COLUMN site.log_hashes.index IS 'Lugar en el árbol';
COMMENT ON COLUMN site.log_hashes.hash IS 'Resumen';

CREATE TABLE site.log_checkpoints (
  size bigint PRIMARY KEY CONSTRAINT log_checkpoints_size CHECK (size > 0),
  at   timestamptz NOT NULL,
  note text NOT NULL
);
COMMENT ON TABLE site.log_checkpoints IS 'Registro público: sellos, firmados';
COMMENT ON COLUMN site.log_checkpoints.size IS 'Hojas que cubre';
COMMENT ON COLUMN site.log_checkpoints.at IS 'Instante';
COMMENT ON COLUMN site.log_checkpoints.note IS 'Nota firmada';

CREATE TABLE site.log_keys (
  key   text PRIMARY KEY,
  since timestamptz NOT NULL
);
COMMENT ON TABLE site.log_keys IS 'Registro público: llaves públicas con que se firman los sellos';
COMMENT ON COLUMN site.log_keys.key IS 'Llave';
COMMENT ON COLUMN site.log_keys.since IS 'Desde cuándo';

-- Where each leaf comes from is the desk's to know.
CREATE TABLE audit.leaves (
  index          bigint PRIMARY KEY,
  publication_id bigint CONSTRAINT leaves_publication_unique UNIQUE REFERENCES desk.publications,
  seal_id        bigint CONSTRAINT leaves_seal_unique UNIQUE,
  CONSTRAINT leaves_origin CHECK ((publication_id IS NULL) <> (seal_id IS NULL))
);
COMMENT ON TABLE audit.leaves IS 'De dónde viene cada hoja del registro público';
COMMENT ON COLUMN audit.leaves.index IS 'Número de la hoja';
COMMENT ON COLUMN audit.leaves.publication_id IS 'Publicación que asienta';
COMMENT ON COLUMN audit.leaves.seal_id IS 'Sello de la bitácora que asienta';

CREATE TRIGGER log_leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON site.log_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER log_hashes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON site.log_hashes
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER log_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON site.log_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER log_keys_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON site.log_keys
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.leaves
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT, UPDATE (salt, parts) ON desk.publications TO conoceles_escritorio;
GRANT SELECT ON site.versions, site.log_leaves, site.log_hashes, site.log_checkpoints, site.log_keys TO conoceles_sitio;
GRANT SELECT, INSERT, UPDATE, DELETE ON site.versions TO conoceles_escritorio;
GRANT SELECT, INSERT ON site.log_leaves, site.log_hashes, site.log_checkpoints, site.log_keys, audit.leaves TO conoceles_escritorio;
