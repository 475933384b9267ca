REVOKE DELETE ON sensitive.withdrawal_links FROM conoceles_escritorio;
REVOKE UPDATE (sealed) ON sensitive.consent_documents FROM conoceles_escritorio;
REVOKE DELETE ON sensitive.identity_answers FROM conoceles_escritorio;
DROP TABLE desk.retention_acts, sensitive.marks_origin, sensitive.candidacy_keys_blocked;
DROP TRIGGER consent_documents_kept ON sensitive.consent_documents;
DROP TRIGGER identity_answers_kept ON sensitive.identity_answers;
DROP TRIGGER identity_answers_append_only ON sensitive.identity_answers;
CREATE TRIGGER identity_answers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sensitive.identity_answers
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
DROP FUNCTION sensitive.refuse_unless_destroyed();
ALTER TABLE sensitive.key_destructions DROP COLUMN complete;
ALTER TABLE desk.processes DROP COLUMN suppressed_at, DROP COLUMN blocked_at, DROP COLUMN block_key, DROP COLUMN final_report_on,
  DROP COLUMN retention_months, DROP COLUMN identity_until;
