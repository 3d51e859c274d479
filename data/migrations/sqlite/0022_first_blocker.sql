-- The gate's first blocker, for lists: its code; '' if nothing blocks; NULL if the case is decided or not counted
-- yet.
ALTER TABLE session ADD COLUMN blocker TEXT;
ALTER TABLE session ADD COLUMN sanctions_match INTEGER NOT NULL DEFAULT 0;
-- The time from which a document or a check is too old: then the case is counted again.
ALTER TABLE session ADD COLUMN counted_until INTEGER;
CREATE INDEX session_blocker ON session (top, blocker) WHERE blocker IS NOT NULL;
CREATE INDEX session_counted_until ON session (counted_until, id) WHERE counted_until IS NOT NULL;
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
