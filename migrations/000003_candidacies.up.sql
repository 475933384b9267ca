-- The approved list: persons, candidacies, and the acts that change them. A
-- candidacy is a person in a position with a role; a substitution is another
-- candidacy, linked, that inherits no answer.
CREATE TABLE desk.persons (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id  bigint NOT NULL REFERENCES desk.processes,
  given_names text NOT NULL CONSTRAINT persons_given_names_present CHECK (given_names <> ''),
  surnames    text NOT NULL,
  nickname    text NOT NULL DEFAULT '',
  sex         text NOT NULL CONSTRAINT persons_sex CHECK (sex IN ('mujer', 'hombre', 'no_binario')),
  birth_date  date,
  age_given   integer CONSTRAINT persons_age_given CHECK (age_given BETWEEN 18 AND 120),
  email       text NOT NULL DEFAULT '',
  phone       text NOT NULL DEFAULT ''
);
COMMENT ON TABLE desk.persons IS 'Persona candidata';
COMMENT ON COLUMN desk.persons.id IS 'Identificador de la persona';
COMMENT ON COLUMN desk.persons.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.persons.given_names IS 'Nombre o nombres';
COMMENT ON COLUMN desk.persons.surnames IS 'Apellidos, completos';
COMMENT ON COLUMN desk.persons.nickname IS 'Sobrenombre en la boleta';
COMMENT ON COLUMN desk.persons.sex IS 'Sexo registrado: mujer, hombre o no_binario';
COMMENT ON COLUMN desk.persons.birth_date IS 'Fecha de nacimiento (privada: sólo se publica la edad)';
COMMENT ON COLUMN desk.persons.age_given IS 'Edad que da la fuente, cuando no da la fecha';
COMMENT ON COLUMN desk.persons.email IS 'Correo de la lista de registro (privado)';
COMMENT ON COLUMN desk.persons.phone IS 'Teléfono de la lista de registro (privado)';

CREATE TABLE desk.folio_counters (
  process_id bigint PRIMARY KEY REFERENCES desk.processes,
  last       integer NOT NULL
);
COMMENT ON TABLE desk.folio_counters IS 'Último folio asignado en cada proceso';
COMMENT ON COLUMN desk.folio_counters.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.folio_counters.last IS 'Último número';

CREATE TABLE desk.candidacies (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id       bigint NOT NULL REFERENCES desk.processes,
  folio            text NOT NULL CONSTRAINT candidacies_folio_unique UNIQUE,
  registry_folio   text NOT NULL DEFAULT '',
  source_key       text,
  slug             text NOT NULL,
  person_id        bigint NOT NULL REFERENCES desk.persons,
  office_id        bigint NOT NULL REFERENCES desk.offices,
  state_id         bigint REFERENCES desk.states,
  district_id      bigint REFERENCES desk.districts,
  municipality_id  bigint REFERENCES desk.municipalities,
  district_label   text NOT NULL DEFAULT '',
  position         integer NOT NULL DEFAULT 1 CONSTRAINT candidacies_position CHECK (position BETWEEN 1 AND 999999999),
  role             text NOT NULL CONSTRAINT candidacies_role CHECK (role IN ('propietaria', 'suplente')),
  nominator_id     bigint NOT NULL REFERENCES desk.nominators,
  siglado_id       bigint REFERENCES desk.nominators,
  consecutive      boolean,
  affirmative_actions text[] NOT NULL DEFAULT '{}'
                   CONSTRAINT candidacies_affirmative_actions
                   CHECK (affirmative_actions <@ ARRAY['indigena', 'discapacidad', 'afromexicana', 'lgbttiq', 'joven', 'mayor', 'migrante']),
  acuerdo          text NOT NULL DEFAULT '',
  approved_on      date,
  standing         text NOT NULL DEFAULT 'aprobada'
                   CONSTRAINT candidacies_standing CHECK (standing IN ('aprobada', 'renuncia', 'fallecimiento', 'cancelada', 'sustituida')),
  standing_since   timestamptz NOT NULL,
  replaces_id      bigint CONSTRAINT candidacies_replaces_once UNIQUE REFERENCES desk.candidacies,
  elected          boolean NOT NULL DEFAULT false,
  capture          text NOT NULL DEFAULT 'sin_iniciar'
                   CONSTRAINT candidacies_capture CHECK (capture IN ('sin_iniciar', 'en_captura', 'completa', 'validada', 'en_correccion')),
  review           text NOT NULL DEFAULT 'pendiente'
                   CONSTRAINT candidacies_review CHECK (review IN ('pendiente', 'verificada', 'observada')),
  answered         integer NOT NULL DEFAULT 0 CONSTRAINT candidacies_answered CHECK (answered BETWEEN 0 AND 9),
  captured_at      timestamptz,
  clock_started_at timestamptz NOT NULL,
  created_at       timestamptz NOT NULL,
  CONSTRAINT candidacies_slug_unique UNIQUE (process_id, slug)
);
-- One person in force on each place of the ballot. Historical files, which say
-- themselves who is who (source_key), may break it: they are kept as they came.
CREATE UNIQUE INDEX candidacies_place_unique ON desk.candidacies
  (process_id, office_id, district_id, municipality_id, position, role, nominator_id) NULLS NOT DISTINCT
  WHERE standing = 'aprobada' AND source_key IS NULL;
CREATE UNIQUE INDEX candidacies_registry_folio_unique ON desk.candidacies (process_id, registry_folio)
  WHERE registry_folio <> '' AND source_key IS NULL;
CREATE UNIQUE INDEX candidacies_source_key_unique ON desk.candidacies (process_id, source_key) WHERE source_key IS NOT NULL;
CREATE INDEX candidacies_nominator ON desk.candidacies (process_id, nominator_id);
CREATE INDEX candidacies_siglado ON desk.candidacies (siglado_id) WHERE siglado_id IS NOT NULL;
CREATE INDEX candidacies_person ON desk.candidacies (person_id);

COMMENT ON TABLE desk.candidacies IS 'Candidatura: persona, cargo, lugar, posición y calidad';
COMMENT ON COLUMN desk.candidacies.id IS 'Identificador de la candidatura';
COMMENT ON COLUMN desk.candidacies.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.candidacies.folio IS 'Folio del sistema';
COMMENT ON COLUMN desk.candidacies.registry_folio IS 'Folio de la lista de registro';
COMMENT ON COLUMN desk.candidacies.source_key IS 'Llave en la fuente histórica: folio y nombre';
COMMENT ON COLUMN desk.candidacies.slug IS 'Nombre en la dirección pública; nunca se reutiliza';
COMMENT ON COLUMN desk.candidacies.person_id IS 'Persona candidata';
COMMENT ON COLUMN desk.candidacies.office_id IS 'Cargo';
COMMENT ON COLUMN desk.candidacies.state_id IS 'Entidad';
COMMENT ON COLUMN desk.candidacies.district_id IS 'Distrito';
COMMENT ON COLUMN desk.candidacies.municipality_id IS 'Municipio';
COMMENT ON COLUMN desk.candidacies.district_label IS 'Distrito o circunscripción como lo escribe la fuente';
COMMENT ON COLUMN desk.candidacies.position IS 'Posición en la lista o planilla; en fuentes históricas, su número';
COMMENT ON COLUMN desk.candidacies.role IS 'Calidad: propietaria o suplente';
COMMENT ON COLUMN desk.candidacies.nominator_id IS 'Actor postulante';
COMMENT ON COLUMN desk.candidacies.siglado_id IS 'Partido al que se sigla la candidatura de coalición';
COMMENT ON COLUMN desk.candidacies.consecutive IS 'Elección consecutiva';
COMMENT ON COLUMN desk.candidacies.affirmative_actions IS 'Acciones afirmativas del registro (INAI RRA 10703/21)';
COMMENT ON COLUMN desk.candidacies.acuerdo IS 'Acuerdo que la aprobó';
COMMENT ON COLUMN desk.candidacies.approved_on IS 'Fecha de aprobación';
COMMENT ON COLUMN desk.candidacies.standing IS 'Vigencia: aprobada, renuncia, fallecimiento, cancelada o sustituida';
COMMENT ON COLUMN desk.candidacies.standing_since IS 'Desde cuándo tiene esa vigencia';
COMMENT ON COLUMN desk.candidacies.replaces_id IS 'Candidatura a la que sustituye';
COMMENT ON COLUMN desk.candidacies.elected IS 'Resultó electa';
COMMENT ON COLUMN desk.candidacies.capture IS 'Captura: sin_iniciar, en_captura, completa, validada o en_correccion';
COMMENT ON COLUMN desk.candidacies.review IS 'Revisión: pendiente, verificada u observada';
COMMENT ON COLUMN desk.candidacies.answered IS 'Respuestas obligatorias atendidas, de nueve';
COMMENT ON COLUMN desk.candidacies.captured_at IS 'Último guardado';
COMMENT ON COLUMN desk.candidacies.clock_started_at IS 'Inicio del plazo de captura';
COMMENT ON COLUMN desk.candidacies.created_at IS 'Fecha de alta';

CREATE TABLE desk.slugs (
  process_id   bigint NOT NULL REFERENCES desk.processes,
  slug         text NOT NULL,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  PRIMARY KEY (process_id, slug)
);
COMMENT ON TABLE desk.slugs IS 'Direcciones públicas usadas alguna vez, que no se reutilizan';
COMMENT ON COLUMN desk.slugs.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.slugs.slug IS 'Nombre en la dirección';
COMMENT ON COLUMN desk.slugs.candidacy_id IS 'Candidatura';

CREATE TABLE desk.imports (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id  bigint NOT NULL REFERENCES desk.processes,
  file_name   text NOT NULL,
  file_hash   text NOT NULL,
  acuerdo     text NOT NULL DEFAULT '',
  approved_on date,
  rows_read   integer NOT NULL,
  rows_new    integer NOT NULL,
  rows_changed integer NOT NULL,
  rows_same   integer NOT NULL,
  rows_rejected integer NOT NULL,
  account_id  bigint,
  at          timestamptz NOT NULL
);
COMMENT ON TABLE desk.imports IS 'Listas de candidaturas importadas';
COMMENT ON COLUMN desk.imports.id IS 'Identificador de la importación';
COMMENT ON COLUMN desk.imports.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.imports.file_name IS 'Nombre del archivo';
COMMENT ON COLUMN desk.imports.file_hash IS 'SHA-256 del archivo';
COMMENT ON COLUMN desk.imports.acuerdo IS 'Acuerdo que aprobó la lista';
COMMENT ON COLUMN desk.imports.approved_on IS 'Fecha del acuerdo';
COMMENT ON COLUMN desk.imports.rows_read IS 'Filas leídas';
COMMENT ON COLUMN desk.imports.rows_new IS 'Filas nuevas';
COMMENT ON COLUMN desk.imports.rows_changed IS 'Filas que cambiaron';
COMMENT ON COLUMN desk.imports.rows_same IS 'Filas sin cambio';
COMMENT ON COLUMN desk.imports.rows_rejected IS 'Filas rechazadas';
COMMENT ON COLUMN desk.imports.account_id IS 'Quien importó; vacío: por comando';
COMMENT ON COLUMN desk.imports.at IS 'Instante';

GRANT SELECT, INSERT, UPDATE ON desk.persons, desk.folio_counters, desk.candidacies TO conoceles_escritorio;
GRANT SELECT, INSERT ON desk.slugs, desk.imports TO conoceles_escritorio;
