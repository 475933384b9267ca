-- The agenda of deliverables: what the plan has to deliver, the chain of steps of
-- each thing, what was done and when, with its documents. Nothing is changed: every
-- edition is another version, and the last one counts.
CREATE TABLE desk.agenda_items (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id bigint NOT NULL REFERENCES desk.processes,
  number     integer NOT NULL CONSTRAINT agenda_items_number CHECK (number > 0),
  kind       text NOT NULL CONSTRAINT agenda_items_kind CHECK (kind IN ('entregable', 'etapa', 'interfaz', 'adquisicion', 'contratacion', 'capacitacion')),
  source     text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  CONSTRAINT agenda_items_number_unique UNIQUE (process_id, number)
);
CREATE UNIQUE INDEX agenda_items_source ON desk.agenda_items (process_id, source) WHERE source <> '';

CREATE TABLE desk.agenda_versions (
  item_id    bigint NOT NULL REFERENCES desk.agenda_items,
  version    integer NOT NULL CONSTRAINT agenda_versions_version CHECK (version > 0),
  activity   text NOT NULL DEFAULT '',
  article    text NOT NULL DEFAULT '',
  title      text NOT NULL CONSTRAINT agenda_versions_title CHECK (btrim(title) <> '' AND length(title) <= 200),
  detail     text NOT NULL DEFAULT '' CONSTRAINT agenda_versions_detail CHECK (length(detail) <= 4000),
  area       text NOT NULL CONSTRAINT agenda_versions_area CHECK (btrim(area) <> ''),
  starts_on  date,
  ends_on    date,
  event_on   date,
  reason     text NOT NULL DEFAULT '',
  account_id bigint REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  PRIMARY KEY (item_id, version),
  CONSTRAINT agenda_versions_order CHECK (ends_on >= starts_on),
  CONSTRAINT agenda_versions_reason CHECK (version = 1 OR btrim(reason) <> '')
);

CREATE TABLE desk.agenda_steps (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id  bigint NOT NULL REFERENCES desk.agenda_items,
  position integer NOT NULL CONSTRAINT agenda_steps_position CHECK (position > 0),
  kind     text NOT NULL CONSTRAINT agenda_steps_kind CHECK (kind IN ('reunion', 'comite', 'comision', 'consejo', 'remision', 'conclusion')),
  CONSTRAINT agenda_steps_position_unique UNIQUE (item_id, position)
);

CREATE TABLE desk.agenda_step_versions (
  step_id    bigint NOT NULL REFERENCES desk.agenda_steps,
  version    integer NOT NULL CONSTRAINT agenda_step_versions_version CHECK (version > 0),
  due_on     date,
  done_on    date,
  document   text NOT NULL DEFAULT '' CONSTRAINT agenda_step_versions_document CHECK (length(document) <= 200),
  receipt    text NOT NULL DEFAULT '' CONSTRAINT agenda_step_versions_receipt CHECK (length(receipt) <= 200),
  note       text NOT NULL DEFAULT '' CONSTRAINT agenda_step_versions_note CHECK (length(note) <= 4000),
  waived     boolean NOT NULL DEFAULT false,
  reason     text NOT NULL DEFAULT '',
  account_id bigint REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  PRIMARY KEY (step_id, version),
  CONSTRAINT agenda_step_versions_waived CHECK (NOT waived OR done_on IS NULL AND btrim(note) <> '')
);

CREATE TABLE desk.agenda_documents (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id    bigint NOT NULL REFERENCES desk.agenda_items,
  number     integer NOT NULL CONSTRAINT agenda_documents_number CHECK (number > 0),
  kind       text NOT NULL CONSTRAINT agenda_documents_kind CHECK (kind IN ('entregable', 'minuta', 'acuerdo', 'oficio', 'acuse', 'material', 'evidencia')),
  name       text NOT NULL CONSTRAINT agenda_documents_name CHECK (btrim(name) <> ''),
  bytes      bytea NOT NULL,
  hash       text NOT NULL CONSTRAINT agenda_documents_hash CHECK (hash ~ '^[0-9a-f]{64}$'),
  account_id bigint NOT NULL REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  CONSTRAINT agenda_documents_number_unique UNIQUE (item_id, number)
);

CREATE TABLE desk.agenda_people (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id      bigint NOT NULL REFERENCES desk.agenda_items,
  number       integer NOT NULL CONSTRAINT agenda_people_number CHECK (number > 0),
  name         text NOT NULL CONSTRAINT agenda_people_name CHECK (btrim(name) <> '' AND length(name) <= 200),
  organisation text NOT NULL CONSTRAINT agenda_people_organisation CHECK (btrim(organisation) <> '' AND length(organisation) <= 200),
  attended_on  date,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  at           timestamptz NOT NULL,
  CONSTRAINT agenda_people_number_unique UNIQUE (item_id, number)
);

CREATE TABLE desk.agenda_events (
  process_id bigint NOT NULL REFERENCES desk.processes,
  event      text NOT NULL CONSTRAINT agenda_events_event CHECK (event IN ('modificacion', 'documento', 'cuestionarios', 'lista', 'sustitucion')),
  activity   text NOT NULL DEFAULT '',
  article    text NOT NULL DEFAULT '',
  title      text NOT NULL CONSTRAINT agenda_events_title CHECK (btrim(title) <> ''),
  area       text NOT NULL CONSTRAINT agenda_events_area CHECK (btrim(area) <> ''),
  PRIMARY KEY (process_id, event)
);

CREATE TABLE desk.agenda_chains (
  process_id bigint NOT NULL,
  event      text NOT NULL,
  position   integer NOT NULL CONSTRAINT agenda_chains_position CHECK (position > 0),
  kind       text NOT NULL CONSTRAINT agenda_chains_kind CHECK (kind IN ('reunion', 'comite', 'comision', 'consejo', 'remision', 'conclusion')),
  days       integer NOT NULL CONSTRAINT agenda_chains_days CHECK (days BETWEEN 0 AND 365),
  PRIMARY KEY (process_id, event, position),
  CONSTRAINT agenda_chains_event FOREIGN KEY (process_id, event) REFERENCES desk.agenda_events
);

CREATE TABLE desk.agenda_settings (
  process_id    bigint PRIMARY KEY REFERENCES desk.processes,
  version       integer NOT NULL DEFAULT 1,
  soon_days     integer NOT NULL CONSTRAINT agenda_settings_soon_days CHECK (soon_days BETWEEN 0 AND 90),
  dispatch_to   text NOT NULL CONSTRAINT agenda_settings_dispatch_to CHECK (btrim(dispatch_to) <> '' AND length(dispatch_to) <= 300),
  dispatch_copy text NOT NULL DEFAULT '' CONSTRAINT agenda_settings_dispatch_copy CHECK (length(dispatch_copy) <= 300),
  dispatch_body text NOT NULL CONSTRAINT agenda_settings_dispatch_body CHECK (btrim(dispatch_body) <> '' AND length(dispatch_body) <= 4000)
);

CREATE TABLE desk.agenda_texts (
  process_id bigint NOT NULL REFERENCES desk.processes,
  month      date NOT NULL CONSTRAINT agenda_texts_month CHECK (extract(day FROM month) = 1),
  version    integer NOT NULL CONSTRAINT agenda_texts_version CHECK (version > 0),
  body       text NOT NULL CONSTRAINT agenda_texts_body CHECK (length(body) <= 20000),
  account_id bigint NOT NULL REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  PRIMARY KEY (process_id, month, version)
);

CREATE TRIGGER agenda_items_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.agenda_items FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER agenda_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.agenda_versions FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER agenda_step_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.agenda_step_versions FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER agenda_documents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.agenda_documents FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER agenda_texts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.agenda_texts FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.agenda_items, desk.agenda_versions, desk.agenda_steps, desk.agenda_step_versions, desk.agenda_documents, desk.agenda_people,
  desk.agenda_events, desk.agenda_chains, desk.agenda_settings, desk.agenda_texts TO conoceles_escritorio;
GRANT UPDATE (attended_on) ON desk.agenda_people TO conoceles_escritorio;
GRANT UPDATE (days) ON desk.agenda_chains TO conoceles_escritorio;
GRANT UPDATE (version, soon_days, dispatch_to, dispatch_copy, dispatch_body) ON desk.agenda_settings TO conoceles_escritorio;

COMMENT ON TABLE desk.agenda_items IS 'Agenda de actividades y entregables';
COMMENT ON COLUMN desk.agenda_items.id IS 'Identificador';
COMMENT ON COLUMN desk.agenda_items.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.agenda_items.number IS 'Número en la agenda';
COMMENT ON COLUMN desk.agenda_items.kind IS 'Clase: entregable, etapa, interfaz, adquisicion, contratacion o capacitacion';
COMMENT ON COLUMN desk.agenda_items.source IS 'De qué hecho nació, cuando lo abrió el sistema; vacío: la capturó una persona o el plan';
COMMENT ON COLUMN desk.agenda_items.created_at IS 'Cuándo se agregó';
COMMENT ON TABLE desk.agenda_versions IS 'Qué dice cada renglón de la agenda, por versión';
COMMENT ON COLUMN desk.agenda_versions.item_id IS 'Renglón de la agenda';
COMMENT ON COLUMN desk.agenda_versions.version IS 'Versión';
COMMENT ON COLUMN desk.agenda_versions.activity IS 'Número de actividad del calendario del INE, como 11.3';
COMMENT ON COLUMN desk.agenda_versions.article IS 'Número de entregable del artículo 11 de los Lineamientos';
COMMENT ON COLUMN desk.agenda_versions.title IS 'Actividad o entregable';
COMMENT ON COLUMN desk.agenda_versions.detail IS 'Descripción';
COMMENT ON COLUMN desk.agenda_versions.area IS 'Área responsable';
COMMENT ON COLUMN desk.agenda_versions.starts_on IS 'Inicio';
COMMENT ON COLUMN desk.agenda_versions.ends_on IS 'Término';
COMMENT ON COLUMN desk.agenda_versions.event_on IS 'Fecha del hecho que lo abrió';
COMMENT ON COLUMN desk.agenda_versions.reason IS 'Motivo del cambio';
COMMENT ON COLUMN desk.agenda_versions.account_id IS 'Quien lo escribió; vacío: el plan o el sistema';
COMMENT ON COLUMN desk.agenda_versions.at IS 'Cuándo';
COMMENT ON TABLE desk.agenda_steps IS 'Cadena de pasos de cada entregable';
COMMENT ON COLUMN desk.agenda_steps.id IS 'Identificador';
COMMENT ON COLUMN desk.agenda_steps.item_id IS 'Renglón de la agenda';
COMMENT ON COLUMN desk.agenda_steps.position IS 'Orden';
COMMENT ON COLUMN desk.agenda_steps.kind IS 'Paso: reunion, comite, comision, consejo, remision o conclusion';
COMMENT ON TABLE desk.agenda_step_versions IS 'Qué se sabe de cada paso, por versión';
COMMENT ON COLUMN desk.agenda_step_versions.step_id IS 'Paso';
COMMENT ON COLUMN desk.agenda_step_versions.version IS 'Versión';
COMMENT ON COLUMN desk.agenda_step_versions.due_on IS 'Fecha límite; vacía: por definir';
COMMENT ON COLUMN desk.agenda_step_versions.done_on IS 'Fecha en que se hizo';
COMMENT ON COLUMN desk.agenda_step_versions.document IS 'Minuta, acta, acuerdo u oficio';
COMMENT ON COLUMN desk.agenda_step_versions.receipt IS 'Acuse del SIVOPLE';
COMMENT ON COLUMN desk.agenda_step_versions.note IS 'Observaciones';
COMMENT ON COLUMN desk.agenda_step_versions.waived IS 'No aplica';
COMMENT ON COLUMN desk.agenda_step_versions.reason IS 'Motivo del cambio';
COMMENT ON COLUMN desk.agenda_step_versions.account_id IS 'Quien lo registró; vacío: el plan o el sistema';
COMMENT ON COLUMN desk.agenda_step_versions.at IS 'Cuándo';
COMMENT ON TABLE desk.agenda_documents IS 'Documentos y evidencias de la agenda';
COMMENT ON COLUMN desk.agenda_documents.id IS 'Identificador';
COMMENT ON COLUMN desk.agenda_documents.item_id IS 'Renglón de la agenda';
COMMENT ON COLUMN desk.agenda_documents.number IS 'Número en el renglón';
COMMENT ON COLUMN desk.agenda_documents.kind IS 'Clase de documento';
COMMENT ON COLUMN desk.agenda_documents.name IS 'Nombre del archivo';
COMMENT ON COLUMN desk.agenda_documents.bytes IS 'Contenido';
COMMENT ON COLUMN desk.agenda_documents.hash IS 'SHA-256 del contenido';
COMMENT ON COLUMN desk.agenda_documents.account_id IS 'Quien lo agregó';
COMMENT ON COLUMN desk.agenda_documents.at IS 'Cuándo';
COMMENT ON TABLE desk.agenda_people IS 'Personas designadas para una capacitación';
COMMENT ON COLUMN desk.agenda_people.id IS 'Identificador';
COMMENT ON COLUMN desk.agenda_people.item_id IS 'Capacitación';
COMMENT ON COLUMN desk.agenda_people.number IS 'Número en la lista';
COMMENT ON COLUMN desk.agenda_people.name IS 'Nombre';
COMMENT ON COLUMN desk.agenda_people.organisation IS 'Área o actor que la designó';
COMMENT ON COLUMN desk.agenda_people.attended_on IS 'Fecha en que asistió; vacía: no consta';
COMMENT ON COLUMN desk.agenda_people.account_id IS 'Quien la registró';
COMMENT ON COLUMN desk.agenda_people.at IS 'Cuándo';
COMMENT ON TABLE desk.agenda_events IS 'Hechos que abren un entregable';
COMMENT ON COLUMN desk.agenda_events.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.agenda_events.event IS 'Hecho';
COMMENT ON COLUMN desk.agenda_events.activity IS 'Número de actividad del calendario del INE';
COMMENT ON COLUMN desk.agenda_events.article IS 'Número de entregable del artículo 11 de los Lineamientos';
COMMENT ON COLUMN desk.agenda_events.title IS 'Cómo se llama el entregable que abre';
COMMENT ON COLUMN desk.agenda_events.area IS 'Área responsable';
COMMENT ON TABLE desk.agenda_chains IS 'Plazos de los entregables que abre un hecho';
COMMENT ON COLUMN desk.agenda_chains.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.agenda_chains.event IS 'Hecho';
COMMENT ON COLUMN desk.agenda_chains.position IS 'Orden';
COMMENT ON COLUMN desk.agenda_chains.kind IS 'Paso';
COMMENT ON COLUMN desk.agenda_chains.days IS 'Días naturales desde el hecho';
COMMENT ON TABLE desk.agenda_settings IS 'Parámetros de la agenda';
COMMENT ON COLUMN desk.agenda_settings.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.agenda_settings.version IS 'Versión';
COMMENT ON COLUMN desk.agenda_settings.soon_days IS 'Días de anticipación con que un paso se muestra por vencer';
COMMENT ON COLUMN desk.agenda_settings.dispatch_to IS 'A quién se dirigen las remisiones';
COMMENT ON COLUMN desk.agenda_settings.dispatch_copy IS 'Con copia para';
COMMENT ON COLUMN desk.agenda_settings.dispatch_body IS 'Texto del oficio de remisión';
COMMENT ON TABLE desk.agenda_texts IS 'Texto del informe mensual (R-1), por versión';
COMMENT ON COLUMN desk.agenda_texts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.agenda_texts.month IS 'Mes del informe: su día primero';
COMMENT ON COLUMN desk.agenda_texts.version IS 'Versión';
COMMENT ON COLUMN desk.agenda_texts.body IS 'Texto';
COMMENT ON COLUMN desk.agenda_texts.account_id IS 'Quien lo escribió';
COMMENT ON COLUMN desk.agenda_texts.at IS 'Cuándo';
