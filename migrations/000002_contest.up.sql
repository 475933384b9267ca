-- The contest in law: processes, places, offices, who nominates. Every row that
-- belongs to an election carries its process, so that another year or another
-- state is data.
CREATE TABLE desk.institution (
  only_one   boolean PRIMARY KEY DEFAULT true CONSTRAINT institution_only_one CHECK (only_one),
  name       text NOT NULL,
  acronym    text NOT NULL,
  place      text NOT NULL,
  address    text NOT NULL DEFAULT '',
  email      text NOT NULL DEFAULT '',
  it_area    text NOT NULL DEFAULT 'Unidad Técnica de Servicios de Informática y Comunicaciones'
);
COMMENT ON TABLE desk.institution IS 'Instituto electoral que opera el sistema';
COMMENT ON COLUMN desk.institution.only_one IS 'Garantiza un solo renglón';
COMMENT ON COLUMN desk.institution.name IS 'Nombre del instituto';
COMMENT ON COLUMN desk.institution.acronym IS 'Siglas del instituto';
COMMENT ON COLUMN desk.institution.place IS 'Entidad o ámbito del instituto, como se nombra en el sitio';
COMMENT ON COLUMN desk.institution.address IS 'Domicilio';
COMMENT ON COLUMN desk.institution.email IS 'Correo de contacto';
COMMENT ON COLUMN desk.institution.it_area IS 'Nombre del área de informática';

CREATE TABLE desk.processes (
  id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key                   text NOT NULL CONSTRAINT processes_key_unique UNIQUE
                        CONSTRAINT processes_key_form CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name                  text NOT NULL CONSTRAINT processes_name_unique UNIQUE,
  kind                  text NOT NULL CONSTRAINT processes_kind CHECK (kind IN ('eleccion', 'consulta', 'simulacro')),
  demo                  boolean NOT NULL DEFAULT false,
  folio_prefix          text NOT NULL CONSTRAINT processes_folio_prefix_unique UNIQUE,
  election_day          date,
  age_reference         date,
  capture_opens_at      timestamptz,
  campaigns_end_at      timestamptz,
  publication_starts_at timestamptz,
  published_at          timestamptz,
  site_until            timestamptz,
  capture_days          integer NOT NULL DEFAULT 15 CONSTRAINT processes_capture_days CHECK (capture_days > 0),
  publish_requires      text NOT NULL DEFAULT 'validacion_pp'
                        CONSTRAINT processes_publish_requires CHECK (publish_requires IN ('validacion_pp', 'verificacion_ut')),
  validate_requires_identity boolean NOT NULL DEFAULT false,
  curricular_version    text NOT NULL DEFAULT '1',
  source                text NOT NULL DEFAULT '',
  to_verify             text[] NOT NULL DEFAULT '{}',
  created_at            timestamptz NOT NULL,
  CONSTRAINT processes_calendar CHECK (capture_opens_at IS NULL OR campaigns_end_at IS NULL OR capture_opens_at < campaigns_end_at)
);
COMMENT ON TABLE desk.processes IS 'Proceso electoral, consulta histórica o simulacro';
COMMENT ON COLUMN desk.processes.id IS 'Identificador del proceso';
COMMENT ON COLUMN desk.processes.key IS 'Clave del proceso en las direcciones';
COMMENT ON COLUMN desk.processes.name IS 'Nombre oficial del proceso';
COMMENT ON COLUMN desk.processes.kind IS 'Tipo: eleccion, consulta (datos históricos) o simulacro';
COMMENT ON COLUMN desk.processes.demo IS 'Proceso de demostración, con personas ficticias';
COMMENT ON COLUMN desk.processes.folio_prefix IS 'Prefijo de los folios del proceso';
COMMENT ON COLUMN desk.processes.election_day IS 'Jornada electoral';
COMMENT ON COLUMN desk.processes.age_reference IS 'Fecha en que se calcula la edad';
COMMENT ON COLUMN desk.processes.capture_opens_at IS 'Inicio de la captura';
COMMENT ON COLUMN desk.processes.campaigns_end_at IS 'Fin de campañas: cierra captura y correcciones';
COMMENT ON COLUMN desk.processes.publication_starts_at IS 'Inicio de la publicación, según acuerdo';
COMMENT ON COLUMN desk.processes.published_at IS 'Instante en que se copió al sitio por primera vez';
COMMENT ON COLUMN desk.processes.site_until IS 'Fecha en que el sitio deja de mostrarse';
COMMENT ON COLUMN desk.processes.capture_days IS 'plazo_captura_dias: días naturales para capturar';
COMMENT ON COLUMN desk.processes.publish_requires IS 'publicar_requiere: validación del partido o verificación de la Unidad de Transparencia';
COMMENT ON COLUMN desk.processes.validate_requires_identity IS 'validar_requiere_identidad: si validar exige atendido el cuestionario de identidad';
COMMENT ON COLUMN desk.processes.curricular_version IS 'Versión del cuestionario curricular';
COMMENT ON COLUMN desk.processes.source IS 'Fuente de los datos, cuando otra institución los validó';
COMMENT ON COLUMN desk.processes.to_verify IS 'Datos del catálogo por verificar';
COMMENT ON COLUMN desk.processes.created_at IS 'Fecha de alta';

CREATE TABLE desk.states (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id bigint NOT NULL REFERENCES desk.processes,
  name       text NOT NULL,
  CONSTRAINT states_name_unique UNIQUE (process_id, name)
);
COMMENT ON TABLE desk.states IS 'Entidad federativa del proceso';
COMMENT ON COLUMN desk.states.id IS 'Identificador de la entidad';
COMMENT ON COLUMN desk.states.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.states.name IS 'Nombre de la entidad';

CREATE TABLE desk.districts (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id bigint NOT NULL REFERENCES desk.processes,
  state_id   bigint NOT NULL REFERENCES desk.states,
  number     integer NOT NULL CONSTRAINT districts_number CHECK (number > 0),
  seat       text NOT NULL DEFAULT '',
  to_verify  boolean NOT NULL DEFAULT false,
  CONSTRAINT districts_number_unique UNIQUE (process_id, state_id, number)
);
COMMENT ON TABLE desk.districts IS 'Distrito electoral';
COMMENT ON COLUMN desk.districts.id IS 'Identificador del distrito';
COMMENT ON COLUMN desk.districts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.districts.state_id IS 'Entidad';
COMMENT ON COLUMN desk.districts.number IS 'Número del distrito';
COMMENT ON COLUMN desk.districts.seat IS 'Cabecera distrital';
COMMENT ON COLUMN desk.districts.to_verify IS 'Dato por verificar';

CREATE TABLE desk.municipalities (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id       bigint NOT NULL REFERENCES desk.processes,
  state_id         bigint NOT NULL REFERENCES desk.states,
  code             text NOT NULL,
  name             text NOT NULL,
  councillors      integer CONSTRAINT municipalities_councillors CHECK (councillors >= 0),
  by_parties       boolean NOT NULL DEFAULT true,
  tile_column      integer,
  tile_row         integer,
  tile_label       text NOT NULL DEFAULT '',
  to_verify        boolean NOT NULL DEFAULT false,
  CONSTRAINT municipalities_code_unique UNIQUE (process_id, state_id, code)
);
COMMENT ON TABLE desk.municipalities IS 'Municipio';
COMMENT ON COLUMN desk.municipalities.id IS 'Identificador del municipio';
COMMENT ON COLUMN desk.municipalities.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.municipalities.state_id IS 'Entidad';
COMMENT ON COLUMN desk.municipalities.code IS 'Clave geoestadística o, si la fuente no la da, nombre normalizado';
COMMENT ON COLUMN desk.municipalities.name IS 'Nombre del municipio';
COMMENT ON COLUMN desk.municipalities.councillors IS 'Número de regidurías';
COMMENT ON COLUMN desk.municipalities.by_parties IS 'Elige ayuntamiento por partidos; falso: por sistemas normativos';
COMMENT ON COLUMN desk.municipalities.tile_column IS 'Columna en el mosaico';
COMMENT ON COLUMN desk.municipalities.tile_row IS 'Renglón en el mosaico';
COMMENT ON COLUMN desk.municipalities.tile_label IS 'Abreviatura en el mosaico';
COMMENT ON COLUMN desk.municipalities.to_verify IS 'Dato por verificar';

CREATE TABLE desk.precincts (
  process_id      bigint NOT NULL REFERENCES desk.processes,
  number          integer NOT NULL CONSTRAINT precincts_number CHECK (number BETWEEN 1 AND 9999),
  municipality_id bigint NOT NULL REFERENCES desk.municipalities,
  district_id     bigint NOT NULL REFERENCES desk.districts,
  PRIMARY KEY (process_id, number)
);
COMMENT ON TABLE desk.precincts IS 'Sección electoral';
COMMENT ON COLUMN desk.precincts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.precincts.number IS 'Número de sección';
COMMENT ON COLUMN desk.precincts.municipality_id IS 'Municipio';
COMMENT ON COLUMN desk.precincts.district_id IS 'Distrito local';

CREATE TABLE desk.offices (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id     bigint NOT NULL REFERENCES desk.processes,
  key            text NOT NULL CONSTRAINT offices_key_form CHECK (key ~ '^[a-z0-9_]+$'),
  name           text NOT NULL,
  ine_label      text NOT NULL,
  ambit          text NOT NULL CONSTRAINT offices_ambit CHECK (ambit IN ('estado', 'circunscripcion', 'distrito', 'municipio')),
  listed         boolean NOT NULL DEFAULT false,
  has_substitute boolean NOT NULL DEFAULT true,
  ballot_order   integer NOT NULL,
  description    text NOT NULL DEFAULT '',
  in_system      boolean NOT NULL DEFAULT true,
  capture_required boolean NOT NULL DEFAULT true,
  counted        boolean NOT NULL DEFAULT true,
  CONSTRAINT offices_key_unique UNIQUE (process_id, key)
);
COMMENT ON TABLE desk.offices IS 'Cargo de elección';
COMMENT ON COLUMN desk.offices.id IS 'Identificador del cargo';
COMMENT ON COLUMN desk.offices.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.offices.key IS 'Clave del cargo en direcciones y archivos';
COMMENT ON COLUMN desk.offices.name IS 'Nombre del cargo';
COMMENT ON COLUMN desk.offices.ine_label IS 'Nombre del cargo en los datos abiertos';
COMMENT ON COLUMN desk.offices.ambit IS 'Ámbito: estado, circunscripcion, distrito o municipio';
COMMENT ON COLUMN desk.offices.listed IS 'Se postula en lista con orden de prelación';
COMMENT ON COLUMN desk.offices.has_substitute IS 'Se postula con suplente';
COMMENT ON COLUMN desk.offices.ballot_order IS 'Orden de la boleta';
COMMENT ON COLUMN desk.offices.description IS 'Qué hace el cargo, en lenguaje claro';
COMMENT ON COLUMN desk.offices.in_system IS 'en_sistema: el cargo se publica';
COMMENT ON COLUMN desk.offices.capture_required IS 'captura_obligatoria: el cargo debe capturar cuestionarios';
COMMENT ON COLUMN desk.offices.counted IS 'cuenta_en_informe: el cargo entra a los informes';

CREATE TABLE desk.nominators (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id     bigint NOT NULL REFERENCES desk.processes,
  kind           text NOT NULL CONSTRAINT nominators_kind CHECK (kind IN ('partido', 'coalicion', 'candidatura_comun', 'independiente')),
  acronym        text NOT NULL CONSTRAINT nominators_acronym_present CHECK (acronym <> ''),
  name           text NOT NULL CONSTRAINT nominators_name_present CHECK (name <> ''),
  registry_order integer NOT NULL,
  representative_id bigint REFERENCES desk.nominators,
  emblem         bytea,
  to_verify      boolean NOT NULL DEFAULT false,
  CONSTRAINT nominators_acronym_unique UNIQUE (process_id, acronym)
);
COMMENT ON TABLE desk.nominators IS 'Actor postulante: partido, coalición, candidatura común o candidatura independiente';
COMMENT ON COLUMN desk.nominators.id IS 'Identificador del actor postulante';
COMMENT ON COLUMN desk.nominators.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.nominators.kind IS 'Tipo: partido, coalicion, candidatura_comun o independiente';
COMMENT ON COLUMN desk.nominators.acronym IS 'Siglas';
COMMENT ON COLUMN desk.nominators.name IS 'Nombre';
COMMENT ON COLUMN desk.nominators.registry_order IS 'orden_boleta: antigüedad del registro';
COMMENT ON COLUMN desk.nominators.representative_id IS 'Partido que representa a la coalición o candidatura común';
COMMENT ON COLUMN desk.nominators.emblem IS 'Emblema (PNG)';
COMMENT ON COLUMN desk.nominators.to_verify IS 'Dato por verificar';

CREATE TABLE desk.nominator_members (
  nominator_id bigint NOT NULL REFERENCES desk.nominators,
  party_id     bigint NOT NULL REFERENCES desk.nominators,
  PRIMARY KEY (nominator_id, party_id),
  CONSTRAINT nominator_members_not_itself CHECK (nominator_id <> party_id)
);
COMMENT ON TABLE desk.nominator_members IS 'Partidos que integran una coalición o candidatura común';
COMMENT ON COLUMN desk.nominator_members.nominator_id IS 'Coalición o candidatura común';
COMMENT ON COLUMN desk.nominator_members.party_id IS 'Partido integrante';

GRANT SELECT, INSERT, UPDATE ON desk.institution, desk.processes, desk.states, desk.districts, desk.municipalities,
  desk.precincts, desk.offices, desk.nominators, desk.nominator_members TO conoceles_escritorio;
GRANT DELETE ON desk.nominator_members, desk.precincts TO conoceles_escritorio;
