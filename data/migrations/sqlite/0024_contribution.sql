-- Changes by a person, a merchant or a client in a case, or in a subject before its cases: a contributor may not
-- decide the case.
CREATE TABLE contribution (
	id INTEGER PRIMARY KEY,
	session_id INTEGER REFERENCES session (id),
	subject_id INTEGER REFERENCES subject (id),
	actor TEXT NOT NULL, -- a person, an API key's merchant, or client
	what TEXT NOT NULL, -- the word of the audit log: session.import, step.edit
	part TEXT NOT NULL DEFAULT '', -- the changed part: document:ID, step:ID, link; '' the case
	material TEXT NOT NULL CHECK (material IN ('data', 'verdict')),
	at INTEGER NOT NULL, -- the last time; of a shown link the first
	CHECK ((session_id IS NULL) <> (subject_id IS NULL))
) STRICT;
INSERT INTO contribution (session_id, actor, what, part, material, at)
SELECT session_id, actor, what, CASE what WHEN 'session.import' THEN 'case' ELSE '' END, 'data', at FROM session_intake ORDER BY id;
DROP TABLE session_intake;
CREATE UNIQUE INDEX contribution_session ON contribution (session_id, actor, what, part);
CREATE UNIQUE INDEX contribution_subject ON contribution (subject_id, actor, what, part);
