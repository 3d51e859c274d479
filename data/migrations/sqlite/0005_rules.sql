-- Rules: each text of a workflow or of a set of reasons that was ever installed; `current` marks the text in force.
-- Only `current` ever changes, so that a text to which a decision refers by its hash can always be read.
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

-- The hash of the rules by which a decision was made; '' for older and for imported decisions.
ALTER TABLE decision ADD COLUMN rules_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN reasons_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN program TEXT NOT NULL DEFAULT '';
