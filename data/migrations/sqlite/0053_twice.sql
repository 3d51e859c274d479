-- Approved cases are listed in which two parties are, or may be, one person or company, and nobody said so. The cases
-- that may have such parties are counted; the approvals stand.
INSERT INTO recount (session_id) SELECT DISTINCT s.id FROM session AS s JOIN party AS p ON p.session_id = s.id
	JOIN party AS q ON q.session_id = s.id AND q.id > p.id AND q.kind = p.kind
	WHERE s.status = 'approved' AND p.removed_at IS NULL AND q.removed_at IS NULL AND (p.kind = 'company'
	OR p.date_of_birth = q.date_of_birth OR length(p.date_of_birth) <> length(q.date_of_birth)
	OR substr(p.tax_id, length(p.tax_id)) = substr(q.tax_id, length(q.tax_id)))
	ON CONFLICT (session_id) DO NOTHING;
