-- Row commitments (docs/store.md, "Row commitments"): a hash of each row that a transaction of the program changed, covered by
-- the audit record of that transaction. Rows that exist now are committed by the program at the end of the upgrade.

-- Random bytes in the hashes of the rows of a session or of a subject. They are erased with the row; after that,
-- the content of the row cannot be found from its hash.
ALTER TABLE session ADD COLUMN salt BLOB;
ALTER TABLE subject ADD COLUMN salt BLOB;
UPDATE session SET salt = randomblob(16);
UPDATE subject SET salt = randomblob(16);

CREATE TABLE row_commitment (
	id INTEGER PRIMARY KEY, -- from 1, without gaps
	seq INTEGER NOT NULL, -- the audit record that covers it; the head's number + 1: the next one will
	name TEXT NOT NULL, -- the table
	key INTEGER NOT NULL, -- the row's primary key; 0: the whole table (store_info)
	hash BLOB NOT NULL -- SHA-256; empty: the row was deleted
) STRICT;
CREATE TRIGGER row_commitment_no_update BEFORE UPDATE ON row_commitment BEGIN
	SELECT raise(ABORT, 'row commitments are append-only');
END;
CREATE TRIGGER row_commitment_no_delete BEFORE DELETE ON row_commitment BEGIN
	SELECT raise(ABORT, 'row commitments are append-only');
END;

-- The chained hash of the record's commitments; NULL: none. In the head: of the commitments that the next record
-- will cover.
ALTER TABLE audit_event ADD COLUMN rows_sha256 BLOB;
ALTER TABLE chain_head ADD COLUMN rows_sha256 BLOB;
