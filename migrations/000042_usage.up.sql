-- How much the public site is used, without following anybody: counts by day and
-- class of page, and nothing of who looks, from where, at what, or with what.
CREATE TABLE desk.usage_counts (
  process_id bigint NOT NULL REFERENCES desk.processes,
  day        date NOT NULL,
  class      text NOT NULL CONSTRAINT usage_counts_class CHECK (class IN ('portada', 'busqueda', 'ficha', 'comparacion', 'boleta',
             'estadisticas', 'avance', 'datos', 'ayuda', 'impresion', 'descarga')),
  seen       bigint NOT NULL CONSTRAINT usage_counts_seen CHECK (seen >= 0),
  arrivals   bigint NOT NULL CONSTRAINT usage_counts_arrivals CHECK (arrivals BETWEEN 0 AND seen),
  PRIMARY KEY (process_id, day, class)
);
COMMENT ON TABLE desk.usage_counts IS 'Uso del sitio público: cuentas por día y clase de página; ningún dato de quien consulta';
COMMENT ON COLUMN desk.usage_counts.process_id IS 'Proceso electoral';
COMMENT ON COLUMN desk.usage_counts.day IS 'Día';
COMMENT ON COLUMN desk.usage_counts.class IS 'Clase de página; nunca cuál';
COMMENT ON COLUMN desk.usage_counts.seen IS 'Páginas vistas o archivos descargados';
COMMENT ON COLUMN desk.usage_counts.arrivals IS 'Visitas: páginas a las que se llegó de fuera del sitio';

GRANT SELECT, INSERT, UPDATE (seen, arrivals) ON desk.usage_counts TO conoceles_escritorio;
