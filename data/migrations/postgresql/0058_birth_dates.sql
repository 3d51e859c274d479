-- A name that is shortened may be the same: a recognised person is found by the birth date. Open cases are counted anew;
-- approved cases with two persons of one birth date are marked, and the recount removes the marks of other names.
CREATE INDEX session_birth ON session (date_of_birth, status, id) WHERE date_of_birth <> '';
UPDATE session SET blocker = 'ownership_invalid' WHERE status = 'approved' AND blocker IS NULL AND id IN
	(SELECT p.session_id FROM party AS p JOIN party AS q ON q.session_id = p.session_id AND q.id > p.id
	AND q.date_of_birth = p.date_of_birth WHERE p.kind = 'individual' AND q.kind = 'individual'
	AND p.date_of_birth <> '' AND p.removed_at IS NULL AND q.removed_at IS NULL);
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	OR (status = 'approved' AND blocker = 'ownership_invalid') ON CONFLICT (session_id) DO NOTHING;
