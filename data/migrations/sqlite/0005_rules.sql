-- The rules that count: each text of a workflow or of a set of reasons that was ever installed, and which one is in
-- force. Nothing but `current` ever changes, so that what a decision names by its hash can always be read.
CREATE TABLE rule_text (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('workflow', 'reasons')),
	name TEXT NOT NULL, -- of the workflow, or of the set: session, document, hit
	version INTEGER NOT NULL, -- as the profile says; of reasons: counted here
	sha256 TEXT NOT NULL, -- of body, in hexadecimal
	body TEXT NOT NULL,
	installed_at INTEGER NOT NULL,
	installed_by TEXT NOT NULL,
	current INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX rule_text_current ON rule_text (kind, name) WHERE current = 1;
CREATE INDEX rule_text_name ON rule_text (kind, name, id);
CREATE TRIGGER rule_text_no_update BEFORE UPDATE OF id, kind, name, version, sha256, body, installed_at, installed_by
ON rule_text BEGIN
	SELECT raise(ABORT, 'installed rules are append-only');
END;
CREATE TRIGGER rule_text_no_delete BEFORE DELETE ON rule_text BEGIN
	SELECT raise(ABORT, 'installed rules are append-only');
END;

-- What a decision was made by; '' for those made before, and for imported ones.
ALTER TABLE decision ADD COLUMN rules_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN reasons_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN program TEXT NOT NULL DEFAULT '';
