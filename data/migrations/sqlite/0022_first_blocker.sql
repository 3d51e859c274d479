-- The gate's first blocker, for lists: its code, '' of a clean case, NULL of a decided one and of one that is not counted yet.
ALTER TABLE session ADD COLUMN blocker TEXT;
ALTER TABLE session ADD COLUMN sanctions_match INTEGER NOT NULL DEFAULT 0;
-- From then on a document or a check is too old, and the case is counted anew.
ALTER TABLE session ADD COLUMN counted_until INTEGER;
CREATE INDEX session_blocker ON session (top, blocker) WHERE blocker IS NOT NULL;
CREATE INDEX session_counted_until ON session (counted_until, id) WHERE counted_until IS NOT NULL;
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
