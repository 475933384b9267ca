-- Review by the Unidad de Transparencia (Lineamientos, art. 18): who attends
-- each candidacy, what an analyst proposes rubro by rubro, what the Head decides,
-- and the corrections that open rubros of a validated questionnaire again.
ALTER TABLE desk.processes
  ADD COLUMN review_days integer NOT NULL DEFAULT 3 CONSTRAINT processes_review_days CHECK (review_days > 0),
  ADD COLUMN remedy_days integer NOT NULL DEFAULT 3 CONSTRAINT processes_remedy_days CHECK (remedy_days > 0),
  ADD COLUMN correction_review_days integer NOT NULL DEFAULT 2
    CONSTRAINT processes_correction_review_days CHECK (correction_review_days > 0),
  ADD COLUMN corrections_allowed integer NOT NULL DEFAULT 1 CONSTRAINT processes_corrections_allowed CHECK (corrections_allowed >= 0);
COMMENT ON COLUMN desk.processes.review_days IS 'plazo_revisar_dias: días para revisar desde la validación';
COMMENT ON COLUMN desk.processes.remedy_days IS 'plazo_subsanar_dias: días para atender una observación';
COMMENT ON COLUMN desk.processes.correction_review_days IS 'plazo_revisar_correccion_dias: días para revisar una corrección';
COMMENT ON COLUMN desk.processes.corrections_allowed IS 'correcciones_por_solicitud: cuántas correcciones puede solicitar cada candidatura';

CREATE TABLE desk.review_claims (
  candidacy_id bigint PRIMARY KEY REFERENCES desk.candidacies,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  at           timestamptz NOT NULL
);
COMMENT ON TABLE desk.review_claims IS 'Quién tiene asignada la revisión de cada candidatura';
COMMENT ON COLUMN desk.review_claims.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.review_claims.account_id IS 'Quien la revisa';
COMMENT ON COLUMN desk.review_claims.at IS 'Desde cuándo';

CREATE TABLE desk.reviews (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  round        integer NOT NULL CONSTRAINT reviews_round CHECK (round > 0),
  content      text NOT NULL,
  state        text NOT NULL DEFAULT 'propuesta'
               CONSTRAINT reviews_state CHECK (state IN ('propuesta', 'aprobada', 'devuelta', 'caduca')),
  proposed_by  bigint NOT NULL REFERENCES desk.accounts,
  proposed_at  timestamptz NOT NULL,
  decided_by   bigint REFERENCES desk.accounts,
  decided_at   timestamptz,
  reason       text NOT NULL DEFAULT '',
  CONSTRAINT reviews_two_persons CHECK (decided_by <> proposed_by),
  CONSTRAINT reviews_decided CHECK ((decided_by IS NOT NULL) = (state IN ('aprobada', 'devuelta'))),
  CONSTRAINT reviews_returned_reason CHECK ((btrim(reason) <> '') = (state = 'devuelta'))
);
CREATE UNIQUE INDEX reviews_one_pending ON desk.reviews (candidacy_id) WHERE state = 'propuesta';
CREATE INDEX reviews_candidacy ON desk.reviews (candidacy_id, id);
COMMENT ON TABLE desk.reviews IS 'Dictámenes: lo que una persona analista propone y la titular decide';
COMMENT ON COLUMN desk.reviews.id IS 'Identificador del dictamen';
COMMENT ON COLUMN desk.reviews.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.reviews.round IS 'Vuelta de revisión, desde 1';
COMMENT ON COLUMN desk.reviews.content IS 'SHA-256 del contenido revisado: si cambia, el dictamen ya no vale';
COMMENT ON COLUMN desk.reviews.state IS 'Estado: propuesta, aprobada, devuelta o caduca (llegó otro contenido u otra propuesta)';
COMMENT ON COLUMN desk.reviews.proposed_by IS 'Quien propone';
COMMENT ON COLUMN desk.reviews.proposed_at IS 'Cuándo se propuso';
COMMENT ON COLUMN desk.reviews.decided_by IS 'Quien decide: nunca quien propone';
COMMENT ON COLUMN desk.reviews.decided_at IS 'Cuándo se decidió';
COMMENT ON COLUMN desk.reviews.reason IS 'Por qué se devolvió';

CREATE TABLE desk.remarks (
  review_id bigint NOT NULL REFERENCES desk.reviews,
  part      text NOT NULL,
  version   integer NOT NULL CONSTRAINT remarks_version CHECK (version > 0),
  outcome   text NOT NULL CONSTRAINT remarks_outcome CHECK (outcome IN ('se_apega', 'observar')),
  causes    text[] NOT NULL DEFAULT '{}'
            CONSTRAINT remarks_causes CHECK (causes <@ ARRAY['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'F1', 'F2', 'F3', 'F4', 'F5']),
  note      text NOT NULL DEFAULT '',
  PRIMARY KEY (review_id, part),
  CONSTRAINT remarks_observation CHECK ((outcome = 'observar') = (cardinality(causes) > 0 AND btrim(note) <> ''))
);
COMMENT ON TABLE desk.remarks IS 'Resultado de cada rubro en un dictamen: se apega o se observa (art. 18)';
COMMENT ON COLUMN desk.remarks.review_id IS 'Dictamen';
COMMENT ON COLUMN desk.remarks.part IS 'Rubro';
COMMENT ON COLUMN desk.remarks.version IS 'Versión del rubro que se revisó';
COMMENT ON COLUMN desk.remarks.outcome IS 'Resultado: se_apega u observar';
COMMENT ON COLUMN desk.remarks.causes IS 'Supuestos del artículo 18 (S1 a S7) y reglas de la fotografía (F1 a F5)';
COMMENT ON COLUMN desk.remarks.note IS 'Qué debe corregirse, dicho a quien captura';

CREATE TABLE desk.corrections (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  origin       text NOT NULL CONSTRAINT corrections_origin CHECK (origin IN ('observacion', 'solicitud')),
  parts        text[] NOT NULL CONSTRAINT corrections_parts CHECK (cardinality(parts) > 0),
  state        text NOT NULL DEFAULT 'abierta' CONSTRAINT corrections_state CHECK (state IN ('abierta', 'enviada', 'resuelta')),
  opened_by    bigint NOT NULL REFERENCES desk.accounts,
  opened_at    timestamptz NOT NULL,
  due_at       timestamptz,
  sent_by      bigint REFERENCES desk.accounts,
  sent_at      timestamptz,
  versions     jsonb,
  content      text,
  resolved_at  timestamptz,
  CONSTRAINT corrections_sent CHECK (state <> 'enviada' OR sent_by IS NOT NULL AND sent_at IS NOT NULL AND versions IS NOT NULL AND content IS NOT NULL),
  CONSTRAINT corrections_resolved CHECK ((state = 'resuelta') = (resolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX corrections_one_open ON desk.corrections (candidacy_id) WHERE state <> 'resuelta';
CREATE INDEX corrections_candidacy ON desk.corrections (candidacy_id, id);
COMMENT ON TABLE desk.corrections IS 'Correcciones: rubros de un cuestionario validado que se abrieron de nuevo';
COMMENT ON COLUMN desk.corrections.id IS 'Identificador de la corrección';
COMMENT ON COLUMN desk.corrections.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.corrections.origin IS 'Origen: observacion de la Unidad de Transparencia o solicitud de quien captura';
COMMENT ON COLUMN desk.corrections.parts IS 'Rubros abiertos';
COMMENT ON COLUMN desk.corrections.state IS 'Estado: abierta, enviada o resuelta';
COMMENT ON COLUMN desk.corrections.opened_by IS 'Quien la abrió';
COMMENT ON COLUMN desk.corrections.opened_at IS 'Cuándo se abrió';
COMMENT ON COLUMN desk.corrections.due_at IS 'Cuándo vence el plazo para atender la observación';
COMMENT ON COLUMN desk.corrections.sent_by IS 'Quien la envió';
COMMENT ON COLUMN desk.corrections.sent_at IS 'Cuándo se envió';
COMMENT ON COLUMN desk.corrections.versions IS 'Versión de cada rubro que se envió';
COMMENT ON COLUMN desk.corrections.content IS 'SHA-256 del contenido enviado';
COMMENT ON COLUMN desk.corrections.resolved_at IS 'Cuándo se decidió';

CREATE TRIGGER remarks_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.remarks
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT, UPDATE, DELETE ON desk.review_claims TO conoceles_escritorio;
GRANT SELECT, INSERT ON desk.reviews, desk.remarks, desk.corrections TO conoceles_escritorio;
GRANT UPDATE (state, decided_by, decided_at, reason) ON desk.reviews TO conoceles_escritorio;
GRANT UPDATE (parts, state, due_at, sent_by, sent_at, versions, content, resolved_at) ON desk.corrections TO conoceles_escritorio;
