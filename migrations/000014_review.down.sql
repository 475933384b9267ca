DROP TABLE desk.corrections;
DROP TABLE desk.remarks;
DROP TABLE desk.reviews;
DROP TABLE desk.review_claims;
ALTER TABLE desk.processes
  DROP COLUMN review_days, DROP COLUMN remedy_days, DROP COLUMN correction_review_days, DROP COLUMN corrections_allowed;
