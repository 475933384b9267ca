DROP TABLE desk.conflicts;
