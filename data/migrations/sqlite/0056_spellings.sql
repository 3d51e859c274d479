-- Keys of similar subjects: the program fills them in anew (identity_add_key()), since more spellings have one key.
-- A person under another spelling is a possible duplicate, so first blockers may change.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
