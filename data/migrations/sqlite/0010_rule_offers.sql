-- 1: a text that one admin of a production store has offered; it takes effect when another admin installs it, too.
-- Only the last text of a name can wait.
ALTER TABLE rule_text ADD COLUMN offered INTEGER NOT NULL DEFAULT 0 CHECK (offered IN (0, 1));
CREATE TRIGGER rule_text_no_change_of_offer BEFORE UPDATE OF offered ON rule_text BEGIN
	SELECT raise(ABORT, 'installed rules are append-only');
END;
