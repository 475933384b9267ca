DROP TABLE site.report_cuts;
DROP TABLE desk.report_texts;
DROP TABLE desk.report_cuts;
DROP TABLE desk.report_jobs;
ALTER TABLE desk.processes DROP COLUMN stat_min_range, DROP COLUMN stat_rounding, DROP COLUMN stat_min_population, DROP COLUMN stat_min_residual;
