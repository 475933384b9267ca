-- The rights of people over their data (ARCO) with their terms in working days,
-- and the three registers that the Unidad de Transparencia keeps. What somebody
-- asks is theirs alone: who asks, how to reach them and what they say are sealed
-- under a key that needs one outside the database and the salt of their row, so
-- that forgetting the salt is erasing.
ALTER TABLE desk.processes
  ADD COLUMN arco_prevent_days integer NOT NULL DEFAULT 5 CONSTRAINT processes_arco_prevent_days CHECK (arco_prevent_days BETWEEN 1 AND 90),
  ADD COLUMN arco_remedy_days integer NOT NULL DEFAULT 10 CONSTRAINT processes_arco_remedy_days CHECK (arco_remedy_days BETWEEN 1 AND 90),
  ADD COLUMN arco_answer_days integer NOT NULL DEFAULT 20 CONSTRAINT processes_arco_answer_days CHECK (arco_answer_days BETWEEN 1 AND 90),
  ADD COLUMN arco_extension_days integer NOT NULL DEFAULT 10 CONSTRAINT processes_arco_extension_days CHECK (arco_extension_days BETWEEN 1 AND 90),
  ADD COLUMN arco_effect_days integer NOT NULL DEFAULT 15 CONSTRAINT processes_arco_effect_days CHECK (arco_effect_days BETWEEN 1 AND 90),
  ADD COLUMN arco_daily_limit integer NOT NULL DEFAULT 300 CONSTRAINT processes_arco_daily_limit CHECK (arco_daily_limit > 0),
  ADD COLUMN arco_address_limit integer NOT NULL DEFAULT 5 CONSTRAINT processes_arco_address_limit CHECK (arco_address_limit > 0);
COMMENT ON COLUMN desk.processes.arco_prevent_days IS 'plazo_arco_prevencion: días hábiles para prevenir a quien solicita';
COMMENT ON COLUMN desk.processes.arco_remedy_days IS 'plazo_arco_desahogo: días hábiles para atender la prevención';
COMMENT ON COLUMN desk.processes.arco_answer_days IS 'plazo_arco_respuesta: días hábiles para responder';
COMMENT ON COLUMN desk.processes.arco_extension_days IS 'plazo_arco_ampliacion: días hábiles que se agregan al responder, una vez';
COMMENT ON COLUMN desk.processes.arco_effect_days IS 'plazo_arco_efectivo: días hábiles para hacer efectivo el derecho';
COMMENT ON COLUMN desk.processes.arco_daily_limit IS 'limite_arco_dia: solicitudes que el formulario público recibe en un día';
COMMENT ON COLUMN desk.processes.arco_address_limit IS 'limite_arco_direccion: solicitudes que recibe en un día de una misma dirección de red';

CREATE TABLE desk.days_off (
  process_id bigint NOT NULL REFERENCES desk.processes,
  day        date NOT NULL,
  reason     text NOT NULL CONSTRAINT days_off_reason CHECK (btrim(reason) <> ''),
  PRIMARY KEY (process_id, day)
);
COMMENT ON TABLE desk.days_off IS 'Días inhábiles, además de sábados y domingos';
COMMENT ON COLUMN desk.days_off.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.days_off.day IS 'Día';
COMMENT ON COLUMN desk.days_off.reason IS 'Ley o acuerdo que lo declara inhábil';

CREATE TABLE desk.arco_origins (
  process_id bigint NOT NULL REFERENCES desk.processes,
  day        date NOT NULL,
  origin     bytea NOT NULL,
  requests   integer NOT NULL,
  PRIMARY KEY (process_id, day, origin)
);
COMMENT ON TABLE desk.arco_origins IS 'Cuántas solicitudes ARCO llegaron hoy al formulario público: sólo para limitarlas, sin decir cuáles';
COMMENT ON COLUMN desk.arco_origins.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.arco_origins.day IS 'Día';
COMMENT ON COLUMN desk.arco_origins.origin IS 'Resumen con llave de la dirección de red y el día; nunca la dirección';
COMMENT ON COLUMN desk.arco_origins.requests IS 'Solicitudes';

CREATE TABLE sensitive.arco_requests (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  number       integer NOT NULL CONSTRAINT arco_requests_number CHECK (number > 0),
  folio        text NOT NULL CONSTRAINT arco_requests_folio_unique UNIQUE,
  claimed      text NOT NULL CONSTRAINT arco_requests_claimed CHECK (claimed IN ('acceso', 'rectificacion', 'cancelacion', 'oposicion')),
  medium       text NOT NULL CONSTRAINT arco_requests_medium CHECK (medium IN ('formulario', 'cuenta', 'escrito', 'comparecencia')),
  received_at  timestamptz NOT NULL,
  candidacy_id bigint REFERENCES desk.candidacies,
  account_id   bigint REFERENCES desk.accounts,
  salt         bytea CONSTRAINT arco_requests_salt CHECK (octet_length(salt) = 32),
  sealed       bytea,
  created_at   timestamptz NOT NULL,
  CONSTRAINT arco_requests_number_unique UNIQUE (process_id, number),
  CONSTRAINT arco_requests_erased CHECK ((salt IS NULL) = (sealed IS NULL)),
  CONSTRAINT arco_requests_account CHECK ((medium = 'cuenta') <= (account_id IS NOT NULL AND candidacy_id IS NOT NULL))
);
COMMENT ON TABLE sensitive.arco_requests IS 'Solicitudes de derechos ARCO';
COMMENT ON COLUMN sensitive.arco_requests.id IS 'Identificador de la solicitud';
COMMENT ON COLUMN sensitive.arco_requests.process_id IS 'Proceso electoral';
COMMENT ON COLUMN sensitive.arco_requests.number IS 'Número en el proceso';
COMMENT ON COLUMN sensitive.arco_requests.folio IS 'Folio';
COMMENT ON COLUMN sensitive.arco_requests.claimed IS 'Derecho: acceso, rectificacion, cancelacion u oposicion';
COMMENT ON COLUMN sensitive.arco_requests.medium IS 'Medio: formulario, cuenta, escrito o comparecencia';
COMMENT ON COLUMN sensitive.arco_requests.received_at IS 'Fecha de recepción';
COMMENT ON COLUMN sensitive.arco_requests.candidacy_id IS 'Candidatura de la persona titular, cuando se conoce';
COMMENT ON COLUMN sensitive.arco_requests.account_id IS 'Cuenta que la presentó o registró; vacío: cualquier persona';
COMMENT ON COLUMN sensitive.arco_requests.salt IS 'Parte de la llave de lo cifrado; vacía: los datos personales se suprimieron';
COMMENT ON COLUMN sensitive.arco_requests.sealed IS 'Titular, medio de contacto y descripción, cifrados';
COMMENT ON COLUMN sensitive.arco_requests.created_at IS 'Cuándo se registró';

CREATE TABLE sensitive.arco_steps (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request_id    bigint NOT NULL REFERENCES sensitive.arco_requests,
  kind          text NOT NULL CONSTRAINT arco_steps_kind CHECK (kind IN
                ('acredita', 'previene', 'desahoga', 'no_presentada', 'amplia', 'responde', 'cumple')),
  happened_on   date NOT NULL,
  outcome       text NOT NULL DEFAULT '' CONSTRAINT arco_steps_outcome CHECK (outcome IN ('', 'procedente', 'parcial', 'improcedente')),
  ground        text NOT NULL DEFAULT '',
  committee     text NOT NULL DEFAULT '',
  sealed        bytea,
  document      bytea,
  document_name text NOT NULL DEFAULT '',
  document_hash text NOT NULL DEFAULT '',
  account_id    bigint REFERENCES desk.accounts,
  role          text NOT NULL,
  at            timestamptz NOT NULL,
  CONSTRAINT arco_steps_answers CHECK ((kind = 'responde') = (outcome <> '')),
  -- A refusal has a ground of the law and the Comité de Transparencia confirms it.
  CONSTRAINT arco_steps_refusal CHECK (outcome NOT IN ('parcial', 'improcedente') OR ground <> '' AND btrim(committee) <> ''),
  CONSTRAINT arco_steps_document CHECK ((document IS NULL) = (document_hash = ''))
);
CREATE INDEX arco_steps_request ON sensitive.arco_steps (request_id, id);
COMMENT ON TABLE sensitive.arco_steps IS 'Pasos de cada solicitud ARCO: sólo se agregan, y de todos se deduce el estado';
COMMENT ON COLUMN sensitive.arco_steps.id IS 'Número de asiento';
COMMENT ON COLUMN sensitive.arco_steps.request_id IS 'Solicitud';
COMMENT ON COLUMN sensitive.arco_steps.kind IS 'Qué ocurrió';
COMMENT ON COLUMN sensitive.arco_steps.happened_on IS 'Fecha';
COMMENT ON COLUMN sensitive.arco_steps.outcome IS 'Sentido de la respuesta';
COMMENT ON COLUMN sensitive.arco_steps.ground IS 'Causal de improcedencia';
COMMENT ON COLUMN sensitive.arco_steps.committee IS 'Acta del Comité de Transparencia que confirma la improcedencia';
COMMENT ON COLUMN sensitive.arco_steps.sealed IS 'Texto, cifrado';
COMMENT ON COLUMN sensitive.arco_steps.document IS 'Documento, cifrado';
COMMENT ON COLUMN sensitive.arco_steps.document_name IS 'Nombre del archivo';
COMMENT ON COLUMN sensitive.arco_steps.document_hash IS 'SHA-256 del documento';
COMMENT ON COLUMN sensitive.arco_steps.account_id IS 'Quien lo registró';
COMMENT ON COLUMN sensitive.arco_steps.role IS 'Función con que actuó';
COMMENT ON COLUMN sensitive.arco_steps.at IS 'Instante';

CREATE TABLE desk.docket_entries (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id bigint NOT NULL REFERENCES desk.processes,
  kind       text NOT NULL CONSTRAINT docket_entries_kind CHECK (kind IN ('asesorias', 'incidentes', 'casos')),
  number     integer NOT NULL CONSTRAINT docket_entries_number CHECK (number > 0),
  CONSTRAINT docket_entries_number_unique UNIQUE (process_id, kind, number)
);
COMMENT ON TABLE desk.docket_entries IS 'Registros de la Unidad de Transparencia: asesorías (art. 15 k), incidentes y casos no previstos (art. 5)';
COMMENT ON COLUMN desk.docket_entries.id IS 'Identificador del registro';
COMMENT ON COLUMN desk.docket_entries.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.docket_entries.kind IS 'Clase: asesorias, incidentes o casos';
COMMENT ON COLUMN desk.docket_entries.number IS 'Número en su clase';

CREATE TABLE desk.docket_versions (
  entry_id      bigint NOT NULL REFERENCES desk.docket_entries,
  version       integer NOT NULL CONSTRAINT docket_versions_version CHECK (version > 0),
  happened_on   date NOT NULL,
  subject       text NOT NULL CONSTRAINT docket_versions_subject CHECK (btrim(subject) <> ''),
  narrative     text NOT NULL CONSTRAINT docket_versions_narrative CHECK (btrim(narrative) <> ''),
  counterpart   text NOT NULL DEFAULT '',
  outcome       text NOT NULL DEFAULT '',
  outcome_on    date,
  effect        text NOT NULL DEFAULT '',
  basis         text NOT NULL DEFAULT '',
  reason        text NOT NULL DEFAULT '',
  document      bytea,
  document_name text NOT NULL DEFAULT '',
  document_hash text NOT NULL DEFAULT '',
  account_id    bigint NOT NULL REFERENCES desk.accounts,
  at            timestamptz NOT NULL,
  PRIMARY KEY (entry_id, version),
  CONSTRAINT docket_versions_order CHECK (outcome_on >= happened_on),
  CONSTRAINT docket_versions_reason CHECK (version = 1 OR btrim(reason) <> ''),
  CONSTRAINT docket_versions_document CHECK ((document IS NULL) = (document_hash = ''))
);
COMMENT ON TABLE desk.docket_versions IS 'Lo que dice cada registro: se enmienda con otra versión, y vale la última';
COMMENT ON COLUMN desk.docket_versions.entry_id IS 'Registro';
COMMENT ON COLUMN desk.docket_versions.version IS 'Versión, desde 1';
COMMENT ON COLUMN desk.docket_versions.happened_on IS 'Fecha de la pregunta, del incidente o del caso';
COMMENT ON COLUMN desk.docket_versions.subject IS 'Asunto';
COMMENT ON COLUMN desk.docket_versions.narrative IS 'Pregunta, o qué ocurrió';
COMMENT ON COLUMN desk.docket_versions.counterpart IS 'A quién se pregunta, a quién se avisó o quién decidió';
COMMENT ON COLUMN desk.docket_versions.outcome IS 'Respuesta, o medidas';
COMMENT ON COLUMN desk.docket_versions.outcome_on IS 'Fecha de la respuesta o de las medidas';
COMMENT ON COLUMN desk.docket_versions.effect IS 'Efecto';
COMMENT ON COLUMN desk.docket_versions.basis IS 'Oficio o acuerdo';
COMMENT ON COLUMN desk.docket_versions.reason IS 'Por qué se enmendó';
COMMENT ON COLUMN desk.docket_versions.document IS 'Documento';
COMMENT ON COLUMN desk.docket_versions.document_name IS 'Nombre del archivo';
COMMENT ON COLUMN desk.docket_versions.document_hash IS 'SHA-256 del documento';
COMMENT ON COLUMN desk.docket_versions.account_id IS 'Quien lo registró';
COMMENT ON COLUMN desk.docket_versions.at IS 'Instante';

CREATE TRIGGER arco_steps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sensitive.arco_steps
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER docket_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.docket_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER docket_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.docket_versions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON sensitive.arco_requests, sensitive.arco_steps, desk.docket_entries, desk.docket_versions TO conoceles_escritorio;
GRANT UPDATE (salt, sealed, candidacy_id) ON sensitive.arco_requests TO conoceles_escritorio;
GRANT SELECT, INSERT, DELETE ON desk.days_off TO conoceles_escritorio;
GRANT SELECT, INSERT, DELETE, UPDATE (requests) ON desk.arco_origins TO conoceles_escritorio;
