ALTER TABLE desk.uploads DROP CONSTRAINT uploads_purpose;
DELETE FROM desk.uploads WHERE purpose = 'personas';
ALTER TABLE desk.uploads ADD CONSTRAINT uploads_purpose CHECK (purpose IN ('lista', 'documento'));
DROP TABLE desk.account_requests;
DROP TABLE desk.access_links;
DROP TABLE desk.rescues;
DROP TABLE desk.recovery_codes;
DROP TABLE desk.second_factors;
COMMENT ON TABLE desk.login_failures IS 'Intentos fallidos de entrar';
COMMENT ON COLUMN desk.login_failures.email_hash IS 'Resumen con llave del correo que se escribió';
ALTER TABLE desk.sessions DROP COLUMN id, DROP COLUMN device, DROP COLUMN opened_at, DROP COLUMN seen_at;
ALTER TABLE desk.grants DROP COLUMN expires_at;
ALTER TABLE desk.accounts DROP COLUMN failures, DROP COLUMN last_login_at;
ALTER TABLE desk.processes
  DROP CONSTRAINT processes_second_factor_demo,
  DROP COLUMN second_factor, DROP COLUMN invitation_hours, DROP COLUMN step_up_minutes, DROP COLUMN max_sessions, DROP COLUMN party_access_days;
