-- Answers of reviewers, whether two parties of a case are one person or company.
ALTER TABLE party ADD COLUMN pair_answers TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Parties that may be one are a blocker now, and parties that are the same are one owner.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
