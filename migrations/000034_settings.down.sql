REVOKE UPDATE (position) ON desk.rubric_variables FROM conoceles_escritorio;
DROP TABLE desk.releases;
DROP TABLE desk.setting_changes;
ALTER TABLE desk.processes DROP COLUMN change_report_days, DROP COLUMN questionnaire_report_days;
