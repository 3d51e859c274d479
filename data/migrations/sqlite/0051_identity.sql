-- Keys of similar subjects: the program fills them in anew (identity_add_key()), and now for persons too. The key of a
-- company begins with its country; a person may move.
DROP INDEX session_likeness;
CREATE INDEX session_likeness ON session (likeness_key, id) WHERE likeness_key <> '';
-- A person under another user or spelling is a possible duplicate, so first blockers may change.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
