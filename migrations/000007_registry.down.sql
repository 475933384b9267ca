REVOKE USAGE ON SEQUENCE desk.persons_id_seq, desk.candidacies_id_seq FROM conoceles_escritorio;
DROP TABLE desk.uploads;
ALTER TABLE desk.offices DROP COLUMN synonyms;
