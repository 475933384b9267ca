package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// DumpSchema describes the schemas desk, sensitive, site and audit as text: what
// they contain, the constraints, the comments and who may do what. It is our
// own, because pg_dump is not on every machine and its text changes between
// versions: the same migrations give the same bytes on PostgreSQL 15 to 18, so a
// golden file can hold it, and up, down, up can be compared.
//
// It is read by people in code reviews: one line per fact, objects in order of
// name, columns in their own order.
func DumpSchema(ctx context.Context, url string) (text string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", fmt.Errorf("connect to dump the schema: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	// With an empty path PostgreSQL qualifies every name that it prints.
	if _, err := conn.Exec(ctx, `SET search_path = ''`); err != nil {
		return "", fmt.Errorf("dump the schema: %w", err)
	}
	rows, err := conn.Query(ctx, dumpQuery)
	if err != nil {
		return "", fmt.Errorf("dump the schema: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[dumpLine])
	if err != nil {
		return "", fmt.Errorf("dump the schema: %w", err)
	}
	return layOut(lines), nil
}

// dumpLine is a fact about an object; facts come sorted.
type dumpLine struct {
	Object string // "table desk.candidacies"
	Fact   string // "column slug text NOT NULL", empty for the object itself
	Note   string // the comment, if any
}

// layOut writes each object on a line of its own, its facts indented below.
func layOut(lines []dumpLine) string {
	var b strings.Builder
	for _, l := range lines {
		if l.Fact == "" {
			b.WriteString("\n" + l.Object)
		} else {
			b.WriteString("    " + strings.ReplaceAll(strings.TrimRight(l.Fact, "\n"), "\n", "\n        "))
		}
		if l.Note != "" {
			b.WriteString(" -- " + l.Note)
		}
		b.WriteString("\n")
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// dumpQuery gathers the facts. Each SELECT adds those of one kind; "rank" keeps
// the kinds apart below an object and "seq" orders within the kind. Objects that
// an extension owns are left out. NOT NULL is told with its column: since
// PostgreSQL 18 it is a constraint too, before it is not.
const dumpQuery = `
WITH ours AS (
  SELECT oid, nspname, nspacl, nspowner FROM pg_catalog.pg_namespace
  WHERE nspname IN ('desk', 'sensitive', 'site', 'audit')
), rel AS (
  SELECT c.oid, c.relkind, c.relacl, c.relowner, c.reloptions,
    CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view'
      WHEN 'm' THEN 'materialized view' ELSE 'sequence' END
    || ' ' || ours.nspname || '.' || c.relname AS object
  FROM pg_catalog.pg_class c JOIN ours ON ours.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
), fn AS (
  SELECT p.oid, p.proacl, p.proowner, p.prokind,
    'function ' || ours.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS object
  FROM pg_catalog.pg_proc p JOIN ours ON ours.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p') AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
), typ AS (
  SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault,
    CASE t.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END || ' ' || ours.nspname || '.' || t.typname AS object
  FROM pg_catalog.pg_type t JOIN ours ON ours.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd')
), acl AS (
  -- Who was granted what, with the defaults that an absent list stands for.
  SELECT 'schema ' || nspname AS object, nspowner AS owner, '' AS of,
    pg_catalog.aclexplode(coalesce(nspacl, pg_catalog.acldefault('n', nspowner))) AS a FROM ours
  UNION ALL
  SELECT object, relowner, '', pg_catalog.aclexplode(coalesce(relacl,
    pg_catalog.acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) FROM rel
  UNION ALL
  SELECT object, relowner, ' (' || attname || ')', pg_catalog.aclexplode(attacl)
    FROM rel JOIN pg_catalog.pg_attribute ON attrelid = rel.oid AND attacl IS NOT NULL
  UNION ALL
  SELECT object, proowner, '', pg_catalog.aclexplode(coalesce(proacl, pg_catalog.acldefault('f', proowner))) FROM fn
  UNION ALL
  SELECT 'schema ' || nspname, defaclrole, ' ON NEW ' || CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
      WHEN 'f' THEN 'FUNCTIONS' ELSE 'TYPES' END, pg_catalog.aclexplode(defaclacl)
    FROM ours JOIN pg_catalog.pg_default_acl ON defaclnamespace = ours.oid
), facts (object, rank, seq, name, fact, note) AS (
  SELECT 'schema ' || nspname, 0, 0, '', '', pg_catalog.obj_description(oid, 'pg_namespace') FROM ours
  UNION ALL
  SELECT object, 0, 0, '', '', pg_catalog.obj_description(oid, 'pg_class') FROM rel
  UNION ALL
  SELECT object, 0, 0, '', '', pg_catalog.obj_description(oid, 'pg_proc') FROM fn
  UNION ALL
  SELECT object, 0, 0, '', '', pg_catalog.obj_description(oid, 'pg_type') FROM typ
  UNION ALL
  SELECT 'schema ' || nspname, 1, 0, '', 'owner ' || pg_catalog.pg_get_userbyid(nspowner), NULL FROM ours
  UNION ALL
  SELECT object, 1, 0, '', 'owner ' || pg_catalog.pg_get_userbyid(relowner), NULL FROM rel
  UNION ALL
  SELECT object, 1, 0, '', 'owner ' || pg_catalog.pg_get_userbyid(proowner), NULL FROM fn
  UNION ALL
  SELECT object, 1, 1, option, 'option ' || option, NULL FROM rel, pg_catalog.unnest(reloptions) option
  UNION ALL
  SELECT object, 2, attnum, '', 'column ' || attname || ' ' || pg_catalog.format_type(atttypid, atttypmod)
      || CASE WHEN attcollation <> 0 AND attcollation <> typcollation
           THEN ' COLLATE ' || (SELECT pg_catalog.quote_ident(collname) FROM pg_catalog.pg_collation WHERE oid = attcollation) ELSE '' END
      || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
      || CASE attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END
      || CASE WHEN attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(adbin, adrelid) || ') STORED'
           WHEN adbin IS NOT NULL THEN ' DEFAULT ' || pg_catalog.pg_get_expr(adbin, adrelid) ELSE '' END,
    pg_catalog.col_description(attrelid, attnum)
  FROM rel JOIN pg_catalog.pg_attribute ON attrelid = rel.oid AND attnum > 0 AND NOT attisdropped AND relkind <> 'S'
    JOIN pg_catalog.pg_type t ON t.oid = atttypid
    LEFT JOIN pg_catalog.pg_attrdef ON adrelid = attrelid AND adnum = attnum
  UNION ALL
  SELECT object, 2, 0, '', pg_catalog.pg_get_viewdef(rel.oid), NULL FROM rel WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT object, 2, 0, '', pg_catalog.pg_get_functiondef(oid), NULL FROM fn
  UNION ALL
  SELECT object, 2, 0, '', 'values ' || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
    FROM pg_catalog.pg_enum WHERE enumtypid = typ.oid), NULL FROM typ WHERE typtype = 'e'
  UNION ALL
  SELECT object, 2, 0, '', 'as ' || pg_catalog.format_type(typbasetype, typtypmod)
    || CASE WHEN typnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || typdefault, ''), NULL FROM typ WHERE typtype = 'd'
  UNION ALL
  SELECT object, 3, 0, conname, 'constraint ' || conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid), pg_catalog.obj_description(c.oid, 'pg_constraint')
  FROM rel JOIN pg_catalog.pg_constraint c ON conrelid = rel.oid AND contype NOT IN ('n', 't')
  UNION ALL
  SELECT object, 3, 0, conname, 'constraint ' || conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid), pg_catalog.obj_description(c.oid, 'pg_constraint')
  FROM typ JOIN pg_catalog.pg_constraint c ON contypid = typ.oid AND contype <> 'n'
  UNION ALL
  -- Indexes that a constraint made are told by it.
  SELECT object, 4, 0, pg_catalog.pg_get_indexdef(indexrelid), 'index ' || pg_catalog.pg_get_indexdef(indexrelid), pg_catalog.obj_description(indexrelid, 'pg_class')
  FROM rel JOIN pg_catalog.pg_index ON indrelid = rel.oid
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT object, 5, 0, tgname, 'trigger ' || pg_catalog.pg_get_triggerdef(t.oid)
    || CASE tgenabled WHEN 'D' THEN ' DISABLED' WHEN 'A' THEN ' ALWAYS' WHEN 'R' THEN ' REPLICA' ELSE '' END, NULL
  FROM rel JOIN pg_catalog.pg_trigger t ON tgrelid = rel.oid AND NOT tgisinternal
  UNION ALL
  -- MAINTAIN appeared in 17, and only the owner has it.
  SELECT object, 6, 0, grantee || of, 'grant ' || pg_catalog.string_agg(privilege, ', ' ORDER BY privilege) || of || ' TO ' || grantee, NULL
  FROM (
    SELECT object, of, owner, (a).grantee AS oid, (a).privilege_type || CASE WHEN (a).is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS privilege,
      CASE (a).grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid((a).grantee) END AS grantee
    FROM acl
  ) g WHERE g.oid <> owner
  GROUP BY object, of, grantee
)
SELECT object, fact, coalesce(note, '') AS note FROM facts
ORDER BY pg_catalog.split_part(object, ' ', 1) <> 'schema', object COLLATE "C", rank, seq, name COLLATE "C", fact COLLATE "C"`
