-- Suspicions: confidential records of facts that may have to be reported to the authorities. Only leads, and people
-- that an entry allows, can read them; audit records, counts, lists and exports for others do not contain them.
CREATE TABLE suspicion (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	cause TEXT NOT NULL CHECK (cause IN ('reported', 'sanctions_match', 'rejection', 'document')),
	opened_by TEXT NOT NULL,
	opened_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL, -- when it must be decided
	closed_at INTEGER, -- NULL: open
	closed_by TEXT NOT NULL DEFAULT '',
	filed INTEGER NOT NULL DEFAULT 0 CHECK (filed IN (0, 1)) -- reported to the authorities
) STRICT;
CREATE UNIQUE INDEX suspicion_open ON suspicion (session_id) WHERE closed_at IS NULL;
CREATE INDEX suspicion_due ON suspicion (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX suspicion_session ON suspicion (session_id, id);

-- The log of a suspicion: append-only. The last entry about a person decides whether the person may read the
-- suspicion.
CREATE TABLE suspicion_entry (
	id INTEGER PRIMARY KEY,
	suspicion_id INTEGER NOT NULL REFERENCES suspicion (id),
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	act TEXT NOT NULL CHECK (act IN ('report', 'note', 'allow', 'revoke', 'close')),
	about TEXT NOT NULL DEFAULT '', -- allow, revoke: the person
	text TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX suspicion_entry_of ON suspicion_entry (suspicion_id, id);
CREATE INDEX suspicion_entry_about ON suspicion_entry (suspicion_id, about, id) WHERE about <> '';
CREATE TRIGGER suspicion_entry_no_update BEFORE UPDATE ON suspicion_entry BEGIN
	SELECT raise(ABORT, 'entries of a suspicion are append-only');
END;
