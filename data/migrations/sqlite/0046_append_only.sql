-- SQLite runs no DELETE trigger for rows that INSERT OR REPLACE and UPDATE OR REPLACE replace, and no UPDATE OF id
-- trigger for SET rowid. So these triggers refuse a new row with an existing key, and each change of a rule text's
-- key.
CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = new.seq) BEGIN
	SELECT raise(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER row_commitment_no_replace BEFORE INSERT ON row_commitment
WHEN EXISTS (SELECT 1 FROM row_commitment WHERE id = new.id) BEGIN
	SELECT raise(ABORT, 'row commitments are append-only');
END;
CREATE TRIGGER suspicion_entry_no_replace BEFORE INSERT ON suspicion_entry
WHEN EXISTS (SELECT 1 FROM suspicion_entry WHERE id = new.id) BEGIN
	SELECT raise(ABORT, 'entries of a suspicion are append-only');
END;
CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = new.id OR uuid = new.uuid) BEGIN
	SELECT raise(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER rule_text_no_replace BEFORE INSERT ON rule_text
WHEN EXISTS (SELECT 1 FROM rule_text WHERE id = new.id
	OR (new.current = 1 AND current = 1 AND kind = new.kind AND name = new.name)) BEGIN
	SELECT raise(ABORT, 'installed rules are append-only');
END;
DROP TRIGGER rule_text_no_update;
CREATE TRIGGER rule_text_no_update BEFORE UPDATE ON rule_text
WHEN (new.id, new.kind, new.name, new.version, new.sha256, new.body, new.installed_at, new.installed_by)
	IS NOT (old.id, old.kind, old.name, old.version, old.sha256, old.body, old.installed_at, old.installed_by)
	OR (new.current = 1 AND EXISTS (SELECT 1 FROM rule_text
		WHERE current = 1 AND kind = old.kind AND name = old.name AND id <> old.id)) BEGIN
	SELECT raise(ABORT, 'installed rules are append-only');
END;
