DROP TABLE desk.passkeys;
