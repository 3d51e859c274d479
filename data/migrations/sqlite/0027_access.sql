-- SSH keys of reviewers, for access to the store (kybdesk access, docs/access.md).
CREATE TABLE access_key (
	id INTEGER PRIMARY KEY,
	reviewer_id INTEGER NOT NULL REFERENCES reviewer (id),
	type TEXT NOT NULL, -- "ssh-ed25519"
	body TEXT NOT NULL, -- base64
	comment TEXT NOT NULL,
	fingerprint TEXT NOT NULL UNIQUE, -- "SHA256:…": a key belongs to one reviewer
	added_at INTEGER NOT NULL,
	added_by TEXT NOT NULL
) STRICT;
CREATE INDEX access_key_reviewer ON access_key (reviewer_id, id);
-- Views and drafts of a reviewer that works over SSH, which replace the files of a local session.
CREATE TABLE reviewer_setting (
	id INTEGER PRIMARY KEY,
	reviewer_id INTEGER NOT NULL REFERENCES reviewer (id),
	kind TEXT NOT NULL CHECK (kind IN ('view', 'draft')),
	name TEXT NOT NULL,
	value TEXT NOT NULL, -- JSON
	at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX reviewer_setting_name ON reviewer_setting (reviewer_id, kind, name);
