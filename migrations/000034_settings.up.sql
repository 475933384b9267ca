-- Parameters and catalogues change on screen: what changes what the public sees
-- needs two persons and an acuerdo, the rest one person and a reason, and every
-- change stays with what there was before. What modifies a deliverable or a
-- questionnaire is told to INE within a term (Lineamientos, art. 11, deliverables
-- 10 and 12). The interfaces open one by one (domain 7, T5).
ALTER TABLE desk.processes
  ADD COLUMN change_report_days integer NOT NULL DEFAULT 5 CONSTRAINT processes_change_report_days CHECK (change_report_days BETWEEN 1 AND 60),
  ADD COLUMN questionnaire_report_days integer NOT NULL DEFAULT 3 CONSTRAINT processes_questionnaire_report_days CHECK (questionnaire_report_days BETWEEN 1 AND 60);
COMMENT ON COLUMN desk.processes.change_report_days IS 'plazo_informar_cambio_dias: días para informar al INE la modificación de un entregable';
COMMENT ON COLUMN desk.processes.questionnaire_report_days IS 'plazo_informar_cuestionario_dias: días para informar al INE mejoras y adiciones a los cuestionarios';

CREATE TABLE desk.setting_changes (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id    bigint NOT NULL REFERENCES desk.processes,
  sheet         text NOT NULL CONSTRAINT setting_changes_sheet CHECK (sheet ~ '^[a-z_]+$'),
  ref           text NOT NULL DEFAULT '',
  title         text NOT NULL CONSTRAINT setting_changes_title CHECK (btrim(title) <> ''),
  before        jsonb NOT NULL,
  after         jsonb NOT NULL,
  image         bytea CONSTRAINT setting_changes_image CHECK (length(image) <= 1048576),
  reason        text NOT NULL CONSTRAINT setting_changes_reason CHECK (length(btrim(reason)) BETWEEN 3 AND 500),
  acuerdo       text NOT NULL DEFAULT '',
  acuerdo_on    date,
  two_persons   boolean NOT NULL,
  state         text NOT NULL DEFAULT 'por_confirmar'
                CONSTRAINT setting_changes_state CHECK (state IN ('por_confirmar', 'confirmado', 'desechado')),
  proposed_by   bigint NOT NULL REFERENCES desk.accounts,
  proposed_at   timestamptz NOT NULL,
  decided_by    bigint REFERENCES desk.accounts,
  decided_at    timestamptz,
  discarded     text NOT NULL DEFAULT '',
  report_due_on date,
  reported_on   date,
  report_oficio text NOT NULL DEFAULT '',
  reported_by   bigint REFERENCES desk.accounts,
  CONSTRAINT setting_changes_acuerdo CHECK (NOT two_persons OR btrim(acuerdo) <> '' AND acuerdo_on IS NOT NULL),
  CONSTRAINT setting_changes_decided CHECK ((state = 'por_confirmar') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  -- Nobody changes alone what the public sees.
  CONSTRAINT setting_changes_two_persons CHECK (NOT two_persons OR state <> 'confirmado' OR decided_by <> proposed_by),
  CONSTRAINT setting_changes_reported CHECK ((reported_on IS NULL) = (reported_by IS NULL) AND (reported_on IS NULL) = (report_oficio = ''))
);
CREATE UNIQUE INDEX setting_changes_one_pending ON desk.setting_changes (process_id, sheet, ref) WHERE state = 'por_confirmar';
CREATE INDEX setting_changes_of_sheet ON desk.setting_changes (process_id, sheet, ref, id);
COMMENT ON TABLE desk.setting_changes IS 'Control de cambios: parámetros y catálogos, con lo que había antes';
COMMENT ON COLUMN desk.setting_changes.id IS 'Número del cambio';
COMMENT ON COLUMN desk.setting_changes.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.setting_changes.sheet IS 'Ficha: qué se cambia';
COMMENT ON COLUMN desk.setting_changes.ref IS 'De cuál, cuando la ficha es de un catálogo';
COMMENT ON COLUMN desk.setting_changes.title IS 'Cómo se llamaba lo que cambia';
COMMENT ON COLUMN desk.setting_changes.before IS 'Valores anteriores de lo que cambia';
COMMENT ON COLUMN desk.setting_changes.after IS 'Valores nuevos';
COMMENT ON COLUMN desk.setting_changes.image IS 'Emblema nuevo (PNG)';
COMMENT ON COLUMN desk.setting_changes.reason IS 'Motivo';
COMMENT ON COLUMN desk.setting_changes.acuerdo IS 'Acuerdo u oficio que lo ordena';
COMMENT ON COLUMN desk.setting_changes.acuerdo_on IS 'Fecha del acuerdo';
COMMENT ON COLUMN desk.setting_changes.two_persons IS 'Cambia lo que el público ve: una persona propone y otra confirma';
COMMENT ON COLUMN desk.setting_changes.state IS 'Estado: por_confirmar, confirmado o desechado';
COMMENT ON COLUMN desk.setting_changes.proposed_by IS 'Quien lo propuso o lo hizo';
COMMENT ON COLUMN desk.setting_changes.proposed_at IS 'Cuándo';
COMMENT ON COLUMN desk.setting_changes.decided_by IS 'Quien decidió';
COMMENT ON COLUMN desk.setting_changes.decided_at IS 'Cuándo se decidió; desde entonces rige';
COMMENT ON COLUMN desk.setting_changes.discarded IS 'Por qué se desechó';
COMMENT ON COLUMN desk.setting_changes.report_due_on IS 'Hasta qué día se informa al INE; vacío: no se informa';
COMMENT ON COLUMN desk.setting_changes.reported_on IS 'Día en que se informó al INE';
COMMENT ON COLUMN desk.setting_changes.report_oficio IS 'Oficio con que se informó';
COMMENT ON COLUMN desk.setting_changes.reported_by IS 'Quien registró el envío';

CREATE TABLE desk.releases (
  process_id bigint NOT NULL REFERENCES desk.processes,
  interface  text NOT NULL CONSTRAINT releases_interface CHECK (interface IN ('acceso', 'captura', 'reportes_administrador', 'reportes_usuarios')),
  opens_at   timestamptz,
  version    text NOT NULL CONSTRAINT releases_version CHECK (length(btrim(version)) BETWEEN 1 AND 40),
  acuerdo    text NOT NULL CONSTRAINT releases_acuerdo CHECK (btrim(acuerdo) <> ''),
  acuerdo_on date NOT NULL,
  PRIMARY KEY (process_id, interface)
);
COMMENT ON TABLE desk.releases IS 'Liberación de las interfaces; la de publicación es el acto de inicio. Una sin renglón está abierta';
COMMENT ON COLUMN desk.releases.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.releases.interface IS 'Interfaz: acceso, captura, reportes_administrador o reportes_usuarios';
COMMENT ON COLUMN desk.releases.opens_at IS 'Desde cuándo está disponible; vacío: cerrada, sin fecha';
COMMENT ON COLUMN desk.releases.version IS 'Versión del sistema que se libera';
COMMENT ON COLUMN desk.releases.acuerdo IS 'Acuerdo que la libera';
COMMENT ON COLUMN desk.releases.acuerdo_on IS 'Fecha del acuerdo';

GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, discarded, report_due_on, reported_on, report_oficio, reported_by)
  ON desk.setting_changes TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE ON desk.releases TO conoceles_escritorio;
-- A variable of the rubric that stays may change its place.
GRANT UPDATE (position) ON desk.rubric_variables TO conoceles_escritorio;
