-- Who acts, and the record of what they did: accounts with a role and its
-- scope, sessions, idempotency keys, the append-only bitácora.
CREATE TABLE desk.accounts (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email         text NOT NULL CONSTRAINT accounts_email_lower CHECK (email = lower(email)),
  name          text NOT NULL,
  password_hash text NOT NULL DEFAULT '',
  active        boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL,
  CONSTRAINT accounts_email_unique UNIQUE (email)
);
COMMENT ON TABLE desk.accounts IS 'Cuenta de una persona: una persona, una cuenta';
COMMENT ON COLUMN desk.accounts.id IS 'Identificador de la cuenta';
COMMENT ON COLUMN desk.accounts.email IS 'Correo con que entra';
COMMENT ON COLUMN desk.accounts.name IS 'Nombre de la persona';
COMMENT ON COLUMN desk.accounts.password_hash IS 'Contraseña, como resumen argon2id';
COMMENT ON COLUMN desk.accounts.active IS 'Cuenta activa; falso: suspendida';
COMMENT ON COLUMN desk.accounts.created_at IS 'Fecha de alta';

CREATE TABLE desk.grants (
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  role         text NOT NULL CONSTRAINT grants_role CHECK (role IN
                 ('operador', 'validador', 'candidata', 'verificador', 'titular', 'secretaria', 'administracion', 'auditoria')),
  nominator_id bigint REFERENCES desk.nominators,
  candidacy_id bigint REFERENCES desk.candidacies,
  PRIMARY KEY (account_id, process_id),
  CONSTRAINT grants_scope CHECK (
    CASE role
      WHEN 'operador' THEN nominator_id IS NOT NULL AND candidacy_id IS NULL
      WHEN 'validador' THEN nominator_id IS NOT NULL AND candidacy_id IS NULL
      WHEN 'candidata' THEN candidacy_id IS NOT NULL AND nominator_id IS NULL
      ELSE nominator_id IS NULL AND candidacy_id IS NULL
    END)
);
CREATE INDEX grants_candidacy ON desk.grants (candidacy_id) WHERE candidacy_id IS NOT NULL;
COMMENT ON TABLE desk.grants IS 'Función de una cuenta en un proceso, con su alcance';
COMMENT ON COLUMN desk.grants.account_id IS 'Cuenta';
COMMENT ON COLUMN desk.grants.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.grants.role IS 'Función';
COMMENT ON COLUMN desk.grants.nominator_id IS 'Actor postulante al que se limita';
COMMENT ON COLUMN desk.grants.candidacy_id IS 'Candidatura a la que se limita';

CREATE TABLE desk.sessions (
  token_hash text PRIMARY KEY,
  account_id bigint REFERENCES desk.accounts,
  data       bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON desk.sessions (expires_at);
CREATE INDEX sessions_account ON desk.sessions (account_id);
COMMENT ON TABLE desk.sessions IS 'Sesiones abiertas';
COMMENT ON COLUMN desk.sessions.token_hash IS 'Resumen del identificador de la sesión';
COMMENT ON COLUMN desk.sessions.account_id IS 'Cuenta';
COMMENT ON COLUMN desk.sessions.data IS 'Datos de la sesión';
COMMENT ON COLUMN desk.sessions.expires_at IS 'Vencimiento';

CREATE TABLE desk.login_failures (
  email_hash bytea NOT NULL,
  at         timestamptz NOT NULL
);
CREATE INDEX login_failures_recent ON desk.login_failures (email_hash, at);
COMMENT ON TABLE desk.login_failures IS 'Intentos fallidos de entrar';
COMMENT ON COLUMN desk.login_failures.email_hash IS 'Resumen con llave del correo que se escribió';
COMMENT ON COLUMN desk.login_failures.at IS 'Instante';

CREATE TABLE desk.submissions (
  account_id bigint NOT NULL,
  key        uuid NOT NULL,
  kind       text NOT NULL,
  digest     bytea NOT NULL,
  result     text NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (account_id, key)
);
COMMENT ON TABLE desk.submissions IS 'guardado_id: envíos atendidos, para que repetir uno no tenga otro efecto';
COMMENT ON COLUMN desk.submissions.account_id IS 'Cuenta que envió; 0: el sistema';
COMMENT ON COLUMN desk.submissions.key IS 'Identificador del envío';
COMMENT ON COLUMN desk.submissions.kind IS 'Clase de acto';
COMMENT ON COLUMN desk.submissions.digest IS 'Resumen con llave de lo enviado';
COMMENT ON COLUMN desk.submissions.result IS 'Respuesta que se dio';
COMMENT ON COLUMN desk.submissions.at IS 'Instante';

CREATE TABLE audit.entries (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  process_id bigint,
  account_id bigint,
  role       text NOT NULL,
  kind       text NOT NULL,
  object     text NOT NULL,
  details    jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX entries_object ON audit.entries (object);
COMMENT ON TABLE audit.entries IS 'Bitácora: cada acto, en la misma transacción que lo hace; nunca el valor de una respuesta';
COMMENT ON COLUMN audit.entries.id IS 'Número de asiento';
COMMENT ON COLUMN audit.entries.at IS 'Instante';
COMMENT ON COLUMN audit.entries.process_id IS 'Proceso electoral';
COMMENT ON COLUMN audit.entries.account_id IS 'Cuenta que actuó; vacío: el sistema';
COMMENT ON COLUMN audit.entries.role IS 'Función con que actuó';
COMMENT ON COLUMN audit.entries.kind IS 'Clase de acto';
COMMENT ON COLUMN audit.entries.object IS 'Sobre qué actuó';
COMMENT ON COLUMN audit.entries.details IS 'Datos del acto, sin respuestas';

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append only' USING ERRCODE = 'insufficient_privilege', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
COMMENT ON FUNCTION audit.refuse_change() IS 'Impide cambiar o borrar lo asentado';
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT, UPDATE ON desk.accounts TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.grants, desk.sessions TO conoceles_escritorio;
GRANT SELECT, INSERT, DELETE ON desk.login_failures TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE (result) ON desk.submissions TO conoceles_escritorio;
GRANT SELECT, INSERT ON audit.entries TO conoceles_escritorio;

-- An act of the registry: one person captures it, another confirms it.
CREATE TABLE desk.acts (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  kind         text NOT NULL CONSTRAINT acts_kind CHECK (kind IN ('sustitucion', 'renuncia', 'fallecimiento', 'cancelacion',
                 'restitucion', 'correccion', 'cambio_siglado', 'electa', 'inicio_publicacion')),
  candidacy_id bigint REFERENCES desk.candidacies,
  new_candidacy_id bigint REFERENCES desk.candidacies,
  payload      jsonb NOT NULL DEFAULT '{}',
  basis        text NOT NULL CONSTRAINT acts_basis_present CHECK (btrim(basis) <> ''),
  basis_date   date NOT NULL,
  document     bytea,
  document_name text NOT NULL DEFAULT '',
  document_hash text NOT NULL DEFAULT '',
  captured_by  bigint NOT NULL REFERENCES desk.accounts,
  captured_at  timestamptz NOT NULL,
  state        text NOT NULL DEFAULT 'por_confirmar'
               CONSTRAINT acts_state CHECK (state IN ('por_confirmar', 'confirmado', 'desechado')),
  decided_by   bigint REFERENCES desk.accounts,
  decided_at   timestamptz,
  reason       text NOT NULL DEFAULT '',
  CONSTRAINT acts_candidacy CHECK ((kind = 'inicio_publicacion') = (candidacy_id IS NULL)),
  CONSTRAINT acts_decided CHECK ((state = 'por_confirmar') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  -- Two persons: whoever captured an act never confirms it.
  CONSTRAINT acts_two_persons CHECK (state <> 'confirmado' OR decided_by <> captured_by)
);
CREATE UNIQUE INDEX acts_one_pending ON desk.acts (candidacy_id) WHERE state = 'por_confirmar';
CREATE INDEX acts_by_process ON desk.acts (process_id, state, captured_at);
COMMENT ON TABLE desk.acts IS 'Actos del registro: una persona captura y otra confirma';
COMMENT ON COLUMN desk.acts.id IS 'Número del acto';
COMMENT ON COLUMN desk.acts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.acts.kind IS 'Clase de acto';
COMMENT ON COLUMN desk.acts.candidacy_id IS 'Candidatura afectada';
COMMENT ON COLUMN desk.acts.new_candidacy_id IS 'Candidatura que entra';
COMMENT ON COLUMN desk.acts.payload IS 'Datos del acto';
COMMENT ON COLUMN desk.acts.basis IS 'Acuerdo o expediente';
COMMENT ON COLUMN desk.acts.basis_date IS 'Fecha del acuerdo o expediente';
COMMENT ON COLUMN desk.acts.document IS 'Documento';
COMMENT ON COLUMN desk.acts.document_name IS 'Nombre del documento';
COMMENT ON COLUMN desk.acts.document_hash IS 'SHA-256 del documento';
COMMENT ON COLUMN desk.acts.captured_by IS 'Quien capturó';
COMMENT ON COLUMN desk.acts.captured_at IS 'Cuándo se capturó';
COMMENT ON COLUMN desk.acts.state IS 'Estado: por_confirmar, confirmado o desechado';
COMMENT ON COLUMN desk.acts.decided_by IS 'Quien confirmó o desechó';
COMMENT ON COLUMN desk.acts.decided_at IS 'Cuándo se decidió';
COMMENT ON COLUMN desk.acts.reason IS 'Motivo por el que se desechó';
GRANT SELECT, INSERT, UPDATE ON desk.acts TO conoceles_escritorio;
