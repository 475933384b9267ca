DROP TABLE desk.withheld_parts;
DROP TABLE desk.validations;
DROP TABLE desk.photos;
DROP TABLE desk.drafts;
DROP TABLE desk.answer_versions;
