-- A text that one admin of a production store brought, and that counts once another admin brings it, too. Which one waits is
-- said by its place: the last of its name.
ALTER TABLE rule_text ADD COLUMN offered INTEGER NOT NULL DEFAULT 0 CHECK (offered IN (0, 1));
CREATE TRIGGER rule_text_no_change_of_offer BEFORE UPDATE OF offered ON rule_text BEGIN
	SELECT raise(ABORT, 'installed rules are append-only');
END;
