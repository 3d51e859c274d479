-- What the system does by itself, attempts, and what corrections changed.

ALTER TABLE session ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1; -- the present one
ALTER TABLE session ADD COLUMN processing_since INTEGER;
ALTER TABLE session ADD COLUMN process_at INTEGER; -- when the system looks at it next
CREATE INDEX session_process ON session (process_at, id) WHERE process_at IS NOT NULL;

-- Attempts that are over, with how they ended: rejected, error or timeout. The present one is the session itself.
CREATE TABLE attempt (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	number INTEGER NOT NULL,
	submitted_at INTEGER,
	ended_at INTEGER,
	result TEXT NOT NULL CHECK (result IN ('rejected', 'error', 'timeout')),
	reason TEXT NOT NULL DEFAULT '',
	message TEXT NOT NULL DEFAULT '',
	retryable INTEGER NOT NULL DEFAULT 0,
	UNIQUE (session_id, number)
) STRICT;

-- JSON: fields and documents as they were when they were asked about, and as they came back.
ALTER TABLE correction ADD COLUMN before TEXT NOT NULL DEFAULT '';
ALTER TABLE correction ADD COLUMN after TEXT NOT NULL DEFAULT '';

-- A link of its own for one document that was asked for; '' is the session's.
ALTER TABLE access_link ADD COLUMN document_type TEXT NOT NULL DEFAULT '';

-- Those that are being processed are looked at once.
UPDATE session SET processing_since = updated_at, process_at = updated_at WHERE status = 'processing';
