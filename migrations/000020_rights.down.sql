DROP TABLE desk.docket_versions, desk.docket_entries, sensitive.arco_steps, sensitive.arco_requests, desk.arco_origins, desk.days_off;
ALTER TABLE desk.processes
  DROP COLUMN arco_prevent_days, DROP COLUMN arco_remedy_days, DROP COLUMN arco_answer_days, DROP COLUMN arco_extension_days,
  DROP COLUMN arco_effect_days, DROP COLUMN arco_daily_limit, DROP COLUMN arco_address_limit;
