-- Processing by the system, attempts, and changes by corrections.

ALTER TABLE session ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1; -- number of the current attempt
ALTER TABLE session ADD COLUMN processing_since INTEGER;
ALTER TABLE session ADD COLUMN process_at INTEGER; -- when the system processes the session next
CREATE INDEX session_process ON session (process_at, id) WHERE process_at IS NOT NULL;

-- Ended attempts with their results: rejected, error or timeout. The current attempt is the session itself.
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

-- JSON: fields and documents at the time of the request for correction, and as the client returned them.
ALTER TABLE correction ADD COLUMN before TEXT NOT NULL DEFAULT '';
ALTER TABLE correction ADD COLUMN after TEXT NOT NULL DEFAULT '';

-- A separate link for one requested document; '' is the link of the session.
ALTER TABLE access_link ADD COLUMN document_type TEXT NOT NULL DEFAULT '';

-- Sessions in processing are checked at once after the upgrade.
UPDATE session SET processing_since = updated_at, process_at = updated_at WHERE status = 'processing';
