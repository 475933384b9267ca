-- The rubric of the qualitative analysis can be edited: what is no longer asked is
-- retired and keeps the scores it got; what replaces it is another variable.
ALTER TABLE desk.rubric_variables
  ADD COLUMN retired_at timestamptz,
  DROP CONSTRAINT rubric_variables_once;
CREATE UNIQUE INDEX rubric_variables_once ON desk.rubric_variables (process_id, part, position) WHERE retired_at IS NULL;
GRANT UPDATE (retired_at) ON desk.rubric_variables TO conoceles_escritorio;
COMMENT ON COLUMN desk.rubric_variables.retired_at IS 'Instante en que dejó de valorarse';
