-- Templates of messages to clients, with a text for each language ('' none), maintained by leads.
CREATE TABLE message_template (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	reason TEXT NOT NULL DEFAULT '', -- a code of session or document reasons; '' all
	en TEXT NOT NULL DEFAULT '',
	de TEXT NOT NULL DEFAULT '',
	es TEXT NOT NULL DEFAULT '',
	pt TEXT NOT NULL DEFAULT '',
	changed_at INTEGER NOT NULL,
	changed_by TEXT NOT NULL
) STRICT;
