REVOKE UPDATE (retired_at) ON desk.rubric_variables FROM conoceles_escritorio;
DROP INDEX desk.rubric_variables_once;
DELETE FROM desk.score_marks m USING desk.rubric_variables v WHERE v.id = m.variable_id AND v.retired_at IS NOT NULL;
DELETE FROM desk.rubric_levels l USING desk.rubric_variables v WHERE v.id = l.variable_id AND v.retired_at IS NOT NULL;
DELETE FROM desk.rubric_variables WHERE retired_at IS NOT NULL;
ALTER TABLE desk.rubric_variables DROP COLUMN retired_at, ADD CONSTRAINT rubric_variables_once UNIQUE (process_id, part, position);
