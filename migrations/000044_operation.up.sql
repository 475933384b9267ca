-- How the system works in a bad hour, and what was kept of it for a worse one.
-- The mode is a row that every node reads, so that one command changes all of
-- them; a backup leaves its line, so that the lack of one can be seen.
ALTER TABLE site.mode
  ADD COLUMN operation text NOT NULL DEFAULT 'normal'
    CONSTRAINT mode_operation CHECK (operation IN ('normal', 'solo_lectura', 'mantenimiento'));
COMMENT ON COLUMN site.mode.operation IS 'normal; solo_lectura: no se captura ni se modifica, salvo retirar un consentimiento; mantenimiento: sólo se dice que volverá';
GRANT UPDATE (operation) ON site.mode TO conoceles_escritorio;

CREATE TABLE desk.backups (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL CONSTRAINT backups_kind CHECK (kind IN ('respaldo', 'restauracion')),
  at       timestamptz NOT NULL,
  taken_at timestamptz NOT NULL,
  tables   int NOT NULL,
  rows     bigint NOT NULL,
  bytes    bigint NOT NULL,
  seconds  double precision NOT NULL
);
COMMENT ON TABLE desk.backups IS 'Respaldos que se hicieron y restauraciones de esta base de datos';
COMMENT ON COLUMN desk.backups.id IS 'Identificador';
COMMENT ON COLUMN desk.backups.kind IS 'respaldo o restauracion';
COMMENT ON COLUMN desk.backups.at IS 'Cuándo terminó';
COMMENT ON COLUMN desk.backups.taken_at IS 'Instante de los datos que contiene';
COMMENT ON COLUMN desk.backups.tables IS 'Tablas copiadas';
COMMENT ON COLUMN desk.backups.rows IS 'Renglones copiados';
COMMENT ON COLUMN desk.backups.bytes IS 'Tamaño en disco, cifrado; cero en una restauración';
COMMENT ON COLUMN desk.backups.seconds IS 'Cuánto tardó, en segundos';
CREATE INDEX backups_kind_at ON desk.backups (kind, at DESC);
GRANT SELECT, INSERT ON desk.backups TO conoceles_escritorio;
