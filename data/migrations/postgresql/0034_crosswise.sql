-- A registration number given as tax id is a duplicate, too: the first blockers of undecided cases may be others.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
