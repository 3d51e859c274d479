-- Legal holds: a session under a legal hold, and all other sessions of its user, are neither erased nor purged.
CREATE TABLE legal_hold (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	reason TEXT NOT NULL,
	set_by TEXT NOT NULL,
	set_at INTEGER NOT NULL,
	released_at INTEGER, -- NULL: in force
	released_by TEXT NOT NULL DEFAULT '',
	release_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX legal_hold_in_force ON legal_hold (session_id) WHERE released_at IS NULL;
CREATE INDEX legal_hold_session ON legal_hold (session_id, id);
