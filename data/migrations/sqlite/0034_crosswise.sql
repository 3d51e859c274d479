-- A registration number that equals another case's tax id makes a duplicate, too, so first blockers of undecided
-- cases may change.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
