-- Two people who write the same page at once: whoever saves second loses
-- nothing. Their text is kept here, beside what they found saved, until they
-- choose answer by answer (security.md 3.3).
CREATE TABLE desk.conflicts (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id  bigint NOT NULL REFERENCES desk.candidacies,
  page          text NOT NULL,
  account_id    bigint NOT NULL REFERENCES desk.accounts,
  form          jsonb NOT NULL,
  saved         jsonb NOT NULL,
  saved_version integer NOT NULL,
  at            timestamptz NOT NULL,
  resolved_at   timestamptz
);
CREATE INDEX conflicts_open ON desk.conflicts (candidacy_id, account_id) WHERE resolved_at IS NULL;
COMMENT ON TABLE desk.conflicts IS 'Textos que llegaron cuando otra persona ya había guardado la página';
COMMENT ON COLUMN desk.conflicts.id IS 'Identificador del conflicto';
COMMENT ON COLUMN desk.conflicts.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.conflicts.page IS 'Página de captura';
COMMENT ON COLUMN desk.conflicts.account_id IS 'Quien escribió el texto que no se guardó en la página';
COMMENT ON COLUMN desk.conflicts.form IS 'El texto que no se guardó, tal como se escribió';
COMMENT ON COLUMN desk.conflicts.saved IS 'Lo que ya estaba guardado';
COMMENT ON COLUMN desk.conflicts.saved_version IS 'Versión de la página que ya estaba guardada';
COMMENT ON COLUMN desk.conflicts.at IS 'Instante';
COMMENT ON COLUMN desk.conflicts.resolved_at IS 'Cuándo su autora eligió con qué texto quedarse';

GRANT SELECT, INSERT, UPDATE (resolved_at) ON desk.conflicts TO conoceles_escritorio;
