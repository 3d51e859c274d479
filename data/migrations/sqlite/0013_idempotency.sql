-- Responses, kept for a day, for repeated requests (Idempotency-Key). Responses are sealed; the idempotency key
-- with its caller, and the request, are stored as MACs with the store's key: docs/decisions/0025.
CREATE TABLE kept_answer (
	id INTEGER PRIMARY KEY,
	key_mac BLOB NOT NULL UNIQUE,
	request_mac BLOB NOT NULL,
	nonce BLOB NOT NULL,
	answer BLOB NOT NULL, -- sealed
	expires_at INTEGER NOT NULL
);
CREATE INDEX kept_answer_expires ON kept_answer (expires_at);

-- Counts of growing tables for /metrics, so that no scan is needed. Triggers maintain them, whichever program
-- writes.
CREATE TABLE delivery_count (
	state TEXT PRIMARY KEY,
	deliveries INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO delivery_count (state, deliveries)
	SELECT s.column1, (SELECT count(*) FROM delivery WHERE state = s.column1)
	FROM (VALUES ('pending'), ('leased'), ('delivered'), ('dead'), ('cancelled'), ('unsent')) AS s;
CREATE TRIGGER delivery_count_insert AFTER INSERT ON delivery BEGIN
	UPDATE delivery_count SET deliveries = deliveries + 1 WHERE state = new.state;
END;
CREATE TRIGGER delivery_count_delete AFTER DELETE ON delivery BEGIN
	UPDATE delivery_count SET deliveries = deliveries - 1 WHERE state = old.state;
END;
CREATE TRIGGER delivery_count_update AFTER UPDATE OF state ON delivery WHEN old.state <> new.state BEGIN
	UPDATE delivery_count SET deliveries = deliveries - 1 WHERE state = old.state;
	UPDATE delivery_count SET deliveries = deliveries + 1 WHERE state = new.state;
END;

-- Histogram of the time from submission to decision: the number of cases that took at most `most_ms`, and longer
-- than the previous row's bound.
CREATE TABLE decision_wait (
	most_ms INTEGER PRIMARY KEY,
	decisions INTEGER NOT NULL DEFAULT 0,
	waited_ms INTEGER NOT NULL DEFAULT 0
);
INSERT INTO decision_wait (most_ms) VALUES (60000), (600000), (3600000), (14400000), (43200000), (86400000), (172800000),
	(345600000), (604800000), (1209600000), (9000000000000000);
CREATE TRIGGER decision_wait_insert AFTER INSERT ON decision
WHEN new.kind IN ('approve', 'reject') AND new.imported = 0 BEGIN
	UPDATE decision_wait SET decisions = decisions + 1, waited_ms = waited_ms + w.ms
		FROM (SELECT max(0, new.decided_at - submitted_at) AS ms FROM session
			WHERE id = new.session_id AND submitted_at IS NOT NULL) AS w
		WHERE most_ms = (SELECT min(most_ms) FROM decision_wait WHERE most_ms >= w.ms);
END;

-- Operational accounts of verified users (seeds ralio-kyb-session, ralio-sandbox), without amounts of money.
CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	subject_id INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
	currency TEXT NOT NULL,
	label TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL
);
CREATE INDEX account_subject ON account (subject_id);

-- The permissions of a merchant's key: "kyc:create kyc:read"; '' all.
ALTER TABLE merchant ADD COLUMN permissions TEXT NOT NULL DEFAULT '';

-- Cases of a sandbox with a mark (#) in the subject's name that selects their simulated result; names in production
-- have no such mark.
CREATE INDEX session_played ON session (updated_at, id) WHERE instr(subject_name, '#') > 0
	AND status IN ('draft', 'active', 'completed', 'processing', 'processed', 'manual_review');
