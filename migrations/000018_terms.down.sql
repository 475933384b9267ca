DROP TABLE desk.score_marks;
DROP TABLE desk.scores;
DROP TABLE desk.rubric_levels;
DROP TABLE desk.rubric_variables;
ALTER TABLE desk.processes DROP COLUMN score_high, DROP COLUMN score_middle;
DROP TABLE desk.capture_exceptions;
ALTER TABLE desk.acts DROP CONSTRAINT acts_kind,
  ADD CONSTRAINT acts_kind CHECK (kind IN ('sustitucion', 'renuncia', 'fallecimiento', 'cancelacion', 'restitucion', 'correccion',
    'cambio_siglado', 'electa', 'inicio_publicacion'));
ALTER TABLE desk.corrections DROP COLUMN cancelled_by;
ALTER TABLE desk.validations DROP COLUMN late;
ALTER TABLE desk.answer_versions DROP COLUMN late;
DROP TABLE desk.credential_deliveries;
