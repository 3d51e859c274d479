-- Webhooks: what is sent to merchants, and when. Tables are dropped first, so that their pages are reused.

CREATE TEMP TABLE link_before AS SELECT id, session_id, document_type,
	row_number() OVER (PARTITION BY session_id, document_type ORDER BY id) AS generation, created_at, replaced_at
	FROM access_link;
DROP TABLE access_link;
DROP INDEX delivery_leased;

-- Clients' links are derived from session, document type and generation with a key that is not in the store.
-- Earlier links stay valid, with another token.
CREATE TABLE access_link (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	document_type TEXT NOT NULL DEFAULT '', -- for this document alone; '' is the session's own
	generation INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	replaced_at INTEGER,
	UNIQUE (session_id, document_type, generation)
) STRICT;
INSERT INTO access_link (id, session_id, document_type, generation, created_at, replaced_at)
	SELECT id, session_id, document_type, generation, created_at, replaced_at FROM link_before;
DROP TABLE temp.link_before;
-- The random prefix of the placeholders for links in the body, different for each body; '' if it has none.
ALTER TABLE outbox_event ADD COLUMN link_mark TEXT NOT NULL DEFAULT '';

-- A lease ends by the clock of the current boot of the machine (lease_boot, CLOCK_BOOTTIME until lease_boot_ms);
-- lease_until is only for display. Leases of older versions used another clock, so they are ended here.
ALTER TABLE delivery ADD COLUMN lease_boot TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN lease_boot_ms INTEGER;
-- When next_at was set. A time in the future shows that the clock was set back since.
ALTER TABLE delivery ADD COLUMN set_at INTEGER;
UPDATE delivery SET set_at = created_at WHERE state IN ('pending', 'leased');
UPDATE delivery SET state = 'pending', lease_until = NULL WHERE state = 'leased';
CREATE INDEX delivery_set ON delivery (set_at) WHERE state = 'pending';
CREATE INDEX delivery_leased ON delivery (endpoint_id, lease_boot_ms, lease_boot) WHERE state = 'leased';
-- The time of the last failure; after a long gap the five days begin again.
ALTER TABLE endpoint ADD COLUMN failing_seen INTEGER;
