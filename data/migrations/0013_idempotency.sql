-- Answers kept for a day for those who send the same request again (Idempotency-Key). Nothing in them is in clear, and which
-- key, whose, and what was asked are MACs under the store's key: docs/decisions/0025.
CREATE TABLE kept_answer (
	id INTEGER PRIMARY KEY,
	key_mac BLOB NOT NULL UNIQUE,
	request_mac BLOB NOT NULL,
	nonce BLOB NOT NULL,
	answer BLOB NOT NULL, -- sealed
	expires_at INTEGER NOT NULL
);
CREATE INDEX kept_answer_expires ON kept_answer (expires_at);
