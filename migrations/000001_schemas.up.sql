-- The four schemas, and who may enter each. The public half enters only "site".
CREATE SCHEMA desk;
CREATE SCHEMA sensitive;
CREATE SCHEMA site;
CREATE SCHEMA audit;

COMMENT ON SCHEMA desk IS 'Escritorio: registro, captura, revisión y administración';
COMMENT ON SCHEMA sensitive IS 'Datos personales sensibles: cuestionario de identidad y consentimientos, cifrados';
COMMENT ON SCHEMA site IS 'Sitio de publicación: sólo lo que cualquier persona puede leer';
COMMENT ON SCHEMA audit IS 'Bitácora: quién hizo qué, sin borrar ni cambiar';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

GRANT USAGE ON SCHEMA public TO conoceles_escritorio, conoceles_sitio;
GRANT USAGE ON SCHEMA desk, sensitive, audit TO conoceles_escritorio;
GRANT USAGE ON SCHEMA site TO conoceles_escritorio, conoceles_sitio;
