-- Rules changed: steps with typed fields alone verify nobody, and a company is counted again when a document of an
-- owner's KYC expires. So first blockers of undecided cases, and the times until which they are valid, may change.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
