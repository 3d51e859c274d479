-- Typed steps alone verify nobody, and a company is counted anew when a document of an owner's KYC expires: the first blockers of
-- undecided cases, and the times until which they hold, may be others.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
