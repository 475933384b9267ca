-- Passkeys: a second factor that a person may add to their application of codes
-- (security.md 5). What the device gave is sealed for the account with a key that
-- is not in the database.
CREATE TABLE desk.passkeys (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    bigint NOT NULL REFERENCES desk.accounts,
  name          text NOT NULL CONSTRAINT passkeys_name CHECK (length(btrim(name)) BETWEEN 1 AND 60),
  credential_id bytea NOT NULL CONSTRAINT passkeys_credential_unique UNIQUE,
  sealed        bytea NOT NULL,
  created_at    timestamptz NOT NULL,
  last_used_at  timestamptz
);
CREATE INDEX passkeys_account ON desk.passkeys (account_id);
COMMENT ON TABLE desk.passkeys IS 'Llaves de acceso: segundo factor que cada persona agrega a su aplicación de códigos';
COMMENT ON COLUMN desk.passkeys.id IS 'Número de la llave';
COMMENT ON COLUMN desk.passkeys.account_id IS 'Cuenta';
COMMENT ON COLUMN desk.passkeys.name IS 'Cómo la llama su dueña o dueño';
COMMENT ON COLUMN desk.passkeys.credential_id IS 'Identificador que dio el dispositivo';
COMMENT ON COLUMN desk.passkeys.sealed IS 'Credencial, cifrada con una llave que no está en la base';
COMMENT ON COLUMN desk.passkeys.created_at IS 'Cuándo se agregó';
COMMENT ON COLUMN desk.passkeys.last_used_at IS 'Último uso';

GRANT SELECT, INSERT, DELETE, UPDATE (sealed, last_used_at) ON desk.passkeys TO conoceles_escritorio;
