-- A confirmed purge: users with cases that are still to be erased, and what is to be removed after them: bytes of
-- erased documents by their hash, "index" for their words in the search index. Both are empty when it has ended; a purge that was stopped continues with them.
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
