-- Approved cases are listed in which two parties are, or may be, one person or company, and nobody said so. Those that
-- may have such parties are marked; the recount compares the parties and removes the other marks. The approvals stand.
UPDATE session SET blocker = 'ownership_invalid' WHERE status = 'approved' AND id IN (SELECT p.session_id FROM party AS p
	JOIN party AS q ON q.session_id = p.session_id AND q.id > p.id AND q.kind = p.kind
	WHERE p.removed_at IS NULL AND q.removed_at IS NULL AND (p.kind = 'company'
	OR p.date_of_birth = q.date_of_birth OR length(p.date_of_birth) <> length(q.date_of_birth)
	OR substr(p.tax_id, length(p.tax_id)) = substr(q.tax_id, length(q.tax_id))));
INSERT INTO recount (session_id) SELECT id FROM session WHERE status = 'approved' AND blocker = 'ownership_invalid'
	ON CONFLICT (session_id) DO NOTHING;
