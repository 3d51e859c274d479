-- TRUNCATE runs no DELETE trigger.
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
	EXECUTE FUNCTION never('the audit trail is append-only');
CREATE TRIGGER row_commitment_no_truncate BEFORE TRUNCATE ON row_commitment
	EXECUTE FUNCTION never('row commitments are append-only');
CREATE TRIGGER suspicion_entry_no_truncate BEFORE TRUNCATE ON suspicion_entry
	EXECUTE FUNCTION never('entries of a suspicion are append-only');
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
	EXECUTE FUNCTION never('the ledger is append-only');
CREATE TRIGGER rule_text_no_truncate BEFORE TRUNCATE ON rule_text
	EXECUTE FUNCTION never('installed rules are append-only');
-- As in SQLite, where an UPDATE OF id trigger does not run for SET rowid.
DROP TRIGGER rule_text_no_update ON rule_text;
CREATE TRIGGER rule_text_no_update BEFORE UPDATE ON rule_text FOR EACH ROW
	WHEN ((new.id, new.kind, new.name, new.version, new.sha256, new.body, new.installed_at, new.installed_by)
		IS DISTINCT FROM
		(old.id, old.kind, old.name, old.version, old.sha256, old.body, old.installed_at, old.installed_by))
	EXECUTE FUNCTION never('installed rules are append-only');
