DELETE FROM desk.usage_counts WHERE class = 'api';
ALTER TABLE desk.usage_counts DROP CONSTRAINT usage_counts_class,
  ADD CONSTRAINT usage_counts_class CHECK (class IN ('portada', 'busqueda', 'ficha', 'comparacion', 'boleta',
             'estadisticas', 'avance', 'datos', 'ayuda', 'impresion', 'descarga'));
COMMENT ON COLUMN desk.usage_counts.seen IS 'Páginas vistas o archivos descargados';
