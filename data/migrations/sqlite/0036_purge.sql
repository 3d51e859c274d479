-- A confirmed purge: users with cases that are still to be erased, and data to be removed after the cases: bytes of
-- erased documents by their hash, "index" for their words in the search index. A purge that was stopped continues
-- with these rows; after its end both tables are empty.
CREATE TABLE purge_case (
	id INTEGER PRIMARY KEY,
	subject_id INTEGER NOT NULL UNIQUE REFERENCES subject (id),
	confirmed_by TEXT NOT NULL,
	confirmed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE purge_rest (
	id INTEGER PRIMARY KEY,
	part TEXT NOT NULL UNIQUE
) STRICT;
