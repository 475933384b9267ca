DROP SCHEMA audit;
DROP SCHEMA site;
DROP SCHEMA sensitive;
DROP SCHEMA desk;
DROP EXTENSION pg_trgm;
REVOKE ALL ON SCHEMA public FROM conoceles_escritorio, conoceles_sitio;
