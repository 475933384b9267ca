-- After the election (domain 6.7): identity leaves the site when election day
-- ends, profiles when the institute says; then the keys are blocked (wrapped for
-- somebody whom the running service is not) and at last destroyed, with what
-- they opened. Each is an act of two persons. Of every withdrawal and erasure a
-- mark is kept outside the database, which names it by the id below, so that a
-- restored backup does not bring anything back.
ALTER TABLE desk.processes
  ADD COLUMN identity_until timestamptz,
  ADD COLUMN retention_months integer NOT NULL DEFAULT 24 CONSTRAINT processes_retention_months CHECK (retention_months BETWEEN 1 AND 600),
  ADD COLUMN final_report_on date,
  ADD COLUMN block_key bytea,
  ADD COLUMN blocked_at timestamptz,
  ADD COLUMN suppressed_at timestamptz,
  ADD CONSTRAINT processes_blocked CHECK (blocked_at IS NULL OR final_report_on IS NOT NULL AND block_key IS NOT NULL),
  ADD CONSTRAINT processes_suppressed CHECK (suppressed_at IS NULL OR blocked_at IS NOT NULL);
COMMENT ON COLUMN desk.processes.identity_until IS 'Hasta cuándo se publica la identidad; vacío: hasta que termina la jornada electoral';
COMMENT ON COLUMN desk.processes.retention_months IS 'meses_conservacion: del informe final a la supresión, según el catálogo de disposición documental';
COMMENT ON COLUMN desk.processes.final_report_on IS 'Fecha del informe final, cumplida la finalidad';
COMMENT ON COLUMN desk.processes.block_key IS 'Llave pública de bloqueo: la privada está con dos custodios';
COMMENT ON COLUMN desk.processes.blocked_at IS 'Bloqueo de los datos de identidad';
COMMENT ON COLUMN desk.processes.suppressed_at IS 'Supresión de los datos de identidad';

CREATE TABLE sensitive.candidacy_keys_blocked (
  candidacy_id bigint PRIMARY KEY REFERENCES desk.candidacies,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  sealed       bytea NOT NULL,
  at           timestamptz NOT NULL
);
COMMENT ON TABLE sensitive.candidacy_keys_blocked IS 'Llaves bloqueadas: las abre quien custodia la llave privada, nunca el servicio';
COMMENT ON COLUMN sensitive.candidacy_keys_blocked.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.candidacy_keys_blocked.process_id IS 'Proceso electoral';
COMMENT ON COLUMN sensitive.candidacy_keys_blocked.sealed IS 'La llave, cifrada para los custodios';
COMMENT ON COLUMN sensitive.candidacy_keys_blocked.at IS 'Cuándo se bloqueó';

CREATE TABLE sensitive.marks_origin (
  only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT marks_origin_only_one CHECK (only_one),
  id       uuid NOT NULL
);
COMMENT ON TABLE sensitive.marks_origin IS 'De qué base de datos son las marcas de retiros y supresiones';
COMMENT ON COLUMN sensitive.marks_origin.only_one IS 'Garantiza un solo renglón';
COMMENT ON COLUMN sensitive.marks_origin.id IS 'Identificador, que un respaldo conserva';
INSERT INTO sensitive.marks_origin (id) VALUES (gen_random_uuid());

-- What was answered is gone, and that it was answered stays true.
ALTER TABLE sensitive.key_destructions ADD COLUMN complete boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sensitive.key_destructions.complete IS 'Si el cuestionario estaba completo';

-- The rows of somebody whose key was destroyed, and only theirs, may be deleted.
CREATE FUNCTION sensitive.refuse_unless_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM sensitive.key_destructions d WHERE d.candidacy_id = OLD.candidacy_id) THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'append only' USING ERRCODE = 'insufficient_privilege', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
COMMENT ON FUNCTION sensitive.refuse_unless_destroyed() IS 'Impide borrar lo que todavía tiene llave';
DROP TRIGGER identity_answers_append_only ON sensitive.identity_answers;
CREATE TRIGGER identity_answers_append_only BEFORE UPDATE OR TRUNCATE ON sensitive.identity_answers
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER identity_answers_kept BEFORE DELETE ON sensitive.identity_answers
  FOR EACH ROW EXECUTE FUNCTION sensitive.refuse_unless_destroyed();
CREATE TRIGGER consent_documents_kept BEFORE UPDATE ON sensitive.consent_documents
  FOR EACH ROW EXECUTE FUNCTION sensitive.refuse_unless_destroyed();

CREATE TABLE desk.retention_acts (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  kind         text NOT NULL CONSTRAINT retention_acts_kind CHECK (kind IN ('fin_publicacion', 'bloqueo', 'apertura', 'supresion', 'supresion_persona')),
  candidacy_id bigint REFERENCES desk.candidacies,
  request_id   bigint REFERENCES sensitive.arco_requests,
  effective_at timestamptz,
  basis        text NOT NULL CONSTRAINT retention_acts_basis CHECK (btrim(basis) <> ''),
  basis_date   date NOT NULL,
  reason       text NOT NULL DEFAULT '',
  state        text NOT NULL DEFAULT 'por_confirmar' CONSTRAINT retention_acts_state CHECK (state IN ('por_confirmar', 'confirmado', 'desechado')),
  proposed_by  bigint NOT NULL REFERENCES desk.accounts,
  proposed_at  timestamptz NOT NULL,
  decided_by   bigint REFERENCES desk.accounts,
  decided_at   timestamptz,
  discarded    text NOT NULL DEFAULT '',
  certificate  bytea,
  certificate_hash text NOT NULL DEFAULT '',
  CONSTRAINT retention_acts_of_one CHECK ((kind IN ('apertura', 'supresion_persona')) = (candidacy_id IS NOT NULL)),
  CONSTRAINT retention_acts_instant CHECK ((kind = 'fin_publicacion') = (effective_at IS NOT NULL)),
  CONSTRAINT retention_acts_opening CHECK (kind <> 'apertura' OR btrim(reason) <> ''),
  CONSTRAINT retention_acts_decided CHECK ((state = 'por_confirmar') = (decided_by IS NULL)),
  CONSTRAINT retention_acts_certificate CHECK (state <> 'confirmado' OR certificate IS NOT NULL),
  -- Nobody carries out alone what cannot be undone.
  CONSTRAINT retention_acts_two_persons CHECK (state <> 'confirmado' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX retention_acts_one_pending ON desk.retention_acts (process_id, kind, candidacy_id) NULLS NOT DISTINCT
  WHERE state = 'por_confirmar';
COMMENT ON TABLE desk.retention_acts IS 'Fin de la publicación, bloqueo, apertura y supresión: una persona propone y otra confirma';
COMMENT ON COLUMN desk.retention_acts.id IS 'Número del acto';
COMMENT ON COLUMN desk.retention_acts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.retention_acts.kind IS 'Clase';
COMMENT ON COLUMN desk.retention_acts.candidacy_id IS 'Candidatura, si es de una sola persona';
COMMENT ON COLUMN desk.retention_acts.request_id IS 'Solicitud ARCO que lo motiva';
COMMENT ON COLUMN desk.retention_acts.effective_at IS 'Desde cuándo deja de mostrarse el sitio';
COMMENT ON COLUMN desk.retention_acts.basis IS 'Acuerdo, oficio o solicitud';
COMMENT ON COLUMN desk.retention_acts.basis_date IS 'Su fecha';
COMMENT ON COLUMN desk.retention_acts.reason IS 'Motivo';
COMMENT ON COLUMN desk.retention_acts.state IS 'Estado: por_confirmar, confirmado o desechado';
COMMENT ON COLUMN desk.retention_acts.proposed_by IS 'Quien propuso';
COMMENT ON COLUMN desk.retention_acts.proposed_at IS 'Cuándo';
COMMENT ON COLUMN desk.retention_acts.decided_by IS 'Quien confirmó o desechó';
COMMENT ON COLUMN desk.retention_acts.decided_at IS 'Cuándo';
COMMENT ON COLUMN desk.retention_acts.discarded IS 'Por qué se desechó';
COMMENT ON COLUMN desk.retention_acts.certificate IS 'Acta, en PDF';
COMMENT ON COLUMN desk.retention_acts.certificate_hash IS 'SHA-256 del acta';

GRANT SELECT, INSERT ON desk.retention_acts TO conoceles_escritorio;
GRANT UPDATE (state, decided_by, decided_at, discarded, certificate, certificate_hash) ON desk.retention_acts TO conoceles_escritorio;
GRANT SELECT, INSERT, DELETE ON sensitive.candidacy_keys_blocked TO conoceles_escritorio;
GRANT SELECT ON sensitive.marks_origin TO conoceles_escritorio;
GRANT DELETE ON sensitive.identity_answers TO conoceles_escritorio;
GRANT UPDATE (sealed) ON sensitive.consent_documents TO conoceles_escritorio;
GRANT DELETE ON sensitive.withdrawal_links TO conoceles_escritorio;
