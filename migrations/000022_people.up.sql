-- People and how they enter: invitations and recovery by single-use links,
-- requests that another person confirms, second factor, sessions that can be
-- listed and ended, and what was typed when a session ended.
ALTER TABLE desk.processes
  ADD COLUMN second_factor text NOT NULL DEFAULT 'instituto'
    CONSTRAINT processes_second_factor CHECK (second_factor IN ('instituto', 'todas', 'ninguna')),
  -- Nobody of the institute works without a second factor, but where everybody is fictitious.
  ADD CONSTRAINT processes_second_factor_demo CHECK (second_factor <> 'ninguna' OR demo),
  ADD COLUMN invitation_hours integer NOT NULL DEFAULT 72 CONSTRAINT processes_invitation_hours CHECK (invitation_hours BETWEEN 1 AND 720),
  ADD COLUMN step_up_minutes integer NOT NULL DEFAULT 5 CONSTRAINT processes_step_up_minutes CHECK (step_up_minutes BETWEEN 1 AND 60),
  ADD COLUMN max_sessions integer NOT NULL DEFAULT 2 CONSTRAINT processes_max_sessions CHECK (max_sessions BETWEEN 1 AND 100),
  ADD COLUMN party_access_days integer NOT NULL DEFAULT 3 CONSTRAINT processes_party_access_days CHECK (party_access_days BETWEEN 0 AND 365);
COMMENT ON COLUMN desk.processes.second_factor IS 'segundo_factor: a quién se exige: instituto, todas las personas, o ninguna (sólo en una demostración)';
COMMENT ON COLUMN desk.processes.invitation_hours IS 'vigencia_invitacion_horas: cuánto sirve el enlace de una invitación';
COMMENT ON COLUMN desk.processes.step_up_minutes IS 'confirmacion_minutos: cada cuánto se confirma quién eres antes de un acto delicado';
COMMENT ON COLUMN desk.processes.max_sessions IS 'sesiones_simultaneas: cuántas sesiones abiertas puede tener una persona';
COMMENT ON COLUMN desk.processes.party_access_days IS 'acceso_partidos_dias: cuántos días después del fin de las campañas vencen las cuentas de los partidos';

ALTER TABLE desk.accounts
  ADD COLUMN failures integer NOT NULL DEFAULT 0 CONSTRAINT accounts_failures CHECK (failures >= 0),
  ADD COLUMN last_login_at timestamptz;
COMMENT ON COLUMN desk.accounts.failures IS 'Intentos fallidos seguidos desde la última vez que entró';
COMMENT ON COLUMN desk.accounts.last_login_at IS 'Último acceso';

ALTER TABLE desk.grants ADD COLUMN expires_at timestamptz;
COMMENT ON COLUMN desk.grants.expires_at IS 'Hasta cuándo tiene la función; vacío: la que da el proceso';

ALTER TABLE desk.sessions
  ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN device text NOT NULL DEFAULT '',
  ADD COLUMN opened_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
CREATE UNIQUE INDEX sessions_id ON desk.sessions (id);
COMMENT ON COLUMN desk.sessions.id IS 'Número de la sesión, para cerrarla desde la cuenta';
COMMENT ON COLUMN desk.sessions.device IS 'Navegador y sistema desde los que se abrió';
COMMENT ON COLUMN desk.sessions.opened_at IS 'Cuándo se abrió';
COMMENT ON COLUMN desk.sessions.seen_at IS 'Última actividad';

COMMENT ON TABLE desk.login_failures IS 'Intentos que se cuentan un día para espaciar los siguientes';
COMMENT ON COLUMN desk.login_failures.email_hash IS 'Resumen con llave de lo que se cuenta: el correo, el equipo o la dirección de red';

CREATE TABLE desk.second_factors (
  account_id   bigint PRIMARY KEY REFERENCES desk.accounts,
  secret       bytea NOT NULL,
  confirmed_at timestamptz NOT NULL,
  last_step    bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE desk.second_factors IS 'Segundo factor: aplicación de códigos de cada persona';
COMMENT ON COLUMN desk.second_factors.account_id IS 'Cuenta';
COMMENT ON COLUMN desk.second_factors.secret IS 'Semilla de los códigos, cifrada con una llave que no está en la base';
COMMENT ON COLUMN desk.second_factors.confirmed_at IS 'Cuándo se activó';
COMMENT ON COLUMN desk.second_factors.last_step IS 'Intervalo del último código usado: ninguno sirve dos veces';

CREATE TABLE desk.recovery_codes (
  account_id bigint NOT NULL REFERENCES desk.accounts,
  code_hash  bytea NOT NULL,
  used_at    timestamptz,
  PRIMARY KEY (account_id, code_hash)
);
COMMENT ON TABLE desk.recovery_codes IS 'Códigos de respaldo del segundo factor: cada uno sirve una vez';
COMMENT ON COLUMN desk.recovery_codes.account_id IS 'Cuenta';
COMMENT ON COLUMN desk.recovery_codes.code_hash IS 'Resumen con llave del código';
COMMENT ON COLUMN desk.recovery_codes.used_at IS 'Cuándo se usó';

CREATE TABLE desk.rescues (
  account_id bigint NOT NULL REFERENCES desk.accounts,
  path       text NOT NULL,
  body       bytea NOT NULL,
  at         timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, path)
);
COMMENT ON TABLE desk.rescues IS 'rescate: lo que alguien envió cuando su sesión ya había terminado, cifrado y por una hora';
COMMENT ON COLUMN desk.rescues.account_id IS 'Cuenta que lo envió, la única que lo recupera';
COMMENT ON COLUMN desk.rescues.path IS 'A qué página se envió';
COMMENT ON COLUMN desk.rescues.body IS 'Lo enviado, cifrado';
COMMENT ON COLUMN desk.rescues.at IS 'Cuándo se envió';
COMMENT ON COLUMN desk.rescues.expires_at IS 'Cuándo se borra';

CREATE TABLE desk.access_links (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  kind         text NOT NULL CONSTRAINT access_links_kind CHECK (kind IN ('invitacion', 'recuperacion')),
  token_hash   bytea NOT NULL CONSTRAINT access_links_token_unique UNIQUE,
  made_by      bigint REFERENCES desk.accounts,
  made_at      timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  cancelled_at timestamptz,
  received_at  timestamptz,
  registered_by bigint REFERENCES desk.accounts,
  CONSTRAINT access_links_ended CHECK (used_at IS NULL OR cancelled_at IS NULL),
  CONSTRAINT access_links_received CHECK ((received_at IS NULL) = (registered_by IS NULL))
);
CREATE UNIQUE INDEX access_links_one_open ON desk.access_links (account_id, kind) WHERE used_at IS NULL AND cancelled_at IS NULL;
COMMENT ON TABLE desk.access_links IS 'Enlaces de un solo uso para activar una cuenta o recuperar su acceso';
COMMENT ON COLUMN desk.access_links.id IS 'Folio del enlace, el de su acuse de entrega';
COMMENT ON COLUMN desk.access_links.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.access_links.account_id IS 'Cuenta a la que da acceso';
COMMENT ON COLUMN desk.access_links.kind IS 'Clase: invitacion o recuperacion';
COMMENT ON COLUMN desk.access_links.token_hash IS 'SHA-256 del enlace: el enlace mismo no se guarda';
COMMENT ON COLUMN desk.access_links.made_by IS 'Quien invitó; vacío: la propia persona, o un comando';
COMMENT ON COLUMN desk.access_links.made_at IS 'Cuándo se emitió';
COMMENT ON COLUMN desk.access_links.expires_at IS 'Hasta cuándo sirve';
COMMENT ON COLUMN desk.access_links.used_at IS 'Cuándo se usó';
COMMENT ON COLUMN desk.access_links.cancelled_at IS 'Cuándo dejó de servir sin usarse';
COMMENT ON COLUMN desk.access_links.received_at IS 'Cuándo firmó la persona el acuse de entrega';
COMMENT ON COLUMN desk.access_links.registered_by IS 'Quien registró el acuse';

CREATE TABLE desk.account_requests (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  kind         text NOT NULL CONSTRAINT account_requests_kind CHECK (kind IN ('alta', 'reinicio')),
  account_id   bigint REFERENCES desk.accounts,
  email        text NOT NULL CONSTRAINT account_requests_email_lower CHECK (email = lower(email)),
  name         text NOT NULL,
  role         text NOT NULL DEFAULT '',
  nominator_id bigint REFERENCES desk.nominators,
  expires_at   timestamptz,
  basis        text NOT NULL DEFAULT '',
  requested_by bigint NOT NULL REFERENCES desk.accounts,
  requested_at timestamptz NOT NULL,
  state        text NOT NULL DEFAULT 'por_confirmar'
               CONSTRAINT account_requests_state CHECK (state IN ('por_confirmar', 'confirmada', 'desechada')),
  decided_by   bigint REFERENCES desk.accounts,
  decided_at   timestamptz,
  reason       text NOT NULL DEFAULT '',
  CONSTRAINT account_requests_role CHECK (kind <> 'alta' OR role IN
    ('operador', 'validador', 'verificador', 'titular', 'secretaria', 'administracion', 'auditoria')),
  CONSTRAINT account_requests_reset CHECK (kind <> 'reinicio' OR account_id IS NOT NULL AND btrim(basis) <> ''),
  CONSTRAINT account_requests_decided CHECK ((state = 'por_confirmar') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  -- Two persons: whoever requested an access never grants it.
  CONSTRAINT account_requests_two_persons CHECK (state <> 'confirmada' OR decided_by <> requested_by)
);
CREATE UNIQUE INDEX account_requests_one_pending ON desk.account_requests (process_id, email, kind) WHERE state = 'por_confirmar';
COMMENT ON TABLE desk.account_requests IS 'Solicitudes de acceso que otra persona confirma: funciones del Instituto, designaciones de los partidos y reinicios del segundo factor';
COMMENT ON COLUMN desk.account_requests.id IS 'Número de la solicitud';
COMMENT ON COLUMN desk.account_requests.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.account_requests.kind IS 'Clase: alta o reinicio';
COMMENT ON COLUMN desk.account_requests.account_id IS 'Cuenta de un reinicio';
COMMENT ON COLUMN desk.account_requests.email IS 'Correo de la persona';
COMMENT ON COLUMN desk.account_requests.name IS 'Nombre de la persona';
COMMENT ON COLUMN desk.account_requests.role IS 'Función que se pide';
COMMENT ON COLUMN desk.account_requests.nominator_id IS 'Actor postulante al que se limita';
COMMENT ON COLUMN desk.account_requests.expires_at IS 'Hasta cuándo se pide';
COMMENT ON COLUMN desk.account_requests.basis IS 'Oficio o motivo';
COMMENT ON COLUMN desk.account_requests.requested_by IS 'Quien la pide';
COMMENT ON COLUMN desk.account_requests.requested_at IS 'Cuándo se pidió';
COMMENT ON COLUMN desk.account_requests.state IS 'Estado: por_confirmar, confirmada o desechada';
COMMENT ON COLUMN desk.account_requests.decided_by IS 'Quien decidió: nunca quien la pidió';
COMMENT ON COLUMN desk.account_requests.decided_at IS 'Cuándo se decidió';
COMMENT ON COLUMN desk.account_requests.reason IS 'Por qué se desechó';

ALTER TABLE desk.uploads DROP CONSTRAINT uploads_purpose,
  ADD CONSTRAINT uploads_purpose CHECK (purpose IN ('lista', 'documento', 'personas'));

GRANT SELECT, INSERT, UPDATE, DELETE ON desk.second_factors TO conoceles_escritorio;
GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON desk.recovery_codes TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE, DELETE ON desk.rescues TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE (used_at, cancelled_at, received_at, registered_by) ON desk.access_links TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, reason) ON desk.account_requests TO conoceles_escritorio;
