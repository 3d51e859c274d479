-- Live delivery workers, by a clock that cannot be set: a worker keeps its leases only while it sends a heartbeat
-- every few seconds (docs/decisions/0027).
CREATE TABLE worker (
	owner TEXT PRIMARY KEY,
	boot TEXT NOT NULL,
	until_ms INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE endpoint ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0; -- maximum number of deliveries in flight; 0: no limit
ALTER TABLE endpoint ADD COLUMN per_minute INTEGER NOT NULL DEFAULT 0; -- 0: no limit
ALTER TABLE endpoint ADD COLUMN pace_at INTEGER NOT NULL DEFAULT 0; -- the time at which all deliveries so far would have been sent at an even rate of per_minute
ALTER TABLE endpoint ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- consecutive failures
ALTER TABLE endpoint ADD COLUMN held_until INTEGER; -- after several consecutive failures nothing is sent until this time, and then one delivery
ALTER TABLE endpoint ADD COLUMN holds INTEGER NOT NULL DEFAULT 0; -- consecutive holds: each is twice as long as the previous one
ALTER TABLE endpoint ADD COLUMN disabled_itself INTEGER NOT NULL DEFAULT 0; -- 1: disabled by a response 410 or five days of failures, not by a person
UPDATE endpoint SET disabled_itself = 1 WHERE disabled_reason IN ('the receiver answered 410 Gone', 'it only failed for five days');
