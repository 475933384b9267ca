DROP TABLE desk.imports;
DROP TABLE desk.slugs;
DROP TABLE desk.candidacies;
DROP TABLE desk.folio_counters;
DROP TABLE desk.persons;
