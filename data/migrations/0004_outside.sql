-- What the world outside is told, and when.

-- A lease holds by the clock of this start of the machine (lease_boot, CLOCK_BOOTTIME until lease_boot_ms); lease_until
-- is for people. Whoever holds one under the rules of before has answered by its own clock: it is over.
ALTER TABLE delivery ADD COLUMN lease_boot TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN lease_boot_ms INTEGER;
-- When next_at was decided. In the future means that the clock was stepped back since.
ALTER TABLE delivery ADD COLUMN set_at INTEGER;
UPDATE delivery SET set_at = created_at WHERE state IN ('pending', 'leased');
UPDATE delivery SET state = 'pending', lease_until = NULL WHERE state = 'leased';
CREATE INDEX delivery_set ON delivery (set_at) WHERE state = 'pending';
DROP INDEX delivery_leased;
CREATE INDEX delivery_leased ON delivery (endpoint_id, lease_boot_ms, lease_boot) WHERE state = 'leased';
-- The last failure; with a long gap before it the five days begin anew.
ALTER TABLE endpoint ADD COLUMN failing_seen INTEGER;
