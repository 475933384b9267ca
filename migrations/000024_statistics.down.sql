ALTER TABLE site.profiles DROP COLUMN degree_status, DROP COLUMN states, DROP COLUMN first_published_on;
DROP FUNCTION site.answer_states(jsonb);
