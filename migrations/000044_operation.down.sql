DROP TABLE desk.backups;
ALTER TABLE site.mode DROP COLUMN operation;
