-- What programs ask of the API is counted apart from pages and files: one question
-- of a program is neither a page that somebody saw nor a file that they took.
ALTER TABLE desk.usage_counts DROP CONSTRAINT usage_counts_class,
  ADD CONSTRAINT usage_counts_class CHECK (class IN ('portada', 'busqueda', 'ficha', 'comparacion', 'boleta',
             'estadisticas', 'avance', 'datos', 'ayuda', 'impresion', 'descarga', 'api'));
COMMENT ON COLUMN desk.usage_counts.seen IS 'Páginas vistas, archivos descargados o consultas de la API';
