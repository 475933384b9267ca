package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"conoceles/internal/db"
	"conoceles/internal/db/dbtest"
)

// Everything that DumpSchema promises to tell, in its own order, whatever order
// it was made in; and what it must leave out.
func TestDumpSchema(t *testing.T) {
	pg := dbtest.NewEmpty(t)
	exec(t, pg.OwnerURL, `
CREATE SCHEMA site;
CREATE SCHEMA desk;
CREATE SCHEMA aside;
CREATE EXTENSION unaccent SCHEMA site;
COMMENT ON SCHEMA desk IS 'Escritorio';
GRANT USAGE ON SCHEMA desk TO conoceles_escritorio;
CREATE TABLE aside.unseen ();
CREATE TYPE desk.state AS ENUM ('borrador', 'validada');
CREATE DOMAIN desk.slug AS text CONSTRAINT slug_form CHECK (VALUE ~ '^[a-z-]+$');
CREATE TABLE desk.zeta (id int PRIMARY KEY);
CREATE TABLE desk.alfa (
  id bigint GENERATED ALWAYS AS IDENTITY,
  slug desk.slug NOT NULL,
  name text COLLATE "es-MX-x-icu" DEFAULT 'sin nombre',
  length int GENERATED ALWAYS AS (length(name)) STORED,
  zeta int CONSTRAINT alfa_zeta REFERENCES desk.zeta,
  CONSTRAINT alfa_length CHECK (length < 10)
);
COMMENT ON TABLE desk.alfa IS 'La primera';
COMMENT ON COLUMN desk.alfa.name IS 'Nombre completo';
CREATE UNIQUE INDEX alfa_slug ON desk.alfa (slug) WHERE zeta IS NULL;
CREATE FUNCTION desk.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
  RETURN NULL;
END';
REVOKE EXECUTE ON FUNCTION desk.refuse() FROM PUBLIC;
CREATE TRIGGER append_only BEFORE UPDATE ON desk.zeta FOR EACH ROW EXECUTE FUNCTION desk.refuse();
CREATE VIEW site.names WITH (security_barrier) AS SELECT name FROM desk.alfa;
GRANT INSERT, SELECT ON desk.alfa TO conoceles_escritorio;
GRANT UPDATE (zeta) ON desk.alfa TO conoceles_escritorio;
GRANT SELECT ON site.names TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA site GRANT SELECT ON TABLES TO conoceles_sitio;`)

	const want = `schema desk -- Escritorio
    owner conoceles_duena
    grant USAGE TO conoceles_escritorio

schema site
    owner conoceles_duena
    grant SELECT ON NEW TABLES TO conoceles_sitio

domain desk.slug
    as text
    constraint slug_form CHECK ((VALUE ~ '^[a-z-]+$'::text))

enum desk.state
    values 'borrador', 'validada'

function desk.refuse()
    owner conoceles_duena
    CREATE OR REPLACE FUNCTION desk.refuse()
         RETURNS trigger
         LANGUAGE plpgsql
        AS $function$BEGIN
          RETURN NULL;
        END$function$

sequence desk.alfa_id_seq
    owner conoceles_duena

table desk.alfa -- La primera
    owner conoceles_duena
    column id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
    column slug desk.slug NOT NULL
    column name text COLLATE "es-MX-x-icu" DEFAULT 'sin nombre'::text -- Nombre completo
    column length integer GENERATED ALWAYS AS (length(name)) STORED
    column zeta integer
    constraint alfa_length CHECK ((length < 10))
    constraint alfa_zeta FOREIGN KEY (zeta) REFERENCES desk.zeta(id)
    index CREATE UNIQUE INDEX alfa_slug ON desk.alfa USING btree (slug) WHERE (zeta IS NULL)
    grant INSERT, SELECT TO conoceles_escritorio
    grant UPDATE (zeta) TO conoceles_escritorio

table desk.zeta
    owner conoceles_duena
    column id integer NOT NULL
    constraint zeta_pkey PRIMARY KEY (id)
    trigger CREATE TRIGGER append_only BEFORE UPDATE ON desk.zeta FOR EACH ROW EXECUTE FUNCTION desk.refuse()

view site.names
    owner conoceles_duena
    option security_barrier=true
     SELECT alfa.name
           FROM desk.alfa;
    column name text COLLATE "es-MX-x-icu"
    grant SELECT TO PUBLIC
`
	got, err := db.DumpSchema(t.Context(), pg.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// The superuser sees the same, and so does whoever comes later.
	again, err := db.DumpSchema(t.Context(), pg.SuperURL)
	if err != nil || again != got {
		t.Errorf("as superuser the dump differs (%v):\n%s", err, cmp.Diff(got, again))
	}
}
