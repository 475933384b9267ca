-- The monthly report (R-1) and the use of the site (R-10) become cuts like the
-- others. They are of some days, which the request says: a cut keeps its request.
ALTER TABLE desk.report_jobs
  ADD COLUMN from_on  date,
  ADD COLUMN until_on date,
  ADD CONSTRAINT report_jobs_period CHECK ((from_on IS NULL) = (until_on IS NULL) AND until_on >= from_on);
COMMENT ON COLUMN desk.report_jobs.from_on IS 'Primer día del periodo que se informa; vacío: el informe es de un instante';
COMMENT ON COLUMN desk.report_jobs.until_on IS 'Último día del periodo que se informa';
