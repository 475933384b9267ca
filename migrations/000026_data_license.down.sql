ALTER TABLE site.processes DROP COLUMN data_license, DROP COLUMN data_license_url;
ALTER TABLE desk.processes DROP COLUMN data_license, DROP COLUMN data_license_url;
