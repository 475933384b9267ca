DROP TABLE desk.agenda_reminders;
DROP TRIGGER processes_edition ON desk.processes;
DROP FUNCTION desk.keep_edition();
DROP TABLE desk.questionnaire_editions;
