-- Signed decisions, an option of the store: the text that the reviewer's SSH key signed, the armored signature, and the public key.
CREATE TABLE decision_signature (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	number INTEGER NOT NULL, -- of the decision
	signed_text TEXT NOT NULL,
	signature TEXT NOT NULL,
	signer TEXT NOT NULL -- TYPE BASE64
) STRICT;
CREATE UNIQUE INDEX decision_signature_decision ON decision_signature (session_id, number);
