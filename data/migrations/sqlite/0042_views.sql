-- The views for reports (docs/reports.md): their columns stay, and later versions add columns at the end. On a
-- server the views are in the schema kybdesk_v1, created by kybdesk grants reader. Here personal data is masked.
CREATE VIEW kybdesk_v1_merchants AS SELECT m.name AS merchant,
	strftime('%Y-%m-%dT%H:%M:%fZ', m.created_at / 1000.0, 'unixepoch') AS created_at
	FROM merchant AS m;
CREATE VIEW kybdesk_v1_cases AS SELECT s.uuid AS id, m.name AS merchant, NULL AS reference, s.workflow, s.kind,
	p.uuid AS parent_id, s.status, s.compliance_status,
	CASE s.subject_name WHEN '' THEN '' ELSE substr(s.subject_name, 1, 1) || '***' END AS subject_name,
	s.country, s.risk_score, s.attempt, s.hidden AS hidden_from_merchant,
	s.documents_total, s.documents_accepted, s.parties_total, s.parties_verified, NULL AS tags,
	strftime('%Y-%m-%dT%H:%M:%fZ', s.created_at / 1000.0, 'unixepoch') AS created_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', s.submitted_at / 1000.0, 'unixepoch') AS submitted_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', s.updated_at / 1000.0, 'unixepoch') AS updated_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', s.expires_at / 1000.0, 'unixepoch') AS expires_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', s.due_at / 1000.0, 'unixepoch') AS due_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', s.decided_at / 1000.0, 'unixepoch') AS decided_at
	FROM session AS s JOIN merchant AS m ON m.id = s.merchant_id LEFT JOIN session AS p ON p.id = s.parent_id;
CREATE VIEW kybdesk_v1_decisions AS SELECT s.uuid AS case_id, d.number, d.kind, d.role, NULL AS decided_by,
	NULL AS reason, d.retryable, d.imported, d.first_approval, d.undone,
	strftime('%Y-%m-%dT%H:%M:%fZ', d.decided_at / 1000.0, 'unixepoch') AS decided_at
	FROM decision AS d JOIN session AS s ON s.id = d.session_id;
CREATE VIEW kybdesk_v1_attempts AS SELECT s.uuid AS case_id, a.number, a.result,
	strftime('%Y-%m-%dT%H:%M:%fZ', a.submitted_at / 1000.0, 'unixepoch') AS submitted_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', a.ended_at / 1000.0, 'unixepoch') AS ended_at
	FROM attempt AS a JOIN session AS s ON s.id = a.session_id;
CREATE VIEW kybdesk_v1_documents AS SELECT d.uuid AS id, s.uuid AS case_id, d.category, d.type, d.upload,
	d.review, d.replaced, d.size_bytes,
	strftime('%Y-%m-%dT%H:%M:%fZ', d.uploaded_at / 1000.0, 'unixepoch') AS uploaded_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', d.reviewed_at / 1000.0, 'unixepoch') AS reviewed_at
	FROM document AS d JOIN session AS s ON s.id = d.session_id;
CREATE VIEW kybdesk_v1_deliveries AS SELECT d.uuid AS id, e.uuid AS event_id, e.type, m.name AS merchant,
	s.uuid AS case_id, p.uuid AS endpoint_id, d.state, d.attempts,
	strftime('%Y-%m-%dT%H:%M:%fZ', d.next_at / 1000.0, 'unixepoch') AS next_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', d.created_at / 1000.0, 'unixepoch') AS created_at,
	strftime('%Y-%m-%dT%H:%M:%fZ', d.finished_at / 1000.0, 'unixepoch') AS finished_at
	FROM delivery AS d JOIN outbox_event AS e ON e.id = d.event_id JOIN merchant AS m ON m.id = e.merchant_id
	LEFT JOIN session AS s ON s.id = d.session_id LEFT JOIN endpoint AS p ON p.id = d.endpoint_id;
