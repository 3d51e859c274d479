-- Intake: a separate role, and the contributions of people to cases (trust.md "Separation of duties").
ALTER TABLE reviewer RENAME COLUMN role TO role_before;
ALTER TABLE reviewer ADD COLUMN role TEXT NOT NULL DEFAULT 'viewer'
	CHECK (role IN ('viewer', 'intake', 'reviewer', 'lead', 'admin'));
UPDATE reviewer SET role = role_before;
ALTER TABLE reviewer DROP COLUMN role_before;

CREATE TABLE session_intake (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	actor TEXT NOT NULL, -- a person, or an API key's merchant
	what TEXT NOT NULL, -- the word of the trail: session.import, step.save
	at INTEGER NOT NULL, -- the last time
	UNIQUE (session_id, actor, what)
) STRICT;
-- For cases imported earlier, the audit log has the person that imported them.
INSERT INTO session_intake (session_id, actor, what, at)
SELECT s.id, e.actor, e.action, max(e.at) FROM audit_event e JOIN session s ON s.uuid = e.session_id
WHERE e.action = 'session.import' GROUP BY s.id, e.actor, e.action;

-- Notes, reviews, verdicts and waivers in an import count as statements of the person that imported them (said_by).
-- `said` is an imported verdict that has no effect here. '' in both: made in this store.
ALTER TABLE note ADD COLUMN said_by TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN said_by TEXT NOT NULL DEFAULT '';
ALTER TABLE correction ADD COLUMN said_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN said_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE hit ADD COLUMN said_by TEXT NOT NULL DEFAULT '';
ALTER TABLE hit ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN said_by TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN said_by TEXT NOT NULL DEFAULT '';

-- The reporter of a result and the reporter's role: intake, provider, simulator; '' unknown.
ALTER TABLE check_result ADD COLUMN reported_by TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN reported_as TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN about TEXT NOT NULL DEFAULT '{}'; -- JSON: the person checked, as known at that time; '{}' unknown
ALTER TABLE session ADD COLUMN results_by TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN results_as TEXT NOT NULL DEFAULT '';

-- 1: the merchant has hidden the session from its own lists.
ALTER TABLE session ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
