-- Intake: a role of its own, and who handed in what for which case (trust.md "Separation of duties").
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
-- Whoever imported a case before this was kept stands in the trail.
INSERT INTO session_intake (session_id, actor, what, at)
SELECT s.id, e.actor, e.action, max(e.at) FROM audit_event e JOIN session s ON s.uuid = e.session_id
WHERE e.action = 'session.import' GROUP BY s.id, e.actor, e.action;

-- What an import says of notes, reviews, verdicts and waivers by named people is said by whoever imported it. `said` is
-- the verdict that came with it where it does not count as one; '' everywhere: made at this desk.
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

-- Who reported a result, and in whose place: intake, provider, simulator; '' unknown.
ALTER TABLE check_result ADD COLUMN reported_by TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN reported_as TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN about TEXT NOT NULL DEFAULT '{}'; -- JSON: whom, as then known; '{}' unknown
ALTER TABLE session ADD COLUMN results_by TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN results_as TEXT NOT NULL DEFAULT '';

-- Clients' verbs: a session that its merchant wants to see no more.
ALTER TABLE session ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
