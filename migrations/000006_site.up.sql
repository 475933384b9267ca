-- What the public may read. A row gets here only because desk/publish copied
-- it; what is not here cannot be shown, searched, counted, sorted by, exported
-- or cached. No column says why something is missing.
CREATE TABLE site.institution (
  only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT institution_only_one CHECK (only_one),
  name     text NOT NULL,
  acronym  text NOT NULL,
  place    text NOT NULL,
  address  text NOT NULL,
  email    text NOT NULL
);
COMMENT ON TABLE site.institution IS 'Instituto que publica';
COMMENT ON COLUMN site.institution.only_one IS 'Garantiza un solo renglón';
COMMENT ON COLUMN site.institution.name IS 'Nombre del instituto';
COMMENT ON COLUMN site.institution.acronym IS 'Siglas';
COMMENT ON COLUMN site.institution.place IS 'Entidad o ámbito';
COMMENT ON COLUMN site.institution.address IS 'Domicilio';
COMMENT ON COLUMN site.institution.email IS 'Correo de contacto';

CREATE TABLE site.processes (
  id                    bigint PRIMARY KEY,
  key                   text NOT NULL CONSTRAINT processes_key_unique UNIQUE,
  name                  text NOT NULL,
  kind                  text NOT NULL,
  demo                  boolean NOT NULL,
  election_day          date,
  campaigns_end_at      timestamptz,
  publication_starts_at timestamptz,
  published_at          timestamptz,
  site_until            timestamptz,
  curricular_version    text NOT NULL,
  source                text NOT NULL,
  created_at            timestamptz NOT NULL
);
COMMENT ON TABLE site.processes IS 'Procesos con sitio de publicación, o con fecha para abrirlo';
COMMENT ON COLUMN site.processes.id IS 'Identificador del proceso';
COMMENT ON COLUMN site.processes.key IS 'Clave en las direcciones';
COMMENT ON COLUMN site.processes.name IS 'Nombre oficial';
COMMENT ON COLUMN site.processes.kind IS 'Tipo: eleccion, consulta o simulacro';
COMMENT ON COLUMN site.processes.demo IS 'Proceso de demostración, con personas ficticias';
COMMENT ON COLUMN site.processes.election_day IS 'Jornada electoral';
COMMENT ON COLUMN site.processes.campaigns_end_at IS 'Fin de campañas';
COMMENT ON COLUMN site.processes.publication_starts_at IS 'Inicio de la publicación, según acuerdo';
COMMENT ON COLUMN site.processes.published_at IS 'Desde cuándo hay candidaturas publicadas';
COMMENT ON COLUMN site.processes.site_until IS 'Hasta cuándo se muestra el sitio';
COMMENT ON COLUMN site.processes.curricular_version IS 'Versión del cuestionario curricular';
COMMENT ON COLUMN site.processes.source IS 'Fuente de los datos, cuando otra institución los validó';
COMMENT ON COLUMN site.processes.created_at IS 'Fecha de alta';

CREATE TABLE site.states (
  id         bigint PRIMARY KEY,
  process_id bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  name       text NOT NULL
);
COMMENT ON TABLE site.states IS 'Entidades del proceso';
COMMENT ON COLUMN site.states.id IS 'Identificador de la entidad';
COMMENT ON COLUMN site.states.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.states.name IS 'Nombre';

CREATE TABLE site.districts (
  id         bigint PRIMARY KEY,
  process_id bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  state_id   bigint NOT NULL REFERENCES site.states,
  number     integer NOT NULL,
  seat       text NOT NULL
);
CREATE INDEX districts_process ON site.districts (process_id);
COMMENT ON TABLE site.districts IS 'Distritos electorales';
COMMENT ON COLUMN site.districts.id IS 'Identificador del distrito';
COMMENT ON COLUMN site.districts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.districts.state_id IS 'Entidad';
COMMENT ON COLUMN site.districts.number IS 'Número';
COMMENT ON COLUMN site.districts.seat IS 'Cabecera';

CREATE TABLE site.municipalities (
  id          bigint PRIMARY KEY,
  process_id  bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  state_id    bigint NOT NULL REFERENCES site.states,
  code        text NOT NULL,
  name        text NOT NULL,
  by_parties  boolean NOT NULL,
  tile_column integer,
  tile_row    integer,
  tile_label  text NOT NULL
);
CREATE INDEX municipalities_process ON site.municipalities (process_id);
COMMENT ON TABLE site.municipalities IS 'Municipios';
COMMENT ON COLUMN site.municipalities.id IS 'Identificador del municipio';
COMMENT ON COLUMN site.municipalities.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.municipalities.state_id IS 'Entidad';
COMMENT ON COLUMN site.municipalities.code IS 'Clave';
COMMENT ON COLUMN site.municipalities.name IS 'Nombre';
COMMENT ON COLUMN site.municipalities.by_parties IS 'Elige ayuntamiento por partidos; falso: por sistemas normativos';
COMMENT ON COLUMN site.municipalities.tile_column IS 'Columna en el mosaico';
COMMENT ON COLUMN site.municipalities.tile_row IS 'Renglón en el mosaico';
COMMENT ON COLUMN site.municipalities.tile_label IS 'Abreviatura en el mosaico';

CREATE TABLE site.precincts (
  process_id      bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  number          integer NOT NULL,
  municipality_id bigint NOT NULL REFERENCES site.municipalities,
  district_id     bigint NOT NULL REFERENCES site.districts,
  PRIMARY KEY (process_id, number)
);
COMMENT ON TABLE site.precincts IS 'Secciones electorales';
COMMENT ON COLUMN site.precincts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.precincts.number IS 'Número de sección';
COMMENT ON COLUMN site.precincts.municipality_id IS 'Municipio';
COMMENT ON COLUMN site.precincts.district_id IS 'Distrito';

CREATE TABLE site.offices (
  id           bigint PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  key          text NOT NULL,
  name         text NOT NULL,
  ine_label    text NOT NULL,
  ambit        text NOT NULL,
  listed       boolean NOT NULL,
  ballot_order integer NOT NULL,
  description  text NOT NULL
);
CREATE INDEX offices_process ON site.offices (process_id);
COMMENT ON TABLE site.offices IS 'Cargos que se eligen';
COMMENT ON COLUMN site.offices.id IS 'Identificador del cargo';
COMMENT ON COLUMN site.offices.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.offices.key IS 'Clave en direcciones y archivos';
COMMENT ON COLUMN site.offices.name IS 'Nombre';
COMMENT ON COLUMN site.offices.ine_label IS 'Nombre en los datos abiertos';
COMMENT ON COLUMN site.offices.ambit IS 'Ámbito: estado, circunscripcion, distrito o municipio';
COMMENT ON COLUMN site.offices.listed IS 'Se postula en lista con orden de prelación';
COMMENT ON COLUMN site.offices.ballot_order IS 'Orden de la boleta';
COMMENT ON COLUMN site.offices.description IS 'Qué hace el cargo';

CREATE TABLE site.nominators (
  id           bigint PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  kind         text NOT NULL,
  acronym      text NOT NULL,
  name         text NOT NULL,
  slug         text NOT NULL,
  ballot_order integer NOT NULL,
  emblem       bytea,
  members      text[] NOT NULL
);
CREATE INDEX nominators_process ON site.nominators (process_id);
COMMENT ON TABLE site.nominators IS 'Actores postulantes';
COMMENT ON COLUMN site.nominators.id IS 'Identificador del actor postulante';
COMMENT ON COLUMN site.nominators.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.nominators.kind IS 'Tipo: partido, coalicion, candidatura_comun o independiente';
COMMENT ON COLUMN site.nominators.acronym IS 'Siglas';
COMMENT ON COLUMN site.nominators.name IS 'Nombre';
COMMENT ON COLUMN site.nominators.slug IS 'Nombre en las direcciones';
COMMENT ON COLUMN site.nominators.ballot_order IS 'Lugar en la boleta: una coalición, el de su integrante de mayor antigüedad; independientes, al final';
COMMENT ON COLUMN site.nominators.emblem IS 'Emblema (PNG)';
COMMENT ON COLUMN site.nominators.members IS 'Siglas de los partidos que la integran';

CREATE TABLE site.candidacies (
  id              bigint PRIMARY KEY,
  process_id      bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  slug            text NOT NULL,
  folio           text NOT NULL,
  name            text NOT NULL,
  sort_name       text NOT NULL,
  search_text     text NOT NULL,
  nickname        text NOT NULL,
  sex             text NOT NULL,
  age             integer,
  office_id       bigint NOT NULL REFERENCES site.offices,
  state_id        bigint REFERENCES site.states,
  district_id     bigint REFERENCES site.districts,
  municipality_id bigint REFERENCES site.municipalities,
  district_label  text NOT NULL,
  position        integer NOT NULL,
  role            text NOT NULL,
  nominator_id    bigint NOT NULL REFERENCES site.nominators,
  siglado_id      bigint REFERENCES site.nominators,
  consecutive     boolean,
  affirmative_actions text[] NOT NULL,
  elected         boolean NOT NULL,
  ballot_rank     bigint NOT NULL,
  state           text NOT NULL CONSTRAINT candidacies_state CHECK (state IN ('publicada', 'no_capturada', 'no_respondio')),
  degree          text NOT NULL,
  photo_small     text NOT NULL,
  photo_medium    text NOT NULL,
  photo_large     text NOT NULL,
  CONSTRAINT candidacies_slug_unique UNIQUE (process_id, slug)
);
CREATE INDEX candidacies_ballot ON site.candidacies (process_id, ballot_rank, id);
CREATE INDEX candidacies_office ON site.candidacies (process_id, office_id, ballot_rank);
CREATE INDEX candidacies_district ON site.candidacies (district_id, ballot_rank) WHERE district_id IS NOT NULL;
CREATE INDEX candidacies_municipality ON site.candidacies (municipality_id, ballot_rank) WHERE municipality_id IS NOT NULL;
CREATE INDEX candidacies_nominator ON site.candidacies (nominator_id, ballot_rank);
CREATE INDEX candidacies_siglado ON site.candidacies (siglado_id, ballot_rank) WHERE siglado_id IS NOT NULL;
CREATE INDEX candidacies_search ON site.candidacies USING gin (search_text public.gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX candidacies_surname ON site.candidacies (process_id, sort_name COLLATE "es-MX-x-icu", id);
CREATE INDEX candidacies_affirmative ON site.candidacies USING gin (affirmative_actions);
COMMENT ON TABLE site.candidacies IS 'Candidaturas publicadas';
COMMENT ON COLUMN site.candidacies.id IS 'Identificador de la candidatura';
COMMENT ON COLUMN site.candidacies.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.candidacies.slug IS 'Nombre en la dirección';
COMMENT ON COLUMN site.candidacies.folio IS 'Folio, o número de lista o fórmula de la fuente';
COMMENT ON COLUMN site.candidacies.name IS 'Nombre completo';
COMMENT ON COLUMN site.candidacies.sort_name IS 'Apellidos y nombre, para ordenar';
COMMENT ON COLUMN site.candidacies.search_text IS 'Nombre y sobrenombre sin acentos ni mayúsculas, para buscar';
COMMENT ON COLUMN site.candidacies.nickname IS 'Sobrenombre en la boleta';
COMMENT ON COLUMN site.candidacies.sex IS 'Sexo registrado';
COMMENT ON COLUMN site.candidacies.age IS 'Edad cumplida en la fecha de referencia';
COMMENT ON COLUMN site.candidacies.office_id IS 'Cargo';
COMMENT ON COLUMN site.candidacies.state_id IS 'Entidad';
COMMENT ON COLUMN site.candidacies.district_id IS 'Distrito';
COMMENT ON COLUMN site.candidacies.municipality_id IS 'Municipio';
COMMENT ON COLUMN site.candidacies.district_label IS 'Distrito o circunscripción como lo escribe la fuente';
COMMENT ON COLUMN site.candidacies.position IS 'Posición en la lista o planilla';
COMMENT ON COLUMN site.candidacies.role IS 'Calidad: propietaria o suplente';
COMMENT ON COLUMN site.candidacies.nominator_id IS 'Actor postulante';
COMMENT ON COLUMN site.candidacies.siglado_id IS 'Partido al que se sigla';
COMMENT ON COLUMN site.candidacies.consecutive IS 'Elección consecutiva';
COMMENT ON COLUMN site.candidacies.affirmative_actions IS 'Postulación por acción afirmativa, según el registro';
COMMENT ON COLUMN site.candidacies.elected IS 'Resultó electa';
COMMENT ON COLUMN site.candidacies.ballot_rank IS 'Lugar en el orden de la boleta';
COMMENT ON COLUMN site.candidacies.state IS 'Cuestionario curricular: publicada, no_capturada (por el partido) o no_respondio';
COMMENT ON COLUMN site.candidacies.degree IS 'Grado máximo de estudios publicado';
COMMENT ON COLUMN site.candidacies.photo_small IS 'Fotografía de 96 píxeles';
COMMENT ON COLUMN site.candidacies.photo_medium IS 'Fotografía de 192 píxeles';
COMMENT ON COLUMN site.candidacies.photo_large IS 'Fotografía de 384 píxeles';

CREATE TABLE site.profiles (
  candidacy_id bigint PRIMARY KEY REFERENCES site.candidacies ON DELETE CASCADE,
  answers      jsonb NOT NULL,
  number       integer NOT NULL,
  published_on date NOT NULL,
  source       text NOT NULL
);
COMMENT ON TABLE site.profiles IS 'Respuestas curriculares publicadas';
COMMENT ON COLUMN site.profiles.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN site.profiles.answers IS 'Por pregunta: estado y, si se publica, respuesta';
COMMENT ON COLUMN site.profiles.number IS 'Número de versión pública';
COMMENT ON COLUMN site.profiles.published_on IS 'Fecha de la versión';
COMMENT ON COLUMN site.profiles.source IS 'Institución que validó, en datos importados';

CREATE TABLE site.photos (
  hash         text NOT NULL,
  candidacy_id bigint NOT NULL REFERENCES site.candidacies ON DELETE CASCADE,
  bytes        bytea NOT NULL,
  PRIMARY KEY (hash, candidacy_id)
);
CREATE INDEX photos_candidacy ON site.photos (candidacy_id);
COMMENT ON TABLE site.photos IS 'Fotografías publicadas';
COMMENT ON COLUMN site.photos.hash IS 'SHA-256 de la imagen';
COMMENT ON COLUMN site.photos.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN site.photos.bytes IS 'Imagen JPEG';

CREATE TABLE site.moved (
  process_id   bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  slug         text NOT NULL,
  candidacy_id bigint NOT NULL REFERENCES site.candidacies ON DELETE CASCADE,
  PRIMARY KEY (process_id, slug)
);
CREATE INDEX moved_candidacy ON site.moved (candidacy_id);
COMMENT ON TABLE site.moved IS 'Direcciones anteriores de candidaturas publicadas';
COMMENT ON COLUMN site.moved.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.moved.slug IS 'Nombre anterior en la dirección';
COMMENT ON COLUMN site.moved.candidacy_id IS 'Candidatura';

CREATE TABLE site.tombstones (
  process_id     bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  slug           text NOT NULL,
  candidacy_id   bigint NOT NULL,
  standing       text NOT NULL,
  since          date NOT NULL,
  office_id      bigint NOT NULL REFERENCES site.offices,
  successor_slug text NOT NULL,
  successor_name text NOT NULL,
  PRIMARY KEY (process_id, slug)
);
CREATE INDEX tombstones_candidacy ON site.tombstones (candidacy_id);
COMMENT ON TABLE site.tombstones IS 'Candidaturas que dejaron de estar en la boleta (410)';
COMMENT ON COLUMN site.tombstones.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.tombstones.slug IS 'Nombre en la dirección';
COMMENT ON COLUMN site.tombstones.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN site.tombstones.standing IS 'Por qué dejó de estar';
COMMENT ON COLUMN site.tombstones.since IS 'Desde cuándo';
COMMENT ON COLUMN site.tombstones.office_id IS 'Cargo';
COMMENT ON COLUMN site.tombstones.successor_slug IS 'Dirección de quien la sucede';
COMMENT ON COLUMN site.tombstones.successor_name IS 'Nombre de quien la sucede';

CREATE TABLE site.changes (
  epoch        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL,
  process_id   bigint NOT NULL,
  candidacy_id bigint,
  kind         text NOT NULL CONSTRAINT changes_kind CHECK (kind IN ('publica', 'cambia', 'retira', 'catalogo'))
);
CREATE INDEX changes_process ON site.changes (process_id, epoch);
COMMENT ON TABLE site.changes IS 'Cambios del sitio, en orden: invalidan lo que se guarda en memoria';
COMMENT ON COLUMN site.changes.epoch IS 'Número de cambio';
COMMENT ON COLUMN site.changes.at IS 'Instante';
COMMENT ON COLUMN site.changes.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.changes.candidacy_id IS 'Candidatura; vacío: el proceso entero';
COMMENT ON COLUMN site.changes.kind IS 'Qué ocurrió: publica, cambia, retira o catalogo';

GRANT SELECT ON ALL TABLES IN SCHEMA site TO conoceles_sitio;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA site TO conoceles_escritorio;
REVOKE UPDATE, DELETE ON site.changes FROM conoceles_escritorio;
