DROP TABLE audit.leaves, site.log_keys, site.log_checkpoints, site.log_hashes, site.log_leaves, site.versions, desk.publications;
DROP FUNCTION desk.refuse_unless_forgotten();
