-- The terms under which the open data of a process is used: a text of the
-- institute, so a parameter of the process and not of the program.
ALTER TABLE desk.processes
  ADD COLUMN data_license text NOT NULL DEFAULT 'Creative Commons Atribución 4.0 Internacional (CC BY 4.0)'
    CONSTRAINT processes_data_license CHECK (length(btrim(data_license)) BETWEEN 1 AND 200),
  ADD COLUMN data_license_url text NOT NULL DEFAULT 'https://creativecommons.org/licenses/by/4.0/deed.es'
    CONSTRAINT processes_data_license_url CHECK (data_license_url ~ '^https?://');
COMMENT ON COLUMN desk.processes.data_license IS 'Licencia de los datos abiertos';
COMMENT ON COLUMN desk.processes.data_license_url IS 'Dirección del texto de la licencia de los datos abiertos';

ALTER TABLE site.processes
  ADD COLUMN data_license text NOT NULL DEFAULT 'Creative Commons Atribución 4.0 Internacional (CC BY 4.0)',
  ADD COLUMN data_license_url text NOT NULL DEFAULT 'https://creativecommons.org/licenses/by/4.0/deed.es';
COMMENT ON COLUMN site.processes.data_license IS 'Licencia de los datos abiertos';
COMMENT ON COLUMN site.processes.data_license_url IS 'Dirección del texto de la licencia de los datos abiertos';
