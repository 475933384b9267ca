DROP TABLE desk.acts;
DROP TABLE audit.entries;
DROP FUNCTION audit.refuse_change();
DROP TABLE desk.submissions;
DROP TABLE desk.login_failures;
DROP TABLE desk.sessions;
DROP TABLE desk.grants;
DROP TABLE desk.accounts;
