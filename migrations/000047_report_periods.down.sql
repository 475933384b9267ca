ALTER TABLE desk.report_jobs
  DROP CONSTRAINT report_jobs_period,
  DROP COLUMN from_on,
  DROP COLUMN until_on;
