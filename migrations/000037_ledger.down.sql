ALTER TABLE audit.leaves DROP CONSTRAINT leaves_seal;
DROP INDEX audit.entries_account, audit.entries_process;
DROP TABLE audit.seals, audit.chain_checkpoints, audit.chain_hashes, audit.chain;
