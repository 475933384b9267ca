DROP TABLE desk.usage_counts;
