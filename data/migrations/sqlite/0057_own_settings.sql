-- A reviewer who works over SSH also has settings and keys of his own here.
ALTER TABLE reviewer_setting RENAME TO old_reviewer_setting;
CREATE TABLE reviewer_setting (
	id INTEGER PRIMARY KEY,
	reviewer_id INTEGER NOT NULL REFERENCES reviewer (id),
	kind TEXT NOT NULL CHECK (kind IN ('view', 'draft', 'setting', 'key')),
	name TEXT NOT NULL,
	value TEXT NOT NULL, -- JSON
	at INTEGER NOT NULL
) STRICT;
INSERT INTO reviewer_setting SELECT * FROM old_reviewer_setting;
DROP TABLE old_reviewer_setting;
CREATE UNIQUE INDEX reviewer_setting_name ON reviewer_setting (reviewer_id, kind, name);
