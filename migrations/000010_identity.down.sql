DROP TABLE sensitive.key_destructions;
DROP TABLE sensitive.identity_drafts;
DROP TABLE sensitive.identity_answers;
DROP TABLE sensitive.candidacy_keys;
