-- Delivery workers that live, by the clock that nobody can set: what one has leased is its own only as long as it says so
-- every few seconds (docs/decisions/0027).
CREATE TABLE worker (
	owner TEXT PRIMARY KEY,
	boot TEXT NOT NULL,
	until_ms INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE endpoint ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0; -- on their way at a time; 0: as many as workers send
ALTER TABLE endpoint ADD COLUMN per_minute INTEGER NOT NULL DEFAULT 0; -- 0: no limit
ALTER TABLE endpoint ADD COLUMN pace_at INTEGER NOT NULL DEFAULT 0; -- when all that was sent would have been, evenly at per_minute
ALTER TABLE endpoint ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- in a row
ALTER TABLE endpoint ADD COLUMN held_until INTEGER; -- after several in a row nothing is sent until then, and then one
ALTER TABLE endpoint ADD COLUMN holds INTEGER NOT NULL DEFAULT 0; -- in a row: each is twice as long as the one before
ALTER TABLE endpoint ADD COLUMN disabled_itself INTEGER NOT NULL DEFAULT 0; -- 1: by 410 or five days of failure, not by a person
UPDATE endpoint SET disabled_itself = 1 WHERE disabled_reason IN ('the receiver answered 410 Gone', 'it only failed for five days');
