-- What is told to whoever owes a questionnaire (Lineamientos, art. 15 b): the
-- requirements, as drafts of the unit and then as official letters, their
-- acknowledgement, the reminders before each term; and what is told to the
-- Comisión at the end of campaigns (art. 15 e). Of identity nothing is kept here
-- but that it is incomplete.
ALTER TABLE desk.processes
  ADD COLUMN notice_days integer NOT NULL DEFAULT 3 CONSTRAINT processes_notice_days CHECK (notice_days BETWEEN 1 AND 60),
  ADD COLUMN notice_early_days integer NOT NULL DEFAULT 0 CONSTRAINT processes_notice_early_days CHECK (notice_early_days BETWEEN 0 AND 60),
  ADD COLUMN notice_oficio text NOT NULL DEFAULT '{siglas}/UT/REQ/{numero}/{anio}'
    CONSTRAINT processes_notice_oficio CHECK (notice_oficio LIKE '%{numero}%' AND length(notice_oficio) <= 80),
  ADD COLUMN reminder_days integer[] NOT NULL DEFAULT '{5,2,1}'
    CONSTRAINT processes_reminder_days CHECK (cardinality(reminder_days) BETWEEN 1 AND 10 AND 0 < ALL (reminder_days) AND 60 >= ALL (reminder_days));
COMMENT ON COLUMN desk.processes.notice_days IS 'plazo_requerimiento_dias: días naturales para atender un requerimiento';
COMMENT ON COLUMN desk.processes.notice_early_days IS 'requerir_antes_dias: cuántos días antes de que venza el plazo de captura se identifica lo que falta';
COMMENT ON COLUMN desk.processes.notice_oficio IS 'Forma del número de oficio de los requerimientos';
COMMENT ON COLUMN desk.processes.reminder_days IS 'recordatorio_dias: cuántos días antes de cada plazo se recuerda';

CREATE TABLE desk.duty_templates (
  process_id bigint NOT NULL REFERENCES desk.processes,
  addressee  text NOT NULL CONSTRAINT duty_templates_addressee CHECK (addressee IN ('partido', 'candidata', 'independiente')),
  version    integer NOT NULL CONSTRAINT duty_templates_version CHECK (version > 0),
  subject    text NOT NULL CONSTRAINT duty_templates_subject CHECK (btrim(subject) <> ''),
  body       text NOT NULL CONSTRAINT duty_templates_body CHECK (btrim(body) <> ''),
  account_id bigint NOT NULL REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  PRIMARY KEY (process_id, addressee, version)
);
COMMENT ON TABLE desk.duty_templates IS 'Textos de los requerimientos, por destinatario y versión: rige la última';
COMMENT ON COLUMN desk.duty_templates.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.duty_templates.addressee IS 'Destinatario: partido, candidata o independiente';
COMMENT ON COLUMN desk.duty_templates.version IS 'Versión, desde 1';
COMMENT ON COLUMN desk.duty_templates.subject IS 'Asunto';
COMMENT ON COLUMN desk.duty_templates.body IS 'Texto, con sus datos variables entre llaves';
COMMENT ON COLUMN desk.duty_templates.account_id IS 'Quien lo aprobó';
COMMENT ON COLUMN desk.duty_templates.at IS 'Instante';

CREATE TABLE desk.duty_notices (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id       bigint NOT NULL REFERENCES desk.processes,
  addressee        text NOT NULL CONSTRAINT duty_notices_addressee CHECK (addressee IN ('partido', 'candidata', 'independiente')),
  nominator_id     bigint REFERENCES desk.nominators,
  candidacy_id     bigint REFERENCES desk.candidacies,
  state            text NOT NULL DEFAULT 'borrador' CONSTRAINT duty_notices_state CHECK (state IN ('borrador', 'propuesto', 'enviado', 'sin_efecto')),
  version          integer NOT NULL DEFAULT 1,
  template_version integer NOT NULL,
  subject          text NOT NULL CONSTRAINT duty_notices_subject CHECK (btrim(subject) <> ''),
  body             text NOT NULL CONSTRAINT duty_notices_body CHECK (btrim(body) <> ''),
  oficio           text NOT NULL DEFAULT '',
  term_days        integer NOT NULL CONSTRAINT duty_notices_term_days CHECK (term_days BETWEEN 1 AND 60),
  created_at       timestamptz NOT NULL,
  proposed_by      bigint REFERENCES desk.accounts,
  proposed_at      timestamptz,
  reason           text NOT NULL DEFAULT '',
  sent_by          bigint REFERENCES desk.accounts,
  sent_at          timestamptz,
  due_at           timestamptz,
  letter           bytea,
  letter_hash      text NOT NULL DEFAULT '',
  annex            bytea,
  annex_hash       text NOT NULL DEFAULT '',
  acknowledged_at  timestamptz,
  acknowledged_by  text NOT NULL DEFAULT '',
  acknowledged_account bigint REFERENCES desk.accounts,
  acknowledged_medium  text NOT NULL DEFAULT '' CONSTRAINT duty_notices_medium CHECK (acknowledged_medium IN ('', 'sistema', 'papel')),
  CONSTRAINT duty_notices_to CHECK ((addressee = 'candidata') = (candidacy_id IS NOT NULL) AND (candidacy_id IS NULL) = (nominator_id IS NOT NULL)),
  CONSTRAINT duty_notices_proposed CHECK (state NOT IN ('propuesto', 'enviado') OR proposed_by IS NOT NULL AND proposed_at IS NOT NULL AND oficio <> ''),
  CONSTRAINT duty_notices_sent CHECK ((state = 'enviado') = (sent_by IS NOT NULL AND sent_at IS NOT NULL AND due_at IS NOT NULL AND letter IS NOT NULL
    AND annex IS NOT NULL AND letter_hash <> '' AND annex_hash <> '')),
  CONSTRAINT duty_notices_acknowledged CHECK (acknowledged_at IS NULL OR state = 'enviado' AND acknowledged_by <> '' AND acknowledged_medium <> ''
    AND acknowledged_account IS NOT NULL),
  -- Four eyes: whoever proposed a requirement does not send it.
  CONSTRAINT duty_notices_two_persons CHECK (sent_by <> proposed_by)
);
CREATE UNIQUE INDEX duty_notices_one_open ON desk.duty_notices (process_id, nominator_id, candidacy_id) NULLS NOT DISTINCT
  WHERE state IN ('borrador', 'propuesto');
CREATE UNIQUE INDEX duty_notices_oficio ON desk.duty_notices (process_id, oficio) WHERE oficio <> '';
CREATE INDEX duty_notices_tray ON desk.duty_notices (process_id, state, addressee, id);
CREATE INDEX duty_notices_nominator ON desk.duty_notices (nominator_id) WHERE state = 'enviado';
CREATE INDEX duty_notices_candidacy ON desk.duty_notices (candidacy_id) WHERE state = 'enviado';
COMMENT ON TABLE desk.duty_notices IS 'Requerimientos (art. 15 b): borradores de la bandeja y oficios enviados';
COMMENT ON COLUMN desk.duty_notices.id IS 'Identificador del requerimiento';
COMMENT ON COLUMN desk.duty_notices.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.duty_notices.addressee IS 'Destinatario: partido, candidata o independiente';
COMMENT ON COLUMN desk.duty_notices.nominator_id IS 'Actor que captura, si se le requiere a él';
COMMENT ON COLUMN desk.duty_notices.candidacy_id IS 'Candidatura, si se requiere a la persona candidata';
COMMENT ON COLUMN desk.duty_notices.state IS 'Estado: borrador, propuesto, enviado o sin_efecto (se atendió antes de enviarse)';
COMMENT ON COLUMN desk.duty_notices.version IS 'Versión del borrador, que sube con cada cambio';
COMMENT ON COLUMN desk.duty_notices.template_version IS 'Versión del texto de la que partió; 0: el texto inicial del sistema';
COMMENT ON COLUMN desk.duty_notices.subject IS 'Asunto';
COMMENT ON COLUMN desk.duty_notices.body IS 'Texto; ya enviado, con sus datos puestos';
COMMENT ON COLUMN desk.duty_notices.oficio IS 'Número de oficio';
COMMENT ON COLUMN desk.duty_notices.term_days IS 'Días naturales para atenderlo';
COMMENT ON COLUMN desk.duty_notices.created_at IS 'Cuándo se identificó lo que falta';
COMMENT ON COLUMN desk.duty_notices.proposed_by IS 'Quien lo propuso';
COMMENT ON COLUMN desk.duty_notices.proposed_at IS 'Cuándo se propuso';
COMMENT ON COLUMN desk.duty_notices.reason IS 'Por qué se devolvió la última propuesta';
COMMENT ON COLUMN desk.duty_notices.sent_by IS 'Titular que lo envió: nunca quien lo propuso';
COMMENT ON COLUMN desk.duty_notices.sent_at IS 'Cuándo se envió';
COMMENT ON COLUMN desk.duty_notices.due_at IS 'Cuándo vence: a esa hora ya venció';
COMMENT ON COLUMN desk.duty_notices.letter IS 'Oficio (PDF), como se envió';
COMMENT ON COLUMN desk.duty_notices.letter_hash IS 'SHA-256 del oficio';
COMMENT ON COLUMN desk.duty_notices.annex IS 'Anexo (XLSX), como se envió';
COMMENT ON COLUMN desk.duty_notices.annex_hash IS 'SHA-256 del anexo';
COMMENT ON COLUMN desk.duty_notices.acknowledged_at IS 'Acuse de recibo: cuándo';
COMMENT ON COLUMN desk.duty_notices.acknowledged_by IS 'Acuse de recibo: persona que lo recibió';
COMMENT ON COLUMN desk.duty_notices.acknowledged_account IS 'Acuse de recibo: cuenta que lo registró';
COMMENT ON COLUMN desk.duty_notices.acknowledged_medium IS 'Acuse de recibo: sistema, o papel que registra la unidad';

CREATE TABLE desk.duty_items (
  notice_id     bigint NOT NULL REFERENCES desk.duty_notices,
  candidacy_id  bigint NOT NULL REFERENCES desk.candidacies,
  questionnaire text NOT NULL CONSTRAINT duty_items_questionnaire CHECK (questionnaire IN ('curricular', 'identidad')),
  kind          text NOT NULL CONSTRAINT duty_items_kind CHECK (kind IN ('sin_respuesta', 'incompleto', 'no_se_apega_art18')),
  missing       text NOT NULL,
  PRIMARY KEY (notice_id, candidacy_id, questionnaire),
  -- Outside its form, an identity questionnaire is complete or incomplete (domain 0.3.2).
  CONSTRAINT duty_items_identity CHECK (questionnaire = 'curricular' OR kind = 'incompleto' AND missing = '')
);
CREATE INDEX duty_items_candidacy ON desk.duty_items (candidacy_id);
COMMENT ON TABLE desk.duty_items IS 'Qué se requiere: un cuestionario de una candidatura';
COMMENT ON COLUMN desk.duty_items.notice_id IS 'Requerimiento';
COMMENT ON COLUMN desk.duty_items.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.duty_items.questionnaire IS 'Cuestionario: curricular o identidad';
COMMENT ON COLUMN desk.duty_items.kind IS 'Clase: sin_respuesta, incompleto o no_se_apega_art18; del de identidad sólo se dice incompleto';
COMMENT ON COLUMN desk.duty_items.missing IS 'Qué falta o qué se observó; del de identidad, nada';

CREATE TABLE desk.duty_runs (
  process_id bigint NOT NULL REFERENCES desk.processes,
  day        date NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (process_id, day)
);
COMMENT ON TABLE desk.duty_runs IS 'Revisión diaria de lo que falta y de los plazos: una por proceso y día';
COMMENT ON COLUMN desk.duty_runs.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.duty_runs.day IS 'Día, en el centro de México';
COMMENT ON COLUMN desk.duty_runs.at IS 'Instante';

CREATE TABLE desk.reminders (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id  bigint NOT NULL REFERENCES desk.processes,
  account_id  bigint NOT NULL REFERENCES desk.accounts,
  term        text NOT NULL CONSTRAINT reminders_term CHECK (term IN ('captura', 'validacion', 'correccion', 'requerimiento')),
  due_at      timestamptz NOT NULL,
  days_before integer NOT NULL,
  at          timestamptz NOT NULL,
  CONSTRAINT reminders_once UNIQUE (process_id, account_id, term, due_at, days_before)
);
COMMENT ON TABLE desk.reminders IS 'Recordatorios enviados: cada uno, una vez';
COMMENT ON COLUMN desk.reminders.id IS 'Identificador del recordatorio';
COMMENT ON COLUMN desk.reminders.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.reminders.account_id IS 'Cuenta a la que se recordó';
COMMENT ON COLUMN desk.reminders.term IS 'Plazo: captura, validacion (completa, falta validar), correccion o requerimiento';
COMMENT ON COLUMN desk.reminders.due_at IS 'Cuándo vence el plazo';
COMMENT ON COLUMN desk.reminders.days_before IS 'Cuántos días antes se recuerda';
COMMENT ON COLUMN desk.reminders.at IS 'Instante';

CREATE TABLE desk.reminder_items (
  reminder_id  bigint NOT NULL REFERENCES desk.reminders,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  PRIMARY KEY (reminder_id, candidacy_id)
);
CREATE INDEX reminder_items_candidacy ON desk.reminder_items (candidacy_id);
COMMENT ON TABLE desk.reminder_items IS 'Candidaturas de cada recordatorio';
COMMENT ON COLUMN desk.reminder_items.reminder_id IS 'Recordatorio';
COMMENT ON COLUMN desk.reminder_items.candidacy_id IS 'Candidatura';

CREATE TABLE desk.referrals (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  version      integer NOT NULL CONSTRAINT referrals_version CHECK (version > 0),
  oficio       text NOT NULL CONSTRAINT referrals_oficio CHECK (btrim(oficio) <> ''),
  note         text NOT NULL DEFAULT '',
  nominators   integer NOT NULL,
  candidacies  integer NOT NULL,
  late         integer NOT NULL,
  document     bytea NOT NULL,
  document_hash text NOT NULL,
  annex        bytea NOT NULL,
  annex_hash   text NOT NULL,
  package      bytea NOT NULL,
  package_hash text NOT NULL,
  prepared_by  bigint NOT NULL REFERENCES desk.accounts,
  prepared_at  timestamptz NOT NULL,
  delivered_by bigint REFERENCES desk.accounts,
  delivered_at timestamptz,
  received_by  bigint REFERENCES desk.accounts,
  received_at  timestamptz,
  reported_by  bigint REFERENCES desk.accounts,
  reported_at  timestamptz,
  reported_on  date,
  acuerdo      text NOT NULL DEFAULT '',
  CONSTRAINT referrals_version_unique UNIQUE (process_id, version),
  CONSTRAINT referrals_delivered CHECK ((delivered_by IS NULL) = (delivered_at IS NULL)),
  CONSTRAINT referrals_received CHECK ((received_by IS NULL) = (received_at IS NULL) AND (received_at IS NULL OR delivered_at IS NOT NULL)),
  CONSTRAINT referrals_reported CHECK ((reported_by IS NULL) = (reported_at IS NULL) AND (reported_by IS NULL) = (reported_on IS NULL)
    AND (reported_by IS NULL) = (acuerdo = '') AND (reported_at IS NULL OR received_at IS NOT NULL))
);
CREATE UNIQUE INDEX referrals_oficio_unique ON desk.referrals (process_id, oficio);
COMMENT ON TABLE desk.referrals IS 'Vistas de incumplimientos a la Comisión (art. 15 e), congeladas';
COMMENT ON COLUMN desk.referrals.id IS 'Identificador de la vista';
COMMENT ON COLUMN desk.referrals.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.referrals.version IS 'Versión, desde 1';
COMMENT ON COLUMN desk.referrals.oficio IS 'Número de oficio';
COMMENT ON COLUMN desk.referrals.note IS 'Lo que la Unidad agrega';
COMMENT ON COLUMN desk.referrals.nominators IS 'Actores con incumplimientos';
COMMENT ON COLUMN desk.referrals.candidacies IS 'Candidaturas con incumplimientos';
COMMENT ON COLUMN desk.referrals.late IS 'Candidaturas que cumplieron fuera de plazo (extemporáneas)';
COMMENT ON COLUMN desk.referrals.document IS 'Oficio con la relación (PDF)';
COMMENT ON COLUMN desk.referrals.document_hash IS 'SHA-256 del oficio';
COMMENT ON COLUMN desk.referrals.annex IS 'Anexo (XLSX)';
COMMENT ON COLUMN desk.referrals.annex_hash IS 'SHA-256 del anexo';
COMMENT ON COLUMN desk.referrals.package IS 'Paquete (ZIP) con el oficio, el anexo, los requerimientos y su manifiesto';
COMMENT ON COLUMN desk.referrals.package_hash IS 'SHA-256 del paquete';
COMMENT ON COLUMN desk.referrals.prepared_by IS 'Titular que la preparó';
COMMENT ON COLUMN desk.referrals.prepared_at IS 'Corte: cuándo se preparó';
COMMENT ON COLUMN desk.referrals.delivered_by IS 'Titular que la entregó';
COMMENT ON COLUMN desk.referrals.delivered_at IS 'Cuándo se entregó';
COMMENT ON COLUMN desk.referrals.received_by IS 'Quien acusó de recibo por la Comisión';
COMMENT ON COLUMN desk.referrals.received_at IS 'Cuándo se acusó de recibo';
COMMENT ON COLUMN desk.referrals.reported_by IS 'Quien registró el informe al Consejo';
COMMENT ON COLUMN desk.referrals.reported_at IS 'Cuándo se registró';
COMMENT ON COLUMN desk.referrals.reported_on IS 'Fecha del informe al Consejo Estatal Electoral';
COMMENT ON COLUMN desk.referrals.acuerdo IS 'Acuerdo o sesión en que se informó';

CREATE TRIGGER duty_notices_frozen BEFORE UPDATE ON desk.duty_notices FOR EACH ROW
  WHEN (OLD.state = 'enviado' AND (OLD.state, OLD.subject, OLD.body, OLD.oficio, OLD.sent_at, OLD.due_at, OLD.letter_hash, OLD.annex_hash, OLD.letter, OLD.annex)
    IS DISTINCT FROM (NEW.state, NEW.subject, NEW.body, NEW.oficio, NEW.sent_at, NEW.due_at, NEW.letter_hash, NEW.annex_hash, NEW.letter, NEW.annex)
    OR OLD.acknowledged_at IS NOT NULL AND (OLD.acknowledged_at, OLD.acknowledged_by) IS DISTINCT FROM (NEW.acknowledged_at, NEW.acknowledged_by))
  EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER duty_templates_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.duty_templates
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER reminders_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.reminders
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.duty_templates, desk.duty_notices, desk.duty_runs, desk.reminders, desk.reminder_items, desk.referrals TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.duty_items TO conoceles_escritorio;
GRANT UPDATE (state, version, subject, body, oficio, term_days, proposed_by, proposed_at, reason, sent_by, sent_at, due_at, letter, letter_hash, annex,
  annex_hash, acknowledged_at, acknowledged_by, acknowledged_account, acknowledged_medium) ON desk.duty_notices TO conoceles_escritorio;
GRANT UPDATE (delivered_by, delivered_at, received_by, received_at, reported_by, reported_at, reported_on, acuerdo) ON desk.referrals TO conoceles_escritorio;
