-- Consent: the notices and their acceptance, the history of declarations (never
-- updated, only followed), the signed documents, the links that withdraw, and
-- the outbox, whose messages leave with the transaction that causes them.
ALTER TABLE desk.processes
  ADD COLUMN identity_version text NOT NULL DEFAULT '1',
  ADD COLUMN identity_public text[] NOT NULL DEFAULT
    '{p01_indigena,p02_lengua,p03_pueblo,p04_discapacidad,p08_afromexicana,p09_lgbt,p11_migrante,p16_joven,p17_mayor}',
  ADD COLUMN consent_email text NOT NULL DEFAULT '';
COMMENT ON COLUMN desk.processes.identity_version IS 'Versión del cuestionario de identidad';
COMMENT ON COLUMN desk.processes.identity_public IS 'Preguntas de identidad que se publican con consentimiento';
COMMENT ON COLUMN desk.processes.consent_email IS 'Correo que recibe los formatos firmados de las candidaturas independientes';

ALTER TABLE desk.candidacies ADD COLUMN reserved_at timestamptz;
COMMENT ON COLUMN desk.candidacies.reserved_at IS 'Captura reservada: desde cuándo el partido no ve el cuestionario de identidad';

CREATE TABLE desk.notices (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id  bigint NOT NULL REFERENCES desk.processes,
  kind        text NOT NULL CONSTRAINT notices_kind CHECK (kind IN ('integral', 'simplificado')),
  version     integer NOT NULL CONSTRAINT notices_version CHECK (version > 0),
  markdown    text NOT NULL CONSTRAINT notices_markdown_present CHECK (btrim(markdown) <> ''),
  hash        text NOT NULL,
  acuerdo     text NOT NULL,
  approved_on date NOT NULL,
  asks_again  boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL,
  CONSTRAINT notices_version_unique UNIQUE (process_id, kind, version)
);
COMMENT ON TABLE desk.notices IS 'Avisos de privacidad, por versión';
COMMENT ON COLUMN desk.notices.id IS 'Identificador del aviso';
COMMENT ON COLUMN desk.notices.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.notices.kind IS 'Tipo: integral o simplificado';
COMMENT ON COLUMN desk.notices.version IS 'Versión, desde 1';
COMMENT ON COLUMN desk.notices.markdown IS 'Texto';
COMMENT ON COLUMN desk.notices.hash IS 'SHA-256 del texto';
COMMENT ON COLUMN desk.notices.acuerdo IS 'Acuerdo del Comité de Transparencia';
COMMENT ON COLUMN desk.notices.approved_on IS 'Fecha de aprobación';
COMMENT ON COLUMN desk.notices.asks_again IS 'Pide de nuevo el consentimiento, porque cambian las finalidades';
COMMENT ON COLUMN desk.notices.created_at IS 'Instante';

CREATE TABLE desk.notice_acceptances (
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  notice_id    bigint NOT NULL REFERENCES desk.notices,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  at           timestamptz NOT NULL,
  PRIMARY KEY (candidacy_id, notice_id, account_id)
);
COMMENT ON TABLE desk.notice_acceptances IS 'Lectura del aviso de privacidad antes de capturar';
COMMENT ON COLUMN desk.notice_acceptances.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.notice_acceptances.notice_id IS 'Aviso';
COMMENT ON COLUMN desk.notice_acceptances.account_id IS 'Quien lo leyó';
COMMENT ON COLUMN desk.notice_acceptances.at IS 'Instante';

CREATE TABLE sensitive.consent_documents (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  sealed       bytea NOT NULL,
  hash         text NOT NULL,
  media_type   text NOT NULL CONSTRAINT consent_documents_media_type CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
  size         integer NOT NULL,
  account_id   bigint NOT NULL REFERENCES desk.accounts,
  at           timestamptz NOT NULL
);
CREATE INDEX consent_documents_candidacy ON sensitive.consent_documents (candidacy_id);
COMMENT ON TABLE sensitive.consent_documents IS 'Formatos de consentimiento firmados, cifrados';
COMMENT ON COLUMN sensitive.consent_documents.id IS 'Identificador del documento';
COMMENT ON COLUMN sensitive.consent_documents.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.consent_documents.sealed IS 'Documento cifrado';
COMMENT ON COLUMN sensitive.consent_documents.hash IS 'SHA-256 del documento';
COMMENT ON COLUMN sensitive.consent_documents.media_type IS 'Tipo de archivo';
COMMENT ON COLUMN sensitive.consent_documents.size IS 'Tamaño en bytes';
COMMENT ON COLUMN sensitive.consent_documents.account_id IS 'Quien lo entregó o registró';
COMMENT ON COLUMN sensitive.consent_documents.at IS 'Instante';

CREATE TABLE sensitive.consent_events (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  candidacy_id    bigint NOT NULL REFERENCES desk.candidacies,
  event           text NOT NULL CONSTRAINT consent_events_event
                  CHECK (event IN ('otorga', 'niega', 'documenta', 'verifica', 'rechaza', 'retira', 'caduca')),
  medium          text NOT NULL CONSTRAINT consent_events_medium CHECK (medium IN ('en_linea', 'documento', 'comparecencia', 'enlace')),
  declaration_id  bigint REFERENCES sensitive.consent_events,
  processing      boolean,
  publication     boolean,
  statistics      boolean,
  text_version    text NOT NULL DEFAULT '',
  text_hash       text NOT NULL DEFAULT '',
  notice_id       bigint REFERENCES desk.notices,
  answers_version integer,
  document_id     bigint REFERENCES sensitive.consent_documents,
  signed_on       date,
  received_on     date,
  reason          text NOT NULL DEFAULT '',
  account_id      bigint REFERENCES desk.accounts,
  role            text NOT NULL,
  at              timestamptz NOT NULL,
  CONSTRAINT consent_events_decides CHECK ((event IN ('otorga', 'niega')) = (processing IS NOT NULL AND publication IS NOT NULL AND statistics IS NOT NULL)),
  CONSTRAINT consent_events_grants CHECK (event <> 'otorga' OR processing AND publication),
  CONSTRAINT consent_events_text CHECK (event NOT IN ('otorga', 'niega') OR text_hash <> ''),
  CONSTRAINT consent_events_follows CHECK ((event IN ('documenta', 'verifica', 'rechaza')) = (declaration_id IS NOT NULL)),
  -- Without a document no consent is in force.
  CONSTRAINT consent_events_verified CHECK (event <> 'verifica' OR document_id IS NOT NULL AND answers_version IS NOT NULL)
);
CREATE INDEX consent_events_candidacy ON sensitive.consent_events (candidacy_id, id);
COMMENT ON TABLE sensitive.consent_events IS 'Historia de los consentimientos: sólo se agrega';
COMMENT ON COLUMN sensitive.consent_events.id IS 'Número de asiento';
COMMENT ON COLUMN sensitive.consent_events.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.consent_events.event IS 'Qué ocurrió: otorga, niega, documenta, verifica, rechaza, retira o caduca';
COMMENT ON COLUMN sensitive.consent_events.medium IS 'Medio: en_linea, documento, comparecencia o enlace';
COMMENT ON COLUMN sensitive.consent_events.declaration_id IS 'Declaración a la que sigue';
COMMENT ON COLUMN sensitive.consent_events.processing IS 'Autoriza el tratamiento (nº 1)';
COMMENT ON COLUMN sensitive.consent_events.publication IS 'Autoriza la publicación (nº 2)';
COMMENT ON COLUMN sensitive.consent_events.statistics IS 'Autoriza los fines estadísticos (nº 3)';
COMMENT ON COLUMN sensitive.consent_events.text_version IS 'Versión del texto de las declaraciones';
COMMENT ON COLUMN sensitive.consent_events.text_hash IS 'SHA-256 del texto de las declaraciones';
COMMENT ON COLUMN sensitive.consent_events.notice_id IS 'Aviso de privacidad vigente';
COMMENT ON COLUMN sensitive.consent_events.answers_version IS 'Versión de las respuestas que cubre';
COMMENT ON COLUMN sensitive.consent_events.document_id IS 'Documento firmado';
COMMENT ON COLUMN sensitive.consent_events.signed_on IS 'Fecha de firma';
COMMENT ON COLUMN sensitive.consent_events.received_on IS 'Fecha de recepción';
COMMENT ON COLUMN sensitive.consent_events.reason IS 'Motivo';
COMMENT ON COLUMN sensitive.consent_events.account_id IS 'Quien actuó; vacío: la persona, por el enlace';
COMMENT ON COLUMN sensitive.consent_events.role IS 'Función con que actuó';
COMMENT ON COLUMN sensitive.consent_events.at IS 'Instante';

CREATE TABLE sensitive.withdrawal_links (
  token_hash   bytea PRIMARY KEY,
  candidacy_id bigint NOT NULL REFERENCES desk.candidacies,
  event_id     bigint NOT NULL REFERENCES sensitive.consent_events,
  created_at   timestamptz NOT NULL,
  used_at      timestamptz
);
COMMENT ON TABLE sensitive.withdrawal_links IS 'Enlaces de un solo uso para retirar el consentimiento sin cuenta';
COMMENT ON COLUMN sensitive.withdrawal_links.token_hash IS 'Resumen del enlace';
COMMENT ON COLUMN sensitive.withdrawal_links.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN sensitive.withdrawal_links.event_id IS 'Asiento que se avisa';
COMMENT ON COLUMN sensitive.withdrawal_links.created_at IS 'Instante';
COMMENT ON COLUMN sensitive.withdrawal_links.used_at IS 'Cuándo se usó';

CREATE TABLE desk.outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process_id   bigint NOT NULL REFERENCES desk.processes,
  candidacy_id bigint REFERENCES desk.candidacies,
  kind         text NOT NULL,
  channel      text NOT NULL CONSTRAINT outbox_channel CHECK (channel IN ('correo', 'carta')),
  recipient    text NOT NULL,
  subject      text NOT NULL,
  body         text NOT NULL,
  created_at   timestamptz NOT NULL,
  attempts     integer NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL,
  sent_at      timestamptz,
  last_error   text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON desk.outbox (next_at) WHERE sent_at IS NULL AND channel = 'correo';
COMMENT ON TABLE desk.outbox IS 'Avisos por enviar: salen con la transacción que los causa';
COMMENT ON COLUMN desk.outbox.id IS 'Número del aviso';
COMMENT ON COLUMN desk.outbox.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.outbox.candidacy_id IS 'Candidatura';
COMMENT ON COLUMN desk.outbox.kind IS 'Clase de aviso';
COMMENT ON COLUMN desk.outbox.channel IS 'Medio: correo, o carta para imprimir';
COMMENT ON COLUMN desk.outbox.recipient IS 'Destinatario';
COMMENT ON COLUMN desk.outbox.subject IS 'Asunto';
COMMENT ON COLUMN desk.outbox.body IS 'Texto';
COMMENT ON COLUMN desk.outbox.created_at IS 'Instante';
COMMENT ON COLUMN desk.outbox.attempts IS 'Intentos';
COMMENT ON COLUMN desk.outbox.next_at IS 'Próximo intento';
COMMENT ON COLUMN desk.outbox.sent_at IS 'Cuándo se envió o imprimió';
COMMENT ON COLUMN desk.outbox.last_error IS 'Último error';

CREATE TRIGGER consent_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sensitive.consent_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON desk.notices, desk.notice_acceptances, sensitive.consent_documents, sensitive.consent_events TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE (used_at) ON sensitive.withdrawal_links TO conoceles_escritorio;
GRANT SELECT, INSERT, UPDATE (attempts, next_at, sent_at, last_error, body) ON desk.outbox TO conoceles_escritorio;

-- The site: the questionnaire's public state, what a consent in force publishes
-- (an opaque publication id, nothing about who, when or why), the notices and
-- the kill switch.
ALTER TABLE site.candidacies ADD COLUMN identity_state text NOT NULL DEFAULT 'sin_responder'
  CONSTRAINT candidacies_identity_state CHECK (identity_state IN ('publica', 'respondido', 'sin_responder'));
COMMENT ON COLUMN site.candidacies.identity_state IS 'Cuestionario de identidad: publica, respondido o sin_responder';

ALTER TABLE site.processes ADD COLUMN identity_version text NOT NULL DEFAULT '1', ADD COLUMN consent_email text NOT NULL DEFAULT '';
COMMENT ON COLUMN site.processes.identity_version IS 'Versión del cuestionario de identidad';
COMMENT ON COLUMN site.processes.consent_email IS 'Correo que recibe los formatos firmados';

CREATE TABLE site.identity_publications (
  id           uuid PRIMARY KEY,
  candidacy_id bigint NOT NULL CONSTRAINT identity_publications_once UNIQUE REFERENCES site.candidacies ON DELETE CASCADE
);
COMMENT ON TABLE site.identity_publications IS 'Publicaciones de identidad con consentimiento en vigor';
COMMENT ON COLUMN site.identity_publications.id IS 'Identificador opaco';
COMMENT ON COLUMN site.identity_publications.candidacy_id IS 'Candidatura';

CREATE TABLE site.identity_answers (
  publication_id uuid NOT NULL REFERENCES site.identity_publications ON DELETE CASCADE,
  question       text NOT NULL,
  answer         jsonb NOT NULL,
  PRIMARY KEY (publication_id, question)
);
COMMENT ON TABLE site.identity_answers IS 'Respuestas de identidad publicadas: afirmativas y configuradas como públicas';
COMMENT ON COLUMN site.identity_answers.publication_id IS 'Publicación';
COMMENT ON COLUMN site.identity_answers.question IS 'Pregunta';
COMMENT ON COLUMN site.identity_answers.answer IS 'Respuesta';

CREATE TABLE site.notices (
  process_id  bigint NOT NULL REFERENCES site.processes ON DELETE CASCADE,
  kind        text NOT NULL,
  version     integer NOT NULL,
  markdown    text NOT NULL,
  acuerdo     text NOT NULL,
  approved_on date NOT NULL,
  PRIMARY KEY (process_id, kind, version)
);
COMMENT ON TABLE site.notices IS 'Avisos de privacidad aprobados';
COMMENT ON COLUMN site.notices.process_id IS 'Proceso electoral';
COMMENT ON COLUMN site.notices.kind IS 'Tipo: integral o simplificado';
COMMENT ON COLUMN site.notices.version IS 'Versión';
COMMENT ON COLUMN site.notices.markdown IS 'Texto';
COMMENT ON COLUMN site.notices.acuerdo IS 'Acuerdo';
COMMENT ON COLUMN site.notices.approved_on IS 'Fecha de aprobación';

CREATE TABLE site.mode (
  only_one        boolean PRIMARY KEY DEFAULT true CONSTRAINT mode_only_one CHECK (only_one),
  identity_hidden boolean NOT NULL
);
COMMENT ON TABLE site.mode IS 'Modo de operación del sitio';
COMMENT ON COLUMN site.mode.only_one IS 'Garantiza un solo renglón';
COMMENT ON COLUMN site.mode.identity_hidden IS 'modo sin-identidad: ninguna respuesta de identidad se muestra';
INSERT INTO site.mode (identity_hidden) VALUES (false);

GRANT SELECT ON site.identity_publications, site.identity_answers, site.notices, site.mode TO conoceles_sitio;
GRANT SELECT, INSERT, UPDATE, DELETE ON site.identity_publications, site.identity_answers, site.notices TO conoceles_escritorio;
GRANT SELECT, UPDATE (identity_hidden) ON site.mode TO conoceles_escritorio;
