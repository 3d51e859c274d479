-- Related parties: removed parties, a lead's record about undeclared ownership, possible duplicates, what the case
-- waits for, and the follow-up time.

ALTER TABLE party ADD COLUMN removed_at INTEGER; -- when the party was removed; its row is kept, but has no effect
ALTER TABLE party ADD COLUMN removed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN removed_reason TEXT NOT NULL DEFAULT '';

-- gap_reason: listed, state_owned, regulated, dispersed, other; it is valid up to gap_percent of undeclared
-- ownership
ALTER TABLE session ADD COLUMN gap_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN gap_text TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN gap_by TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN gap_percent TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN gap_at INTEGER;

ALTER TABLE session ADD COLUMN snoozed_until INTEGER;
ALTER TABLE session ADD COLUMN snooze_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN snoozed_by TEXT NOT NULL DEFAULT '';

ALTER TABLE session ADD COLUMN remind_at INTEGER; -- time of the next reminder to an idle client
ALTER TABLE session ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN reminded_at INTEGER;
ALTER TABLE session ADD COLUMN unresponsive INTEGER NOT NULL DEFAULT 0;

ALTER TABLE session ADD COLUMN parties_completed_at INTEGER;

-- Numbers in the form in which they are compared: without spaces, points and strokes.
ALTER TABLE session ADD COLUMN registration_key TEXT GENERATED ALWAYS AS
	(upper(replace(replace(replace(replace(registration_number, ' ', ''), '-', ''), '.', ''), '/', ''))) VIRTUAL;
ALTER TABLE session ADD COLUMN tax_key TEXT GENERATED ALWAYS AS
	(upper(replace(replace(replace(replace(tax_id, ' ', ''), '-', ''), '.', ''), '/', ''))) VIRTUAL;
CREATE INDEX session_registration ON session (merchant_id, country, registration_key) WHERE registration_key <> '';
CREATE INDEX session_tax ON session (merchant_id, country, tax_key) WHERE tax_key <> '';

-- Two sessions with equal numbers that a reviewer dismissed as duplicates; session_id < other_id.
CREATE TABLE duplicate_dismissal (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	other_id INTEGER NOT NULL REFERENCES session (id),
	same INTEGER NOT NULL, -- bits: 1 registration number, 2 tax id; what was seen to be the same then
	reason TEXT NOT NULL,
	dismissed_by TEXT NOT NULL,
	dismissed_at INTEGER NOT NULL,
	UNIQUE (session_id, other_id)
) STRICT;
CREATE INDEX duplicate_dismissal_other ON duplicate_dismissal (other_id);

-- Indexes for actions that become due with time.
CREATE INDEX session_expires ON session (expires_at, id)
	WHERE expires_at IS NOT NULL AND status IN ('draft', 'active', 'awaiting_client_correction');
CREATE INDEX session_remind ON session (remind_at, id) WHERE remind_at IS NOT NULL;
CREATE INDEX session_follow ON session (top, due_key, risk_key, created_at, id)
	WHERE unresponsive = 1 OR snoozed_until IS NOT NULL;
-- Clients that are idle at the upgrade are checked at once, by the rules of their workflow.
UPDATE session SET remind_at = updated_at WHERE status IN ('draft', 'active', 'awaiting_client_correction');
