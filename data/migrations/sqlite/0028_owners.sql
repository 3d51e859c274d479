-- The owner of a committed row: a session (its id), a subject (minus its id), or the desk (0). With it, the rows of
-- one case are compared with their last commitments before the desk changes one of them (docs/store.md, "Row
-- commitments").
ALTER TABLE row_commitment ADD COLUMN owner INTEGER;
DROP TRIGGER row_commitment_no_update;
UPDATE row_commitment SET owner = CASE name
	WHEN 'session' THEN key WHEN 'session_text' THEN key WHEN 'subject' THEN -key
	WHEN 'access_key' THEN 0 WHEN 'endpoint' THEN 0 WHEN 'merchant' THEN 0 WHEN 'reviewer' THEN 0 WHEN 'rule_text' THEN 0
	WHEN 'store_info' THEN 0 WHEN 'workflow' THEN 0
	WHEN 'hit' THEN (SELECT c.session_id FROM hit AS t JOIN check_result AS c ON c.id = t.check_id WHERE
		t.id = row_commitment.key)
	WHEN 'party_share' THEN (SELECT p.session_id FROM party_share AS t JOIN party AS p ON p.id = t.party_id WHERE
		t.id = row_commitment.key)
	WHEN 'access_link' THEN (SELECT t.session_id FROM access_link AS t WHERE t.id = row_commitment.key)
	WHEN 'alert' THEN (SELECT t.session_id FROM alert AS t WHERE t.id = row_commitment.key)
	WHEN 'attempt' THEN (SELECT t.session_id FROM attempt AS t WHERE t.id = row_commitment.key)
	WHEN 'check_result' THEN (SELECT t.session_id FROM check_result AS t WHERE t.id = row_commitment.key)
	WHEN 'contribution' THEN (SELECT coalesce(t.session_id, -t.subject_id) FROM contribution AS t WHERE
		t.id = row_commitment.key)
	WHEN 'correction' THEN (SELECT t.session_id FROM correction AS t WHERE t.id = row_commitment.key)
	WHEN 'decision' THEN (SELECT t.session_id FROM decision AS t WHERE t.id = row_commitment.key)
	WHEN 'document' THEN (SELECT t.session_id FROM document AS t WHERE t.id = row_commitment.key)
	WHEN 'duplicate_dismissal' THEN (SELECT t.session_id FROM duplicate_dismissal AS t WHERE t.id = row_commitment.key)
	WHEN 'note' THEN (SELECT t.session_id FROM note AS t WHERE t.id = row_commitment.key)
	WHEN 'party' THEN (SELECT t.session_id FROM party AS t WHERE t.id = row_commitment.key)
	WHEN 'step' THEN (SELECT t.session_id FROM step AS t WHERE t.id = row_commitment.key)
	END;
CREATE TRIGGER row_commitment_no_update BEFORE UPDATE ON row_commitment BEGIN
	SELECT raise(ABORT, 'row commitments are append-only');
END;
CREATE INDEX row_commitment_owner ON row_commitment (owner) WHERE owner IS NOT NULL;
