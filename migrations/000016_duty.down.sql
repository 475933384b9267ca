DROP TABLE desk.referrals;
DROP TABLE desk.reminder_items;
DROP TABLE desk.reminders;
DROP TABLE desk.duty_runs;
DROP TABLE desk.duty_items;
DROP TABLE desk.duty_notices;
DROP TABLE desk.duty_templates;
ALTER TABLE desk.processes DROP COLUMN reminder_days, DROP COLUMN notice_oficio, DROP COLUMN notice_early_days, DROP COLUMN notice_days;
