-- Terms, the freeze and the qualitative score: when a party received its
-- credentials (its capture clock), which versions came late, who may go on
-- capturing after the end of campaigns by acuerdo or court order, corrections
-- that were cancelled, and the rubric with which texts are scored.
CREATE TABLE desk.credential_deliveries (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominator_id  bigint NOT NULL REFERENCES desk.nominators,
  received_at   timestamptz NOT NULL,
  received_by   text NOT NULL CONSTRAINT credential_deliveries_receiver CHECK (btrim(received_by) <> ''),
  basis         text NOT NULL DEFAULT '',
  registered_by bigint REFERENCES desk.accounts,
  registered_at timestamptz NOT NULL,
  CONSTRAINT credential_deliveries_past CHECK (received_at <= registered_at)
);
CREATE INDEX credential_deliveries_nominator ON desk.credential_deliveries (nominator_id, id);
COMMENT ON TABLE desk.credential_deliveries IS 'Entrega de credenciales a cada actor postulante: vale la última registrada; de ella corre el plazo de captura';
COMMENT ON COLUMN desk.credential_deliveries.id IS 'Identificador de la entrega';
COMMENT ON COLUMN desk.credential_deliveries.nominator_id IS 'Actor postulante que las recibió';
COMMENT ON COLUMN desk.credential_deliveries.received_at IS 'Instante de la recepción, según el acuse';
COMMENT ON COLUMN desk.credential_deliveries.received_by IS 'Persona que las recibió';
COMMENT ON COLUMN desk.credential_deliveries.basis IS 'Oficio o motivo del registro';
COMMENT ON COLUMN desk.credential_deliveries.registered_by IS 'Quien registró la entrega; vacío: por comando';
COMMENT ON COLUMN desk.credential_deliveries.registered_at IS 'Cuándo se registró';

ALTER TABLE desk.answer_versions ADD COLUMN late boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN desk.answer_versions.late IS 'Extemporánea: se guardó después del plazo de captura';
ALTER TABLE desk.validations ADD COLUMN late boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN desk.validations.late IS 'Extemporánea: se validó después del plazo de captura';

-- A request that was cancelled is over («resuelta») and uses up no opportunity.
ALTER TABLE desk.corrections
  ADD COLUMN cancelled_by bigint REFERENCES desk.accounts,
  ADD CONSTRAINT corrections_cancelled CHECK (cancelled_by IS NULL OR origin = 'solicitud' AND state = 'resuelta' AND sent_at IS NULL);
COMMENT ON COLUMN desk.corrections.cancelled_by IS 'Quien la canceló antes de enviarla';
GRANT UPDATE (cancelled_by) ON desk.corrections TO conoceles_escritorio;

ALTER TABLE desk.acts DROP CONSTRAINT acts_kind,
  ADD CONSTRAINT acts_kind CHECK (kind IN ('sustitucion', 'renuncia', 'fallecimiento', 'cancelacion', 'restitucion', 'correccion',
    'cambio_siglado', 'electa', 'excepcion', 'inicio_publicacion'));
CREATE TABLE desk.capture_exceptions (
  act_id       bigint PRIMARY KEY REFERENCES desk.acts,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  until_at     timestamptz NOT NULL
);
CREATE INDEX capture_exceptions_candidacy ON desk.capture_exceptions (candidacy_id, act_id);
COMMENT ON TABLE desk.capture_exceptions IS 'Excepción al cierre por acuerdo o sentencia: la candidatura captura y corrige hasta otra hora; vale la última';
COMMENT ON COLUMN desk.capture_exceptions.act_id IS 'Acto que la concede, confirmado por otra persona';
COMMENT ON COLUMN desk.capture_exceptions.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.capture_exceptions.until_at IS 'Cuándo termina: a esa hora ya está cerrada';

ALTER TABLE desk.processes
  ADD COLUMN score_high integer NOT NULL DEFAULT 80,
  ADD COLUMN score_middle integer NOT NULL DEFAULT 50,
  ADD CONSTRAINT processes_score_levels CHECK (0 < score_middle AND score_middle < score_high AND score_high <= 100);
COMMENT ON COLUMN desk.processes.score_high IS 'Valoración cualitativa: desde qué porcentaje el nivel es alto';
COMMENT ON COLUMN desk.processes.score_middle IS 'Valoración cualitativa: desde qué porcentaje el nivel es medio';

CREATE TABLE desk.rubric_variables (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id  bigint NOT NULL REFERENCES desk.processes,
  part        text NOT NULL,
  position    integer NOT NULL,
  name        text NOT NULL CONSTRAINT rubric_variables_name CHECK (btrim(name) <> ''),
  CONSTRAINT rubric_variables_once UNIQUE (process_id, part, position)
);
COMMENT ON TABLE desk.rubric_variables IS 'Variables de la valoración cualitativa, por rubro (metodología del informe final)';
COMMENT ON COLUMN desk.rubric_variables.id IS 'Identificador de la variable';
COMMENT ON COLUMN desk.rubric_variables.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.rubric_variables.part IS 'Rubro';
COMMENT ON COLUMN desk.rubric_variables.position IS 'Orden en el rubro';
COMMENT ON COLUMN desk.rubric_variables.name IS 'Qué se busca en el texto';

CREATE TABLE desk.rubric_levels (
  variable_id bigint NOT NULL REFERENCES desk.rubric_variables,
  points      integer NOT NULL CONSTRAINT rubric_levels_points CHECK (points >= 0),
  name        text NOT NULL CONSTRAINT rubric_levels_name CHECK (btrim(name) <> ''),
  PRIMARY KEY (variable_id, points)
);
COMMENT ON TABLE desk.rubric_levels IS 'Niveles de cada variable, con sus puntos';
COMMENT ON COLUMN desk.rubric_levels.variable_id IS 'Variable';
COMMENT ON COLUMN desk.rubric_levels.points IS 'Puntos del nivel';
COMMENT ON COLUMN desk.rubric_levels.name IS 'Nombre del nivel';

CREATE TABLE desk.scores (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  part         text NOT NULL,
  version      integer NOT NULL CONSTRAINT scores_version CHECK (version > 0),
  content      text NOT NULL,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  at           timestamptz NOT NULL,
  CONSTRAINT scores_once UNIQUE (candidacy_id, part, content, account_id)
);
COMMENT ON TABLE desk.scores IS 'Valoración cualitativa: una por texto y persona, para comparar las de varias (doble codificación)';
COMMENT ON COLUMN desk.scores.id IS 'Identificador de la valoración';
COMMENT ON COLUMN desk.scores.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.scores.part IS 'Rubro';
COMMENT ON COLUMN desk.scores.version IS 'Versión del rubro que se valoró';
COMMENT ON COLUMN desk.scores.content IS 'SHA-256 del texto valorado';
COMMENT ON COLUMN desk.scores.account_id IS 'Quien valoró';
COMMENT ON COLUMN desk.scores.at IS 'Cuándo se registró, o se cambió por última vez';

CREATE TABLE desk.score_marks (
  score_id    bigint NOT NULL REFERENCES desk.scores,
  variable_id bigint NOT NULL,
  points      integer NOT NULL,
  PRIMARY KEY (score_id, variable_id),
  CONSTRAINT score_marks_level FOREIGN KEY (variable_id, points) REFERENCES desk.rubric_levels
);
COMMENT ON TABLE desk.score_marks IS 'Puntos que una valoración dio a cada variable';
COMMENT ON COLUMN desk.score_marks.score_id IS 'Valoración';
COMMENT ON COLUMN desk.score_marks.variable_id IS 'Variable';
COMMENT ON COLUMN desk.score_marks.points IS 'Puntos del nivel elegido';

CREATE TRIGGER credential_deliveries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.credential_deliveries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER capture_exceptions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.capture_exceptions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.credential_deliveries, desk.capture_exceptions, desk.rubric_variables, desk.rubric_levels,
  desk.scores, desk.score_marks TO conoceles_escritorio;
GRANT UPDATE (version, at) ON desk.scores TO conoceles_escritorio;
GRANT UPDATE (points) ON desk.score_marks TO conoceles_escritorio;
