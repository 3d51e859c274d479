-- Changes of people, keys, rules and settings that wait for a second admin. A confirmed or replaced offer is deleted; the audit log
-- keeps it. Texts of rules that were offered before have to be offered again.
CREATE TABLE offer (
	id INTEGER PRIMARY KEY,
	word TEXT NOT NULL, -- of the audit log: reviewer.add
	part TEXT NOT NULL, -- the reviewer, merchant, rule or setting
	change TEXT NOT NULL, -- as the audit record describes it
	offered_by TEXT NOT NULL,
	offered_at INTEGER NOT NULL,
	admins INTEGER NOT NULL, -- how many there were
	UNIQUE (word, part)
) STRICT;
