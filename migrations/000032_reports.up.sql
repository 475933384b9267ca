-- Reports: cuts that are computed once, at an instant, and rendered again from
-- what was kept; their narrative; who approved and who released them. Of identity
-- a cut keeps aggregated cells and never rows, so that no withdrawal, rectification
-- nor destroyed key leaves a copy behind (domain 8.1, security 2.6).
ALTER TABLE desk.processes
  ADD COLUMN stat_min_residual integer NOT NULL DEFAULT 10 CONSTRAINT processes_stat_min_residual CHECK (stat_min_residual BETWEEN 3 AND 1000),
  ADD COLUMN stat_min_population integer NOT NULL DEFAULT 30 CONSTRAINT processes_stat_min_population CHECK (stat_min_population BETWEEN 3 AND 10000),
  ADD COLUMN stat_rounding integer NOT NULL DEFAULT 5 CONSTRAINT processes_stat_rounding CHECK (stat_rounding BETWEEN 5 AND 100),
  ADD COLUMN stat_min_range integer NOT NULL DEFAULT 5 CONSTRAINT processes_stat_min_range CHECK (stat_min_range BETWEEN 5 AND 100);

CREATE TABLE desk.report_jobs (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  kind         text NOT NULL,
  label        text NOT NULL DEFAULT '' CONSTRAINT report_jobs_label CHECK (length(label) <= 80),
  requested_by bigint NOT NULL REFERENCES desk.accounts,
  requested_at timestamptz NOT NULL,
  done         integer NOT NULL DEFAULT 0,
  total        integer NOT NULL DEFAULT 0,
  beat_at      timestamptz,
  failed       text NOT NULL DEFAULT ''
);

CREATE TABLE desk.report_cuts (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id      bigint NOT NULL REFERENCES desk.processes,
  job_id          bigint NOT NULL CONSTRAINT report_cuts_once UNIQUE REFERENCES desk.report_jobs,
  kind            text NOT NULL CONSTRAINT report_cuts_kind CHECK (kind IN ('mensual', 'avance', 'final', 'cualitativo', 'grupos', 'incumplimientos',
                    'observaciones', 'candidaturas', 'afirmativas', 'consentimientos', 'uso')),
  version         integer NOT NULL CONSTRAINT report_cuts_version CHECK (version > 0),
  label           text NOT NULL DEFAULT '',
  definition      integer NOT NULL CONSTRAINT report_cuts_definition CHECK (definition > 0),
  at              timestamptz NOT NULL,
  snapshot        text NOT NULL,
  hash            text NOT NULL CONSTRAINT report_cuts_hash CHECK (hash ~ '^[0-9a-f]{64}$'),
  public_snapshot text NOT NULL DEFAULT '',
  public_hash     text NOT NULL DEFAULT '',
  created_by      bigint NOT NULL REFERENCES desk.accounts,
  approved_by     bigint REFERENCES desk.accounts,
  approved_at     timestamptz,
  acuerdo         text NOT NULL DEFAULT '',
  acuerdo_on      date,
  approved_hash   text NOT NULL DEFAULT '',
  document        bytea,
  document_hash   text NOT NULL DEFAULT '',
  proposed_by     bigint REFERENCES desk.accounts,
  proposed_at     timestamptz,
  released_by     bigint REFERENCES desk.accounts,
  released_at     timestamptz,
  CONSTRAINT report_cuts_version_unique UNIQUE (process_id, kind, version),
  CONSTRAINT report_cuts_public CHECK ((public_snapshot = '') = (public_hash = '')),
  CONSTRAINT report_cuts_approved CHECK ((approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL) = (btrim(acuerdo) = '')
    AND (approved_at IS NULL) = (acuerdo_on IS NULL) AND (approved_at IS NULL) = (approved_hash = '')),
  CONSTRAINT report_cuts_proposed CHECK ((proposed_at IS NULL) = (proposed_by IS NULL) AND (proposed_at IS NULL OR approved_at IS NOT NULL AND public_snapshot <> '')),
  CONSTRAINT report_cuts_released CHECK ((released_at IS NULL) = (released_by IS NULL) AND (released_at IS NULL OR proposed_at IS NOT NULL)
    AND (released_at IS NULL) = (document IS NULL) AND (document IS NULL) = (document_hash = '')),
  -- Four eyes: whoever proposed to release a cut does not release it.
  CONSTRAINT report_cuts_two_persons CHECK (released_by <> proposed_by)
);

CREATE TABLE desk.report_texts (
  cut_id     bigint NOT NULL REFERENCES desk.report_cuts,
  field      text NOT NULL,
  version    integer NOT NULL CONSTRAINT report_texts_version CHECK (version > 0),
  body       text NOT NULL CONSTRAINT report_texts_body CHECK (length(body) <= 20000),
  account_id bigint NOT NULL REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  PRIMARY KEY (cut_id, field, version)
);

-- What was kept of a cut is not changed by anybody, not even while it is a draft;
-- what was approved and what was released stay as they were.
CREATE TRIGGER report_cuts_frozen BEFORE UPDATE ON desk.report_cuts FOR EACH ROW
  WHEN ((OLD.process_id, OLD.job_id, OLD.kind, OLD.version, OLD.label, OLD.definition, OLD.at, OLD.snapshot, OLD.hash, OLD.public_snapshot, OLD.public_hash, OLD.created_by)
      IS DISTINCT FROM (NEW.process_id, NEW.job_id, NEW.kind, NEW.version, NEW.label, NEW.definition, NEW.at, NEW.snapshot, NEW.hash, NEW.public_snapshot,
      NEW.public_hash, NEW.created_by)
    OR OLD.approved_at IS NOT NULL AND (OLD.approved_by, OLD.approved_at, OLD.acuerdo, OLD.acuerdo_on, OLD.approved_hash)
      IS DISTINCT FROM (NEW.approved_by, NEW.approved_at, NEW.acuerdo, NEW.acuerdo_on, NEW.approved_hash)
    OR OLD.released_at IS NOT NULL)
  EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER report_cuts_kept BEFORE DELETE OR TRUNCATE ON desk.report_cuts
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER report_texts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.report_texts
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.report_jobs, desk.report_cuts, desk.report_texts TO conoceles_escritorio;
GRANT UPDATE (done, total, beat_at, failed) ON desk.report_jobs TO conoceles_escritorio;
GRANT UPDATE (approved_by, approved_at, acuerdo, acuerdo_on, approved_hash, document, document_hash, proposed_by, proposed_at, released_by, released_at)
  ON desk.report_cuts TO conoceles_escritorio;

-- What the public reads of a released cut: the tables that passed the disclosure
-- control, and the document as it was released.
CREATE TABLE site.report_cuts (
  id            bigint PRIMARY KEY,
  process_id    bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  kind          text NOT NULL,
  version       integer NOT NULL,
  label         text NOT NULL,
  at            timestamptz NOT NULL,
  acuerdo       text NOT NULL,
  acuerdo_on    date NOT NULL,
  released_on   date NOT NULL,
  snapshot      text NOT NULL,
  hash          text NOT NULL,
  document      bytea NOT NULL,
  document_hash text NOT NULL,
  CONSTRAINT report_cuts_version_unique UNIQUE (process_id, kind, version)
);
GRANT SELECT ON site.report_cuts TO conoceles_sitio;
GRANT SELECT, INSERT, UPDATE, DELETE ON site.report_cuts TO conoceles_escritorio;

COMMENT ON COLUMN desk.processes.stat_min_residual IS 'Estadística pública: mínimo de personas sin distintivo público que debe haber en una cifra, y fuera de ella, para publicarla';
COMMENT ON COLUMN desk.processes.stat_min_population IS 'Estadística pública: mínimo de personas sin distintivo público en la población de una cifra';
COMMENT ON COLUMN desk.processes.stat_rounding IS 'Estadística pública: base de redondeo de las cifras de identidad';
COMMENT ON COLUMN desk.processes.stat_min_range IS 'Estadística pública: cuántos valores, al menos, puede tener una cifra para quien intente saberla';
COMMENT ON TABLE desk.report_jobs IS 'Cortes que se pidieron, mientras se calculan';
COMMENT ON COLUMN desk.report_jobs.id IS 'Identificador';
COMMENT ON COLUMN desk.report_jobs.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.report_jobs.kind IS 'Clase de informe';
COMMENT ON COLUMN desk.report_jobs.label IS 'Cómo lo llama quien lo pide, como «Abril»';
COMMENT ON COLUMN desk.report_jobs.requested_by IS 'Cuenta que lo pidió';
COMMENT ON COLUMN desk.report_jobs.requested_at IS 'Instante en que se pidió';
COMMENT ON COLUMN desk.report_jobs.done IS 'Pasos hechos';
COMMENT ON COLUMN desk.report_jobs.total IS 'Pasos por hacer';
COMMENT ON COLUMN desk.report_jobs.beat_at IS 'Último instante en que alguien trabajaba en él';
COMMENT ON COLUMN desk.report_jobs.failed IS 'Por qué no se pudo hacer';
COMMENT ON TABLE desk.report_cuts IS 'Informes: cada corte, como se calculó';
COMMENT ON COLUMN desk.report_cuts.id IS 'Identificador';
COMMENT ON COLUMN desk.report_cuts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.report_cuts.job_id IS 'Solicitud que lo produjo';
COMMENT ON COLUMN desk.report_cuts.kind IS 'Clase de informe (R-1 a R-10)';
COMMENT ON COLUMN desk.report_cuts.version IS 'Versión: cada corte nuevo es otra';
COMMENT ON COLUMN desk.report_cuts.label IS 'Cómo lo llama quien lo pidió';
COMMENT ON COLUMN desk.report_cuts.definition IS 'Versión de las definiciones con que se contó';
COMMENT ON COLUMN desk.report_cuts.at IS 'Fecha y hora de corte';
COMMENT ON COLUMN desk.report_cuts.snapshot IS 'Tablas del corte; de identidad, sólo celdas agregadas';
COMMENT ON COLUMN desk.report_cuts.hash IS 'SHA-256 de las tablas';
COMMENT ON COLUMN desk.report_cuts.public_snapshot IS 'Tablas que pueden hacerse públicas, con el control de divulgación aplicado';
COMMENT ON COLUMN desk.report_cuts.public_hash IS 'SHA-256 de las tablas públicas';
COMMENT ON COLUMN desk.report_cuts.created_by IS 'Cuenta autora';
COMMENT ON COLUMN desk.report_cuts.approved_by IS 'Cuenta que registró la aprobación';
COMMENT ON COLUMN desk.report_cuts.approved_at IS 'Instante en que se registró la aprobación';
COMMENT ON COLUMN desk.report_cuts.acuerdo IS 'Número de acuerdo que lo aprueba';
COMMENT ON COLUMN desk.report_cuts.acuerdo_on IS 'Fecha del acuerdo';
COMMENT ON COLUMN desk.report_cuts.approved_hash IS 'SHA-256 de las tablas con los textos que se aprobaron';
COMMENT ON COLUMN desk.report_cuts.document IS 'Documento público, como se liberó';
COMMENT ON COLUMN desk.report_cuts.document_hash IS 'SHA-256 del documento público';
COMMENT ON COLUMN desk.report_cuts.proposed_by IS 'Cuenta que propuso hacerlo público';
COMMENT ON COLUMN desk.report_cuts.proposed_at IS 'Instante de la propuesta';
COMMENT ON COLUMN desk.report_cuts.released_by IS 'Cuenta que lo liberó, de otra persona';
COMMENT ON COLUMN desk.report_cuts.released_at IS 'Instante en que se liberó';
COMMENT ON TABLE desk.report_texts IS 'Textos que acompañan a un informe, por versiones';
COMMENT ON COLUMN desk.report_texts.cut_id IS 'Corte';
COMMENT ON COLUMN desk.report_texts.field IS 'Apartado';
COMMENT ON COLUMN desk.report_texts.version IS 'Versión';
COMMENT ON COLUMN desk.report_texts.body IS 'Texto';
COMMENT ON COLUMN desk.report_texts.account_id IS 'Cuenta autora';
COMMENT ON COLUMN desk.report_texts.at IS 'Instante';
COMMENT ON TABLE site.report_cuts IS 'Informes públicos: cortes oficiales liberados';
COMMENT ON COLUMN site.report_cuts.id IS 'Identificador';
COMMENT ON COLUMN site.report_cuts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.report_cuts.kind IS 'Clase de informe';
COMMENT ON COLUMN site.report_cuts.version IS 'Versión';
COMMENT ON COLUMN site.report_cuts.label IS 'Nombre del corte';
COMMENT ON COLUMN site.report_cuts.at IS 'Fecha y hora de corte';
COMMENT ON COLUMN site.report_cuts.acuerdo IS 'Número de acuerdo que lo aprueba';
COMMENT ON COLUMN site.report_cuts.acuerdo_on IS 'Fecha del acuerdo';
COMMENT ON COLUMN site.report_cuts.released_on IS 'Fecha en que se hizo público';
COMMENT ON COLUMN site.report_cuts.snapshot IS 'Tablas públicas';
COMMENT ON COLUMN site.report_cuts.hash IS 'SHA-256 de las tablas';
COMMENT ON COLUMN site.report_cuts.document IS 'Documento, como se liberó';
COMMENT ON COLUMN site.report_cuts.document_hash IS 'SHA-256 del documento';
