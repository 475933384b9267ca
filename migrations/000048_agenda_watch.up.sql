-- The agenda watches by itself: a new version of a questionnaire opens deliverable
-- 12, whatever door changed it, and what is overdue is told once to who is in charge.
CREATE TABLE desk.questionnaire_editions (
  process_id    bigint NOT NULL REFERENCES desk.processes,
  questionnaire text NOT NULL CONSTRAINT questionnaire_editions_questionnaire CHECK (questionnaire IN ('curricular', 'identidad')),
  version       text NOT NULL,
  at            timestamptz NOT NULL,
  PRIMARY KEY (process_id, questionnaire, version)
);
CREATE TRIGGER questionnaire_editions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.questionnaire_editions
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE FUNCTION desk.keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.curricular_version <> OLD.curricular_version THEN
    INSERT INTO desk.questionnaire_editions VALUES (NEW.id, 'curricular', NEW.curricular_version, now()) ON CONFLICT DO NOTHING;
  END IF;
  IF NEW.identity_version <> OLD.identity_version THEN
    INSERT INTO desk.questionnaire_editions VALUES (NEW.id, 'identidad', NEW.identity_version, now()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER processes_edition AFTER UPDATE OF curricular_version, identity_version ON desk.processes
  FOR EACH ROW EXECUTE FUNCTION desk.keep_edition();

CREATE TABLE desk.agenda_reminders (
  step_id    bigint NOT NULL REFERENCES desk.agenda_steps,
  due_on     date NOT NULL,
  account_id bigint NOT NULL REFERENCES desk.accounts,
  at         timestamptz NOT NULL,
  CONSTRAINT agenda_reminders_once PRIMARY KEY (step_id, due_on, account_id)
);
CREATE TRIGGER agenda_reminders_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON desk.agenda_reminders
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.questionnaire_editions, desk.agenda_reminders TO conoceles_escritorio;

COMMENT ON TABLE desk.questionnaire_editions IS 'Versiones nuevas de los cuestionarios (entregable 12)';
COMMENT ON COLUMN desk.questionnaire_editions.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.questionnaire_editions.questionnaire IS 'Cuestionario: curricular o identidad';
COMMENT ON COLUMN desk.questionnaire_editions.version IS 'Versión que empezó a regir';
COMMENT ON COLUMN desk.questionnaire_editions.at IS 'Desde cuándo';
COMMENT ON TABLE desk.agenda_reminders IS 'Avisos de vencimiento de la agenda: cada uno, una vez';
COMMENT ON COLUMN desk.agenda_reminders.step_id IS 'Paso vencido';
COMMENT ON COLUMN desk.agenda_reminders.due_on IS 'Fecha límite que venció';
COMMENT ON COLUMN desk.agenda_reminders.account_id IS 'Cuenta a la que se avisó';
COMMENT ON COLUMN desk.agenda_reminders.at IS 'Cuándo';
