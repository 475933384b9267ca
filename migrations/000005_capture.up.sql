-- What people typed: append-only versions by rubro, drafts apart, photographs,
-- and the validations that name the versions they cover.
CREATE TABLE desk.answer_versions (
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  part         text NOT NULL,
  version      integer NOT NULL CONSTRAINT answer_versions_version CHECK (version > 0),
  answers      jsonb NOT NULL,
  hash         text NOT NULL,
  account_id   bigint,
  at           timestamptz NOT NULL,
  PRIMARY KEY (candidacy_id, part, version)
);
COMMENT ON TABLE desk.answer_versions IS 'Respuestas del cuestionario curricular, por rubro y versión';
COMMENT ON COLUMN desk.answer_versions.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.answer_versions.part IS 'Rubro';
COMMENT ON COLUMN desk.answer_versions.version IS 'Versión, desde 1';
COMMENT ON COLUMN desk.answer_versions.answers IS 'Respuestas';
COMMENT ON COLUMN desk.answer_versions.hash IS 'SHA-256 de la forma canónica';
COMMENT ON COLUMN desk.answer_versions.account_id IS 'Quien guardó; vacío: importación';
COMMENT ON COLUMN desk.answer_versions.at IS 'Instante';

CREATE TABLE desk.drafts (
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  page         text NOT NULL,
  version      integer NOT NULL CONSTRAINT drafts_version CHECK (version > 0),
  form         jsonb NOT NULL,
  pending      boolean NOT NULL,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  at           timestamptz NOT NULL,
  PRIMARY KEY (candidacy_id, page)
);
COMMENT ON TABLE desk.drafts IS 'Borrador de cada página de captura, tal como se escribió';
COMMENT ON COLUMN desk.drafts.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.drafts.page IS 'Página de captura';
COMMENT ON COLUMN desk.drafts.version IS 'Versión de la página, que sube con cada guardado';
COMMENT ON COLUMN desk.drafts.form IS 'Lo escrito, sin revisar';
COMMENT ON COLUMN desk.drafts.pending IS 'Hay texto que aún no es una versión';
COMMENT ON COLUMN desk.drafts.account_id IS 'Quien guardó';
COMMENT ON COLUMN desk.drafts.at IS 'Instante';

CREATE TABLE desk.photos (
  hash       text PRIMARY KEY,
  original   bytea NOT NULL,
  large      bytea NOT NULL,
  medium     bytea NOT NULL,
  small      bytea NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE desk.photos IS 'Fotografías recodificadas, sin metadatos, con su encuadre';
COMMENT ON COLUMN desk.photos.hash IS 'SHA-256 de la imagen grande: la identifica';
COMMENT ON COLUMN desk.photos.original IS 'Imagen completa recodificada (JPEG), para volver a encuadrar';
COMMENT ON COLUMN desk.photos.large IS 'Cuadro de 384 píxeles (JPEG)';
COMMENT ON COLUMN desk.photos.medium IS 'Cuadro de 192 píxeles (JPEG)';
COMMENT ON COLUMN desk.photos.small IS 'Cuadro de 96 píxeles (JPEG)';
COMMENT ON COLUMN desk.photos.created_at IS 'Instante';

CREATE TABLE desk.validations (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  number       integer NOT NULL CONSTRAINT validations_number CHECK (number > 0),
  folio        text NOT NULL CONSTRAINT validations_folio_unique UNIQUE,
  versions     jsonb NOT NULL,
  hash         text NOT NULL,
  account_id   bigint REFERENCES desk.accounts,
  source       text NOT NULL DEFAULT '',
  at           timestamptz NOT NULL,
  CONSTRAINT validations_number_unique UNIQUE (candidacy_id, number),
  CONSTRAINT validations_author CHECK ((account_id IS NULL) = (source <> ''))
);
COMMENT ON TABLE desk.validations IS 'Validaciones: qué versiones se dieron por buenas, quién y cuándo';
COMMENT ON COLUMN desk.validations.id IS 'Identificador de la validación';
COMMENT ON COLUMN desk.validations.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.validations.number IS 'Número de versión pública, desde 1';
COMMENT ON COLUMN desk.validations.folio IS 'Folio del acuse';
COMMENT ON COLUMN desk.validations.versions IS 'Versión de cada rubro que cubre';
COMMENT ON COLUMN desk.validations.hash IS 'SHA-256 del contenido validado';
COMMENT ON COLUMN desk.validations.account_id IS 'Quien validó';
COMMENT ON COLUMN desk.validations.source IS 'Institución que validó, en datos importados';
COMMENT ON COLUMN desk.validations.at IS 'Instante';

CREATE TABLE desk.withheld_parts (
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  part         text NOT NULL,
  since        timestamptz NOT NULL,
  lifted_at    timestamptz,
  PRIMARY KEY (candidacy_id, part, since)
);
COMMENT ON TABLE desk.withheld_parts IS 'Rubros en pausa por una observación aprobada';
COMMENT ON COLUMN desk.withheld_parts.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.withheld_parts.part IS 'Rubro';
COMMENT ON COLUMN desk.withheld_parts.since IS 'Desde cuándo';
COMMENT ON COLUMN desk.withheld_parts.lifted_at IS 'Cuándo terminó la pausa';

CREATE TRIGGER answer_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.answer_versions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER validations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.validations
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.answer_versions, desk.photos, desk.validations TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE ON desk.drafts, desk.withheld_parts TO conoceles_escritorio;
