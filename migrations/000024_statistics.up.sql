-- What the public statistics count, beside the answers: the state of each answer
-- and the status of studies, small and derived by the database itself, so that
-- counting five thousand candidacies reads none of their texts; and since when
-- each questionnaire is public, for the daily series.
CREATE FUNCTION site.answer_states(answers jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT COALESCE(pg_catalog.jsonb_object_agg(a.key, a.value -> 'estado'), '{}') FROM pg_catalog.jsonb_each($1) a $$;
COMMENT ON FUNCTION site.answer_states(jsonb) IS 'Estado de cada respuesta curricular, sin su texto';
REVOKE EXECUTE ON FUNCTION site.answer_states(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION site.answer_states(jsonb) TO conoceles_escritorio;

ALTER TABLE site.profiles
  ADD COLUMN first_published_on date,
  ADD COLUMN states jsonb GENERATED ALWAYS AS (site.answer_states(answers)) STORED,
  ADD COLUMN degree_status text GENERATED ALWAYS AS (
    CASE WHEN answers #>> '{estatus_estudios,estado}' = 'publicada' THEN COALESCE(answers #>> '{estatus_estudios,respuesta}', '') ELSE '' END) STORED;

UPDATE site.profiles p SET first_published_on = (GREATEST(r.published_at,
    (SELECT min(v.at) FROM desk.validations v WHERE v.candidacy_id = c.id),
    CASE WHEN r.publish_requires = 'verificacion_ut' THEN (SELECT min(w.decided_at) FROM desk.reviews w WHERE w.candidacy_id = c.id AND w.state = 'aprobada'
      AND NOT EXISTS (SELECT 1 FROM desk.remarks k WHERE k.review_id = w.id AND k.outcome = 'observar')) END)
  AT TIME ZONE 'America/Mexico_City')::date
FROM site.candidacies c JOIN desk.processes r ON r.id = c.process_id WHERE c.id = p.candidacy_id;
ALTER TABLE site.profiles ALTER COLUMN first_published_on SET NOT NULL;

COMMENT ON COLUMN site.profiles.first_published_on IS 'Fecha en que el cuestionario se hizo público por primera vez';
COMMENT ON COLUMN site.profiles.states IS 'Por pregunta: su estado, derivado de las respuestas';
COMMENT ON COLUMN site.profiles.degree_status IS 'Estatus de estudios publicado, derivado de las respuestas';
